import type { Erasing } from '../server/port.js';
import {
  all,
  append,
  idsOf,
  length,
  promise,
  recordOf,
  type DatabasePromise,
} from './database-check.js';
import { equal } from './storage-check.js';

const erasing: Erasing = { id: 'e', subjects: ['anna'], hashes: ['hash of anna', 'hash of 9001'] };
const base = recordOf('base', { kind: 'base' });

/** What erasing and folding promise. */
export const forgetPromises: readonly DatabasePromise[] = [
  promise(
    'erasing takes the records and tokens of its subjects, and of nobody else',
    async (database, shop) => {
      await append(
        database,
        shop,
        recordOf('a', { kind: 'link', tokens: ['t'] }),
        recordOf('b', { kind: 'link', subject: 'ben', tokens: ['t'] }),
        recordOf('c', { kind: 'purchase' }),
      );
      await database.append(shop, { records: [], erasing: [erasing] });
      equal('records', idsOf(await all(database, shop)), ['b']);
      equal('of anna', await all(database, shop, 'anna'), []);
      equal('links of anna', await database.linksOf(shop, ['anna']), []);
      equal('tokens', [...(await database.subjectsOf(shop, ['t']))], [['t', ['ben']]]);
    },
  ),
  promise(
    'what was erased does not come back, nor by the hash of a purchase',
    async (database, shop) => {
      await append(database, shop, recordOf('a'));
      await database.append(shop, { records: [], erasing: [erasing] });
      const late = recordOf('p', { subject: 'new', hashes: ['hash of new', 'hash of 9001'] });
      equal(
        'statuses',
        await append(
          database,
          shop,
          recordOf('a'),
          recordOf('b'),
          late,
          recordOf('c', { subject: 'ben' }),
        ),
        ['erased', 'erased', 'erased', 'accepted'],
      );
      equal('records', idsOf(await all(database, shop)), ['c']);
    },
  ),
  promise(
    'the ids of purchases that were erased, or refused for it, count as erased',
    async (database, shop) => {
      const bought = (id: string, subject: string, ...names: readonly string[]) =>
        recordOf(id, { subject, hashes: [`hash of ${subject}`, ...names] });
      await append(database, shop, bought('a', 'anna', '1', '2'), bought('b', 'ben', '3'));
      const folded = { ...bought('base', 'anna', '1', '0'), kind: 'base' } as const;
      await database.compact(shop, { base: folded, ids: ['a'], lane: 0, through: 0 });
      await append(database, shop, bought('c', 'anna', '4'));
      const own = { ...erasing, hashes: ['hash of anna'] };
      await database.append(shop, { records: [bought('d', 'anna', '5')], erasing: [own] });
      await append(database, shop, bought('e', 'anna', '6', '7'));
      const asked = ['0', '1', '3', '4', '5', '6', '7', 'hash of ben'];
      const found: string[] = [];
      for (const hash of asked) found.push(...(await database.erased(shop, [hash])));
      equal('hashes', found, ['0', '1', '4', '5', '6', '7']);
    },
  ),
  promise('the ids of what was erased stay taken', async (database, shop) => {
    await append(database, shop, recordOf('a'));
    await database.append(shop, { records: [], erasing: [erasing] });
    equal('later', await append(database, shop, recordOf('a', { subject: 'ben' })), ['duplicate']);
  }),
  promise('what is erased is so before what is appended beside it', async (database, shop) => {
    const records = [recordOf('a'), recordOf('b', { subject: 'ben' })];
    const statuses = await database.append(shop, { records, erasing: [erasing] });
    equal('statuses', statuses, ['erased', 'accepted']);
    equal('records', idsOf(await all(database, shop)), ['b']);
  }),
  promise('an erasure takes a number, once', async (database, shop) => {
    await append(database, shop, recordOf('a'));
    for (let i = 0; i < 2; i++) await database.append(shop, { records: [], erasing: [erasing] });
    equal('numbers given out', await length(database, shop), 2);
    await append(database, shop, recordOf('b', { subject: 'ben' }));
    equal('numbers after a record', await length(database, shop), 3);
  }),
  promise('an erasure that comes again takes what has come since', async (database, shop) => {
    await database.append(shop, { records: [], erasing: [erasing] });
    await append(database, shop, recordOf('b', { subject: 'ben' }));
    const wider = { ...erasing, subjects: ['anna', 'ben'] };
    await database.append(shop, { records: [], erasing: [wider] });
    equal('records', await all(database, shop), []);
  }),
  promise('erased says which hashes were erased', async (database, shop) => {
    await database.append(shop, { records: [], erasing: [erasing] });
    const asked = ['hash of 9001', 'hash of ben', 'hash of anna'];
    const found = [...(await database.erased(shop, asked))].sort();
    equal('hashes', found, ['hash of 9001', 'hash of anna']);
    equal('of none', (await database.erased(shop, [])).size, 0);
  }),
  promise('a base takes the place of what it was made of', async (database, shop) => {
    await append(database, shop, recordOf('a'), recordOf('b'), recordOf('c'));
    const through = (await all(database, shop, 'anna'))[1];
    if (through === undefined) throw new Error('a record is missing');
    const { lane, seq } = through;
    const done = await database.compact(shop, { base, ids: ['a', 'b'], lane, through: seq });
    equal('done', done, true);
    equal('records', idsOf(await all(database, shop)), ['base', 'c']);
    const { heads, horizon } = await database.head(shop);
    equal(
      'horizon',
      horizon,
      heads.map((_, i) => (i === lane ? 2 : 0)),
    );
    const next = recordOf('base 2', { kind: 'base' });
    await database.compact(shop, { base: next, ids: ['base', 'c'], lane, through: 1 });
    equal('records of a second', idsOf(await all(database, shop)), ['base 2']);
    equal('a horizon never goes back', (await database.head(shop)).horizon, horizon);
  }),
  promise(
    'what became a base stays a duplicate, and its tokens lead on',
    async (database, shop) => {
      await append(database, shop, recordOf('a', { kind: 'link', tokens: ['t'] }));
      await database.compact(shop, { base, ids: ['a'], lane: 0, through: 0 });
      equal('later', await append(database, shop, recordOf('a'), base), ['duplicate', 'duplicate']);
      equal('tokens', [...(await database.subjectsOf(shop, ['t']))], [['t', ['anna']]]);
    },
  ),
  promise('of two who fold the same records one does', async (database, shop) => {
    await append(database, shop, recordOf('a'), recordOf('b'));
    const fold = (id: string, ids: readonly string[]): Promise<boolean> =>
      database.compact(shop, { base: recordOf(id, { kind: 'base' }), ids, lane: 0, through: 0 });
    const done = await Promise.all([fold('x', ['a', 'b']), fold('y', ['b', 'a'])]);
    equal('how many', done.filter((one) => one).length, 1);
    equal('records', (await all(database, shop)).length, 1);
    equal('what is not there', await fold('z', ['nothing']), false);
    equal('numbers given out', await length(database, shop), 3);
  }),
  promise('nothing that was erased comes back as a base', async (database, shop) => {
    await append(database, shop, recordOf('a'), recordOf('b', { subject: 'ben' }));
    await database.append(shop, { records: [], erasing: [erasing] });
    equal('erased', await database.compact(shop, { base, ids: [], lane: 0, through: 0 }), false);
    const other = { ...base, hashes: [] };
    const done = await database.compact(shop, { base: other, ids: ['a'], lane: 0, through: 0 });
    equal('what it was made of is gone', done, false);
    equal('records', idsOf(await all(database, shop)), ['b']);
  }),
];
