import { join, resolve } from 'node:path';
import { systemClock, type Clock } from '../../kernel/clock.js';
import { RegularsError } from '../../kernel/errors.js';
import { createListeners } from '../../kernel/readable.js';
import type { ProfileStorage, StorageEvent } from '../../profile/port.js';
import { createDatabase, type Database, type DatabaseUser } from './node-lmdb-database.js';
import { folderName } from './node-lmdb-rows.js';

/** Where the databases lie, and the time. */
export interface LmdbStorageOptions {
  /** A folder for the databases of all shops; made where there is none. Not one on a network drive: LMDB's locks need this machine. */
  readonly folder: string;
  /** @defaultValue the platform's */
  readonly clock?: Clock;
}

/**
 * The open databases of this process, by folder. On the global object, because bundlers of servers like to give each
 * route its own copy of a module, and two copies with one file would wait for each other for ever.
 */
function databases(): Map<string, Database> {
  const key = Symbol.for('regulars.lmdb.1');
  const place = globalThis as { [key: symbol]: Map<string, Database> | undefined };
  return (place[key] ??= new Map());
}

function databaseIn(path: string): Database {
  const open = databases();
  const known = open.get(path);
  if (known) return known;
  const made = createDatabase(path, () => void open.delete(path));
  open.set(path, made);
  return made;
}

const closed = (): RegularsError =>
  new RegularsError('ERR_STORAGE_CLOSED', 'The storage is not open.');

/** Waits for `work` no longer than that. */
function within<T>(clock: Clock, timeoutMs: number, work: Promise<T>): Promise<T> {
  return new Promise((done, reject) => {
    const stop = clock.after(timeoutMs, () =>
      reject(
        new RegularsError(
          'ERR_STORAGE_TIMEOUT',
          'The database does not answer; another process holds its lock.',
          { retryable: true },
        ),
      ),
    );
    work.then(done, reject).finally(stop);
  });
}

/**
 * Keeps everything in a database on disk, one per shop, for Node: servers that render pages, kiosks on Electron, scripts
 * and tests. Several storages and several processes of one machine may share a folder. Needs the package `lmdb`.
 * Every commit is flushed to disk before it is told, `relaxed` ones too. Unlike `indexedDbStorage` it never goes on in
 * memory by itself: `open` rejects.
 * @example createRegulars({ shop: 'blue-door', storage: lmdbStorage({ folder: './data' }) })
 */
export function lmdbStorage({ folder, clock = systemClock }: LmdbStorageOptions): ProfileStorage {
  if (typeof folder !== 'string' || folder === '')
    throw new RegularsError(
      'ERR_OPTIONS_INVALID',
      'lmdbStorage needs a folder: { folder: "./data" }.',
    );
  const { tell, add: listen } = createListeners<StorageEvent>(() => undefined); // whoever listens sees to their own errors
  const user: DatabaseUser = { lost: () => tell({ kind: 'lost' }) };
  let path: string | undefined;
  let database: Database | undefined;

  /** Takes no more calls, then acts on what was open. */
  const end = async (act: (was: Database) => Promise<void>): Promise<void> => {
    const was = database;
    database = undefined;
    if (was) await act(was);
  };
  const leave = async (was: Database): Promise<void> => {
    if (database !== was) was.users.delete(user); // unless it was opened again in the same breath
    await was.leave();
  };
  return {
    name: 'lmdb',
    open: async ({ name, timeoutMs = 5000 }) => {
      if (!database) path = join(resolve(folder), folderName(name));
      const opening = (database ??= databaseIn(path as string));
      opening.users.add(user);
      await within(clock, timeoutMs, opening.open()).catch((error: unknown) => {
        if (database === opening) database = undefined;
        void leave(opening);
        throw error;
      });
      return { kind: 'persistent' };
    },
    transact: async (mode, body) => {
      if (!database) throw closed();
      return database.transact(mode, body);
    },
    destroy: async () => {
      if (path === undefined) throw closed();
      database ??= databaseIn(path);
      await end(async (was) => {
        const [result] = await Promise.allSettled([was.destroy(user), leave(was)]);
        if (result.status === 'rejected') throw result.reason;
      });
    },
    close: () => end(leave),
    listen,
  };
}
