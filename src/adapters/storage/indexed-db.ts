import { systemClock, type Clock } from '../../kernel/clock.js';
import { isRegularsError, RegularsError, type RegularsErrorCode } from '../../kernel/errors.js';
import { createListeners } from '../../kernel/readable.js';
import type {
  ProfileStorage,
  StorageEvent,
  StorageOpened,
  StorageOpenOptions,
} from '../../profile/port.js';
import type { EncryptedStorageOptions } from './encrypted.js';
import {
  clearStores,
  closedError,
  createConnection,
  deleteDatabase,
  noop,
  openError,
  type Connection,
  type Target,
} from './indexed-db-connection.js';
import { attempt, type Attempt } from './indexed-db-transaction.js';

/** Why memory takes over; any other code makes `open` reject. */
const MEMORY_REASONS: {
  readonly [code in RegularsErrorCode]?: NonNullable<StorageOpened['reason']>;
} = {
  ERR_STORAGE_UNAVAILABLE: 'unavailable',
  ERR_STORAGE_BLOCKED: 'blocked',
  ERR_STORAGE_TIMEOUT: 'timeout',
  ERR_STORAGE_FAILED: 'corrupt',
};

/** What to do where the database cannot be had, and the time. */
export interface IndexedDbStorageOptions {
  /**
   * `memory` goes on without the database and says so in what `open` gives; `reject` makes `open` reject.
   * Data of a newer version always rejects, with ERR_STORAGE_NEWER: nothing may write beside it.
   * @defaultValue 'memory'
   */
  readonly otherwise?: 'memory' | 'reject';
  /** @defaultValue the platform's */
  readonly clock?: Clock;
  /**
   * Encrypts what is kept, with a key that you hand in: `encryptedStorage` of `regulars/storage/encrypted`, loaded when it is opened.
   * Left out, nothing is encrypted.
   */
  readonly encryption?: Pick<EncryptedStorageOptions, 'key' | 'formerKey'>;
}

/** Who waits for whom: `join` adds what runs, `after` acts when all so far has ended, well or badly. */
function createTurns(): {
  readonly after: <T>(act: () => Promise<T>) => Promise<T>;
  readonly join: <T>(running: Promise<T>) => Promise<T>;
} {
  let busy: Promise<unknown> | undefined;
  const join = <T>(running: Promise<T>): Promise<T> => {
    const all = Promise.all([busy, running.catch(noop)]).then(() => {
      if (busy === all) busy = undefined;
    });
    busy = all;
    return running;
  };
  // at once when nothing runs: the request for the database leaves before the page goes on
  return { after: (act) => join(busy ? busy.then(act) : act()), join };
}

/** Opens, in memory where it must be. */
async function openWith(
  connection: Connection,
  target: Target,
  otherwise: 'memory' | 'reject',
): Promise<StorageOpened> {
  connection.aim(target);
  try {
    await connection.link();
    return { kind: 'persistent' };
  } catch (error) {
    const reason = isRegularsError(error) && MEMORY_REASONS[error.code];
    if (otherwise === 'reject' || !reason) throw error;
    return { kind: 'memory', reason, error };
  }
}

/** Runs `body`, once more when the connection was taken away under it. */
async function transactOver<T>(
  connection: Connection,
  run: (db: IDBDatabase) => Promise<Attempt<T>>,
): Promise<T> {
  for (let isRetry = false; ; isRetry = true) {
    const link = connection.link();
    const result = await run(await link);
    if (result.kind === 'done') return result.value;
    connection.drop(link, 'lost');
    if (isRetry)
      throw new RegularsError('ERR_STORAGE_FAILED', 'The connection to the database was lost.', {
        cause: result.cause,
        retryable: true,
      });
  }
}

/** The storage without encryption. */
function plainStorage(otherwise: 'memory' | 'reject', clock: Clock): ProfileStorage {
  const { tell, add: listen } = createListeners<StorageEvent>(noop); // whoever listens sees to their own errors
  const connection = createConnection(clock, tell);
  const { after, join } = createTurns();
  let target: Target | undefined;
  let opened: Promise<StorageOpened> | undefined;
  // loaded at the first need: a client that hears "memory" goes on in its own
  let memory: Promise<ProfileStorage> | undefined;
  const inMemory = async (to: StorageOpenOptions): Promise<ProfileStorage> => {
    const storage = await (memory ??= import('./memory.js').then((made) => made.memoryStorage()));
    await storage.open(to);
    return storage;
  };

  const transact: ProfileStorage['transact'] = async (mode, body, options) => {
    if (!opened || !target) throw closedError();
    return (await opened).kind === 'memory'
      ? (await inMemory(target)).transact(mode, body)
      : transactOver(connection, (db) => attempt(db, mode, body, options));
  };
  /** Takes no more calls, then acts. */
  const end = (act: (before: StorageOpened | undefined) => Promise<void>): Promise<void> => {
    const before = opened?.catch(() => undefined);
    opened = undefined;
    return after(async () => act(await before));
  };
  return {
    name: 'indexed-db',
    open: async ({ name, timeoutMs = 5000 }) => {
      opened ??= after(() => openWith(connection, (target = { name, timeoutMs }), otherwise));
      const opening = opened;
      opening.catch(() => (opened = opened === opening ? undefined : opened));
      const result = await opening;
      if (result.kind === 'persistent') await connection.link(); // makes a lost one anew, refuses a superseded one
      return result;
    },
    transact: (...call) => join(transact(...call)),
    destroy: () =>
      end(async (before) => {
        if (before?.kind === 'persistent') await clearStores(connection);
        connection.aim(undefined);
        await (await memory)?.destroy();
        if (!target) throw closedError();
        await deleteDatabase(target, clock);
      }),
    close: () =>
      end(async () => {
        connection.aim(undefined);
        await (await memory)?.close();
      }),
    listen,
  };
}

/** Encrypts what is kept in `storage`; what does so is loaded when it is opened. */
function encryptedLater(
  storage: ProfileStorage,
  { key, ...options }: EncryptedStorageOptions,
): ProfileStorage {
  const own = (key as Partial<Uint8Array> | undefined)?.slice?.() ?? key; // bytes: the host may wipe its own
  let loading: Promise<ProfileStorage> | undefined;
  const load = async (): Promise<ProfileStorage> => {
    try {
      const { encryptedStorage } = await import('./encrypted.js');
      return encryptedStorage(storage, { ...options, key: own });
    } catch (cause) {
      loading = undefined;
      throw isRegularsError(cause) ? cause : openError(cause); // the file could not be loaded
    }
  };
  return {
    ...storage,
    open: async (to) => {
      storage.open(to).catch(noop); // at once: the browser opens the database while the rest is loaded
      return (await (loading ??= load())).open(to);
    },
    transact: async (...call) => {
      if (!loading) throw closedError(); // never in the clear, though the storage beneath may be open
      return (await loading).transact(...call);
    },
    destroy: async () => ((await loading) ?? storage).destroy(),
    close: async () => ((await loading) ?? storage).close(),
  };
}

/**
 * Keeps everything in the page's IndexedDB: one database per shop, shared by all tabs.
 * Where there is none (a private window, a sandboxed frame), or another page or damage is in the way, it works in memory and says why;
 * closing and opening it again then tries the database anew.
 * A connection that the browser took away is made anew and its transaction run once more: a body may run twice.
 * @example createRegulars({ shop: 'blue-door', storage: indexedDbStorage() })
 */
export function indexedDbStorage({
  otherwise = 'memory',
  clock = systemClock,
  encryption,
}: IndexedDbStorageOptions = {}): ProfileStorage {
  const storage = plainStorage(otherwise, clock);
  return encryption ? encryptedLater(storage, { ...encryption, otherwise, clock }) : storage;
}
