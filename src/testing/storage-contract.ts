import { systemRandom } from '../kernel/clock.js';
import { isRegularsError } from '../kernel/errors.js';
import { randomId } from '../kernel/ids.js';
import type { ProfileStorage } from '../profile/port.js';
import {
  allKeys,
  equal,
  named,
  promise,
  put,
  read,
  rejection,
  STORES,
  type StoragePromise,
} from './storage-check.js';
import { rowPromises } from './storage-rows-contract.js';

export type { StoragePromise } from './storage-check.js';

/** Adds a row after those that are there: two that read the same state take the same place. */
function append(storage: ProfileStorage): Promise<void> {
  return storage.transact('readwrite', async (transaction) => {
    const { length } = await transaction.list('records');
    transaction.put('records', String(length).padStart(4, '0'), length);
  });
}

const transactions: readonly StoragePromise[] = [
  promise('reads see the puts of their own transaction', async (storage) => {
    let seen: unknown;
    await storage.transact('readwrite', async (transaction) => {
      transaction.put('records', 'a', 1);
      seen = [await transaction.get('records', 'a'), await transaction.list('records')];
    });
    equal('inside', seen, [1, [{ key: 'a', value: 1 }]]);
  }),
  promise('a body that throws writes nothing', async (storage) => {
    await rejection(() =>
      storage.transact('readwrite', async (transaction) => {
        transaction.put('records', 'late', 1);
        await transaction.get('records', 'late');
        throw new Error('no');
      }),
    );
    await rejection(() =>
      storage.transact('readwrite', (transaction) => {
        transaction.put('records', 'at once', 1);
        throw new Error('no');
      }),
    );
    equal('rows', await allKeys(storage), []);
  }),
  promise('a body that throws takes nothing away and replaces nothing', async (storage) => {
    await put(storage, named('a', 'b'));
    await rejection(() =>
      storage.transact('readwrite', async (transaction) => {
        transaction.remove('records', 'a');
        transaction.put('records', 'b', 2);
        await transaction.list('records');
        throw new Error('no');
      }),
    );
    const rows = await read(storage, (transaction) => transaction.list('records'));
    equal('rows', rows, named('a', 'b'));
  }),
  promise('a body that throws makes transact reject with that very error', async (storage) => {
    const own = new RangeError('mine');
    const error = await rejection(() =>
      storage.transact('readwrite', async (transaction) => {
        await transaction.get('records', 'a');
        throw own;
      }),
    );
    if (error !== own) throw new Error(`got ${String(error)}`);
  }),
  promise('one refused write makes the whole transaction fail', async (storage) => {
    const error = await rejection(() =>
      storage.transact('readwrite', async (transaction) => {
        transaction.put('records', 'good', 1);
        try {
          transaction.put('records', 'bad', () => 'a function cannot be stored');
        } catch {
          // a body that looks away must not succeed by half
        }
      }),
    );
    if (!isRegularsError(error)) throw new Error(`got ${String(error)}, not a RegularsError`);
    equal('rows', await allKeys(storage), []);
  }),
  promise('a readonly transaction refuses writes', async (storage) => {
    const error = await rejection(() =>
      storage.transact('readonly', async (transaction) => {
        try {
          transaction.put('records', 'a', 1);
        } catch {
          // it may throw at once, and fails in any case
        }
      }),
    );
    if (!isRegularsError(error)) throw new Error(`got ${String(error)}, not a RegularsError`);
    equal('rows', await allKeys(storage), []);
  }),
  promise('a body that awaits anything else is refused, and holds nobody up', async (storage) => {
    const error = await rejection(() =>
      storage.transact('readwrite', () => storage.transact('readwrite', async () => 'inside')),
    );
    if (!isRegularsError(error)) throw new Error(`got ${String(error)}, not a RegularsError`);
    await put(storage, named('next'));
    equal('rows', await allKeys(storage), ['records/next']);
  }),
  promise('either durability is taken', async (storage) => {
    for (const durability of ['strict', 'relaxed'] as const)
      await storage.transact(
        'readwrite',
        async (transaction) => transaction.put('records', durability, 1),
        { durability },
      );
    equal('rows', await allKeys(storage), ['records/relaxed', 'records/strict']);
  }),
  promise('the result of a body is given back', async (storage) => {
    const result = await storage.transact('readwrite', async () => ({ sum: 3 }));
    equal('result', result, { sum: 3 });
  }),
  promise('a transaction sees what those begun before it wrote', async (storage) => {
    const [, seen] = await Promise.all([put(storage, named('a')), allKeys(storage)]);
    equal('rows', seen, ['records/a']);
  }),
  promise(
    'transactions that read before they write lose nothing of each other',
    async (storage) => {
      await Promise.all(Array.from({ length: 20 }, () => append(storage)));
      equal('number of rows', (await allKeys(storage)).length, 20);
    },
  ),
  {
    name: 'two storages of one name see and keep what the other writes',
    check: async (make) => {
      const [one, two] = [await make(), await make()];
      const name = `contract-${randomId(systemRandom)}`;
      await one.open({ name });
      await two.open({ name });
      try {
        const appendTen = async (storage: ProfileStorage): Promise<void> => {
          for (let i = 0; i < 10; i++) await append(storage);
        };
        await Promise.all([appendTen(one), appendTen(two)]);
        equal('rows that the first sees', (await allKeys(one)).length, 20);
        equal('rows that the second sees', (await allKeys(two)).length, 20);
      } finally {
        await two.close();
        await one.destroy();
      }
    },
  },
];

const life: readonly StoragePromise[] = [
  promise('opening an open storage is harmless', async (storage, name) => {
    await put(storage, named('a'));
    await storage.open({ name });
    equal('rows', await allKeys(storage), ['records/a']);
  }),
  promise('what was committed is there after closing and opening', async (storage, name) => {
    await put(storage, named('a'));
    await storage.close();
    await storage.open({ name });
    equal('rows', await allKeys(storage), ['records/a']);
  }),
  promise('closing waits for the transactions that run', async (storage) => {
    const outcome = put(storage, named('a')).then(
      () => 'written',
      (error: unknown) => String(error),
    );
    await storage.close();
    equal('outcome of the write', await outcome, 'written');
  }),
  promise('a closed storage rejects with ERR_STORAGE_CLOSED', async (storage) => {
    await storage.close();
    const error = await rejection(() => storage.transact('readonly', async () => undefined));
    equal('code', isRegularsError(error) ? error.code : String(error), 'ERR_STORAGE_CLOSED');
  }),
  promise('destroy leaves nothing, and the storage can be opened again', async (storage, name) => {
    await storage.transact('readwrite', async (transaction) => {
      for (const store of STORES) transaction.put(store, 'a', 1);
    });
    await storage.destroy();
    await storage.open({ name });
    equal('rows', await allKeys(storage), []);
  }),
  promise('a destroyed storage rejects with ERR_STORAGE_CLOSED', async (storage) => {
    await storage.destroy();
    const error = await rejection(() => storage.transact('readonly', async () => undefined));
    equal('code', isRegularsError(error) ? error.code : String(error), 'ERR_STORAGE_CLOSED');
  }),
  promise('stopping to listen twice is harmless', async (storage) => {
    const heard: string[] = [];
    const stop = storage.listen(({ kind }) => heard.push(kind));
    stop();
    stop();
    equal('heard without a cause', heard, []);
  }),
];

/**
 * What every {@link ProfileStorage} promises, as data: run each `check` in the test runner you have.
 * @example
 * for (const { name, check } of storageContract) test(name, () => check(() => myStorage()));
 */
export const storageContract: readonly StoragePromise[] = [
  ...rowPromises,
  ...transactions,
  ...life,
];
