import type { NumberedRecord } from '../server/port.js';
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

const PEOPLE = ['anna', 'ben', 'cleo', 'dora', 'eli'];

/** Three records of each, appended by five at once. */
const busy = (name: string) =>
  PEOPLE.flatMap((subject) =>
    [1, 2, 3].map((n) => recordOf(`${name}-${subject}-${n}`, { subject })),
  );

/** The numbers of each lane. */
function numbers(records: readonly NumberedRecord[]): ReadonlyMap<number, readonly number[]> {
  const lanes = new Map<number, number[]>();
  for (const { lane, seq } of records) lanes.set(lane, [...(lanes.get(lane) ?? []), seq]);
  return lanes;
}

/** What the log of a shop promises. */
export const logPromises: readonly DatabasePromise[] = [
  promise(
    'a shop that nobody has written to has an epoch, and keeps it',
    async (database, shop) => {
      const [one, two] = await Promise.all([database.head(shop), database.head(shop)]);
      equal('epochs of two who ask at once', two.epoch, one.epoch);
      if (one.epoch === '') throw new Error('the epoch is empty');
      equal('epoch of another shop', (await database.head(`${shop}-2`)).epoch !== one.epoch, true);
      await append(database, shop, recordOf('a'));
      equal('epoch after a record', (await database.head(shop)).epoch, one.epoch);
    },
  ),
  promise(
    'records come back as they were, in the order they were given',
    async (database, shop) => {
      const long = 'ü✂️"\\\n'.repeat(2000);
      const records = [
        recordOf('__proto__', { body: JSON.stringify({ long, lone: '\ud800', nul: '\u0000' }) }),
        recordOf('constructor', { kind: 'purchase', stamp: '' }),
        ...Array.from({ length: 12 }, (_, i) => recordOf(`${12 - i}`)),
      ];
      equal(
        'statuses',
        await append(database, shop, ...records),
        records.map(() => 'accepted'),
      );
      const read = await all(database, shop);
      equal(
        'records',
        read.map(({ lane: _lane, seq: _seq, ...record }) => record),
        records.map(({ hashes: _hashes, ...record }) => record),
      );
    },
  ),
  promise('the numbers of a lane begin with 1 and have no gap', async (database, shop) => {
    await append(database, shop, ...busy('a'));
    await append(database, shop, recordOf('a-anna-1'), recordOf('more'));
    const { heads, horizon } = await database.head(shop);
    equal(
      'horizon',
      horizon,
      heads.map(() => 0),
    );
    const lanes = numbers(await all(database, shop));
    for (const [lane, head] of heads.entries())
      equal(
        `lane ${lane}`,
        lanes.get(lane) ?? [],
        Array.from({ length: head }, (_, i) => i + 1),
      );
    equal('records', await length(database, shop), 16);
  }),
  promise('all records of a subject lie in one lane', async (database, shop) => {
    for (const name of ['a', 'b', 'c']) await append(database, shop, ...busy(name));
    for (const subject of PEOPLE)
      equal(`lanes of ${subject}`, numbers(await all(database, shop, subject)).size, 1);
  }),
  promise(
    'an id that was there is a duplicate, and its first record stays',
    async (database, shop) => {
      const first = await append(database, shop, recordOf('a'), recordOf('b'), recordOf('a'));
      equal('within a batch', first, ['accepted', 'accepted', 'duplicate']);
      const other = recordOf('a', { body: '{"other":1}', subject: 'ben' });
      equal('later', await append(database, shop, other, recordOf('c')), ['duplicate', 'accepted']);
      const bodies = (await all(database, shop)).map(({ body }) => body).sort();
      equal('bodies', bodies, ['{"id":"a"}', '{"id":"b"}', '{"id":"c"}']);
    },
  ),
  promise('pushes at the same time lose nothing of each other', async (database, shop) => {
    const names = Array.from({ length: 12 }, (_, i) => `w${i}`);
    const statuses = await Promise.all(names.map((name) => append(database, shop, ...busy(name))));
    equal('accepted', statuses.flat().filter((status) => status === 'accepted').length, 180);
    equal('numbers given out', await length(database, shop), 180);
    const wanted = names.flatMap((name) => busy(name).map(({ id }) => id)).sort();
    equal('records', idsOf(await all(database, shop)), wanted);
  }),
  promise('a batch that comes twice at the same time is accepted once', async (database, shop) => {
    const both = await Promise.all([
      append(database, shop, ...busy('a')),
      append(database, shop, ...[...busy('a')].reverse()),
      append(database, shop, recordOf('a-anna-1', { subject: 'zoe' })),
    ]);
    equal('accepted', both.flat().filter((status) => status === 'accepted').length, 15);
    equal('records', (await all(database, shop)).length, 15);
  }),
  promise(
    'list goes on after the numbers it is given, and stops at its limit',
    async (database, shop) => {
      await append(database, shop, ...busy('a'), ...busy('b'));
      const { heads } = await database.head(shop);
      const seen: NumberedRecord[] = [];
      const after = heads.map(() => 0);
      for (let page = 0; page < 20; page++) {
        const read = await database.list(shop, { after: [...after], limit: 4 });
        if (read.length > 4) throw new Error(`a page of 4 has ${read.length}`);
        for (const { lane, seq } of read) after[lane] = Math.max(after[lane] ?? 0, seq);
        seen.push(...read);
      }
      equal('pages together', seen.length, 30);
      equal('numbers read', after, heads);
      equal('each once', new Set(seen.map(({ id }) => id)).size, 30);
      equal('after the end', await database.list(shop, { after, limit: 4 }), []);
    },
  ),
  promise('list gives the records of the subjects that are asked for', async (database, shop) => {
    await append(database, shop, ...busy('a'));
    equal('of two', idsOf(await all(database, shop, 'ben', 'eli', 'nobody')), [
      ...['a-ben-1', 'a-ben-2', 'a-ben-3'],
      ...['a-eli-1', 'a-eli-2', 'a-eli-3'],
    ]);
    equal('of none', await database.list(shop, { subjects: [], after: [], limit: 9 }), []);
  }),
  promise('shops see nothing of each other', async (database, shop) => {
    const [one, two] = [`${shop}-1`, `${shop}-2`];
    const link = recordOf('a', { kind: 'link', tokens: ['t'] });
    await append(database, one, link);
    equal('the same id elsewhere', await append(database, two, recordOf('a')), ['accepted']);
    await database.append(one, {
      records: [],
      erasing: [{ id: 'e', subjects: ['anna'], hashes: ['hash of anna'] }],
    });
    await database.devices.put(one, { id: 'd', keyHash: 'k' });
    await database.notes.put(one, 'n', 'v', 10);
    equal('records', idsOf(await all(database, two)), ['a']);
    equal('tokens', [...(await database.subjectsOf(two, ['t']))], []);
    equal('erased', [...(await database.erased(two, ['hash of anna']))], []);
    equal('devices', await database.devices.list(two), []);
    equal('a key', await database.devices.byKey(two, 'k'), undefined);
    equal('a note', await database.notes.get(two, 'n', 1), undefined);
  }),
  promise('tokens lead to the subjects of their links', async (database, shop) => {
    await append(
      database,
      shop,
      recordOf('a', { kind: 'link', tokens: ['t1', 't2'] }),
      recordOf('b', { kind: 'link', subject: 'ben', tokens: ['t2'] }),
      recordOf('c', { kind: 'link', subject: 'ben', tokens: ['t2'] }),
    );
    const found = await database.subjectsOf(shop, ['t1', 't2', 't3', '__proto__']);
    equal('subjects', Object.fromEntries(found), { t1: ['anna'], t2: ['anna', 'ben'] });
    equal('of no token', (await database.subjectsOf(shop, [])).size, 0);
  }),
  promise('links, unlinks and bases of subjects are found', async (database, shop) => {
    const kinds = ['link', 'purchase', 'unlink', 'fact', 'base'] as const;
    for (const subject of ['anna', 'ben'])
      await append(
        database,
        shop,
        ...kinds.map((kind) => recordOf(`${subject}-${kind}`, { kind, subject })),
      );
    const links = await database.linksOf(shop, ['anna', 'nobody']);
    equal('of anna', idsOf(links), ['anna-base', 'anna-link', 'anna-unlink']);
    const bodies = links.map(({ id, body }) => body === `{"id":"${id}"}`);
    equal('whole', bodies, [true, true, true]);
  }),
  promise('a new epoch stays, and nothing else changes', async (database, shop) => {
    await append(database, shop, recordOf('a'));
    const before = await database.head(shop);
    await database.renew(shop, 'restored');
    equal('head', await database.head(shop), { ...before, epoch: 'restored' });
    equal('records', idsOf(await all(database, shop)), ['a']);
    await database.renew(`${shop}-new`, 'first');
    equal('a new shop', (await database.head(`${shop}-new`)).epoch, 'first');
  }),
];
