import { RegularsError } from '../../kernel/errors.js';
import type {
  StorageRange,
  StorageRow,
  StorageTransaction,
  StoreName,
} from '../../profile/port.js';

/** The object stores, as the port names them. */
export const STORES: readonly StoreName[] = ['cards', 'tokens', 'records', 'outbox', 'meta'];

/** What a transaction ends with when the browser took the connection away under it. */
const LOST: readonly string[] = ['AbortError', 'InvalidStateError', 'UnknownError'];

/** How a transaction ended that neither the body nor a refused write made fail. */
export type Attempt<T> =
  { readonly kind: 'done'; readonly value: T } | { readonly kind: 'lost'; readonly cause: unknown };

/** The name of a DOMException; its messages differ from browser to browser. */
export function nameOf(cause: unknown): string {
  return cause instanceof Error ? cause.name : '';
}

/** The typed error of a failed transaction. */
function transactionError(cause: unknown): RegularsError {
  const name = nameOf(cause);
  if (name === 'QuotaExceededError')
    return new RegularsError(
      'ERR_STORAGE_QUOTA',
      'This site has no disk space left; remove something and try again.',
      { cause, retryable: true },
    );
  const why = /Inactive|InvalidState/.test(name)
    ? 'the body awaited more than its transaction'
    : name;
  return new RegularsError('ERR_STORAGE_FAILED', `The transaction failed: ${why}.`, { cause });
}

/** A {@link StorageRange} as IndexedDB has it: `null` for every key, `undefined` for none. */
function keyRange({ prefix = '', after }: StorageRange): IDBKeyRange | null | undefined {
  // The first text after all that begin with the prefix: its last code unit that can be raised, raised.
  const stem = prefix.replace(/\uffff+$/, '');
  const last = stem.length - 1;
  const end = stem && stem.slice(0, last) + String.fromCharCode(stem.charCodeAt(last) + 1);
  const isAfter = after !== undefined && after >= prefix;
  const start = isAfter ? after : prefix;
  if (end) return start < end ? IDBKeyRange.bound(start, end, isAfter, true) : undefined;
  return start || isAfter ? IDBKeyRange.lowerBound(start, isAfter) : null;
}

/** What a transaction is over with when nobody says why. */
function abortion(): DOMException {
  return new DOMException('It was aborted', 'AbortError');
}

/** What a request answers. By hand: the proxies of `idb` cost a page that has just loaded a tenth of its first read. */
function answerOf<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? abortion());
  });
}

/** What a transaction ended with; `undefined` when it was committed. */
export function endOf(transaction: IDBTransaction): Promise<unknown> {
  return new Promise((resolve) => {
    transaction.oncomplete = () => resolve(undefined);
    transaction.onabort = transaction.onerror = () => resolve(transaction.error ?? abortion());
  });
}

async function listRows(
  transaction: IDBTransaction,
  store: StoreName,
  range: StorageRange,
): Promise<readonly StorageRow[]> {
  const keys = keyRange(range);
  const limit = Math.min(range.limit ?? Infinity, 2 ** 32 - 1);
  if (keys === undefined || limit === 0) return []; // IndexedDB takes 0 for no limit
  const rows = transaction.objectStore(store);
  const [names, values] = await Promise.all([
    answerOf(rows.getAllKeys(keys, limit)),
    answerOf<unknown[]>(rows.getAll(keys, limit)),
  ]);
  return names.map((key, i) => ({ key: key as string, value: values[i] }));
}

/** The calls a body gets. `fail` hears of each that fails, awaited or not, and gives the error to throw. */
function callsOf(
  transaction: IDBTransaction,
  fail: (cause: unknown) => RegularsError,
): StorageTransaction {
  const read = <T>(act: () => Promise<T>): Promise<T> => {
    const answer = (async () => act())().catch((cause: unknown) => {
      throw fail(cause);
    });
    answer.catch(() => undefined); // a body may throw before it awaits this
    return answer;
  };
  const write = (act: () => IDBRequest): void => {
    try {
      const request = act();
      request.onerror = () => void fail(request.error);
    } catch (cause) {
      throw fail(cause);
    }
  };
  return {
    get: (store, key) => read(() => answerOf<unknown>(transaction.objectStore(store).get(key))),
    list: (store, range = {}) => read(() => listRows(transaction, store, range)),
    put: (store, key, value) => write(() => transaction.objectStore(store).put(value, key)),
    remove: (store, key) => write(() => transaction.objectStore(store).delete(key)),
  };
}

/** A transaction of a frozen page gets no answers and would hold up every other tab: it is undone, to be run again on waking up. */
function abortOnFreeze(transaction: IDBTransaction): () => void {
  if (typeof document === 'undefined') return () => undefined;
  const abort = (): void => {
    try {
      transaction.abort();
    } catch {
      // it is committing: the browser ends it by itself
    }
  };
  document.addEventListener('freeze', abort);
  return () => document.removeEventListener('freeze', abort);
}

/** Runs `body` in one transaction; `lost` when the browser took the connection away, so that another attempt makes sense. */
export async function attempt<T>(
  db: IDBDatabase,
  mode: 'readonly' | 'readwrite',
  body: (transaction: StorageTransaction) => Promise<T>,
  options?: { readonly durability?: 'strict' | 'relaxed' },
): Promise<Attempt<T>> {
  let transaction: IDBTransaction;
  try {
    transaction = db.transaction(STORES, mode, options);
  } catch (cause) {
    return { kind: 'lost', cause };
  }
  const awake = abortOnFreeze(transaction);
  const ending = endOf(transaction).finally(awake);
  const failures: RegularsError[] = [];
  const fail = (cause: unknown): RegularsError => {
    const error = transactionError(cause);
    failures.push(error);
    return error;
  };
  const answer = await (async () => body(callsOf(transaction, fail)))().then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  // nothing of a read has to be committed: whatever ends the transaction now cannot change the answer
  if (mode === 'readonly' && 'value' in answer && failures.length === 0)
    return { kind: 'done', value: answer.value };
  try {
    if ('value' in answer && failures.length === 0) {
      transaction.commit(); // spares the wait for the last answers
    } else {
      transaction.abort();
    }
  } catch (cause) {
    fail(cause); // it is over already: `end` says how
  }
  const end = await ending;
  if ('error' in answer && !failures.includes(answer.error as RegularsError)) throw answer.error;
  const [failure] = failures;
  if ('value' in answer && !end && !failure) return { kind: 'done', value: answer.value };
  // AbortError only says that it ended: what failed first says why
  const cause = failure && (!end || nameOf(end) === 'AbortError') ? failure.cause : end;
  if (end && LOST.includes(nameOf(cause))) return { kind: 'lost', cause };
  throw transactionError(cause);
}
