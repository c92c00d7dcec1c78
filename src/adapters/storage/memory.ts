import { RegularsError } from '../../kernel/errors.js';
import type { ProfileStorage, StorageTransaction, StoreName } from '../../profile/port.js';

type Rows = Map<string, unknown>;
type Stores = Readonly<Record<StoreName, Rows>>;

/** What a page before structuredClone (Chrome 94 to 97) gets: lists, plain objects and bytes are copied, anything else is kept as it is. */
function copyPlain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyPlain);
  if (value instanceof Uint8Array) return value.slice();
  return value && Object.getPrototypeOf(value) === Object.prototype
    ? Object.fromEntries(Object.entries(value).map(([key, part]) => [key, copyPlain(part)]))
    : value;
}

const failed = (why: string, cause?: unknown): RegularsError =>
  new RegularsError('ERR_STORAGE_FAILED', `Nothing was written: ${why}.`, { cause });

/** The calls of one transaction. `undo` collects how to take its writes back; `refuse` throws where a write may not be. */
function transactionOver(
  stores: Stores,
  undo: (() => void)[],
  refuse: (cause?: unknown) => void,
): StorageTransaction {
  const copy = globalThis.structuredClone ?? copyPlain;
  const write = (store: StoreName, key: string, act: (rows: Rows) => void): void => {
    refuse();
    const rows = stores[store];
    const had = rows.has(key);
    const before = rows.get(key);
    act(rows);
    undo.push(() => void (had ? rows.set(key, before) : rows.delete(key)));
  };
  return {
    get: async (store, key) => copy(stores[store].get(key)),
    list: async (store, { prefix = '', after, limit } = {}) =>
      [...stores[store]]
        .filter(([key]) => key.startsWith(prefix) && (after === undefined || key > after))
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .slice(0, limit)
        .map(([key, value]) => ({ key, value: copy(value) })),
    put: (store, key, value) =>
      write(store, key, (rows) => {
        try {
          rows.set(key, copy(value));
        } catch (cause) {
          refuse(cause);
        }
      }),
    remove: (store, key) => write(store, key, (rows) => rows.delete(key)),
  };
}

/** Runs `body` alone, and takes its writes back if it fails. */
const run = async <T>(
  stores: Stores,
  mode: 'readonly' | 'readwrite',
  body: (transaction: StorageTransaction) => Promise<T>,
): Promise<T> => {
  const undo: (() => void)[] = [];
  let refusal = mode === 'readonly' && 'the transaction only reads';
  let failure: RegularsError | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const refuse = (cause?: unknown): void => {
    if (cause || refusal) throw (failure = failed(refusal || 'a value cannot be stored', cause));
  };
  try {
    const result = await Promise.race([
      body(transactionOver(stores, undo, refuse)),
      // Our calls settle within one task. A body that needs a second one would end an IndexedDB transaction, or wait for itself for ever.
      new Promise<never>((_, reject) => {
        timer = setTimeout(reject, 0, failed('the body awaited more than its transaction'));
      }),
    ]);
    if (failure) throw failure;
    return result;
  } catch (error) {
    for (const act of undo.reverse()) act();
    throw error;
  } finally {
    refusal = 'the transaction is over';
    clearTimeout(timer);
  }
};

/**
 * Keeps everything in this object and nowhere else: for kiosks, tests and pages without a database.
 * Closing keeps the rows for the object's life, unlike `destroy`, which empties it; two memory storages share nothing.
 * As strict as a database: a body that awaits anything but its own transaction is refused.
 */
export function memoryStorage(): ProfileStorage {
  const stores: Stores = {
    cards: new Map(),
    tokens: new Map(),
    records: new Map(),
    outbox: new Map(),
    meta: new Map(),
  };
  let opened = false;
  /** Settles with the last transaction: they run one after the other. */
  let queue: Promise<unknown> = Promise.resolve();
  const close = async (): Promise<void> => {
    opened = false;
    await queue;
  };
  return {
    name: 'memory',
    open: async () => {
      opened = true;
      return { kind: 'memory' };
    },
    transact: async (mode, body) => {
      if (!opened) throw new RegularsError('ERR_STORAGE_CLOSED', 'The storage is not open.');
      const result = queue.then(() => run(stores, mode, body));
      queue = result.catch(() => undefined);
      return result;
    },
    destroy: async () => {
      await close();
      for (const rows of Object.values(stores)) rows.clear();
    },
    close,
    listen: () => () => undefined,
  };
}
