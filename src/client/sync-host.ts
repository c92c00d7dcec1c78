import type { RawIdentifier } from '../identity/port.js';
import { RegularsError } from '../kernel/errors.js';
import { linksOfCard } from '../profile/adds-nothing.js';
import { withFormat } from '../profile/migrations.js';
import {
  countOutbox,
  listAside,
  listWaiting,
  settleOutbox,
  takeAside,
  type WaitingRow,
} from '../profile/outbox.js';
import { recordPrefix } from '../profile/read-card.js';
import { ERASE_PREFIX, recordKey } from '../profile/row-keys.js';
import type { Outcome, SyncHost, Task } from '../sync/host.js';
import type { SyncTransport, Transport } from '../sync/port.js';
import type { RefusedRecord, SyncCode } from '../sync/types.js';
import type { Core } from './core.js';
import { tellStatus } from './device-status.js';
import { readIdentifier } from './read-identifier.js';
import { mayKeep } from './may-keep.js';
import { openInTurn } from './open-in-turn.js';
import { owesTelling, noteTelling } from './owed.js';
import { levelOf } from './person.js';
import { createClockHere } from './sync-clock.js';
import { dropProved, lineOf } from './sync-line.js';
import { ordersHost } from './sync-orders.js';
import { readOutgoing, type Reach } from './sync-outgoing.js';
import { attendPage, type Attending } from './sync-page.js';
import { createReceiver } from './sync-receive.js';
import { tokenOf } from './hold.js';
import { takeUp } from './take-up.js';
import type { SyncRunner } from './sync-types.js';

// Named here for the reason given in acts.ts.
/** @public */
export { createClient } from './create-client.js';
/** @public */
export { money } from '../kernel/money.js';

/** What the engine has of one device. */
export interface DeviceSync extends Pick<SyncRunner, 'refused' | 'retry' | 'discard'> {
  readonly host: SyncHost;
  readonly transport: Transport;
  /** Listens to the page, and to what is written and proved here; returns the way to stop. */
  readonly listen: (running: Listening, page: Document | undefined) => () => void;
  /** What was proved of whoever is verified here. */
  readonly proved: () => readonly RawIdentifier[];
  /** Another tab tells who is verified. */
  readonly take: (identifiers: readonly RawIdentifier[]) => Promise<void>;
}

interface Listening extends Attending {
  readonly lead: Attending['lead'] & {
    readonly tell: (told: {
      readonly kind: 'who';
      readonly identifiers: readonly RawIdentifier[];
    }) => void;
  };
}

/** Whose records may go. */
type Owner = { readonly name: string; readonly prefixes: ReadonlySet<string> } | undefined;

/** Makes it. */
export function createDeviceSync(core: Core, given: SyncTransport): DeviceSync {
  const { vault } = core;
  const reach = reachOf(core);
  const clock = createClockHere(core);
  const records: SyncHost = {
    client: () => vault.device().id,
    prepare: () => prepare(core, reach, clock.isKnown()),
    read: (keys) => readOutgoing(core, reach, keys),
    settle: (outcomes) => settle(core, reach, outcomes),
    meet: clock.meet,
    ...createReceiver(core),
    count: async () =>
      canLook(core) ? reach('readonly', countOutbox) : { waiting: 0, refused: 0 },
  };
  const { host, transport: through } =
    given.kind === 'orders'
      ? ordersHost(core, records, given)
      : { host: records, transport: given };
  const { transport, begin } = tellStatus(core, reach, through);
  const proved = (): readonly RawIdentifier[] =>
    levelOf(core) === 'verified' ? [...lineOf(core).identifiers.values()] : [];
  return {
    host,
    transport,
    proved,
    refused: () => refused(core, reach),
    retry: (id) => change(core, reach, id, 'retry'),
    discard: (id) => change(core, reach, id, 'discard'),
    take: (identifiers) => takeProved(core, identifiers),
    listen: (running, page) => {
      const stops = [
        attendPage(core, running, page),
        listen(core, running),
        begin(running.lead.leads),
      ];
      return () => stops.forEach((stop) => stop());
    },
  };
}

function reachOf(core: Core): Reach {
  const { vault, options } = core;
  return (mode, body) => {
    const { storage, shop } = options;
    if (isOpen(core)) return vault.run(mode, body, 'strict');
    // in turn: nobody opens it for somebody meanwhile
    return core.inTurn(async () => {
      // whoever comes after this client may have it open
      if (core.state.status === 'stopped')
        throw new RegularsError('ERR_STORAGE_CLOSED', 'The client was stopped.');
      return isOpen(core) || !storage
        ? vault.run(mode, body, 'strict')
        : openInTurn(storage, shop, mode, body);
    });
  };
}

async function takeProved(core: Core, identifiers: readonly RawIdentifier[]): Promise<void> {
  for (const { type, value } of identifiers) {
    const read = await readIdentifier(core, type, value);
    if (!read.ok) continue;
    const token = await tokenOf(core.vault, read.identifier);
    lineOf(core).identifiers.set(token, { type, value: read.identifier.value });
  }
}

function listen(core: Core, { engine, lead }: Listening): () => void {
  const line = lineOf(core);
  line.wrote = () => {
    if (lead.leads()) engine.wake('write');
  };
  line.proved = () => {
    if (!lead.leads()) lead.tell({ kind: 'who', identifiers: [...line.identifiers.values()] });
  };
  return () => {
    delete line.wrote;
    delete line.proved;
  };
}

/** True while the client has the storage open; or works in memory, though not for want of a yes. */
function isOpen(core: Core): boolean {
  const { reason } = core.vault.status();
  const isOurs = reason !== 'kiosk' && reason !== 'no-consent';
  return core.vault.keeps() || (isOurs && core.mode !== 'kiosk' && mayKeep(core, core));
}

/** True where there may be something to send. */
function canLook(core: Core): boolean {
  const { options, vault, state } = core;
  if (state.status === 'stopped' || vault.status().kind === 'opening') return false;
  if (core.mode === 'kiosk') return Boolean(options.sealTo && options.storage);
  return isOpen(core) || owesTelling(core);
}

async function prepare(core: Core, reach: Reach, knowsTime: boolean): Promise<Task | undefined> {
  const { state, vault } = core;
  const nothing: Task = { keys: [], whose: undefined, knowsTime };
  if (!canLook(core)) return nothing;
  if (vault.status().readOnly) return undefined;
  const owner = ownerHere(core);
  dropProved(core);
  const waiting = await listWaiting((body) => reach('readonly', body));
  const mine = waiting.filter(
    ({ record }) =>
      record === undefined ||
      owner?.prefixes.has('') === true ||
      owner?.prefixes.has(record.slice(0, record.indexOf('/') + 1)) === true,
  );
  const links = new Set(
    linksOfCard(state.card).map(({ subject, record }) => recordKey(subject, record)),
  );
  const rank = ({ key, record }: WaitingRow): number =>
    key.startsWith(ERASE_PREFIX) ? 0 : record !== undefined && links.has(record) ? 1 : 2;
  // whoever is new to the backend is told of first: what follows is theirs
  const inOrder = [...mine].sort((a, b) => rank(a) - rank(b));
  // what is sealed, and who was erased, was stamped for good
  const isStamped = mine.every(({ record }) => record === undefined);
  return {
    keys: inOrder.map(({ key }) => key),
    whose: core.mode === 'staff' ? undefined : owner?.name,
    knowsTime: knowsTime || isStamped,
  };
}

/** Whose records may go: of whoever is verified and has agreed; at a till, which is the shop's own, everybody's. */
function ownerHere(core: Core): Owner {
  const { state, mode } = core;
  const { person, card } = state;
  if (mode === 'kiosk' || !isOpen(core)) return undefined;
  if (mode === 'staff') return { name: '*', prefixes: new Set(['']) };
  if (levelOf(core) !== 'verified' || !mayKeep(core, core)) return undefined;
  const subjects = [person.subject, person.customer, ...(card?.subjects ?? [])];
  return { name: person.customer, prefixes: new Set(subjects.map(recordPrefix)) };
}

async function settle(core: Core, reach: Reach, outcomes: readonly Outcome[]): Promise<void> {
  if (outcomes.length === 0) return;
  const now = core.clock.now();
  const { cards, left } = await withFormat((format) =>
    reach('readwrite', async (tx) => ({
      cards: await settleOutbox(tx, outcomes, { now, format }),
      left: await tx.list('outbox', { prefix: ERASE_PREFIX, limit: 1 }),
    })),
  );
  if (left.length === 0 && owesTelling(core)) noteTelling(core, false);
  if (outcomes.some(({ is }) => typeof is === 'object')) core.notice('sync-refused');
  if (cards.length === 0) return;
  takeUp(core, cards, false);
  core.state.tabs?.tell('changed');
}

async function refused(core: Core, reach: Reach): Promise<readonly RefusedRecord[]> {
  if (!canLook(core)) return [];
  const rows = await reach('readonly', listAside);
  return rows.map(({ id, kind, code, at }) => ({ id, kind, code: code as SyncCode, at }));
}

async function change(
  core: Core,
  reach: Reach,
  id: string,
  how: 'discard' | 'retry',
): Promise<boolean> {
  return canLook(core) && reach('readwrite', (tx) => takeAside(tx, id, how));
}
