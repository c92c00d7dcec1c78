import type { Core } from './core.js';
import { answersOf } from './consent.js';
import type { Life } from './life.js';
import { isOver, type MarkerStore } from './marker.js';
import { isRemembered, readPeople } from './people.js';
import { become, isOwn } from './person.js';

/**
 * How a device begins that is not one person's. A till opens its storage whatever a customer answers: what is in it is the shop's.
 * A shared one opens it where somebody has said yes before, and greets nobody: who is here is theirs to say. A kiosk opens none.
 */
export async function begin(core: Core, markers: MarkerStore): Promise<void> {
  const { mode, options, state, clock } = core;
  const marker = markers.read();
  if (markers.owes() || (marker && mode === 'shared' && isOver(marker, options, clock.now())))
    await (await core.acts()).endRemembering();
  // it could not be done yet: whatever opens the storage later does it first
  if (markers.owes()) return;
  const setting = answersOf(core).remember;
  const opens =
    mode === 'staff' ||
    (mode === 'shared' && setting !== 'denied' && (markers.read() || setting === 'granted'));
  if (opens && options.storage && state.status !== 'stopped') await openForSeveral(core);
}

/** Opens, or opens again, without taking up anybody: whoever has said yes is remembered from now on. */
async function openForSeveral(core: Core): Promise<void> {
  const { state, vault } = core;
  await vault.open(undefined);
  if (state.status === 'stopped') return;
  const card = (await vault.card(state.person.customer)) ?? state.card;
  const customer = card?.id ?? state.person.customer;
  const person = { ...state.person, customer };
  const remembered = card !== undefined && isOwn(person, card) && isRemembered(core, card);
  await become(core, { ...person, remembered }, card, true);
  await readPeople(core);
}

/** The same life, with the opening that fits the mode. */
export function lifeOfMode(core: Core, life: Life): Life {
  return core.mode === 'shared' || core.mode === 'staff'
    ? { ...life, openStorage: () => openForSeveral(core) }
    : life;
}
