import { isRegularsError } from '../kernel/errors.js';
import { all, append, idsOf, promise, recordOf, type DatabasePromise } from './database-check.js';
import { equal, rejection } from './storage-check.js';

/** What the tables beside the log promise, and what a database's life does. */
export const tablePromises: readonly DatabasePromise[] = [
  promise('devices are kept as they were put, and replaced whole', async ({ devices }, shop) => {
    const whole = {
      ...{ id: 'b', place: 's17', keyHash: 'k', codeHash: 'c', codeUntil: 5, version: '1' },
      ...{ seenAt: 1_700_000_000_000, oldestUnsent: 2, revoked: true },
    };
    await devices.put(shop, { id: 'c', place: 's18' });
    await devices.put(shop, { id: 'a', keyHash: 'old' });
    await devices.put(shop, whole);
    await devices.put(shop, { id: 'a' });
    equal('devices', await devices.list(shop), [{ id: 'a' }, whole, { id: 'c', place: 's18' }]);
  }),
  promise('a device is found by its key', async ({ devices }, shop) => {
    await devices.put(shop, { id: 'a', keyHash: 'ka' });
    await devices.put(shop, { id: 'b', keyHash: 'kb', revoked: true });
    equal('one', await devices.byKey(shop, 'ka'), { id: 'a', keyHash: 'ka' });
    equal('a revoked one', (await devices.byKey(shop, 'kb'))?.revoked, true);
    equal('none', await devices.byKey(shop, 'other'), undefined);
  }),
  promise('a code is traded for a key once', async ({ devices }, shop) => {
    await devices.put(shop, { id: 'a', place: 's17', codeHash: 'c', codeUntil: 100 });
    await devices.put(shop, { id: 'b', codeHash: 'other', codeUntil: 100 });
    const both = await Promise.all([
      devices.enroll(shop, 'c', 'k1', 50),
      devices.enroll(shop, 'c', 'k2', 50),
    ]);
    const [won] = both.filter((device) => device !== undefined);
    equal('how many', both.filter((device) => device !== undefined).length, 1);
    equal('who', [won?.id, won?.place, won?.codeHash], ['a', 's17', undefined]);
    equal('later', await devices.enroll(shop, 'c', 'k3', 51), undefined);
    equal('kept', (await devices.list(shop))[0], won);
  }),
  promise('a code that is too old, unknown or revoked gives no key', async ({ devices }, shop) => {
    await devices.put(shop, { id: 'a', codeHash: 'old', codeUntil: 100 });
    await devices.put(shop, { id: 'b', codeHash: 'gone', codeUntil: 100, revoked: true });
    await devices.put(shop, { id: 'c', codeHash: 'open' });
    for (const code of ['old', 'gone', 'open', 'unknown'])
      equal(code, await devices.enroll(shop, code, 'k', code === 'old' ? 100 : 50), undefined);
  }),
  promise('what a device says of itself changes nothing else', async ({ devices }, shop) => {
    await devices.put(shop, { id: 'a', keyHash: 'k', version: '1', oldestUnsent: 7 });
    await devices.revoke(shop, 'a');
    await devices.seen(shop, 'a', { version: '2', seenAt: 9 });
    const said = { id: 'a', keyHash: 'k', version: '2', seenAt: 9, revoked: true };
    equal('device', await devices.list(shop), [said]);
    await devices.seen(shop, 'nobody', { version: '2', seenAt: 9 });
    equal('devices', (await devices.list(shop)).length, 1);
  }),
  promise('revoking says whether there was such a device', async ({ devices }, shop) => {
    await devices.put(shop, { id: 'a', keyHash: 'k' });
    equal('there', await devices.revoke(shop, 'a'), true);
    equal('not there', await devices.revoke(shop, 'b'), false);
    equal('devices', await devices.list(shop), [{ id: 'a', keyHash: 'k', revoked: true }]);
  }),
  promise('a note is read until its time is over', async ({ notes }, shop) => {
    await notes.put(shop, '__proto__', 'one', 10);
    await notes.put(shop, '__proto__', 'two', 100);
    equal('within', await notes.get(shop, '__proto__', 99), 'two');
    equal('over', await notes.get(shop, '__proto__', 100), undefined);
    equal('unknown', await notes.get(shop, 'other', 1), undefined);
  }),
  promise('of two who replace a note one does', async ({ notes }, shop) => {
    await notes.put(shop, 'n', 'before', 100);
    const both = await Promise.all([
      notes.swap(shop, 'n', 'before', 'x'),
      notes.swap(shop, 'n', 'before', 'y'),
    ]);
    equal('how many', both.filter((done) => done).length, 1);
    const now = await notes.get(shop, 'n', 99);
    equal('value', now, both[0] ? 'x' : 'y');
    equal('its end stays', await notes.get(shop, 'n', 100), undefined);
    equal('another value', await notes.swap(shop, 'n', 'before', undefined), false);
    equal('taken away', await notes.swap(shop, 'n', now ?? '', undefined), true);
    equal('value', await notes.get(shop, 'n', 1), undefined);
    equal('nothing there', await notes.swap(shop, 'n', 'x', 'y'), false);
  }),
  promise('counts of several at once add up, and begin anew', async ({ notes }, shop) => {
    const counts = await Promise.all(
      Array.from({ length: 10 }, () => notes.count(shop, 'c', 0, 100)),
    );
    equal(
      'counts',
      [...counts].sort((a, b) => a - b),
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
    );
    equal('within', await notes.count(shop, 'c', 99, 500), 11);
    equal('anew', await notes.count(shop, 'c', 100, 200), 1);
    equal('the end of the new one', await notes.count(shop, 'c', 199, 900), 2);
    equal('and anew', await notes.count(shop, 'c', 200, 900), 1);
  }),
  promise('sweeping takes away what is over, and nothing else', async (database, shop) => {
    const { notes } = database;
    await notes.put(shop, 'over', 'v', 10);
    await notes.put(`${shop}-2`, 'over', 'v', 10);
    await notes.put(shop, 'still', 'v', 11);
    await append(database, shop, recordOf('a'));
    await notes.sweep(10);
    const left = [
      await notes.get(shop, 'over', 0),
      await notes.get(`${shop}-2`, 'over', 0),
      await notes.get(shop, 'still', 0),
    ];
    equal('notes', left, [undefined, undefined, 'v']);
    equal('records', idsOf(await all(database, shop)), ['a']);
  }),
  {
    name: 'migrating again, and by several at once, changes nothing',
    check: async (make) => {
      const database = await make();
      const shop = `contract-${crypto.randomUUID()}`;
      try {
        await Promise.all([database.migrate(), database.migrate(), database.migrate()]);
        await append(database, shop, recordOf('a'));
        await database.migrate();
        equal('records', idsOf(await all(database, shop)), ['a']);
      } finally {
        await database.close();
      }
    },
  },
  promise('a closed database rejects with ERR_DATABASE_FAILED', async (database, shop) => {
    await database.close();
    for (const call of [
      () => append(database, shop, recordOf('a')),
      () => database.head(shop),
      () => database.notes.get(shop, 'n', 1),
    ]) {
      const error = await rejection(call);
      equal('code', isRegularsError(error) ? error.code : String(error), 'ERR_DATABASE_FAILED');
    }
  }),
];
