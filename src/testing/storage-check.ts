import { systemRandom } from '../kernel/clock.js';
import { randomId } from '../kernel/ids.js';
import { canonicalJson } from '../kernel/json.js';
import type { ProfileStorage, StorageRow, StorageTransaction, StoreName } from '../profile/port.js';

/** One thing that every storage promises, and the check of it. */
export interface StoragePromise {
  /** A sentence: the name of the test. */
  readonly name: string;
  /** Rejects with a plain `Error` when a storage that `make` gives breaks the promise. Each call of `make` gives a fresh one, not yet opened. */
  readonly check: (make: () => ProfileStorage | Promise<ProfileStorage>) => Promise<void>;
}

/** The stores of the port. */
export const STORES: readonly StoreName[] = ['cards', 'tokens', 'records', 'outbox', 'meta'];

/** Throws unless both are equal as JSON. */
export function equal(what: string, actual: unknown, expected: unknown): void {
  const [is, should] = [canonicalJson({ value: actual }), canonicalJson({ value: expected })];
  if (is !== should) throw new Error(`${what}: got ${is}, not ${should}`);
}

/** What `act` rejects with; throws when it does not. */
export async function rejection(act: () => Promise<unknown>): Promise<unknown> {
  try {
    await act();
  } catch (error) {
    return error;
  }
  throw new Error('it resolved, but should reject');
}

/** What `act` reads; taken out by hand, so that only one promise rests on the result that `transact` gives back. */
export async function read<T>(
  storage: ProfileStorage,
  act: (transaction: StorageTransaction) => Promise<T>,
): Promise<T> {
  let seen: { readonly value: T } | undefined;
  await storage.transact('readonly', async (transaction) => {
    seen = { value: await act(transaction) };
  });
  if (seen === undefined) throw new Error('the body of a transaction was not run');
  return seen.value;
}

/** Puts rows into `records`. */
export function put(storage: ProfileStorage, rows: readonly StorageRow[]): Promise<void> {
  return storage.transact('readwrite', async (transaction) => {
    for (const { key, value } of rows) transaction.put('records', key, value);
  });
}

/** Their keys, in their order. */
export const keysOf: (rows: readonly StorageRow[]) => readonly string[] = (
  rows: readonly StorageRow[],
): readonly string[] => rows.map(({ key }) => key);
/** Rows with these keys. */
export const named: (...keys: readonly string[]) => readonly StorageRow[] = (
  ...keys: readonly string[]
): readonly StorageRow[] => keys.map((key) => ({ key, value: 1 }));

/** The keys of all stores as `store/key`, sorted. */
export async function allKeys(storage: ProfileStorage): Promise<readonly string[]> {
  const keys = await read(storage, async (transaction) => {
    const rows = await Promise.all(STORES.map((store) => transaction.list(store)));
    return rows.flatMap((found, i) => found.map(({ key }) => `${STORES[i]}/${key}`));
  });
  return [...keys].sort();
}

/** A promise whose check gets an open storage and the name of its database. */
export function promise(
  name: string,
  check: (storage: ProfileStorage, name: string) => Promise<void>,
): StoragePromise {
  return {
    name,
    check: async (make) => {
      const storage = await make();
      const database = `contract-${randomId(systemRandom)}`;
      await storage.open({ name: database });
      try {
        await check(storage, database);
      } finally {
        await storage.destroy().catch(() => undefined); // a broken storage may not manage; its check has said so
      }
    },
  };
}
