import { createTokenizer, type Tokenizer } from '../identity/tokens.js';
import type { NormalIdentifier } from '../identity/types.js';
import type { Clock, Random } from '../kernel/clock.js';
import { isRegularsError, RegularsError } from '../kernel/errors.js';
import { randomId } from '../kernel/ids.js';
import { memoryStorage } from '../adapters/storage/memory.js';
import { readCard } from '../profile/read-card.js';
import type { ProfileStorage, StorageTransaction } from '../profile/port.js';
import type { Card, ProfileRecord, RecordDraft } from '../profile/types.js';
import type * as Log from '../profile/log.js';
import type { Marker, MarkerStore } from './marker.js';
import type { Notice, StorageStatus } from './types.js';

/** Whom this device remembers. */
export interface Remembered {
  readonly subject: string;
  readonly customer: string;
}

interface DeviceRow {
  readonly id: string;
  readonly key: readonly number[];
  readonly generation: string;
  readonly current: Remembered | null;
}

/** Where records go: memory until the customer has said yes and the database is open, then there. */
export interface Vault {
  readonly status: () => StorageStatus;
  readonly device: () => string;
  /** True when records go where they outlive the page. */
  readonly keeps: () => boolean;
  /** Token of an identifier on this device. */
  readonly token: (identifier: NormalIdentifier) => Promise<string>;
  /** Opens the storage; moves what memory holds into it, by `subject` of somebody it remembers if nobody was recognized since. */
  readonly open: (anonymous: string | undefined) => Promise<Remembered | undefined>;
  /** Runs on the storage in use; falls back to memory when that one is lost for good. */
  readonly run: <T>(
    mode: 'readonly' | 'readwrite',
    body: (transaction: StorageTransaction) => Promise<T>,
    durability?: 'strict' | 'relaxed',
  ) => Promise<T>;
  /** What a record written now is stamped with. */
  readonly env: () => { readonly shop: string; readonly device: string; readonly now: number };
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
  readonly report: (error: unknown) => void;
  readonly notice: (code: Notice['code'], message: string) => void;
  readonly changed: () => void;
  /** What writes the log; loaded when it is needed. */
  readonly log: () => Promise<Pick<typeof Log, 'appendRecords' | 'readAllRecords' | 'refoldCard'>>;
}

const FALLS_BACK = new Set<string>([
  'ERR_STORAGE_BLOCKED',
  'ERR_STORAGE_CLOSED',
  'ERR_STORAGE_FAILED',
  'ERR_STORAGE_SUPERSEDED',
  'ERR_STORAGE_TIMEOUT',
  'ERR_STORAGE_UNAVAILABLE',
]);

/** Makes the vault of one client. */
export function createVault(options: VaultOptions): Vault {
  const { shop, storage, clock, random, markers, report, notice } = options;
  const held = memoryStorage();
  const heldIdentifiers = new Map<string, NormalIdentifier>();
  let kept: ProfileStorage | undefined;
  /** Memory was written to: there is something to move. */
  let holds = false;
  /** Pending while what memory holds moves into the storage: nobody writes to memory meanwhile. */
  let moving: Promise<void> | undefined;
  let stopListening: () => void = () => undefined;
  let device: DeviceRow = newDevice();
  let tokenizer: Tokenizer = createTokenizer(Uint8Array.from(device.key));
  let status: StorageStatus = {
    kind: 'memory',
    reason: options.kiosk ? 'kiosk' : storage ? 'no-consent' : 'not-configured',
  };

  function newDevice(): DeviceRow {
    return {
      id: randomId(random),
      key: [...random(32)],
      generation: randomId(random),
      current: null,
    };
  }
  const setStatus = (next: StorageStatus): void => {
    status = next;
    options.changed();
  };
  const useDevice = (row: DeviceRow): void => {
    device = row;
    tokenizer = createTokenizer(Uint8Array.from(row.key));
  };
  const env = (): { shop: string; device: string; now: number } => ({
    shop,
    device: device.id,
    now: clock.now(),
  });
  const mark = (): void =>
    markers.write({
      device: device.id,
      card: device.current?.customer ?? null,
      generation: device.generation,
      at: clock.now(),
    });

  const token = async (identifier: NormalIdentifier): Promise<string> => {
    // without WebCrypto (plain http) nothing is kept, so the bare value never leaves this page's memory
    const made =
      (await tokenizer.token(identifier.type, identifier.value)) ??
      `${identifier.type}:${identifier.value}`;
    heldIdentifiers.set(made, identifier);
    return made;
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
  const fallBack = (error: RegularsError): void => {
    kept = undefined;
    stopListening();
    const superseded = error.code === 'ERR_STORAGE_SUPERSEDED';
    setStatus({ kind: 'memory', reason: superseded ? 'superseded' : 'lost' });
    notice('storage-lost', 'The storage failed; this page goes on in memory.');
    report(error);
  };
  const run: Vault['run'] = async (mode, body, durability = 'relaxed') => {
    await moving;
    if (!kept) return onHeld(mode, body);
    try {
      return await kept.transact(mode, body, { durability });
    } catch (error) {
      if (isRegularsError(error) && error.code === 'ERR_STORAGE_NEWER')
        setStatus({ ...status, reason: 'newer', readOnly: true });
      if (!isRegularsError(error) || !FALLS_BACK.has(error.code)) throw error;
      fallBack(error);
      return onHeld(mode, body);
    }
  };

  /** What memory holds, with the tokens of the device it moves to and under the person it belongs to there. */
  const heldDrafts = async (
    anonymous: string | undefined,
    current: Remembered | null,
  ): Promise<RecordDraft[]> => {
    const { readAllRecords } = await options.log();
    // memory holds only what this page wrote: no kinds of a newer version
    const records = (await onHeld('readonly', readAllRecords)) as readonly ProfileRecord[];
    return Promise.all(
      records.map(async (record): Promise<RecordDraft> => {
        const subject = record.subject === anonymous && current ? current.subject : record.subject;
        if (record.kind !== 'link') return { ...record, subject };
        const identifier = heldIdentifiers.get(record.data.token);
        const data = identifier ? { ...record.data, token: await token(identifier) } : record.data;
        return { ...record, subject, data };
      }),
    );
  };

  const move = async (
    to: ProfileStorage,
    anonymous: string | undefined,
    current: Remembered | null,
  ): Promise<void> => {
    try {
      const drafts = holds ? await heldDrafts(anonymous, current) : [];
      const { appendRecords } =
        drafts.length > 0 ? await options.log() : { appendRecords: undefined };
      if (appendRecords)
        await to.transact('readwrite', (transaction) => appendRecords(transaction, drafts, env()), {
          durability: 'strict',
        });
      await held.destroy();
      holds = false;
      kept = to;
    } finally {
      moving = undefined;
    }
  };

  const open: Vault['open'] = async (anonymous) => {
    if (!storage || kept || options.kiosk) return device.current ?? undefined;
    setStatus({ kind: 'opening' });
    const before: Marker | undefined = markers.read();
    try {
      if (typeof globalThis.crypto?.subtle === 'undefined')
        throw new RegularsError(
          'ERR_STORAGE_UNAVAILABLE',
          'WebCrypto is missing: serve the page over https.',
        );
      const opened = await storage.open({ name: `regulars:${shop}` });
      if (opened.reason) {
        setStatus({ kind: 'memory', reason: opened.reason });
        notice(
          'storage-memory',
          `The storage "${storage.name}" could not be used (${opened.reason}); this page remembers in memory.`,
        );
        return undefined;
      }
      const row = await storage.transact('readwrite', async (transaction) => {
        const found = (await transaction.get('meta', 'device')) as DeviceRow | undefined;
        if (found) return found;
        const made = before ? { ...device, id: before.device } : device;
        transaction.put('meta', 'device', made);
        return made;
      });
      useDevice(row);
      moving = move(storage, anonymous, row.current);
      await moving;
      stopListening = storage.listen((event) => {
        if (event.kind === 'lost')
          notice(
            'storage-lost',
            'The browser closed the database; it is opened again at the next use.',
          );
        else
          fallBack(
            new RegularsError(
              'ERR_STORAGE_SUPERSEDED',
              'A newer page took over the database; reload this one.',
            ),
          );
      });
      setStatus({ kind: opened.kind });
      if (before && before.generation !== row.generation)
        notice(
          'storage-recreated',
          'The browser had emptied the database: what was kept on this device is gone.',
        );
      mark();
      return row.current ?? undefined;
    } catch (error) {
      const newer = isRegularsError(error) && error.code === 'ERR_STORAGE_NEWER';
      setStatus({
        kind: 'memory',
        reason: newer ? 'newer' : 'unavailable',
        ...(newer && { readOnly: true as const }),
      });
      notice(
        newer ? 'storage-newer' : 'storage-memory',
        newer
          ? 'A newer version of this page wrote the database; this one only reads. Reload it.'
          : `The storage "${storage.name}" could not be opened; this page remembers in memory.`,
      );
      report(error);
      return undefined;
    }
  };

  return {
    status: () => status,
    device: () => device.id,
    keeps: () => kept !== undefined && status.kind === 'persistent',
    token,
    open,
    run,
    env,
    card: async (customer) => {
      const read = await run('readonly', (transaction) => readCard(transaction, customer));
      if (read.kind === 'card') return read.card;
      if (read.kind !== 'stale') return undefined;
      if (read.reason === 'corrupt')
        notice(
          'storage-corrupt',
          'A stored card was damaged; it was computed anew from its records.',
        );
      const log = await options.log();
      return run('readwrite', (transaction) => log.refoldCard(transaction, customer));
    },
    remembered: () => (kept ? (device.current ?? undefined) : undefined),
    reread: async () => {
      const row = await run('readonly', (transaction) => transaction.get('meta', 'device'));
      if (kept && row !== undefined) useDevice(row as DeviceRow);
    },
    remember: async (current) => {
      if (!kept) return;
      device = { ...device, current };
      await run('readwrite', async (transaction) => {
        transaction.put('meta', 'device', device);
      });
      mark();
    },
    dropHeld: async () => {
      heldIdentifiers.clear();
      holds = false;
      await held.destroy();
    },
    release: async (how) => {
      stopListening();
      const was = kept;
      kept = undefined;
      if (how === 'destroy') {
        useDevice(newDevice());
        await was?.destroy();
        setStatus({ kind: 'memory', reason: 'no-consent' });
      } else await was?.close();
    },
  };
}
