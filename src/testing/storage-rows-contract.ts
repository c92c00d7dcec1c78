import type { StorageRow } from '../profile/port.js';
import {
  allKeys,
  equal,
  keysOf,
  named,
  promise,
  put,
  read,
  STORES,
  type StoragePromise,
} from './storage-check.js';

/** Keys that a careless map loses. */
const HOSTILE_KEYS: readonly string[] = [
  '',
  '__proto__',
  'constructor',
  '<img src=x onerror=alert(1)>',
  'k'.repeat(10_000),
  '\u{1f468}\u200d\u{1f373}',
  '\u202etxet',
  '\u0000',
  '\ud800',
];

/** What is promised of rows and the values in them. */
export const rowPromises: readonly StoragePromise[] = [
  promise('a key that was never put gives undefined', async (storage) => {
    const value = await read(storage, (transaction) => transaction.get('cards', 'nobody'));
    if (value !== undefined) throw new Error(`got ${typeof value}`);
  }),
  promise('what was put is given back, in each of the five stores', async (storage) => {
    await storage.transact('readwrite', async (transaction) => {
      for (const store of STORES) transaction.put(store, `in ${store}`, { store });
    });
    for (const store of STORES)
      equal(store, await read(storage, (transaction) => transaction.get(store, `in ${store}`)), {
        store,
      });
  }),
  promise('a row is in its own store and in no other', async (storage) => {
    for (const store of STORES) {
      await storage.transact('readwrite', async (transaction) => transaction.put(store, store, 1));
      const found = await allKeys(storage);
      const strange = found.filter((key) => {
        const [where, what] = key.split('/');
        return where !== what;
      });
      equal(`rows elsewhere after a put to ${store}`, strange, []);
    }
  }),
  promise('put replaces what was there', async (storage) => {
    await put(storage, [{ key: 'a', value: 1 }]);
    await put(storage, [{ key: 'a', value: 2 }]);
    equal('rows', await read(storage, (transaction) => transaction.list('records')), [
      { key: 'a', value: 2 },
    ]);
  }),
  promise('remove takes a row away, and does nothing where there is none', async (storage) => {
    await put(storage, named('a', 'b'));
    let within: readonly StorageRow[] = [];
    await storage.transact('readwrite', async (transaction) => {
      transaction.remove('records', 'a');
      transaction.remove('records', 'nobody');
      within = await transaction.list('records');
    });
    equal('rows inside the transaction', keysOf(within), ['b']);
    equal('rows afterwards', await allKeys(storage), ['records/b']);
  }),
  promise('list is ordered by the UTF-16 code units of the keys', async (storage) => {
    const keys = ['_', 'z', 'Z', '10', '9', 'a', '\u00e9', '\u{1f600}', '\uffee', 'B'];
    await put(storage, named(...keys));
    const found = await read(storage, (transaction) => transaction.list('records'));
    equal('order', keysOf(found), [...keys].sort());
  }),
  promise('list gives only the keys that begin with a prefix', async (storage) => {
    const inside = ['ab', 'abc', 'ab\uffff', 'ab\uffff\uffff'];
    await put(storage, named('a', 'ac', 'aa\uffff', 'b', ...inside));
    const list = (prefix: string): Promise<readonly StorageRow[]> =>
      read(storage, (transaction) => transaction.list('records', { prefix }));
    equal('prefix "ab"', [...keysOf(await list('ab'))].sort(), [...inside].sort());
    equal('a prefix of no key', keysOf(await list('x')), []);
    const last = [...keysOf(await list('ab\uffff'))].sort();
    equal('a prefix that ends at the last code unit', last, ['ab\uffff', 'ab\uffff\uffff']);
  }),
  promise('list begins after a key, whether or not that key is there', async (storage) => {
    await put(storage, named('', 'a', 'b', 'd'));
    const list = (after: string): Promise<readonly StorageRow[]> =>
      read(storage, (transaction) => transaction.list('records', { after }));
    equal('after ""', keysOf(await list('')), ['a', 'b', 'd']);
    equal('after "b"', keysOf(await list('b')), ['d']);
    equal('after "c"', keysOf(await list('c')), ['d']);
    equal('after the last', keysOf(await list('d')), []);
  }),
  promise('list gives the first rows up to a limit', async (storage) => {
    await put(storage, named('a', 'b', 'c'));
    const list = (limit: number): Promise<readonly StorageRow[]> =>
      read(storage, (transaction) => transaction.list('records', { limit }));
    equal('limit 2', keysOf(await list(2)), ['a', 'b']);
    equal('limit 0', keysOf(await list(0)), []);
    equal('no end to it', keysOf(await list(Infinity)), ['a', 'b', 'c']);
  }),
  promise('hostile keys are keys like any other', async (storage) => {
    await put(storage, named(...HOSTILE_KEYS));
    const found = await read(storage, (transaction) => transaction.list('records'));
    equal('keys', [...keysOf(found)].sort(), [...HOSTILE_KEYS].sort());
    for (const key of HOSTILE_KEYS)
      equal(
        key.slice(0, 20),
        await read(storage, (transaction) => transaction.get('records', key)),
        1,
      );
  }),
  promise('hostile values come back as they were', async (storage) => {
    const value = {
      text: ['<img src=x onerror=alert(1)>', '\u202etxet', '\ud800', 'x'.repeat(10_000), ''],
      own: JSON.parse('{"__proto__":{"polluted":true},"constructor":1}') as unknown,
      number: [0, -1, 0.1, Number.MAX_SAFE_INTEGER, 1e300],
      nothing: [null, [], {}],
    };
    await put(storage, [{ key: 'a', value }]);
    equal('value', await read(storage, (transaction) => transaction.get('records', 'a')), value);
  }),
  promise('a value of a million letters comes back whole', async (storage) => {
    const value = Array.from({ length: 100_000 }, (_, i) => String(i).padStart(10, ' ')).join('');
    await put(storage, [{ key: 'a', value }]);
    const stored = await read(storage, (transaction) => transaction.get('records', 'a'));
    if (stored !== value) throw new Error(`got ${String(stored).length} letters`);
  }),
  promise('thousands of rows are listed whole', async (storage) => {
    const keys = Array.from({ length: 3000 }, (_, i) => String(i).padStart(4, '0'));
    await put(storage, named(...[...keys].reverse()));
    const found = await read(storage, (transaction) => transaction.list('records'));
    equal('keys', keysOf(found).join(), keys.join());
  }),
  promise('bytes come back as bytes', async (storage) => {
    await put(storage, [{ key: 'a', value: { model: Uint8Array.of(0, 128, 255) } }]);
    const value = await read(storage, (transaction) => transaction.get('records', 'a'));
    const { model } = value as { readonly model: unknown };
    if (!(model instanceof Uint8Array)) throw new Error('they are no Uint8Array');
    equal('bytes', Array.from(model), [0, 128, 255]);
  }),
  promise('a value that is changed after put is stored as it was', async (storage) => {
    const value = { name: 'Shep', milk: ['oat'] };
    await storage.transact('readwrite', async (transaction) => {
      transaction.put('records', 'a', value);
      value.name = 'Sam';
    });
    value.milk.push('soy');
    const stored = await read(storage, (transaction) => transaction.get('records', 'a'));
    equal('value', stored, { name: 'Shep', milk: ['oat'] });
  }),
  promise('a value that is changed after it was read stays as it was stored', async (storage) => {
    await put(storage, [{ key: 'a', value: { milk: ['oat'] } }]);
    const get = (): Promise<unknown> =>
      read(storage, (transaction) => transaction.get('records', 'a'));
    const got = (await get()) as { readonly milk: string[] };
    got.milk.push('soy');
    const [listed] = await read(storage, (transaction) => transaction.list('records'));
    (listed?.value as { readonly milk: string[] } | undefined)?.milk.push('soy');
    equal('value', await get(), { milk: ['oat'] });
  }),
];
