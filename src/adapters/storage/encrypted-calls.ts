import { isRegularsError, RegularsError } from '../../kernel/errors.js';
import type {
  ProfileStorage,
  StorageRange,
  StorageRow,
  StorageTransaction,
  StoreName,
} from '../../profile/port.js';
import type { PageTurns } from './encrypted-lock.js';
import { CHECK, checkOf, isSameLock, type CheckRow, type Cipher } from './encrypted-rows.js';
import { bytesToValue, valueToBytes } from './encrypted-values.js';

/** An unlocked database. */
export interface Session {
  readonly storage: ProfileStorage;
  readonly inPageTurn: PageTurns;
  readonly cipher: Cipher;
  /** As it was seen last. */
  check: CheckRow;
}

/** Where a row is. */
export interface Located {
  readonly store: StoreName;
  readonly key: string;
}

/** What one attempt has read and wants to write. */
export interface Running {
  readonly session: Session;
  readonly reads: Reads;
  /** As bytes; `undefined` where a row was removed. */
  readonly writes: Readonly<Record<StoreName, Map<string, Uint8Array<ArrayBuffer> | undefined>>>;
  /** Rows read that are to be encrypted anew, by store and key. */
  readonly stale: Map<string, Located>;
  /** Calls that failed, awaited or not. */
  readonly failures: RegularsError[];
  /** Why no row may be written. */
  refusal: string | undefined;
  isOver: boolean;
  /** Calls that are not answered yet. */
  pending: number;
  /** Called when none is left. */
  onIdle: () => void;
}

/** The error of a transaction that came to nothing. */
export function failed(why: string, cause?: unknown): RegularsError {
  return new RegularsError('ERR_STORAGE_FAILED', `The transaction failed: ${why}.`, { cause });
}

/** The error of data that this key does not open. */
export function lockedError(why: string, cause?: unknown): RegularsError {
  return new RegularsError('ERR_STORAGE_LOCKED', `The stored data stays locked: ${why}.`, {
    cause,
  });
}

/** Takes over a check row that another page wrote; throws where it is another key's. */
export async function adopt(session: Session, row: CheckRow): Promise<void> {
  const { cipher, check } = session;
  if (!isSameLock(row, check) && (await cipher.keyOf('meta', CHECK, row)) !== 'present')
    throw lockedError('it was encrypted anew with another key');
  session.check = row;
}

type Act<T> = (transaction: StorageTransaction) => Promise<T>;

/** Reads of one attempt: all of them see the data of one commit, or fail. */
export interface Reads {
  readonly read: <T>(act: Act<T>) => Promise<T>;
  /** The commit they see; `undefined` before the first. */
  readonly seen: () => { readonly commit: string | undefined } | undefined;
  /** True when there was another commit between two of them. */
  readonly isTorn: () => boolean;
}

/** Reads what is asked for in one breath in one transaction of the storage, and the check row along with it. */
export function createReads(session: Session): Reads {
  let seen: { readonly commit: string | undefined } | undefined;
  let torn = false;
  let batch: Promise<readonly unknown[]> | undefined;
  let acts: Act<unknown>[] = [];

  const readBatch = async (): Promise<readonly unknown[]> => {
    await Promise.resolve(); // what is asked for in the same breath goes along
    const asked = acts;
    batch = undefined;
    acts = [];
    const [row, ...answers] = await session.storage.transact('readonly', (transaction) =>
      Promise.all([transaction.get('meta', CHECK), ...asked.map((act) => act(transaction))]),
    );
    const check = checkOf(row);
    if (check) await adopt(session, check);
    const commit = check?.commit; // none where the browser has emptied the database
    seen ??= { commit };
    torn ||= seen.commit !== commit;
    if (torn) throw failed('the data changed meanwhile');
    return answers;
  };
  return {
    read: async <T>(act: Act<T>) => {
      const place = acts.push(act) - 1;
      const answers = await (batch ??= readBatch());
      return answers[place] as T;
    },
    seen: () => seen,
    isTorn: () => torn,
  };
}

const isOurs = (store: StoreName, key: string): boolean => store === 'meta' && key === CHECK;

/** Remembers a failure: a body that looks away from it must not succeed by half. */
function fail(running: Running, cause: unknown, why: string): RegularsError {
  const error = isRegularsError(cause) ? cause : failed(why, cause);
  running.failures.push(error);
  return error;
}

/** Waits for an answer, and tells when it was the last one. */
async function ask<T>(running: Running, act: () => Promise<T>): Promise<T> {
  running.pending++;
  try {
    if (running.isOver) throw failed('it is over');
    return await act();
  } catch (cause) {
    throw fail(running, cause, 'a row cannot be read');
  } finally {
    if (--running.pending === 0) running.onIdle();
  }
}

async function decrypt(running: Running, at: Located, row: unknown): Promise<unknown> {
  const { value, isStale } = await running.session.cipher.read(at.store, at.key, row);
  if (isStale) running.stale.set(`${at.store}/${at.key}`, at);
  return value;
}

async function getRow(running: Running, store: StoreName, key: string): Promise<unknown> {
  const written = running.writes[store];
  const own = written.get(key);
  if (own) return bytesToValue(own);
  if (written.has(key) || isOurs(store, key)) return undefined;
  const row = await running.reads.read((transaction) => transaction.get(store, key));
  return decrypt(running, { store, key }, row);
}

/** The rows of a range, those among them that were written before the call. */
async function listRows(
  running: Running,
  store: StoreName,
  range: StorageRange,
): Promise<readonly StorageRow[]> {
  const { prefix = '', after, limit = Infinity } = range;
  const own = new Map(
    [...running.writes[store]].filter(
      ([key]) => key.startsWith(prefix) && (after === undefined || key > after),
    ),
  );
  // as many more as may have to be left out
  const asked = { ...range, limit: limit + own.size + (store === 'meta' ? 1 : 0) };
  const there = await running.reads.read((transaction) => transaction.list(store, asked));
  const rows = await Promise.all(
    there
      .filter(({ key }) => !own.has(key) && !isOurs(store, key))
      .slice(0, limit)
      .map(async ({ key, value }) => ({
        key,
        value: await decrypt(running, { store, key }, value),
      })),
  );
  for (const [key, bytes] of own) if (bytes) rows.push({ key, value: bytesToValue(bytes) });
  return rows.sort((a, b) => (a.key < b.key ? -1 : 1)).slice(0, limit);
}

/** The calls a body gets. */
export function callsOf(running: Running): StorageTransaction {
  const answer = <T>(act: () => Promise<T>): Promise<T> => {
    const asked = ask(running, act);
    asked.catch(() => undefined); // a body may throw before it awaits this
    return asked;
  };
  const write = (
    store: StoreName,
    key: string,
    bytes: () => Uint8Array<ArrayBuffer> | undefined,
  ): void => {
    try {
      if (running.refusal) throw failed(running.refusal);
      if (isOurs(store, key)) throw failed(`the key "${CHECK}" is taken`);
      running.writes[store].set(key, bytes());
    } catch (cause) {
      throw fail(running, cause, 'a value cannot be stored');
    }
  };
  return {
    get: (store, key) => answer(() => getRow(running, store, key)),
    list: (store, range = {}) => answer(() => listRows(running, store, range)),
    put: (store, key, value) => write(store, key, () => valueToBytes(value)),
    remove: (store, key) => write(store, key, () => undefined),
  };
}
