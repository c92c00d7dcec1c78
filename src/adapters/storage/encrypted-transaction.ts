import type { StorageTransaction, StoreName } from '../../profile/port.js';
import {
  adopt,
  callsOf,
  createReads,
  failed,
  type Located,
  type Running,
  type Session,
} from './encrypted-calls.js';
import {
  CHECK,
  checkOf,
  isLocked,
  isSameLock,
  newCommit,
  type CheckRow,
  type PassAt,
} from './encrypted-rows.js';
import { valueToBytes } from './encrypted-values.js';

/** What only the pass over older rows asks of its transaction. */
export interface Beneath {
  /** How far the pass is; after a read, in this transaction's view of the data. */
  readonly passAt: () => PassAt | null;
  /** Sets it, with the writes. */
  readonly pass: (at: PassAt | null) => void;
  /** True for a row read in this transaction that is to be encrypted anew. */
  readonly isStale: (store: StoreName, key: string) => boolean;
}

/** A transaction's body. */
export type Body<T> = (transaction: StorageTransaction, beneath: Beneath) => Promise<T>;

/** How a transaction ended that did not fail; after a `conflict` another attempt makes sense. */
export type Attempt<T> =
  | { readonly kind: 'done'; readonly value: T; readonly stale: readonly Located[] }
  | { readonly kind: 'conflict' };

type Mode = 'readonly' | 'readwrite';
interface Options {
  readonly durability?: 'strict' | 'relaxed';
}

/** Runs the body until it is through; rejects when it awaits what is not its transaction's. */
async function runBody<T>(running: Running, act: () => Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    return await Promise.race([
      (async () => act())(),
      new Promise<never>((_, reject) => {
        running.onIdle = () => {
          clearTimeout(timer);
          // What a body does between two calls is done a task later. One that needs longer would end an IndexedDB transaction.
          timer = setTimeout(() => {
            if (running.pending === 0) reject(failed('the body awaited more than its transaction'));
          }, 0);
        };
        running.onIdle();
      }),
    ]);
  } finally {
    running.onIdle = () => undefined;
    clearTimeout(timer);
  }
}

/** The check row of the next commit; the end of the pass leaves nothing that needs the former key. */
function nextCheck(before: CheckRow, commit: string, pass: PassAt | null): CheckRow {
  const { former, ...check } = before;
  return { ...check, commit, pass, ...(pass && former && { former }) };
}

/** True when the rows that are encrypted as they are were not changed since by a page that has no key, and makes no commits. */
async function isAsRead(
  transaction: StorageTransaction,
  { stale, writes }: Running,
): Promise<boolean> {
  const same = await Promise.all(
    [...stale.values()].map(async ({ store, key }) => {
      const now = await transaction.get(store, key);
      const read = writes[store].get(key);
      return isLocked(now) || (now !== undefined && valueToBytes(now).join() === read?.join());
    }),
  );
  return same.every(Boolean);
}

/** Encrypts the writes, and writes all of them at once if nothing was written since the reads; false if something was. */
async function commit(
  running: Running,
  pass: PassAt | null | undefined,
  options: Options | undefined,
): Promise<boolean> {
  const { session, writes, reads } = running;
  const { storage, cipher } = session;
  const name = newCommit();
  const rows = await Promise.all(
    (Object.keys(writes) as StoreName[]).flatMap((store) =>
      [...writes[store]].map(async ([key, bytes]) => ({
        ...{ store, key },
        row: bytes && (await cipher.lock(store, key, bytes)),
      })),
    ),
  );
  const seen = reads.seen();
  let other: CheckRow | undefined;
  let after: CheckRow | undefined;
  const isDone = await storage.transact(
    'readwrite',
    async (transaction) => {
      const before = checkOf(await transaction.get('meta', CHECK));
      if (before?.commit === name) return true; // committed, and the connection lost before it was told
      other = before && !isSameLock(before, session.check) ? before : undefined;
      if (other || (seen && seen.commit !== before?.commit)) return false;
      if (pass !== undefined && !(await isAsRead(transaction, running))) return false;
      for (const { store, key, row } of rows)
        if (row) transaction.put(store, key, row);
        else transaction.remove(store, key);
      const last = before ?? session.check; // the browser may have emptied the database
      after = nextCheck(last, name, pass === undefined ? last.pass : pass);
      transaction.put('meta', CHECK, after);
      return true;
    },
    options,
  );
  if (after) session.check = after;
  if (other) await adopt(session, other);
  return isDone;
}

/** A transaction that has not begun. */
function begin(session: Session, mode: Mode): Running {
  return {
    session,
    reads: createReads(session),
    writes: {
      cards: new Map(),
      tokens: new Map(),
      records: new Map(),
      outbox: new Map(),
      meta: new Map(),
    },
    stale: new Map(),
    failures: [],
    refusal: mode === 'readonly' ? 'it only reads' : undefined,
    isOver: false,
    pending: 0,
    onIdle: () => undefined,
  };
}

/**
 * Runs `body` once. It reads in short transactions of the storage, and what it writes waits for its end: encrypting takes longer
 * than a transaction of IndexedDB lives.
 */
export async function attempt<T>(
  session: Session,
  mode: Mode,
  body: Body<T>,
  options?: Options,
): Promise<Attempt<T>> {
  const running = begin(session, mode);
  const { reads, writes, stale, failures } = running;
  let pass: PassAt | null | undefined;
  const beneath: Beneath = {
    passAt: () => session.check.pass,
    pass: (at) => {
      pass = at;
    },
    isStale: (store, key) => stale.has(`${store}/${key}`),
  };
  let value: T;
  try {
    value = await runBody(running, () => body(callsOf(running), beneath));
    if (failures[0]) throw failures[0];
  } catch (error) {
    if (reads.isTorn()) return { kind: 'conflict' };
    throw error;
  } finally {
    running.isOver = true;
    running.refusal = 'it is over';
  }
  const hasWritten = pass !== undefined || Object.values(writes).some(({ size }) => size > 0);
  if (hasWritten && !(await commit(running, pass, options))) return { kind: 'conflict' };
  const left = [...stale.values()].filter(({ store, key }) => !writes[store].has(key));
  return { kind: 'done', value, stale: left };
}
