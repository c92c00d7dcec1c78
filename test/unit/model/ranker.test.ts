import { beforeAll, describe, expect, it } from 'vitest';
import { collectVisits } from '../../../src/model/collect-visits.js';
import { encodeRanker } from '../../../src/model/encode-ranker.js';
import { evaluate } from '../../../src/model/evaluate.js';
import { fitRanker } from '../../../src/model/fit-ranker.js';
import { outOfFold } from '../../../src/model/out-of-fold.js';
import { seeded } from '../../../src/model/seeded.js';
import { trainModel } from '../../../src/model/train-model.js';
import { createRecommender } from '../../../src/recommend/create-recommender.js';
import { decodeRanker } from '../../../src/recommend/decode-ranker.js';
import { checksum } from '../../../src/recommend/model-format.js';
import type { Ranker } from '../../../src/recommend/rank-types.js';
import { RANKER_BODY_AT } from '../../../src/recommend/ranker-format.js';
import type { CatalogModel, RecommendVisit } from '../../../src/recommend/types.js';
import { cafeModel, DAY, NOW } from '../recommend/shop.js';

/**
 * A shop with a law that weights for any shop do not know: staples (s…) are bought at every other visit, never twice in a row;
 * whims (w…) never again.
 */
function shopOf(customers: number, seed: number): { readonly visits: readonly RecommendVisit[] }[] {
  const random = seeded(seed);
  const any = (of: number): number => Math.floor(random() * of);
  return Array.from({ length: customers }, () => {
    const staples = [any(12), any(12), any(12)];
    const visits = 4 + any(5);
    return {
      visits: Array.from({ length: visits }, (_, n) => ({
        at: NOW - (visits - n) * 3 * DAY,
        items: [
          ...staples.filter((_staple, i) => (n + i) % 2 === 0).map((staple) => `s${staple}`),
          ...Array.from({ length: 3 }, () => `w${any(40)}`),
        ],
      })),
    };
  });
}

const shop = shopOf(120, 5);
let model: CatalogModel;
let ranker: Ranker;
const told: number[] = [];
beforeAll(async () => {
  model = await trainModel(shop);
  ranker = await fitRanker(shop, { progress: (done) => told.push(done) });
}, 120_000);

describe('fitRanker', () => {
  it('learns what the weights for any shop do not know, measured on customers that it has not seen', async () => {
    const made =
      (withRanker: boolean) => (others: readonly { visits: readonly RecommendVisit[] }[]) =>
        Promise.all([trainModel(others), withRanker ? fitRanker(others) : undefined]).then(
          ([mine, fitted]) => createRecommender({ model: mine, ranker: fitted }),
        );
    const plain = await evaluate(shop, { folds: 2 }, made(false));
    const fitted = await evaluate(shop, { folds: 2 }, made(true));
    expect(fitted.recommender.ndcg10.low).toBeGreaterThan(plain.recommender.ndcg10.high);
  }, 60_000);

  it('describes no customer by a model that has anything of that customer: a marker of one is in the models of the others alone', async () => {
    const marked = shop.slice(0, 40).map(({ visits }, n) => ({
      visits: visits.map(({ items, ...rest }) => ({ ...rest, items: [...items, `mark-${n}`] })),
    }));
    const store = await collectVisits(marked, 50);
    const described: number[] = [];
    for (const { customers, model: others } of outOfFold(store, 4, seeded(3), {})) {
      const marks = others.skus.filter((sku) => sku.startsWith('mark-'));
      expect(marks).toHaveLength(marked.length - customers.length);
      for (const customer of customers) expect(marks).not.toContain(`mark-${customer}`);
      described.push(...customers);
    }
    expect(described.sort((a, b) => a - b)).toEqual([...marked.keys()]);
  });

  it('has fewer trees where there is nothing to learn', async () => {
    const random = seeded(8);
    const noise = Array.from({ length: 60 }, () => ({
      visits: Array.from({ length: 3 }, () => ({ items: [`x${Math.floor(random() * 9)}`] })),
    }));
    expect((await fitRanker(noise)).features.length).toBeLessThan(ranker.features.length);
  });

  it('gives the same bytes for the same customers, and tells how far it is', async () => {
    expect(encodeRanker(await fitRanker(shop))).toEqual(encodeRanker(ranker));
    expect(told.at(-1)).toBe(1);
    expect(told).toEqual([...told].sort((a, b) => a - b));
  }, 60_000);

  it('learns from older visits where customers are few: the newest alone may tell nothing', async () => {
    const gone = shop.map(({ visits }, n) => ({
      visits: [...visits, { at: NOW, items: [`once-${n}`] }],
    }));
    const newestAlone = gone.map(({ visits }) => ({
      visits: [{ items: visits.slice(0, -1).flatMap(({ items }) => items) }, ...visits.slice(-1)],
    }));
    expect((await fitRanker(gone)).features.length).toBeGreaterThan(0);
    expect((await fitRanker(newestAlone)).features).toHaveLength(0);
  }, 60_000);

  it('learns from a sample when there are more customers than it may take', async () => {
    const few = await fitRanker(shop, { maxCustomers: 40 });
    expect(encodeRanker(few)).not.toEqual(encodeRanker(ranker));
  }, 60_000);

  it.each([
    ['nobody', []],
    ['customers with one visit', [{ visits: [{ items: ['a'] }] }, { visits: [] }]],
    ['customers who never buy what could be offered', shopOf(1, 1)],
  ])('makes a ranker of %s that changes nothing for the worse', async (_name, customers) => {
    const idle = await fitRanker(customers);
    const [some] = shop;
    const ask = (engine: ReturnType<typeof createRecommender>) =>
      engine
        .recommend(engine.history(some?.visits ?? []), { now: NOW, limit: 5 })
        .map(({ sku }) => sku);
    expect(ask(createRecommender({ model, ranker: idle }))).toHaveLength(5);
    expect(decodeRanker(encodeRanker(idle)).features).toEqual(idle.features);
  });
});

describe('the engine with a ranker', () => {
  const ask = (given: Ranker | undefined, limit = 10) => {
    const engine = createRecommender({ model, ranker: given });
    return engine.recommend(engine.history(shop[3]?.visits ?? []), { now: NOW, limit });
  };

  it('offers the same things in another order, best first', () => {
    const all = (given?: Ranker) => ask(given, 100).map(({ sku }) => sku);
    expect([...all(ranker)].sort()).toEqual([...all()].sort());
    expect(all(ranker)).not.toEqual(all());
    const scores = ask(ranker).map(({ score }) => score);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
  });

  it('offers the same from its bytes', () => {
    const back = decodeRanker(encodeRanker(ranker));
    expect(ask(back).map(({ sku }) => sku)).toEqual(ask(ranker).map(({ sku }) => sku));
    expect(back.leaves.length).toBe(ranker.leaves.length);
  });

  it('does without a ranker where there is no model', () => {
    const engine = createRecommender({ ranker });
    const offered = engine.recommend(engine.history([{ items: ['a'] }]), { now: NOW, limit: 3 });
    expect(offered.map(({ sku }) => sku)).toEqual(['a']);
  });

  it('lets what lies in the basket speak', async () => {
    const engine = createRecommender({ model: await cafeModel(), ranker: await fitRanker([]) });
    const offered = engine.recommend(engine.history([]), { now: NOW, limit: 3, basket: ['tea'] });
    expect(offered[0]).toMatchObject({
      sku: 'scone',
      reasons: [{ kind: 'together', sku: 'tea', inBasket: true }],
    });
  });
});

describe('the bytes of a ranker', () => {
  const forged = (change: (copy: Uint8Array) => void): Uint8Array => {
    const copy = encodeRanker(ranker);
    change(copy);
    new DataView(copy.buffer).setUint32(5, checksum(copy, RANKER_BODY_AT));
    return copy;
  };
  it('are 12 kB at most', () => {
    expect(encodeRanker(ranker).length).toBeLessThan(12_000);
  });

  it.each<[string, () => Uint8Array | ArrayBuffer]>([
    ['nothing', () => new Uint8Array()],
    ['a buffer of something else', () => new Uint8Array(500).buffer],
    ['text', () => 'RGLR' as never],
    ['what is cut short', () => encodeRanker(ranker).subarray(0, 300)],
    ['what is cut short with a right checksum', () => forged(() => undefined).slice(0, -2)],
    ['a changed byte', () => encodeRanker(ranker).map((byte, i) => (i === 40 ? byte ^ 1 : byte))],
    ['a newer version', () => forged((copy) => (copy[4] = 2))],
    ['more features than are known', () => forged((copy) => (copy[9] = 31))],
    ['a feature that is none', () => forged((copy) => (copy[21] = 200))],
    ['deeper trees', () => forged((copy) => (copy[10] = 9))],
    ['more trees', () => forged((copy) => (copy[12] = (copy[12] ?? 0) + 1))],
    ['an endless scale', () => forged((copy) => copy.set([0x7f, 0x80, 0, 0], 17))],
    ['leaves of no number', () => forged((copy) => copy.set([0x7f, 0xc0, 0, 0], 13))],
  ])('refuse %s with the code for it', (_name, make) => {
    expect(() => decodeRanker(make())).toThrow(
      expect.objectContaining({ code: 'ERR_MODEL_INVALID' }),
    );
  });
});

describe('evaluate', () => {
  it('has nothing of a customer in what scores that customer: a marker of one is never offered to that one', async () => {
    const marked = shop.slice(0, 30).map(({ visits }, n) => ({
      visits: visits.map(({ items, ...rest }) => ({ ...rest, items: [...items, `mark-${n}`] })),
    }));
    const seen: (readonly string[])[] = [];
    await evaluate(marked, { folds: 3 }, async (others) => {
      const mine = await trainModel(others);
      const engine = createRecommender({ model: mine });
      return {
        ...engine,
        recommend: (history, query) => engine.recommend(history, query),
        history: (visits) => {
          const own = visits[0]?.items.at(-1) ?? '';
          seen.push(mine.skus.filter((sku) => sku === own));
          return engine.history(visits);
        },
      };
    });
    expect(seen).toHaveLength(30);
    expect(seen.flat()).toEqual([]);
  });

  it('counts hits, places and what is new by hand', async () => {
    const twice = (items: readonly string[], last: readonly string[]) => ({
      visits: [{ items }, { items: last }],
    });
    const customers = [twice(['a'], ['a', 'b']), twice(['b'], ['c']), twice(['a'], ['a'])];
    const fixed = {
      history: () => ({ add: () => undefined }),
      recommend: () =>
        ['a', 'x'].map((sku) => ({ sku, score: 1, source: 'again' as const, reasons: [] })),
    };
    const { recommender } = await evaluate(customers, { folds: 2 }, () => fixed);
    expect(recommender.recall10.mean).toBeCloseTo((0.5 + 0 + 1) / 3, 10);
    expect(recommender.ndcg10.mean).toBeCloseTo((1 / (1 + 1 / Math.log2(3)) + 0 + 1) / 3, 10);
    expect(recommender.hit10.mean).toBeCloseTo(2 / 3, 10);
    expect(recommender.repeatRecall10).toMatchObject({ mean: 1, customers: 2 });
    expect(recommender.newRecall10).toMatchObject({ mean: 0, customers: 2 });
    expect(recommender.recall10.low).toBeLessThan(recommender.recall10.mean);
  });

  it('says so when there is nobody to tell of', async () => {
    const { ownFrequency } = await evaluate([{ visits: [{ items: ['a'] }] }], {}, () =>
      createRecommender(),
    );
    expect(ownFrequency.recall10).toEqual({ mean: 0, low: 0, high: 0, customers: 0 });
  });
});
