import type { SentRecord } from '../sync/port.js';
import { equal } from './storage-check.js';
import {
  failure,
  idsOf,
  isThere,
  page,
  plain,
  promise,
  pullAll,
  push,
  pushAll,
  sameRecords,
  statuses,
  type Maker,
  type TransportPromise,
} from './transport-check.js';
import { erasurePromises } from './transport-erasure-contract.js';
import { partPromises } from './transport-parts-contract.js';
import { wirePromises } from './transport-wire-contract.js';

export type {
  TransportAccount,
  TransportPart,
  TransportPromise,
  TransportSetup,
} from './transport-check.js';

const some = (make: Maker, count: number): readonly SentRecord[] =>
  Array.from({ length: count }, (_, n) => make.purchase(`Latte ${n}`));

/** Values that break whoever joins texts, trusts keys or counts letters. */
const HOSTILE: string = `{
  "__proto__": { "polluted": true }, "constructor": { "prototype": null }, "": "no name", "toString": "text",
  "quotes": "\\" ' \`; drop table regulars_records; --", "markup": "</script><!-- ]]> \${x}",
  "half": "\\ud83d", "other half": "\\ude00", "whole": "\\ud83d\\ude00", "lines": "\\u2028\\u2029\\r\\n",
  "numbers": [0, -1, 1e21, 0.1, 9007199254740991, 5e-324], "deep": [[[[[[[[[[null]]]]]]]]]], "_id": "x", "_deleted": true
}`;

const records: readonly TransportPromise[] = [
  promise(
    'records',
    'what one device pushes another of the same customer pulls, unchanged',
    async ({ device, other, make }) => {
      const sent = [make.claim(), make.purchase(), make.fact('oat', 'milk'), make.purchase('Bun')];
      await pushAll(device, sent);
      sameRecords('what was pulled', (await pullAll(other)).records, sent);
    },
  ),
  promise('records', 'each record has its result', async ({ device, make }) => {
    const sent = [make.claim(), ...some(make, 20)];
    equal('results', statuses(await push(device, sent), sent), Array(21).fill('accepted'));
  }),
  promise('records', 'a push of nothing tells the time', async ({ device }) => {
    const { results, serverTime } = await push(device, []);
    equal('results', results, []);
    if (Math.abs(serverTime - Date.now()) > 86_400_000) throw new Error(`it is ${serverTime}`);
  }),
  promise(
    'records',
    'what was pushed before is a duplicate, in whatever order and beside new ones, and is there once',
    async ({ device, other, make }) => {
      const sent = [make.claim(), ...some(make, 5)];
      await pushAll(device, sent);
      const late = make.purchase();
      const again = [...sent.slice(1).reverse(), late];
      const pushed = await push(other, again);
      equal('results', statuses(pushed, again), [
        ...Array<string>(5).fill('duplicate'),
        'accepted',
      ]);
      sameRecords('what was pulled', (await pullAll(device)).records, [...sent, late]);
    },
  ),
  promise(
    'records',
    'a record is never edited: another content under its id changes nothing',
    async ({ device, other, make }) => {
      const [claim, good] = [make.claim(), make.purchase()];
      await pushAll(device, [claim, good]);
      await push(device, [{ ...make.purchase('Another'), id: good.id }]).catch(() => undefined);
      sameRecords('what was pulled', (await pullAll(other)).records, [claim, good]);
    },
  ),
  promise('records', 'records of an unknown kind are carried along', async (bench) => {
    const { device, other, make } = bench;
    const sent = [make.claim(), make.unknown({ beam: [1, 2] })];
    await pushAll(device, sent);
    sameRecords('what was pulled', (await pullAll(other)).records, sent);
  }),
  promise('records', 'hostile values come back as they were', async ({ device, other, make }) => {
    const sent = [
      make.claim(),
      make.fact(JSON.parse(HOSTILE)),
      make.fact('x'.repeat(10_000), 'y'.repeat(10_000)),
      make.fact(-0.5, '__proto__'),
      make.purchase('𝕷𝖆𝖙𝖙𝖊 \u202e\u0001\ud800'),
    ];
    await pushAll(device, sent);
    sameRecords('what was pulled', (await pullAll(other)).records, sent);
    if ('polluted' in {}) throw new Error('a key of the data became a part of every object');
  }),
  promise('records', 'a text with U+0000 comes back whole, or is refused alone', async (bench) => {
    const { device, other, make } = bench;
    const good = [make.claim(), make.purchase()];
    const sent = [...good, make.fact('nothing: \u0000')];
    const taken = statuses(await push(device, sent), sent);
    equal('the others', taken.slice(0, 2), ['accepted', 'accepted']);
    const expected = taken[2] === 'accepted' ? sent : good;
    sameRecords('what was pulled', (await pullAll(other)).records, expected);
  }),
  promise('records', 'a batch as large as the limits say is taken', async (bench) => {
    const { device, other, make } = bench;
    const { limits } = device;
    const claim = make.claim();
    const many = [claim, ...some(make, limits.records - 1)];
    await pushAll(device, many);
    const piece = 50_000;
    const pieces = Math.floor(limits.bytes / (piece + 1_000));
    const big = Array.from({ length: pieces }, () => make.fact('x'.repeat(piece)));
    await pushAll(device, big);
    sameRecords('what was pulled', (await pullAll(other)).records, [...many, ...big]);
  }),
];

const order: readonly TransportPromise[] = [
  promise(
    'records',
    'there is a cursor where there is nothing',
    async ({ device, other, make }) => {
      const nothing = await page(device, null);
      equal('records', plain(nothing.records), []);
      equal('more', nothing.more, false);
      const sent = [make.claim(), make.purchase()];
      await pushAll(other, sent);
      sameRecords('after it', (await pullAll(device, nothing.cursor)).records, sent);
    },
  ),
  promise('records', 'a cursor gives what is after it, as often as it is asked', async (bench) => {
    const { device, other, make } = bench;
    await pushAll(device, [make.claim(), ...some(make, 5)]);
    const { cursor } = await pullAll(other);
    equal('nothing new', plain((await page(other, cursor)).records), []);
    const later = some(make, 3);
    await pushAll(device, later);
    for (const time of ['once', 'twice'])
      sameRecords(time, plain((await page(other, cursor)).records), later);
  }),
  promise(
    'records',
    'the records of a customer come in the order in which they were taken in, page by page',
    async ({ device, other, make }) => {
      const sent = [make.claim(), ...some(make, 25)];
      for (let n = 0; n < sent.length; n += 5) await pushAll(device, sent.slice(n, n + 5));
      for (const limit of [1, 4, 100]) {
        const { records: pulled } = await pullAll(other, null, { limit });
        // within a batch any order is good: the stamps tell it
        const batches = (list: readonly { readonly id: string }[]): readonly number[] =>
          list.map(({ id }) => Math.floor(sent.findIndex((record) => record.id === id) / 5));
        equal(`batches, ${limit} a page`, batches(plain(pulled)), batches(plain(sent)));
      }
    },
  ),
  promise('records', 'a page holds no more than was asked for', async ({ device, other, make }) => {
    await pushAll(device, [make.claim(), ...some(make, 30)]);
    const first = await page(other, null, { limit: 7 });
    if (first.records.length > 7) throw new Error(`${first.records.length} of 7`);
    equal('more', first.more, true);
  }),
  promise(
    'records',
    'one that is refused spoils none of the others',
    async ({ setup, device, other, make }) => {
      const good = [make.claim(), ...some(make, 49)];
      const spoil = setup.poison ?? ((record) => ({ ...record, data: { lines: 'none' } as never }));
      const bad = spoil(make.purchase());
      const batch = [...good.slice(0, 7), bad, ...good.slice(7)];
      const pushed = await push(device, batch).catch((error: unknown) => error);
      if (pushed instanceof Error) {
        // nobody says which: then the engine looks for it by halves, and needs to be told so
        const { kind } = await failure(() => push(device, [bad]));
        equal('what the bad one alone gives', kind, 'invalid');
        await pushAll(device, good);
      } else {
        const { results } = pushed as Awaited<ReturnType<typeof push>>;
        const refused = results.filter((result) => !isThere(result)).map(({ id }) => id);
        equal(
          'refused but good',
          refused.filter((id) => id !== bad.id),
          [],
        );
        equal('results', results.length, batch.length);
      }
      const there = new Set(idsOf((await pullAll(other)).records));
      equal(
        'lost',
        idsOf(good).filter((id) => !there.has(id)),
        [],
      );
      const later = make.purchase();
      await pushAll(device, [later]);
    },
  ),
  promise('records', 'devices that push at the same time lose nothing', async (bench) => {
    const { device, other, make } = bench;
    await pushAll(device, [make.claim()]);
    const batches = Array.from({ length: 12 }, () => some(make, 5));
    const seen = new Map<string, number>();
    let cursor: string | null = null;
    let pushing = true;
    const pulling = (async (): Promise<void> => {
      for (let last = false; !last;) {
        last = !pushing;
        const pulled = await pullAll(other, cursor, { limit: 10 });
        cursor = pulled.cursor;
        for (const id of idsOf(pulled.records)) seen.set(id, (seen.get(id) ?? 0) + 1);
      }
    })();
    await Promise.all(
      batches.map((batch, n) => pushAll(n % 2 === 0 ? device : other, batch)),
    ).finally(() => (pushing = false));
    await pulling;
    const sent = idsOf(batches.flat());
    equal(
      'never seen by whoever pulled meanwhile',
      sent.filter((id) => !seen.has(id)),
      [],
    );
  }),
  promise('records', 'ten thousand waiting records are drained in batches', async (bench) => {
    const { device, other, make } = bench;
    const waiting = [make.claim(), ...some(make, 9_999)];
    const { records: size } = device.limits;
    for (let n = 0; n < waiting.length; n += size)
      await pushAll(device, waiting.slice(n, n + size));
    sameRecords('what was pulled', (await pullAll(other)).records, waiting);
  }),
];

const apart: readonly TransportPromise[] = [
  promise('records', 'two customers know nothing of each other', async (bench) => {
    const { device, make, stranger } = bench;
    const mine = [make.claim(), make.purchase()];
    await pushAll(device, mine);
    const them = await stranger();
    const theirs = [them.make.claim(), them.make.purchase()];
    await pushAll(them.device, theirs);
    const subjects = [make.subject, them.make.subject];
    sameRecords('mine', (await pullAll(device, null, { subjects })).records, mine);
    sameRecords('theirs', (await pullAll(them.device, null, { subjects })).records, theirs);
  }),
  promise('records', 'two shops know nothing of each other', async (bench) => {
    const { setup, who, device, make, wire, stranger } = bench;
    const mine = [make.claim(), make.purchase()];
    await pushAll(device, mine);
    const there = await stranger(setup.shops[1]);
    // the same account name in another shop is another person
    const namesake = await setup.connect({ ...who, shop: setup.shops[1] }, wire.fetch);
    const subjects = [make.subject];
    equal('there', plain((await pullAll(namesake, null, { subjects })).records), []);
    equal('of a stranger', plain((await pullAll(there.device, null, { subjects })).records), []);
    await push(there.device, [{ ...make.purchase(), shop: setup.shops[1] }]).catch(() => undefined);
    sameRecords('mine', (await pullAll(device)).records, mine);
  }),
  promise(
    'records',
    'what a stranger pushes under an entry of mine never reaches me',
    async (bench) => {
      const { device, make, stranger } = bench;
      const mine = [make.claim(), make.purchase()];
      await pushAll(device, mine);
      const them = await stranger();
      await push(them.device, [make.purchase('Forged')]).catch(() => undefined);
      await push(them.device, [{ ...them.make.claim(), subject: make.subject }]).catch(
        () => undefined,
      );
      sameRecords('mine', (await pullAll(device)).records, mine);
      const subjects = [make.subject];
      const theirs = plain((await pullAll(them.device, null, { subjects })).records);
      equal(
        'mine, seen by them',
        theirs.filter(({ id }) => mine.some((one) => one.id === id)),
        [],
      );
    },
  ),
  promise(
    'entries',
    'an entry that is somebody else’s is refused',
    async ({ device, make, stranger }) => {
      await pushAll(device, [make.claim(), make.purchase()]);
      const them = await stranger();
      await pushAll(them.device, [them.make.claim()]);
      const forged = make.purchase('Forged');
      equal('result', statuses(await push(them.device, [forged]), [forged]), ['rejected']);
    },
  ),
];

/**
 * What every `Transport` promises, as data: run each `check` in the test runner you have. A transport without one of the parts
 * leaves that out, and says so.
 * @example
 * for (const { name, part, check } of transportContract)
 *   if (part !== 'snapshot') test(name, () => check(() => mySetup()));
 */
export const transportContract: readonly TransportPromise[] = [
  ...records,
  ...order,
  ...apart,
  ...partPromises,
  ...erasurePromises,
  ...wirePromises,
];
