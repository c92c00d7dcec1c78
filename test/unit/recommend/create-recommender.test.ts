import { describe, expect, it } from 'vitest';
import { trainModel } from '../../../src/model/train-model.js';
import { encodeModel } from '../../../src/model/encode-model.js';
import { createRecommender } from '../../../src/recommend/create-recommender.js';
import { decodeModel } from '../../../src/recommend/decode-model.js';
import type { Item, RecommendQuery, RecommendVisit } from '../../../src/recommend/types.js';
import { cafeModel, DAY, NOW, visit } from './shop.js';

const model = await cafeModel();

function ask(
  visits: readonly RecommendVisit[],
  query: Partial<RecommendQuery> = {},
  catalog?: readonly Item[],
) {
  const engine = createRecommender({ model, ...(catalog && { catalog }) });
  return engine.recommend(engine.history(visits), { now: NOW, limit: 10, ...query });
}
const skusOf = (...args: Parameters<typeof ask>): string[] => ask(...args).map(({ sku }) => sku);

describe('what is offered', () => {
  it('puts what the customer buys again and again first, and says how often', () => {
    const [first] = ask([visit(21, 'toast'), visit(14, 'toast', 'jam'), visit(7, 'toast')]);
    expect(first).toMatchObject({
      sku: 'toast',
      source: 'due',
      reasons: [
        { kind: 'due', times: 3, days: 7 },
        { kind: 'bought', times: 3, visits: 3, lastAt: NOW - 7 * DAY },
      ],
    });
  });

  it('offers somebody new what most customers buy, what sells now before what sold, with the rank', () => {
    const offered = ask([]);
    expect(offered[0]).toMatchObject({
      sku: 'coffee',
      source: 'popular',
      reasons: [{ kind: 'popular', rank: 1 }],
    });
    expect(offered.map(({ sku }) => sku)).toEqual([
      ...['coffee', 'jam'],
      ...['honey', 'scone', 'tea', 'toast'],
    ]);
  });

  it('offers what goes with the basket, and names what it goes with', () => {
    const scone = ask([], { basket: ['tea'] }).find(({ sku }) => sku === 'scone');
    expect(scone).toMatchObject({
      source: 'together',
      reasons: [{ kind: 'together', sku: 'tea', inBasket: true }],
    });
    expect(skusOf([], { basket: ['tea'] })[0]).toBe('scone');
  });

  it('offers what buyers of an own item buy too', () => {
    const honey = ask([visit(3, 'tea')]).find(({ sku }) => sku === 'honey');
    expect(honey).toMatchObject({
      source: 'together',
      reasons: [{ kind: 'together', sku: 'tea', inBasket: false }],
    });
  });

  it('works without a model: own history alone', () => {
    const engine = createRecommender();
    const offered = engine.recommend(engine.history([visit(2, 'b', 'a')]), { now: NOW, limit: 4 });
    expect(offered.map(({ sku }) => sku)).toEqual(['a', 'b']);
  });

  it('offers an item more strongly when its usual gap has passed than a day after it was bought', () => {
    const weekly = [visit(28, 'jam'), visit(21, 'jam'), visit(14, 'jam')];
    const scoreAt = (now: number): number | undefined =>
      ask(weekly, { now }).find(({ sku }) => sku === 'jam')?.score;
    expect(scoreAt(NOW - 7 * DAY)).toBeGreaterThan(scoreAt(NOW - 13 * DAY) ?? 1);
  });

  it('knows a purchase in the very next answer', () => {
    const engine = createRecommender({ model });
    const mine = engine.history([]);
    expect(engine.recommend(mine, { now: NOW, limit: 1 })[0]?.sku).toBe('coffee');
    mine.add(visit(1, 'jam'));
    expect(engine.recommend(mine, { now: NOW, limit: 1 })[0]).toMatchObject({
      sku: 'jam',
      source: 'again',
    });
  });

  it('sorts visits that have times, and keeps the order of those that have not', () => {
    const timed = [visit(1, 'new'), visit(9, 'old'), visit(9, 'old')];
    expect(ask(timed)).toEqual(ask([...timed].sort((a, b) => (a.at ?? 0) - (b.at ?? 0))));
    expect(skusOf([{ items: ['x'] }, { items: ['y'] }])[0]).toBe('y');
  });

  it('forgets visits older than the newest fifty', () => {
    const visits = Array.from({ length: 51 }, (_, n) => visit(60 - n, n === 0 ? 'first' : 'later'));
    expect(skusOf(visits)).not.toContain('first');
    expect(ask(visits)[0]?.reasons[0]).toMatchObject({ times: 50, visits: 50 });
  });

  it('answers a history of an engine that had another catalog', () => {
    const mine = createRecommender({ model }).history([visit(1, 'jam')]);
    const catalog = [{ sku: 'JAM-2', name: 'Jam', aliases: ['jam'] }];
    const offered = createRecommender({ model, catalog }).recommend(mine, { now: NOW, limit: 3 });
    expect(offered.map(({ sku }) => sku)).toEqual(['JAM-2']);
  });
});

describe('what is not offered', () => {
  const mine = [visit(9, 'tea', 'scone'), visit(2, 'tea')];

  it('is what lies in the basket, what is excluded and what cannot be bought now', () => {
    const skus = skusOf(mine, {
      basket: ['tea'],
      exclude: ['scone'],
      available: (sku) => sku !== 'honey',
    });
    expect(skus).not.toEqual(expect.arrayContaining(['tea']));
    for (const sku of ['tea', 'scone', 'honey']) expect(skus).not.toContain(sku);
    expect(skus).toContain('coffee');
  });

  it('is of a kind nobody asked for', () => {
    expect(skusOf(mine, { kinds: ['again'] })).toEqual(['tea', 'scone']);
    for (const kinds of [['together'], ['popular']] as const) {
      const offered = ask(mine, { kinds });
      expect(offered.map(({ source }) => source)).toEqual(offered.map(() => kinds[0]));
      expect(offered.map(({ sku }) => sku)).not.toContain('tea');
    }
    expect(ask(mine, { kinds: [] })).toEqual([]);
  });

  it('is, of what is new, anything they have bought; its reason says what it comes from', () => {
    const limit = 50;
    const news = ask(mine, { kinds: ['new'], limit });
    const told = ask(mine, { kinds: ['together', 'popular'], limit });
    expect(news.length).toBeGreaterThan(2);
    expect(news.map(({ sku }) => sku)).toEqual(told.map(({ sku }) => sku));
    for (const { sku, source, reasons } of news) {
      expect(['tea', 'scone']).not.toContain(sku);
      expect(source).toBe('new');
      expect(reasons[0]?.kind).toMatch(/together|popular/);
    }
    const both = ask(mine, { kinds: ['new', 'popular'], limit }).map(({ source }) => source);
    expect(new Set(both)).toEqual(new Set(['new', 'popular']));
  });

  it('keeps places for new things when asked, and gives what they leave open to the others', () => {
    const many = [visit(3, 'a', 'b', 'c', 'd', 'tea'), visit(2, 'a', 'b', 'c', 'd')];
    const fresh = (share: number): number =>
      ask(many, { limit: 4, newShare: share }).filter(({ source }) => source !== 'again').length;
    expect([0, 0.5, 1].map(fresh)).toEqual([0, 2, 4]);
    expect(ask([visit(1, 'a')], { limit: 4, newShare: 0 })).toHaveLength(4);
    expect(ask([visit(1, 'a')], { limit: 9, newShare: 1 }).map(({ sku }) => sku)).toContain('a');
  });

  it('is nothing at all for a limit of nothing, and no more than the limit', () => {
    for (const limit of [0, -3, NaN]) expect(ask(mine, { limit })).toEqual([]);
    expect(ask(mine, { limit: 2.9 })).toHaveLength(2);
  });

  it('is what the shop does not sell or has not got, once there is a catalog', () => {
    const catalog = [
      { sku: 'tea', name: 'Tea', available: false },
      { sku: 'coffee', name: 'Coffee' },
    ];
    expect(skusOf(mine, {}, catalog)).toEqual(['coffee']);
  });

  it('is anything sensitive, nor what is only linked to it, nor does it give a reason', () => {
    const names = model.skus.map((sku) => ({ sku, name: sku, sensitive: sku === 'tea' }));
    const offered = ask(mine.slice(1), { basket: ['tea'] }, names);
    expect(offered.map(({ sku }) => sku)).not.toContain('tea');
    expect(offered.every(({ source }) => source === 'popular')).toBe(true);
  });
});

describe('with a catalog', () => {
  it('offers one variant of a product: the one the customer has', () => {
    const catalog = [
      { sku: 'tee-m', name: 'Tee M', product: 'tee' },
      { sku: 'tee-l', name: 'Tee L', product: 'tee' },
      { sku: 'cap', name: 'Cap' },
    ];
    const mine = [visit(9, 'tee-m', 'tee-l'), visit(3, 'tee-m', 'cap')];
    expect(skusOf(mine, {}, catalog).filter((sku) => sku.startsWith('tee'))).toEqual(['tee-m']);
    expect(skusOf(mine, { basket: ['tee-l'] }, catalog)).toEqual(['cap']);
  });

  it('takes orders, basket and exclusions under an alias for the item itself', () => {
    const catalog = [{ sku: 'coffee-250', name: 'Coffee', aliases: ['coffee', '0815'] }];
    const mine = [visit(9, 'coffee'), visit(2, '0815')];
    const [offer] = ask(mine, {}, catalog);
    expect(offer).toMatchObject({ sku: 'coffee-250', reasons: [{ times: 2 }] });
    expect(ask(mine, { basket: ['coffee'] }, catalog)).toEqual([]);
    expect(ask(mine, { exclude: ['0815'] }, catalog)).toEqual([]);
  });

  it('takes what a model knows under two keys for one thing: what is owned is no news, and what is avoided is gone', async () => {
    const customers = Array.from({ length: 20 }, (_, n) => ({
      visits: [
        visit(9, n % 2 === 0 ? 'tea-old' : 'tea', 'scone'),
        visit(2, n % 3 === 0 ? 'tea-old' : 'tea', 'scone', 'jam'),
      ],
    }));
    const catalog = [
      { sku: 'tea', name: 'Tea', aliases: ['tea-old'] },
      { sku: 'scone', name: 'Scone' },
      { sku: 'jam', name: 'Jam' },
    ];
    const engine = createRecommender({ model: await trainModel(customers), catalog });
    const mine = engine.history([visit(1, 'tea', 'scone')]);
    const query = { now: NOW, limit: 9 };
    const news = engine.recommend(mine, { ...query, kinds: ['together', 'popular'] });
    expect(news.map(({ sku }) => sku)).toEqual(['jam']);
    const other = engine.history([visit(1, 'jam')]);
    const kept = engine.recommend(other, { ...query, avoid: ['tea'] });
    expect(kept.map(({ sku }) => sku)).not.toContain('tea');
  });

  it('avoids the company of a gift, and not all that is ever bought beside it', async () => {
    // at a counter everything comes with everything; a descaler with a kettle
    const menu = Array.from({ length: 12 }, (_, n) => `dish-${n}`);
    const customers = Array.from({ length: 120 }, (_, n) => ({
      visits: [
        visit(
          5,
          ...[n % 12, (5 * n + 1) % 12, (n >> 3) % 12].map((i) => menu[i] ?? ''),
          ...(n % 5 === 0 ? ['kettle'] : []),
          ...(n % 5 === 0 || n % 40 === 1 ? ['descaler'] : []),
        ),
      ],
    }));
    const engine = createRecommender({ model: await trainModel(customers) });
    const offered = engine
      .recommend(engine.history([]), { now: NOW, limit: 99, avoid: ['kettle'] })
      .map(({ sku }) => sku);
    expect(offered).not.toContain('kettle');
    expect(offered).not.toContain('descaler');
    expect(offered.filter((sku) => sku.startsWith('dish')).length).toBeGreaterThan(8);
  });

  it('lets a durable rest, and any other durable of its category, but not what goes with it (G23)', () => {
    const catalog = [
      { sku: 'toaster-a', name: 'Toaster', category: 'toasters', repurchaseDays: 1000 },
      { sku: 'toaster-b', name: 'Toaster', category: 'toasters', repurchaseDays: 1000 },
      { sku: 'bread', name: 'Bread' },
    ];
    const before = [visit(900, 'toaster-b', 'bread')];
    expect(skusOf([visit(14, 'toaster-a', 'bread')], {}, catalog)).toEqual(['bread']);
    expect(skusOf([...before, visit(14, 'toaster-a')], {}, catalog)).toEqual(['bread']);
    expect(skusOf([visit(1001, 'toaster-a')], {}, catalog)).toEqual(['toaster-a']);
    expect(skusOf([{ items: ['toaster-a'] }], {}, catalog)).toEqual([]);
  });

  it('lets a durable rest whose visit is older than those that count', () => {
    const catalog = [
      { sku: 'kettle', name: 'Kettle', repurchaseDays: 2000 },
      { sku: 'tea', name: 'Tea' },
    ];
    const visits = [
      visit(70, 'kettle'),
      ...Array.from({ length: 60 }, (_, n) => visit(60 - n, 'tea')),
    ];
    expect(skusOf(visits, {}, catalog)).toEqual(['tea']);
  });
});

describe('whatever comes in', () => {
  it('takes hostile skus for skus', () => {
    const hostile = [
      '__proto__',
      'constructor',
      '<img src=x onerror=alert(1)>',
      'x'.repeat(10_000),
      '',
    ];
    const offered = ask([visit(1, ...hostile)], { basket: ['toString'] });
    expect(offered.filter(({ source }) => source === 'again').map(({ sku }) => sku)).toEqual(
      [...hostile].sort(),
    );
  });

  it('leaves out what is no item of a catalog', () => {
    const junk = [null, 7, {}, { sku: 5 }, { sku: 'jam', name: 'Jam' }] as unknown as Item[];
    expect(skusOf([visit(1, 'jam')], {}, junk)).toEqual(['jam']);
  });

  it('is unharmed by a question about availability that throws, or asks the engine again', () => {
    const engine = createRecommender({ model });
    const mine = engine.history([visit(1, 'tea')]);
    const query = { now: NOW, limit: 3, basket: ['scone'] };
    const expected = engine.recommend(mine, query);
    const available = (): boolean => {
      throw new Error('no stock service');
    };
    expect(() => engine.recommend(mine, { ...query, available })).toThrow('no stock service');
    const nested = (): boolean => engine.recommend(mine, { now: NOW, limit: 1 }).length > 0;
    expect(engine.recommend(mine, { ...query, available: nested })).toEqual(expected);
  });

  it('says nothing wrong when times are missing or impossible', () => {
    const offered = ask(
      [
        { at: NaN, items: ['tea'] },
        { at: Infinity, items: ['tea'] },
      ],
      { now: NaN },
    );
    expect(offered.every(({ score }) => Number.isFinite(score))).toBe(true);
    expect(offered[0]?.reasons[0]).toMatchObject({ kind: 'bought', times: 2 });
  });

  it('takes a clock that goes back, and grows on in the order of the times', () => {
    const engine = createRecommender({ model });
    const mine = engine.history([visit(5, 'jam')]);
    const query = { now: NOW, limit: 5 };
    engine.recommend(mine, query);
    for (const late of [visit(9, 'tea'), visit(2, 'toast'), visit(2, 'honey')]) mine.add(late);
    const sorted = [visit(9, 'tea'), visit(5, 'jam'), visit(2, 'honey'), visit(2, 'toast')];
    expect(engine.recommend(mine, query)).toEqual(engine.recommend(engine.history(sorted), query));
    expect(engine.recommend(mine, { ...query, now: NOW - 30 * DAY })).toHaveLength(5);
  });

  it('answers from 5,000 visits and among 100,000 items, also when nothing can be bought', async () => {
    const many = Array.from({ length: 100_000 }, (_, n) => `sku-${n}`);
    const large = await trainModel([{ visits: [{ items: many }, { items: many.slice(0, 500) }] }], {
      maxItems: 100_000,
    });
    const engine = createRecommender({ model: large });
    const visits = Array.from({ length: 5_000 }, (_, n) => visit(5_001 - n, `sku-${n}`, 'sku-7'));
    const mine = engine.history(visits);
    const [first] = engine.recommend(mine, { now: NOW, limit: 3 });
    expect(first).toMatchObject({ sku: 'sku-7', reasons: [{}, { times: 50 }] });
    expect(engine.recommend(mine, { now: NOW, limit: 3, available: () => false })).toEqual([]);
  });

  it('answers every question about 100,000 items, from one visit and with skus that no text should be', () => {
    const hostile = ['\ud800', '\udfff\ud800', '__proto__', 'hasOwnProperty', 'x'.repeat(10_000)];
    const catalog = Array.from({ length: 100_000 }, (_, n) => ({
      sku: hostile[n] ?? `sku-${n}`,
      name: `Item ${n}`,
      category: `c-${n % 40}`,
      substitutes: hostile.map((sku) => ({ sku, difference: sku })),
    }));
    const engine = createRecommender({ model, catalog });
    const mine = engine.history([visit(1, ...hostile, 'sku-9')]);
    const query = { now: NOW, limit: 4, timeZone: 'UTC' };
    expect(engine.recommend(mine, query)).toHaveLength(4);
    expect(engine.buyAgain(mine, query)).toHaveLength(4);
    expect(engine.dueNow(mine, query)).toEqual([]);
    expect(engine.goesWith(hostile, query)).toEqual([]);
    expect(engine.similar('__proto__', query).map(({ sku }) => sku)).toEqual(
      hostile.filter((sku) => sku !== '__proto__'),
    );
    expect(engine.popular(query)).toEqual([]);
    const nothing = { ...query, available: () => false };
    for (const offered of [engine.recommend(mine, nothing), engine.similar('sku-9', nothing)])
      expect(offered).toEqual([]);
  });

  it('scores by numbers where a file says that nothing was ever bought', () => {
    const none = new Uint32Array(model.skus.length);
    const here = { place: 'pier', item: Uint32Array.of(0, 1), visits: Uint32Array.of(0, 0) };
    const engine = createRecommender({ model: { ...model, visits: none, popular: [here] } });
    const query = { now: NOW, limit: 9, place: 'pier' };
    const offered = [
      ...engine.recommend(engine.history([visit(1, 'tea')]), query),
      ...engine.popular(query),
    ];
    expect(offered.length).toBeGreaterThan(4);
    expect(offered.filter(({ score }) => !Number.isFinite(score))).toEqual([]);
  });

  it('answers on a model of nothing', async () => {
    const empty = await trainModel([]);
    const engine = createRecommender({ model: decodeModel(encodeModel(empty)) });
    const query = { now: NOW, limit: 4 };
    expect(engine.recommend(engine.history([visit(1, 'tea')]), query)).toMatchObject([
      { sku: 'tea' },
    ]);
    for (const offered of [
      engine.recommend(engine.history([]), query),
      engine.goesWith(['tea'], query),
      engine.similar('tea', query),
      engine.popular(query),
    ])
      expect(offered).toEqual([]);
  });
});
