import type { Core } from './core.js';
import { consentsOf } from './consent.js';
import { levelOf } from './person.js';
import { remembersMonths } from './marker.js';
import { cardHere, gate, nameHere, speak } from './speak.js';
import type { Snapshot, SnapshotCustomer } from './types.js';

/** Everything a page shows, as it is now. */
export function takeSnapshot(core: Core): Snapshot {
  const { state, vault, catalog, mode } = core;
  const level = levelOf(core);
  const { greeting, usual } = speak(core);
  return {
    status: state.status,
    mode,
    level,
    visit: state.visit?.token ?? null,
    // a name that was only claimed says nothing at a kiosk
    customer:
      level === 'none' || (mode === 'kiosk' && !gate(core, 'name').ok) ? null : customerOf(core),
    ready: { card: state.card !== undefined, catalog: catalog.state(), model: state.modelState },
    consent: consentsOf(core),
    storage: vault.status(),
    remembersMonths: remembersMonths(core.options),
    greeting,
    usual,
    people: state.people,
    endsAt: state.endsAt,
    sync: state.sync,
  };
}

function customerOf(core: Core): SnapshotCustomer {
  const card = cardHere(core);
  const name = nameHere(core);
  return {
    id: core.state.person.customer,
    ...(name !== undefined && { name }),
    ...(card && gate(core, 'taste').ok && { paidVisits: card.paidVisits }),
  };
}
