import { describe, expect, it } from 'vitest';
import { encodeModel } from '../../../src/model/encode-model.js';
import { trainModel } from '../../../src/model/train-model.js';
import { createRecommender } from '../../../src/recommend/create-recommender.js';
import { decodeModel } from '../../../src/recommend/decode-model.js';
import type { Item, RecommendQuery } from '../../../src/recommend/types.js';
import { cafeCustomers, cafeModel, DAY, NOW, visit } from './shop.js';

const model = await cafeModel();
const asked: RecommendQuery = { now: NOW, limit: 10, timeZone: 'UTC' };
const skus = (offered: readonly { readonly sku: string }[]): string[] =>
  offered.map(({ sku }) => sku);
const shop = (catalog?: readonly Item[]) =>
  createRecommender({ model, ...(catalog && { catalog }) });

describe('buyAgain', () => {
  it('gives only what the customer has bought, however often others buy other things', () => {
    const engine = shop();
    const mine = engine.history([visit(9, 'tea', 'scone'), visit(2, 'tea')]);
    const offered = engine.buyAgain(mine, asked);
    expect(skus(offered)).toEqual(['tea', 'scone']);
    expect(offered[0]).toMatchObject({
      source: 'again',
      reasons: [{ kind: 'bought', times: 2, visits: 2, lastAt: NOW - 2 * DAY }],
    });
  });
});

describe('dueNow', () => {
  it('gives what the rhythm says, and nothing of what is bought without one', () => {
    const engine = shop();
    const weekly = [visit(21, 'tea', 'jam'), visit(14, 'tea'), visit(7, 'tea')];
    const odd = [visit(60, 'tea'), visit(58, 'tea'), visit(7, 'tea')];
    expect(engine.dueNow(engine.history(weekly), asked)).toMatchObject([
      { sku: 'tea', source: 'due', reasons: [{ kind: 'due', times: 3, days: 7 }, {}] },
    ]);
    expect(engine.dueNow(engine.history(odd), asked)).toEqual([]);
  });
});

describe('goesWith', () => {
  it('gives what others bought at the same visit, and names what it goes with', () => {
    expect(shop().goesWith(['tea'], asked)[0]).toMatchObject({
      sku: 'scone',
      source: 'together',
      reasons: [{ kind: 'together', sku: 'tea', inBasket: true }],
    });
  });

  it('gives nothing for an empty basket or an unknown thing, and is filled up where that is asked', () => {
    const engine = shop();
    expect(engine.goesWith([], asked)).toEqual([]);
    expect(engine.goesWith(['nobody-knows'], asked)).toEqual([]);
    const filled = engine.goesWith(['tea'], { ...asked, kinds: ['together', 'popular'] });
    expect(filled.map(({ source }) => source)).toContain('popular');
    expect(skus(filled)).not.toContain('tea');
  });

  it('goes by what was trained for baskets, where a model has that', () => {
    const only = model.skus.indexOf('toast');
    const start = new Uint32Array(model.skus.length + 1).fill(1);
    start.fill(0, 0, model.skus.indexOf('tea') + 1);
    const together = { start, item: Uint32Array.of(only), weight: Float32Array.of(1) };
    const bytes = encodeModel({ ...model, together });
    const engine = createRecommender({ model: decodeModel(bytes) });
    expect(engine.goesWith(['tea'], asked)).toMatchObject([
      { sku: 'toast', reasons: [{ kind: 'together', sku: 'tea', inBasket: true }] },
    ]);
  });
});

describe('similar', () => {
  const catalog: Item[] = [
    { sku: 'tea', name: 'Tea', category: 'drinks', available: false },
    { sku: 'coffee', name: 'Coffee', category: 'drinks' },
    { sku: 'herbal', name: 'Herbal tea', category: 'drinks', aliases: ['herbal-50'] },
    { sku: 'scone', name: 'Scone', category: 'cakes' },
  ];
  const named = { substitutes: [{ sku: 'herbal-50', difference: 'without caffeine' }] };

  it('puts what the shop names first, with the difference', () => {
    const [tea, ...rest] = catalog;
    const offered = shop([{ ...tea, ...named } as Item, ...rest]).similar('tea', asked);
    expect(offered[0]).toMatchObject({
      sku: 'herbal',
      source: 'similar',
      reasons: [{ kind: 'substitute', sku: 'tea', difference: 'without caffeine' }],
    });
    expect(skus(offered)).toEqual(['herbal', 'coffee']);
  });

  it('stays in the category, never offers the thing itself or what is out, and works without a catalog', () => {
    expect(skus(shop(catalog).similar('tea', asked))).toEqual(['coffee']);
    const available = (sku: string): boolean => sku !== 'coffee';
    expect(shop(catalog).similar('tea', { ...asked, available })).toEqual([]);
    const anything = shop().similar('tea', asked);
    expect(skus(anything)).toContain('coffee');
    expect(skus(anything)).not.toContain('tea');
    expect(shop().similar('nobody-knows', asked)).toEqual(shop().popular({ ...asked, limit: 0 }));
  });
});

describe('popular', () => {
  it('gives what others buy, also what the customer has, with the rank', () => {
    const [first] = shop().popular(asked);
    expect(first).toMatchObject({
      sku: 'coffee',
      source: 'popular',
      reasons: [{ kind: 'popular', rank: 1 }],
    });
  });

  it('goes by what sells, whatever lies in the basket, which is not offered', () => {
    const ranks = shop()
      .popular({ ...asked, basket: ['tea'] })
      .map(({ reasons: [reason] }) => (reason?.kind === 'popular' ? reason.rank : 0));
    expect(ranks).toEqual(
      shop()
        .popular({ ...asked, exclude: ['tea'] })
        .map(({ reasons: [reason] }) => (reason?.kind === 'popular' ? reason.rank : 0)),
    );
  });

  it('is that of the place and the time of day, where the model knows them', async () => {
    const customers = cafeCustomers.map(({ visits }, n) => ({
      visits: visits.map((one) => ({ ...one, place: n % 2 === 0 ? 'pier' : 'mill' })),
    }));
    const trained = await trainModel(customers, {
      whereAndWhen: ({ place, items }) => ({
        ...(place !== undefined && { place }),
        daypart: items.includes('toast') ? 'evening' : 'morning',
      }),
    });
    const engine = createRecommender({ model: decodeModel(encodeModel(trained)) });
    const first = (query: Partial<RecommendQuery>) =>
      // Jam is of late everywhere, and would come first.
      engine.popular({ ...asked, ...query, exclude: ['coffee', 'jam'] })[0];
    expect(first({ place: 'pier' })).toMatchObject({
      sku: 'honey',
      reasons: [{ kind: 'popular', place: 'pier' }],
    });
    expect(first({ daypart: 'evening' })).toMatchObject({
      sku: 'toast',
      reasons: [{ kind: 'popular', daypart: 'evening' }],
    });
    expect(first({ place: 'mill', daypart: 'evening' })).toMatchObject({
      sku: 'toast',
      reasons: [{ kind: 'popular', rank: 2, place: 'mill', daypart: 'evening' }],
    });
    expect(first({ place: 'nowhere' })?.reasons[0]).not.toHaveProperty('place');
  });

  it('goes by place and time of day as far as many visits speak for it, and not by a few', () => {
    const at = (daypart: string, items: readonly number[], visits: readonly number[]) => ({
      daypart,
      item: Uint32Array.from(items),
      visits: Uint32Array.from(visits),
    });
    const [coffee, tea] = [0, 1];
    const engine = createRecommender({
      model: {
        ...model,
        visits: model.visits.map((_, number) => [4000, 2000][number] ?? 10),
        recent: model.recent.map((_, number) => [400, 200][number] ?? 1),
        popular: [at('night', [tea, coffee], [9, 2]), at('morning', [tea, coffee], [900, 20])],
      },
    });
    const order = (daypart: string): string[] =>
      skus(engine.popular({ ...asked, daypart })).slice(0, 2);
    const [first = '', second = ''] = [model.skus[coffee], model.skus[tea]];
    expect(order('night')).toEqual([first, second]);
    expect(order('morning')).toEqual([second, first]);
  });
});

describe('rules of the shop', () => {
  const ask = (rules: RecommendQuery['rules']): string[] =>
    skus(shop().popular({ ...asked, ...(rules && { rules }) }));

  it('put an item first, leave one out, and help one along', () => {
    const plain = ask([]);
    const last = plain.at(-1) ?? '';
    expect(ask([({ sku }) => (sku === last ? Infinity : 1)])[0]).toBe(last);
    expect(ask([({ sku }) => (sku === 'coffee' ? 0 : 1)])).toEqual(plain.slice(1));
    expect(ask([({ sku }) => (sku === 'jam' ? 100 : 1)])[0]).toBe('jam');
    expect(ask([() => 0])).toEqual([]);
  });

  it('that give no such number change nothing', () => {
    for (const wrong of [NaN, -1, '5', undefined])
      expect(ask([() => wrong as number])).toEqual(ask([]));
  });

  it('are asked with item and source, and bring in nothing that cannot be bought', () => {
    const seen = new Map<string, unknown>();
    const catalog = [
      { sku: 'tea', name: 'Tea', available: false },
      { sku: 'jam', name: 'Jam' },
    ];
    const engine = shop(catalog);
    const offered = engine.recommend(engine.history([visit(1, 'jam')]), {
      ...asked,
      rules: [
        ({ sku, item, source }) => {
          seen.set(sku, [item?.name, source]);
          return Infinity;
        },
      ],
    });
    expect(skus(offered)).toEqual(['jam']);
    expect(offered.every(({ score }) => Number.isFinite(score))).toBe(true);
    expect(seen.get('jam')).toEqual(['Jam', 'again']);
  });
});

describe('a mixed list', () => {
  const kinds = ['drinks', 'drinks', 'drinks', 'drinks', 'spreads', 'cakes'];
  const mixed = ['coffee', 'tea', 'toast', 'jam', 'honey', 'scone'].map((sku, n) => ({
    sku,
    name: sku,
    category: kinds[n] ?? '',
  }));
  const categoriesOf = (offered: readonly { readonly sku: string }[]): (string | undefined)[] =>
    offered.map(({ sku }) => mixed.find((item) => item.sku === sku)?.category);

  it('holds at most two of one category among any five, in a shop of three categories or more', () => {
    const offered = shop(mixed).popular(asked);
    expect(categoriesOf(offered).filter((category) => category === 'drinks')).toHaveLength(2);
    const few = mixed.map((item) => ({ ...item, category: 'drinks' }));
    expect(shop(few).popular(asked)).toHaveLength(6);
  });

  it('is another where the page says so, and habits are not mixed', () => {
    const engine = shop(mixed);
    expect(engine.popular({ ...asked, perCategory: Infinity })).toHaveLength(6);
    expect(engine.popular({ ...asked, perCategory: 1 })).toHaveLength(3);
    const mine = engine.history([visit(1, 'coffee', 'tea', 'toast', 'jam')]);
    expect(engine.buyAgain(mine, asked)).toHaveLength(4);
  });
});
