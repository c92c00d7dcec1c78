import { deleteDB, openDB, unwrap } from 'idb';
import type { Clock } from '../../kernel/clock.js';
import { isRegularsError, RegularsError, type RegularsErrorCode } from '../../kernel/errors.js';
import type { StorageEvent, StorageOpenOptions } from '../../profile/port.js';
import { endOf, nameOf, STORES } from './indexed-db-transaction.js';

/** Raised when the stores change; the upgrade then makes those that are missing. */
const VERSION = 1;

/** How long a page that is in the way may take to finish its last transaction and step aside. */
const GRACE_MS = 1000;

/** Which database, and how long to wait for it. */
export type Target = Required<StorageOpenOptions>;

/** Settles what is not awaited. */
export function noop(): void {}

/** What a call gets while the storage is not open. */
export function closedError(): RegularsError {
  return new RegularsError('ERR_STORAGE_CLOSED', 'The storage is not open.');
}

/** The typed error of a failed opening or deletion. */
export function openError(cause: unknown): RegularsError {
  const name = nameOf(cause);
  if (name === 'VersionError')
    return new RegularsError(
      'ERR_STORAGE_NEWER',
      'The stored data is of a newer version; reload.',
      { cause },
    );
  if (name === 'UnknownError')
    return new RegularsError(
      'ERR_STORAGE_FAILED',
      'The database is damaged; clear the site data.',
      { cause },
    );
  return new RegularsError(
    'ERR_STORAGE_UNAVAILABLE',
    'This page may not use IndexedDB; pass memoryStorage().',
    { cause },
  );
}

/** Gives up on `work` after a time, sooner when another page is in the way. What still comes then goes to `late`. */
function within<T>(
  clock: Clock,
  timeoutMs: number,
  work: (blocked: () => void) => Promise<T>,
  late: (value: T) => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    let gaveUp = false;
    const giveUp = (ms: number, code: RegularsErrorCode, what: string): (() => void) =>
      clock.after(ms, () => {
        gaveUp = true;
        reject(
          new RegularsError(code, `${what}; close the other pages of this site.`, {
            retryable: true,
          }),
        );
      });
    let stop = noop;
    const blocked = (): void => {
      stop();
      if (!gaveUp)
        stop = giveUp(
          Math.min(GRACE_MS, timeoutMs),
          'ERR_STORAGE_BLOCKED',
          'Another page holds the database',
        );
    };
    // async, so that a throw of `indexedDB` itself (none there, a sandboxed frame) is a rejection too
    const working = (async () => work(blocked))();
    // after the request: it leaves sooner
    stop = giveUp(timeoutMs, 'ERR_STORAGE_TIMEOUT', 'The database does not answer');
    working.then(
      (value) => {
        stop();
        if (gaveUp) late(value);
        else resolve(value);
      },
      (cause: unknown) => {
        stop();
        reject(openError(cause));
      },
    );
  });
}

/** The one connection of a storage. */
export interface Connection {
  /** Names the database to open; `undefined` lets go of it. */
  readonly aim: (target: Target | undefined) => void;
  /** The open database, made anew if need be. Throws when there is none to open. */
  readonly link: () => Promise<IDBDatabase>;
  /** Closes what {@link link} gave; the next call of it opens anew unless it is `superseded`. */
  readonly drop: (link: Promise<IDBDatabase>, kind: StorageEvent['kind']) => void;
}

/** Opens the database, and makes the stores that are missing. `tell` hears when the connection is taken away. */
function openDatabase(
  { name, timeoutMs }: Target,
  clock: Clock,
  tell: (kind: StorageEvent['kind']) => void,
): Promise<IDBDatabase> {
  const open = async (blocked: () => void): Promise<IDBDatabase> =>
    unwrap(
      await openDB(name, VERSION, {
        upgrade: (db) => {
          for (const store of STORES)
            if (!db.objectStoreNames.contains(store)) db.createObjectStore(store);
        },
        blocked,
        // no version: it is being deleted, and may be made anew afterwards
        blocking: (_, version) => tell(version === null ? 'lost' : 'superseded'),
        terminated: () => tell('lost'),
      }),
    );
  // Chromium aborts the openings that site data is cleared under: the next one gets the new, empty database.
  const openAgain = (blocked: () => void): Promise<IDBDatabase> =>
    open(blocked).catch((cause: unknown) => {
      if (nameOf(cause) === 'AbortError') return open(blocked);
      throw cause;
    });
  return within(clock, timeoutMs, openAgain, (db) => db.close());
}

/** What a page that the browser froze waits for; undefined while it is awake. `fell` hears of each freezing. */
function createSleep(fell: () => void): {
  readonly over: () => Promise<void> | undefined;
  readonly watch: (isOpen: boolean) => void;
} {
  const page = typeof document === 'undefined' ? undefined : document;
  let over: Promise<void> | undefined;
  const freeze = (): void => {
    over ??= new Promise((resolve) => {
      const resume = (): void => resolve((over = undefined));
      page?.addEventListener('resume', resume, { once: true });
    });
    fell();
  };
  return {
    over: () => over,
    watch: (isOpen) => {
      page?.removeEventListener('freeze', freeze);
      if (isOpen) page?.addEventListener('freeze', freeze);
    },
  };
}

/** One connection that is made anew after it was lost; `tell` hears of that. */
export function createConnection(clock: Clock, tell: (event: StorageEvent) => void): Connection {
  let target: Target | undefined;
  let current: Promise<IDBDatabase> | undefined;
  let superseded = false;
  const letGo = (): void => {
    void current?.then((db) => db.close(), noop);
    current = undefined;
  };
  // A frozen page still hears other tabs, but not its database: what it began, or its connection, would be in their way until it wakes.
  const sleep = createSleep(letGo);

  const drop: Connection['drop'] = (link, kind) => {
    link.then((db) => db.close(), noop);
    if (link !== current) return;
    current = undefined;
    superseded = kind === 'superseded';
    tell({ kind });
  };
  const connect = (target: Target): Promise<IDBDatabase> => {
    const open = (): Promise<IDBDatabase> =>
      openDatabase(target, clock, (kind) => drop(link, kind));
    const link = sleep.over()?.then(open) ?? open();
    link.catch(() => {
      if (link === current) current = undefined;
    });
    return link;
  };
  return {
    aim: (next) => {
      letGo();
      superseded = false;
      target = next;
      sleep.watch(next !== undefined);
    },
    link: () => {
      if (superseded)
        throw new RegularsError(
          'ERR_STORAGE_SUPERSEDED',
          'A newer page took over the stored data; reload.',
        );
      if (!target) throw closedError();
      return (current ??= connect(target));
    },
    drop,
  };
}

/** Empties the stores if that can be done: unlike the deletion that follows, a frozen page cannot hold it up. */
export async function clearStores(connection: Connection): Promise<void> {
  try {
    const db = await connection.link();
    const transaction = db.transaction(STORES, 'readwrite', { durability: 'strict' });
    for (const store of STORES) transaction.objectStore(store).clear();
    await endOf(transaction);
  } catch {
    // what is damaged, lost or superseded can still be deleted
  }
}

/** Deletes the database, if this page may have one at all. */
export async function deleteDatabase({ name, timeoutMs }: Target, clock: Clock): Promise<void> {
  try {
    await within(clock, timeoutMs, (blocked) => deleteDB(name, { blocked }), noop);
  } catch (error) {
    if (isRegularsError(error) && error.code === 'ERR_STORAGE_UNAVAILABLE') return; // no database, nothing to delete
    throw error;
  }
}
