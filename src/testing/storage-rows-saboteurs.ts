import type { ProfileStorage, StorageTransaction, StoreName } from '../profile/port.js';
import { calls, puts, type StorageSaboteur, type Transact } from './storage-sabotage.js';

/** Another list. */
function lists(
  storage: ProfileStorage,
  list: (all: StorageTransaction['list']) => StorageTransaction['list'],
): ProfileStorage {
  return calls(storage, (transaction) => ({ list: list(transaction.list) }));
}

/** Acts at the end of each body, inside its transaction. */
function atEnd(
  storage: ProfileStorage,
  change: (
    transaction: StorageTransaction,
    later: (act: () => void) => void,
  ) => Partial<StorageTransaction>,
): ProfileStorage {
  const transact: Transact = (mode, body, options) =>
    storage.transact(
      mode,
      async (transaction) => {
        const waiting: (() => void)[] = [];
        const later = (act: () => void): void => void waiting.push(act);
        const result = await body({ ...transaction, ...change(transaction, later) });
        for (const act of waiting) act();
        return result;
      },
      options,
    );
  return { ...storage, transact };
}

/** Those that break what is promised of rows and values. */
export const rowSaboteurs: readonly StorageSaboteur[] = [
  {
    breaks: 'a key that was never put gives undefined',
    sabotage: (storage) =>
      calls(storage, ({ get }) => ({ get: async (...key) => (await get(...key)) ?? null })),
  },
  {
    breaks: 'what was put is given back, in each of the five stores',
    sabotage: (storage) => puts(storage, (row) => (row.store === 'outbox' ? undefined : row)),
  },
  {
    breaks: 'a row is in its own store and in no other',
    sabotage: (storage) => {
      const merged = (store: StoreName): StoreName => (store === 'tokens' ? 'meta' : store);
      return calls(storage, ({ get, list, put, remove }) => ({
        get: (store, key) => get(merged(store), key),
        list: (store, range) => list(merged(store), range),
        put: (store, key, value) => put(merged(store), key, value),
        remove: (store, key) => remove(merged(store), key),
      }));
    },
  },
  {
    breaks: 'put replaces what was there',
    sabotage: (storage) => {
      const seen = new Set<string>();
      return puts(storage, (row) => {
        const isNew = !seen.has(`${row.store}/${row.key}`);
        seen.add(`${row.store}/${row.key}`);
        return isNew ? row : undefined;
      });
    },
  },
  {
    breaks: 'remove takes a row away, and does nothing where there is none',
    sabotage: (storage) => calls(storage, () => ({ remove: () => undefined })),
  },
  {
    breaks: 'list is ordered by the UTF-16 code units of the keys',
    sabotage: (storage) =>
      lists(
        storage,
        (list) =>
          async (...range) =>
            [...(await list(...range))].sort((a, b) => a.key.localeCompare(b.key, 'en')),
      ),
  },
  {
    breaks: 'list gives only the keys that begin with a prefix',
    sabotage: (storage) =>
      lists(storage, (list) => (store, range) => list(store, { ...range, prefix: '' })),
  },
  {
    breaks: 'list begins after a key, whether or not that key is there',
    sabotage: (storage) =>
      lists(
        storage,
        (list) =>
          async (store, { after = '', ...range } = {}) =>
            (await list(store, range)).filter(({ key }) => key >= after),
      ),
  },
  {
    breaks: 'list gives the first rows up to a limit',
    sabotage: (storage) =>
      lists(
        storage,
        (list) =>
          (store, { limit, ...range } = {}) =>
            list(store, limit ? range : { ...range, limit: limit ?? Infinity }),
      ),
  },
  {
    breaks: 'hostile keys are keys like any other',
    sabotage: (storage) => puts(storage, (row) => (row.key === '__proto__' ? undefined : row)),
  },
  {
    breaks: 'hostile values come back as they were',
    sabotage: (storage) =>
      calls(storage, ({ get }) => ({
        get: async (...key) => {
          const value = await get(...key);
          const text = JSON.stringify(value) ?? '';
          return text.includes('<img') ? JSON.parse(text.replaceAll('<', '&lt;')) : value;
        },
      })),
  },
  {
    breaks: 'a value of a million letters comes back whole',
    sabotage: (storage) =>
      puts(storage, (row) =>
        typeof row.value === 'string' ? { ...row, value: row.value.slice(0, 65_536) } : row,
      ),
  },
  {
    breaks: 'thousands of rows are listed whole',
    sabotage: (storage) =>
      lists(
        storage,
        (list) =>
          async (...range) =>
            (await list(...range)).slice(0, 1000),
      ),
  },
  {
    breaks: 'bytes come back as bytes',
    sabotage: (storage) =>
      puts(storage, (row) =>
        typeof row.value === 'object'
          ? { ...row, value: JSON.parse(JSON.stringify(row.value)) as unknown }
          : row,
      ),
  },
  {
    breaks: 'a value that is changed after put is stored as it was',
    sabotage: (storage) =>
      atEnd(storage, ({ put }, later) => ({
        put: (...row) => {
          put(...row);
          later(() => put(...row));
        },
      })),
  },
  {
    breaks: 'a value that is changed after it was read stays as it was stored',
    sabotage: (storage) => {
      const cache = new Map<string, unknown>();
      return calls(storage, ({ get }, mode) => {
        if (mode === 'readwrite') cache.clear();
        return {
          get: async (store, key) => {
            const place = `${store}/${key}`;
            if (mode === 'readwrite') return get(store, key);
            if (!cache.has(place)) cache.set(place, await get(store, key));
            return cache.get(place);
          },
        };
      });
    },
  },
];
