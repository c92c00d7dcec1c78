import type { StorageTransaction, StoreName } from '../profile/port.js';
import { lifeSaboteurs } from './storage-life-saboteurs.js';
import { rowSaboteurs } from './storage-rows-saboteurs.js';
import { calls, puts, type StorageSaboteur, type Transact } from './storage-sabotage.js';

export type { StorageSaboteur } from './storage-sabotage.js';

const transactions: readonly StorageSaboteur[] = [
  {
    breaks: 'reads see the puts of their own transaction',
    sabotage: (storage) =>
      calls(storage, ({ get, put, list }) => {
        const own = new Set<string>();
        return {
          get: async (store, key) => (own.has(key) ? undefined : get(store, key)),
          list: async (...range) => (await list(...range)).filter(({ key }) => !own.has(key)),
          put: (store, key, value) => {
            own.add(key);
            put(store, key, value);
          },
        };
      }),
  },
  {
    breaks: 'a body that throws writes nothing',
    sabotage: (storage) => ({
      ...storage,
      transact: async (mode, body, options) => {
        let removes = false;
        const settled = await storage.transact(
          mode,
          async ({ remove, ...rest }) => {
            const noted = (...row: Parameters<typeof remove>): void => {
              removes = true;
              remove(...row);
            };
            try {
              return { value: await body({ ...rest, remove: noted }) };
            } catch (error) {
              if (removes) throw error; // that they are taken back is another promise
              return { error };
            }
          },
          options,
        );
        if ('error' in settled) throw settled.error;
        return settled.value;
      },
    }),
  },
  {
    breaks: 'a body that throws takes nothing away and replaces nothing',
    sabotage: (storage) => ({
      ...storage,
      transact: async (mode, body, options) => {
        const removed: (readonly [StoreName, string])[] = [];
        const noted = ({ remove, ...rest }: StorageTransaction): StorageTransaction => ({
          ...rest,
          remove: (...row) => {
            removed.push(row);
            remove(...row);
          },
        });
        try {
          return await storage.transact(mode, (transaction) => body(noted(transaction)), options);
        } catch (error) {
          await storage.transact('readwrite', async ({ remove }) => {
            for (const row of removed) remove(...row);
          });
          throw error;
        }
      },
    }),
  },
  {
    breaks: 'a body that throws makes transact reject with that very error',
    sabotage: (storage) => ({
      ...storage,
      transact: (mode, body, options) =>
        storage.transact(
          mode,
          async (transaction) => {
            try {
              return await body(transaction);
            } catch (cause) {
              throw new Error('The transaction failed.', { cause });
            }
          },
          options,
        ),
    }),
  },
  {
    breaks: 'one refused write makes the whole transaction fail',
    sabotage: (storage) =>
      puts(storage, (row) => (typeof row.value === 'function' ? undefined : row)),
  },
  {
    breaks: 'a readonly transaction refuses writes',
    sabotage: (storage) => ({
      ...storage,
      transact: (_mode, body, options) => storage.transact('readwrite', body, options),
    }),
  },
  {
    breaks: 'a body that awaits anything else is refused, and holds nobody up',
    sabotage: (storage) => {
      let outer: StorageTransaction | undefined;
      const transact: Transact = (mode, body, options) =>
        outer
          ? body(outer) // joins the transaction that asks
          : storage.transact(
              mode,
              (transaction) => {
                outer = transaction;
                try {
                  return body(transaction);
                } finally {
                  outer = undefined;
                }
              },
              options,
            );
      return { ...storage, transact };
    },
  },
  {
    breaks: 'either durability is taken',
    sabotage: (storage) => ({
      ...storage,
      transact: async (mode, body, options) => {
        if (options?.durability === 'strict') throw new Error('I cannot promise that.');
        return storage.transact(mode, body, options);
      },
    }),
  },
  {
    breaks: 'the result of a body is given back',
    sabotage: (storage) => ({
      ...storage,
      transact: async <T>(...call: Parameters<typeof storage.transact<T>>) => {
        await storage.transact(...call);
        return undefined as T;
      },
    }),
  },
  {
    breaks: 'a transaction sees what those begun before it wrote',
    sabotage: (storage) => {
      const delayed = new Set<Promise<unknown>>();
      const close = async (): Promise<void> => {
        await Promise.allSettled(delayed);
        await storage.close();
      };
      const transact: Transact = (mode, body, options) => {
        if (mode === 'readonly') return storage.transact(mode, body, options);
        const later = new Promise<void>((resolve) => void setTimeout(resolve, 5));
        const result = later.then(() => storage.transact(mode, body, options));
        delayed.add(result);
        return result;
      };
      return { ...storage, transact, close };
    },
  },
  {
    breaks: 'transactions that read before they write lose nothing of each other',
    sabotage: (storage) => {
      let running = 0;
      const transact: Transact = async (mode, body, options) => {
        running++;
        try {
          if (mode === 'readonly' || running === 1)
            return await storage.transact(mode, body, options);
          // the way of stores without transactions: read, think, then write
          const writes: ((transaction: StorageTransaction) => void)[] = [];
          const result = await storage.transact('readonly', (transaction) =>
            body({
              ...transaction,
              put: (...row) => void writes.push(({ put }) => put(...row)),
              remove: (...row) => void writes.push(({ remove }) => remove(...row)),
            }),
          );
          await storage.transact(mode, async (transaction) => {
            for (const write of writes) write(transaction);
          });
          return result;
        } finally {
          running--;
        }
      };
      return { ...storage, transact };
    },
  },
  {
    breaks: 'two storages of one name see and keep what the other writes',
    sabotage: (storage) => {
      const own = String(Math.random());
      return {
        ...storage,
        open: ({ name, ...rest }) => storage.open({ name: name + own, ...rest }),
      };
    },
  },
];

/** For each promise of the storage contract a storage that breaks it, and it alone. */
export const storageSaboteurs: readonly StorageSaboteur[] = [
  ...rowSaboteurs,
  ...transactions,
  ...lifeSaboteurs,
];
