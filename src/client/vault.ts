import { memoryStorage } from '../adapters/storage/memory.js';
import type { NormalIdentifier } from '../identity/types.js';
import type { Clock, Random } from '../kernel/clock.js';
import { isRegularsError, RegularsError } from '../kernel/errors.js';
import { randomId } from '../kernel/ids.js';
import type { ProfileStorage, StorageTransaction } from '../profile/port.js';
import { readCard } from '../profile/read-card.js';
import type { Card } from '../profile/types.js';
import type { Acts } from './acts.js';
import type { MarkerStore } from './marker.js';
import type { Notice, StorageStatus } from './types.js';

/** Whom this device remembers. */
export interface Remembered {
  readonly subject: string;
  readonly customer: string;
}

/** The row `device` of the store `meta`: this install. */
export interface DeviceRow {
  readonly id: string;
  /** Bytes of the key that identifiers' tokens are made with here; never sent. */
  readonly key: readonly number[];
  readonly generation: string;
  readonly current: Remembered | null;
}

/** What opening found. */
export interface Opened {
  readonly current: Remembered | null;
  readonly card: Card | undefined;
}

/** Where records go: memory until the customer has said yes and the database is open, then there. */
export interface Vault {
  readonly status: () => StorageStatus;
  readonly device: () => DeviceRow;
  /** True when records go where they outlive the page. */
  readonly keeps: () => boolean;
  /** What memory is about: identifiers by token, to make tokens anew where the device turns out to be another. */
  readonly identifiers: Map<string, NormalIdentifier>;
  /** Memory: what waits there for a yes. */
  readonly held: ProfileStorage;
  /** Opens the storage; what memory holds of `anonymous` becomes of whom the device remembers. Undefined when it stays closed. */
  readonly open: (anonymous: string | undefined) => Promise<Opened | undefined>;
  /** Runs on the storage in use; falls back to memory when that one is lost for good. */
  readonly run: <T>(
    mode: 'readonly' | 'readwrite',
    body: (transaction: StorageTransaction) => Promise<T>,
    durability?: 'strict' | 'relaxed',
  ) => Promise<T>;
  /** What a record written now is stamped with. */
  readonly env: () => { readonly shop: string; readonly device: string; readonly now: number };
  /** The card of a customer; computed anew when what is stored is damaged or old. */
  readonly card: (customer: string) => Promise<Card | undefined>;
  /** Whom the device remembers, as this tab last read it. */
  readonly remembered: () => Remembered | undefined;
  /** Reads anew whom the device remembers: another tab changed it. */
  readonly reread: () => Promise<void>;
  /** Says whom the device remembers from now on; null after "not you". */
  readonly remember: (current: Remembered | null) => Promise<void>;
  /** Empties memory. */
  readonly dropHeld: () => Promise<void>;
  /** Closes the storage and goes on in memory; deletes the database when asked to. */
  readonly release: (how: 'close' | 'destroy') => Promise<void>;
}

export interface VaultOptions {
  readonly shop: string;
  readonly storage: ProfileStorage | undefined;
  readonly kiosk: boolean;
  readonly clock: Clock;
  readonly random: Random;
  readonly markers: MarkerStore;
  readonly acts: () => Promise<Acts>;
  readonly report: (error: unknown) => void;
  readonly notice: (code: Notice['code'], message: string) => void;
  readonly changed: () => void;
}

/** Makes the vault of one client. Touches nothing before it is used. */
export function createVault(options: VaultOptions): Vault {
  const { shop, storage, clock, random, markers, report, notice } = options;
  const held = memoryStorage();
  const identifiers = new Map<string, NormalIdentifier>();
  let kept: ProfileStorage | undefined;
  /** Memory was written to: there is something to move. */
  let holds = false;
  /** Pending while what memory holds moves into the storage: nobody writes to memory meanwhile. */
  let moving: Promise<void> | undefined;
  let stopListening: () => void = () => undefined;
  let row: DeviceRow | undefined;
  let status: StorageStatus = {
    kind: 'memory',
    reason: options.kiosk ? 'kiosk' : storage ? 'no-consent' : 'not-configured',
  };

  const device = (): DeviceRow =>
    (row ??= {
      id: randomId(random),
      key: [...random(32)],
      generation: randomId(random),
      current: null,
    });
  const setStatus = (next: StorageStatus): void => {
    status = next;
    options.changed();
  };
  const mark = (): void => {
    const { id, generation, current } = device();
    const card = current?.customer ?? null;
    const now = markers.read();
    if (now?.device !== id || now.generation !== generation || now.card !== card)
      markers.write({ device: id, card, generation, at: clock.now() });
  };

  const onHeld = <T>(
    mode: 'readonly' | 'readwrite',
    body: (transaction: StorageTransaction) => Promise<T>,
  ): Promise<T> => {
    // memory opens at once; awaiting it would let a move slip between
    holds ||= mode === 'readwrite';
    void held.open({ name: shop });
    return held.transact(mode, body);
  };
  const fallBack = (
    error: unknown,
    reason: 'lost' | 'superseded' | 'newer' | 'unavailable',
  ): void => {
    if (reason !== 'newer') kept = undefined;
    stopListening();
    setStatus({ kind: 'memory', reason, ...(reason === 'newer' && { readOnly: true }) });
    notice(
      reason === 'newer'
        ? 'storage-newer'
        : reason === 'unavailable'
          ? 'storage-memory'
          : 'storage-lost',
      reason === 'newer'
        ? 'A newer release wrote this storage: it is only read. Reload the page.'
        : `The storage "${storage?.name}" is ${reason}; this page goes on in memory.`,
    );
    report(error);
  };
  const run: Vault['run'] = async (mode, body, durability = 'relaxed') => {
    await moving;
    if (!kept) return onHeld(mode, body);
    try {
      return await kept.transact(mode, body, { durability });
    } catch (error) {
      const code = isRegularsError(error) ? error.code : '';
      if (code === 'ERR_STORAGE_NEWER') fallBack(error, 'newer');
      // a full disk is told to the caller, who may make room and try again; so is what the body itself threw
      if (!code.startsWith('ERR_STORAGE') || /NEWER|QUOTA/.test(code)) throw error;
      fallBack(error, code.endsWith('SUPERSEDED') ? 'superseded' : 'lost');
      return onHeld(mode, body);
    }
  };

  const move = async (to: ProfileStorage, anonymous: string | undefined): Promise<void> => {
    try {
      if (holds) await (await options.acts()).moveHeld(to, anonymous);
      await held.destroy();
      holds = false;
      kept = to;
    } finally {
      moving = undefined;
    }
  };

  /** This install as the storage knows it, made where it is new; and the card that the marker names, in the same read. */
  const readDevice = async (from: ProfileStorage): Promise<Opened> => {
    const marker = markers.read();
    const found = await from.transact('readonly', (transaction) =>
      Promise.all([
        transaction.get('meta', 'device'),
        marker?.card ? readCard(transaction, marker.card) : undefined,
      ]),
    );
    const [known, read] = found as [DeviceRow | undefined, (typeof found)[1]];
    if (known) row = known;
    else {
      const made = { ...device(), ...(marker && { id: marker.device }) };
      row = made;
      await from.transact('readwrite', async (transaction) =>
        transaction.put('meta', 'device', made),
      );
    }
    if (marker && marker.generation !== row.generation)
      notice(
        'storage-recreated',
        'The browser had emptied the storage: what was kept here is gone.',
      );
    const { current } = row;
    const fits = read?.kind === 'card' && read.card.id === current?.customer && !holds;
    return { current, card: fits ? read.card : undefined };
  };

  const open: Vault['open'] = async (anonymous) => {
    if (!storage || options.kiosk) return undefined;
    if (kept) return { current: device().current, card: undefined };
    setStatus({ kind: 'opening' });
    try {
      if (!globalThis.crypto?.subtle)
        throw new RegularsError('ERR_STORAGE_UNAVAILABLE', 'WebCrypto is missing: use https.');
      const opened = await storage.open({ name: `regulars:${shop}` });
      if (opened.reason) {
        fallBack(undefined, 'unavailable');
        setStatus({ kind: 'memory', reason: opened.reason });
        return undefined;
      }
      const found = await readDevice(storage);
      moving = move(storage, anonymous);
      await moving;
      stopListening = storage.listen((event) => {
        if (event.kind === 'superseded') fallBack(undefined, 'superseded');
        else
          notice(
            'storage-lost',
            'The browser closed the database; it is opened again when needed.',
          );
      });
      setStatus({ kind: opened.kind });
      mark();
      return found;
    } catch (error) {
      const newer = isRegularsError(error) && error.code === 'ERR_STORAGE_NEWER';
      fallBack(error, newer ? 'newer' : 'unavailable');
      return undefined;
    }
  };

  return {
    status: () => status,
    device,
    keeps: () => kept !== undefined && status.kind === 'persistent',
    identifiers,
    held,
    open,
    run,
    env: () => ({ shop, device: device().id, now: clock.now() }),
    card: async (customer) => {
      const read = await run('readonly', (transaction) => readCard(transaction, customer));
      if (read.kind === 'card') return read.card;
      if (read.kind !== 'stale') return undefined;
      if (read.reason === 'corrupt')
        notice('storage-corrupt', 'A stored card was damaged; it is computed anew.');
      return (await options.acts()).refold(customer);
    },
    remembered: () => (kept ? (device().current ?? undefined) : undefined),
    reread: async () => {
      const found = await run('readonly', (transaction) => transaction.get('meta', 'device'));
      if (kept && found) row = found as DeviceRow;
    },
    remember: async (current) => {
      if (!kept) return;
      const next = { ...device(), current };
      row = next;
      await run('readwrite', async (transaction) => transaction.put('meta', 'device', next));
      mark();
    },
    dropHeld: async () => {
      identifiers.clear();
      holds = false;
      await held.destroy();
    },
    release: async (how) => {
      stopListening();
      const was = kept;
      kept = undefined;
      await was?.[how]();
      if (how === 'destroy') row = undefined;
      if (was) setStatus({ kind: 'memory', reason: 'no-consent' });
    },
  };
}
