import type { Clock, Random } from '../kernel/clock.js';
import { isRegularsError, RegularsError } from '../kernel/errors.js';
import { randomId } from '../kernel/random-id.js';
import type { Mode } from '../identity/types.js';
import type { ProfileStorage, StorageTransaction } from '../profile/port.js';
import { readCard, type ReadCard } from '../profile/read-card.js';
import type { Card } from '../profile/types.js';
import { isDevice } from './device-row.js';
import type { Acts, Core, DeviceRow, Opened, Remembered, Settled, Vault } from './core.js';
import type { MarkerStore } from './marker.js';
import type { StorageStatus } from './types.js';

const DAY_MS = 86_400_000;

type Reason = NonNullable<StorageStatus['reason']>;

export interface VaultOptions {
  readonly shop: string;
  readonly storage: ProfileStorage | undefined;
  readonly mode: Mode;
  readonly clock: Clock;
  readonly random: Random;
  readonly markers: MarkerStore;
  readonly acts: () => Promise<Acts>;
  readonly report: (error: unknown) => void;
  readonly notice: Core['notice'];
  /** Something happened to the storage that may pass. */
  readonly heal: () => void;
  readonly changed: () => void;
}

/** Why it is memory, after an error at opening: the last word of its code. */
function reasonOf(error: unknown): Reason {
  const word = isRegularsError(error) ? error.code.slice(12).toLowerCase() : '';
  if (word === 'failed') return 'corrupt';
  return /newer|locked|superseded|blocked|timeout/.test(word) ? (word as Reason) : 'unavailable';
}

/** What changes in a vault. */
interface Inside {
  readonly options: VaultOptions;
  /** Memory; made when something has to wait there. */
  held: ProfileStorage | undefined;
  kept: ProfileStorage | undefined;
  /** Memory was written to: there is something to move. */
  holds: boolean;
  /** Pending while what memory holds moves into the storage: nobody writes to memory meanwhile. */
  moving: Promise<void> | undefined;
  stopListening: () => void;
  row: DeviceRow | undefined;
  status: StorageStatus;
  aheadMs: number;
}

/** Why it is memory before anything is opened. */
function whyClosed({ mode, storage }: VaultOptions): Reason {
  if (mode === 'kiosk') return 'kiosk';
  return storage ? 'no-consent' : 'not-configured';
}

/** Makes the vault of one client. Touches nothing before it is used. */
export function createVault(options: VaultOptions): Vault {
  const { shop, clock } = options;
  const inside: Inside = {
    options,
    held: undefined,
    kept: undefined,
    holds: false,
    moving: undefined,
    stopListening: () => undefined,
    row: undefined,
    aheadMs: 0,
    status: { kind: 'memory', reason: whyClosed(options) },
  };
  const identifiers: Vault['identifiers'] = new Map();
  const run: Vault['run'] = (mode, body, durability) => runInside(inside, mode, body, durability);
  const held: Vault['held'] = async () => (inside.held ??= (await options.acts()).createHeld());
  return {
    status: () => inside.status,
    device: () => deviceOf(inside),
    keeps: () => inside.kept !== undefined && inside.status.kind === 'persistent',
    isOpen: () => inside.kept !== undefined && inside.status.readOnly !== true,
    identifiers,
    held,
    holds: () => inside.holds,
    runHeld: async (mode, body) => {
      const memory = await held();
      await inside.moving;
      return onHeld(inside, memory, mode, body);
    },
    open: (anonymous) => open(inside, anonymous),
    run,
    env: () => ({ shop, device: deviceOf(inside).id, now: clock.now() - inside.aheadMs }),
    setAhead: (ms) => void (inside.aheadMs = ms),
    card: (customer) => cardOf(inside, customer),
    remembered: () => (inside.kept ? (deviceOf(inside).current ?? undefined) : undefined),
    reread: () => reread(inside),
    remember: (current) => remember(inside, current),
    note: (found) => setStatus(inside, { ...inside.status, ...found }),
    dropHeld: async (parting) => {
      if (parting && inside.holds) return move(inside, undefined, undefined);
      identifiers.clear();
      inside.holds = false;
      await inside.held?.destroy();
    },
    release: (how) => release(inside, how),
  };
}

async function reread(inside: Inside): Promise<void> {
  const found = await runInside(inside, 'readonly', (transaction) =>
    transaction.get('meta', 'device'),
  );
  if (!inside.kept || !isDevice(found as DeviceRow | undefined)) return;
  takeRow(inside, found as DeviceRow);
  mark(inside);
}

async function remember(inside: Inside, current: Remembered | null): Promise<void> {
  const { mode, acts } = inside.options;
  if (!inside.kept) return;
  if (mode !== 'storefront') return (await acts()).seen(current);
  inside.row = { ...deviceOf(inside), current };
  inside.row = await (await acts()).writeCurrent(current);
  mark(inside);
}

async function cardOf(inside: Inside, customer: string): Promise<Card | undefined> {
  const { notice, acts } = inside.options;
  if (!inside.kept && !inside.holds) return undefined;
  const look = (transaction: StorageTransaction): Promise<ReadCard> =>
    readCard(transaction, customer);
  let read = await runInside(inside, 'readonly', look);
  // without their own yes they are in memory, though the storage is open for somebody else
  if (read.kind === 'none' && inside.holds && inside.held)
    read = await onHeld(inside, inside.held, 'readonly', look);
  if (read.kind === 'card') return read.card;
  if (read.kind !== 'stale') return undefined;
  if (read.reason === 'corrupt') notice('storage-corrupt');
  return (await acts()).refold(customer);
}

async function release(inside: Inside, how: 'close' | 'destroy'): Promise<void> {
  inside.stopListening();
  // one that was lost is destroyed all the same
  const was = inside.kept ?? (how === 'destroy' ? inside.options.storage : undefined);
  inside.kept = undefined;
  // another tab that will not let go keeps an empty database; what was in it is gone
  await was?.[how]().catch(inside.options.report);
  if (how === 'destroy') inside.row = undefined;
  if (was) setStatus(inside, { kind: 'memory', reason: 'no-consent' });
}

/** This install; made at the first need, since some servers refuse random numbers while modules load. */
function deviceOf(inside: Inside): DeviceRow {
  const { random } = inside.options;
  return (inside.row ??= {
    id: randomId(random),
    key: [...random(32)],
    generation: randomId(random),
    current: null,
  });
}

function setStatus(inside: Inside, next: StorageStatus): void {
  inside.status = next;
  inside.options.changed();
}

/** Nobody is the one whom a device that several share remembers. */
function takeRow(inside: Inside, row: DeviceRow): DeviceRow {
  return (inside.row = inside.options.mode === 'storefront' ? row : { ...row, current: null });
}

/** Writes the marker, where it does not say so already. A till opens its storage without anybody's yes, so it has none. */
function mark(inside: Inside): void {
  const { markers, clock, mode } = inside.options;
  if (mode === 'staff') return;
  const { id, generation, current } = deviceOf(inside);
  const card = current?.customer ?? null;
  const now = markers.read();
  const at = clock.now();
  // the day of the last visit is enough: localStorage is slow
  const same = now?.device === id && now.generation === generation && now.card === card;
  // never back: a clock that is set back, and right again later, would end everything
  if (!same || at - now.at > DAY_MS)
    markers.write({ device: id, card, generation, at: Math.max(at, now?.at ?? at) });
}

/** Runs in memory. Not async up to the transaction: nothing may slip between the check for a move and it. */
function onHeld<T>(
  inside: Inside,
  held: ProfileStorage,
  mode: 'readonly' | 'readwrite',
  body: (transaction: StorageTransaction) => Promise<T>,
): Promise<T> {
  inside.holds ||= mode === 'readwrite';
  void held.open({ name: inside.options.shop });
  return held.transact(mode, body);
}

/** From here on in memory; but what a newer release wrote stays in use, to be read. */
function fallBack(inside: Inside, error: unknown, reason: Reason): void {
  const { notice, report, heal } = inside.options;
  const newer = reason === 'newer';
  if (!newer) inside.kept = undefined;
  inside.stopListening();
  if (inside.status.reason !== reason) notice(reason);
  setStatus(inside, { kind: 'memory', reason, ...(newer && { readOnly: true }) });
  report(error);
  heal();
}

async function runInside<T>(
  inside: Inside,
  mode: 'readonly' | 'readwrite',
  body: (transaction: StorageTransaction) => Promise<T>,
  durability: 'strict' | 'relaxed' = 'relaxed',
): Promise<T> {
  await inside.moving;
  if (!inside.kept && !inside.held) {
    inside.held = (await inside.options.acts()).createHeld();
    return runInside(inside, mode, body, durability);
  }
  if (!inside.kept) return onHeld(inside, inside.held as ProfileStorage, mode, body);
  try {
    return await inside.kept.transact(mode, body, { durability });
  } catch (error) {
    const code = isRegularsError(error) ? error.code : '';
    if (code === 'ERR_STORAGE_NEWER') fallBack(inside, error, 'newer');
    // a full disk is told to the caller, who may make room and try again; so is what the body itself threw
    if (!code.startsWith('ERR_STORAGE') || /NEWER|QUOTA/.test(code)) throw error;
    fallBack(inside, error, code.endsWith('SUPERSEDED') ? 'superseded' : 'lost');
    return runInside(inside, mode, body, durability);
  }
}

async function open(inside: Inside, anonymous: string | undefined): Promise<Opened | undefined> {
  const { storage, mode, shop, notice } = inside.options;
  if (!storage || mode === 'kiosk') return undefined;
  let isOpen = false;
  try {
    if (inside.kept) {
      // the yes of somebody who has been in memory so far
      await move(inside, inside.kept, anonymous);
      return { current: deviceOf(inside).current, card: undefined };
    }
    setStatus(inside, { kind: 'opening' });
    if (!globalThis.crypto?.subtle)
      throw new RegularsError('ERR_STORAGE_UNAVAILABLE', 'WebCrypto is missing: use https.');
    const opened = await storage.open({ name: `regulars:${shop}` });
    if (opened.reason) {
      fallBack(inside, opened.error, opened.reason);
      return undefined;
    }
    isOpen = true;
    const found = await readDevice(inside, storage);
    await move(inside, storage, anonymous);
    inside.stopListening = storage.listen(({ kind }) => {
      if (kind === 'superseded') fallBack(inside, undefined, 'superseded');
      else {
        notice('storage-lost');
        inside.options.heal();
      }
    });
    setStatus(inside, { kind: opened.kind, ...(found.evicted && { reason: 'evicted' }) });
    mark(inside);
    return found;
  } catch (error) {
    const reason = reasonOf(error);
    // the connection went again right after it was made
    fallBack(inside, error, isOpen && reason === 'corrupt' ? 'lost' : reason);
    return undefined;
  }
}

/** This install as the storage knows it, made where it is new; and the card that the marker names, in the same read. */
async function readDevice(inside: Inside, from: ProfileStorage): Promise<Opened> {
  const marker = inside.options.markers.read();
  const [known, read] = await from.transact('readonly', (transaction) =>
    Promise.all([
      transaction.get('meta', 'device') as Promise<DeviceRow | undefined>,
      marker?.card ? readCard(transaction, marker.card) : undefined,
    ]),
  );
  const agree =
    isDevice(known) &&
    (!marker || (marker.device === known.id && marker.generation === known.generation));
  const { row, found }: Settled = agree
    ? { row: known }
    : await (await inside.options.acts()).settleDevice(from, deviceOf(inside));
  // "not you" stands in the marker first: a page that was left right after it has not written the row
  const { current } = takeRow(
    inside,
    agree && marker?.card === null ? { ...row, current: null } : row,
  );
  const fits = read?.kind === 'card' && read.card.id === current?.customer && !inside.holds;
  return { current, card: fits ? read.card : undefined, evicted: found === 'evicted' };
}

/** Moves what memory holds into a storage, which is the one in use from then on; without one, drops what has no yes. */
function move(
  inside: Inside,
  to: ProfileStorage | undefined,
  anonymous: string | undefined,
): Promise<void> {
  const moving = async (): Promise<void> => {
    try {
      inside.holds &&= await (await inside.options.acts()).moveHeld(to, anonymous);
      if (to) inside.kept = to;
    } finally {
      inside.moving = undefined;
    }
  };
  return (inside.moving = moving());
}
