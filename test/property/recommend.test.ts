import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeModel } from '../../src/model/encode-model.js';
import { trainModel } from '../../src/model/train-model.js';
import { createRecommender } from '../../src/recommend/create-recommender.js';
import { decodeModel } from '../../src/recommend/decode-model.js';
import { checksum, HEADER_BYTES } from '../../src/recommend/model-format.js';
import type {
  Item,
  Recommended,
  RecommendRule,
  RecommendVisit,
} from '../../src/recommend/types.js';
import { runs } from '../support/runs.js';
import { NOW } from '../unit/recommend/shop.js';

const sku: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h') },
  {
    weight: 1,
    arbitrary: fc.constantFrom('__proto__', 'constructor', '<img src=x>', '', '\u202e'),
  },
);
const visit = fc.record(
  {
    items: fc.array(sku, { maxLength: 6 }),
    at: fc.integer({ min: NOW - 1e10, max: NOW }),
  },
  { requiredKeys: ['items'] },
);
const visits = fc.array(visit, { maxLength: 12 });
const customers = fc.array(fc.record({ visits }), { maxLength: 8 });
const query = fc.record(
  {
    now: fc.constant(NOW),
    limit: fc.integer({ min: 0, max: 12 }),
    basket: fc.array(sku, { maxLength: 3 }),
    exclude: fc.array(sku, { maxLength: 3 }),
    newShare: fc.double({ min: 0, max: 1, noNaN: true }),
  },
  { requiredKeys: ['now', 'limit'] },
);
const item = fc.record(
  {
    sku,
    name: fc.constant('x'),
    product: fc.constantFrom('p', 'q'),
    aliases: fc.array(sku, { maxLength: 2 }),
    available: fc.boolean(),
    sensitive: fc.boolean(),
    repurchaseDays: fc.constantFrom(0, 30, 1000),
    category: fc.constantFrom('m', 'n'),
  },
  { requiredKeys: ['sku', 'name'] },
);
const catalog: fc.Arbitrary<readonly Item[]> = fc.array(item, { maxLength: 8 });

describe('the engine', () => {
  it('never offers what is in the basket, excluded, unavailable, or twice, and always says why', async () => {
    await fc.assert(
      fc.asyncProperty(
        customers,
        visits,
        query,
        fc.array(sku),
        fc.option(catalog, { nil: undefined }),
        async (others, mine, asked, gone, sold) => {
          const model = await trainModel(others);
          const engine = createRecommender({ model, ...(sold && { catalog: sold }) });
          const offered = engine.recommend(engine.history(mine), {
            ...asked,
            available: (one) => !gone.includes(one),
          });
          const skus = offered.map((one) => one.sku);
          expect(skus.length).toBeLessThanOrEqual(asked.limit);
          expect(new Set(skus).size).toBe(skus.length);
          for (const one of [...(asked.basket ?? []), ...(asked.exclude ?? []), ...gone])
            expect(sold?.some(({ aliases }) => aliases?.includes(one)) || !skus.includes(one)).toBe(
              true,
            );
          for (const { score, reasons } of offered) {
            expect(Number.isFinite(score)).toBe(true);
            expect(reasons.length).toBeGreaterThan(0);
          }
          const first = (one: string) => sold?.find((entry) => entry.sku === one);
          for (const one of sold ? skus : []) {
            expect(first(one)).toBeDefined();
            expect(first(one)?.sensitive ?? false).toBe(false);
            expect(first(one)?.available ?? true).toBe(true);
          }
          const products = skus.flatMap((one) => first(one)?.product ?? []);
          expect(new Set(products).size).toBe(products.length);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('gives the same list for the same input, and for a history that grew visit by visit', async () => {
    await fc.assert(
      fc.asyncProperty(customers, visits, query, async (others, mine, asked) => {
        const model = await trainModel(others);
        const engine = createRecommender({ model });
        const whole = engine.recommend(engine.history(mine), asked);
        const growing = engine.history([]);
        for (const one of mine) {
          growing.add(one);
          engine.recommend(growing, asked);
        }
        expect(engine.recommend(growing, asked)).toEqual(whole);
        const other = createRecommender({ model: decodeModel(encodeModel(model)) });
        const again = createRecommender({ model: decodeModel(encodeModel(model)) });
        expect(other.recommend(other.history(mine), asked)).toEqual(
          again.recommend(again.history(mine), asked),
        );
      }),
      { numRuns: 200 },
    );
  });

  it('offers the best first, ties by sku', async () => {
    await fc.assert(
      fc.asyncProperty(customers, visits, query, async (others, mine, asked) => {
        const engine = createRecommender({ model: await trainModel(others) });
        const offered = engine.recommend(engine.history(mine), asked);
        offered.slice(1).forEach((one, i) => {
          const before = offered[i];
          expect(
            before !== undefined &&
              (before.score > one.score || (before.score === one.score && before.sku < one.sku)),
          ).toBe(true);
        });
      }),
      { numRuns: 200 },
    );
  });
});

describe('every question', () => {
  const rules = fc.constantFrom<readonly RecommendRule[]>(
    [],
    [({ sku: one }) => (one < 'c' ? 0 : 1)],
    [({ source }) => (source === 'again' ? 0.5 : Infinity)],
    [() => NaN, () => -1],
  );
  const asking = fc.record({
    others: customers,
    mine: visits,
    asked: query,
    gone: fc.array(sku),
    sold: fc.option(catalog, { nil: undefined }),
    wanted: sku,
    laws: rules,
    perCategory: fc.constantFrom(undefined, 1, 2, Infinity),
  });

  it('keeps to what can be bought, to the limit and to the mix, gives a reason, and answers the same again', async () => {
    await fc.assert(
      fc.asyncProperty(asking, async (given) => {
        const { others, mine, asked, gone, sold, wanted, laws, perCategory } = given;
        const model = await trainModel(others, {
          whereAndWhen: ({ items }) => ({ place: items[0] ?? 'x', daypart: 'morning' }),
        });
        const engine = createRecommender({ model, ...(sold && { catalog: sold }) });
        const history = engine.history(mine);
        const asks = {
          ...asked,
          ...{ place: wanted, daypart: 'morning', rules: laws },
          ...(perCategory !== undefined && { perCategory }),
          available: (one: string) => !gone.includes(one),
        };
        const ask = (): readonly (readonly Recommended[])[] => [
          engine.recommend(history, asks),
          engine.buyAgain(history, asks),
          engine.dueNow(history, asks),
          engine.goesWith(asked.basket ?? [], asks),
          engine.similar(wanted, asks),
          engine.popular(asks),
        ];
        const answers = ask();
        expect(ask()).toEqual(answers);
        const itemOf = (one: string) => sold?.find((entry) => entry.sku === one);
        for (const offered of answers) {
          expect(offered.length).toBeLessThanOrEqual(asked.limit);
          expect(new Set(offered.map((one) => one.sku)).size).toBe(offered.length);
          for (const { sku: one, score, reasons } of offered) {
            expect(gone).not.toContain(one);
            if (!sold)
              expect([...(asked.basket ?? []), ...(asked.exclude ?? [])]).not.toContain(one);
            if (sold) expect(itemOf(one)).toBeDefined();
            expect(itemOf(one)?.sensitive ?? false).toBe(false);
            expect(Number.isFinite(score)).toBe(true);
            expect(reasons.length).toBeGreaterThan(0);
          }
          if (perCategory !== undefined)
            offered.forEach((_, at) => {
              const row = offered
                .slice(at, at + 5)
                .flatMap((one) => itemOf(one.sku)?.category ?? []);
              for (const category of row)
                expect(row.filter((other) => other === category).length).toBeLessThanOrEqual(
                  perCategory,
                );
            });
        }
        expect(answers[4]?.map((one) => one.sku) ?? []).not.toContain(
          sold && !itemOf(wanted) ? undefined : wanted,
        );
      }),
      { numRuns: runs(150) },
    );
  });
});

describe('the bytes of a model', () => {
  it('come back as the same bytes, whatever was trained', async () => {
    await fc.assert(
      fc.asyncProperty(customers, async (others) => {
        const bytes = encodeModel(await trainModel(others));
        expect(encodeModel(decodeModel(bytes))).toEqual(bytes);
      }),
      { numRuns: 200 },
    );
  });

  it('give a model or the typed error when cut or changed, with the checksum or with a forged one', async () => {
    await fc.assert(
      fc.asyncProperty(
        customers,
        fc.nat(),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }),
        fc.boolean(),
        async (others, cut, changes, forge) => {
          const whole = encodeModel(await trainModel(others));
          const bytes = whole.slice(0, cut % 3 === 0 ? cut % whole.length : whole.length);
          for (const [at, value] of changes) if (bytes.length > 0) bytes[at % bytes.length] = value;
          if (forge && bytes.length >= HEADER_BYTES)
            new DataView(bytes.buffer).setUint32(5, checksum(bytes, HEADER_BYTES));
          try {
            const { skus, visits: counts, next } = decodeModel(bytes);
            expect(counts).toHaveLength(skus.length);
            expect(next.start).toHaveLength(skus.length + 1);
            expect([...next.item].every((number) => number < skus.length)).toBe(true);
          } catch (error) {
            expect(error).toMatchObject({ code: 'ERR_MODEL_INVALID' });
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('a history', () => {
  const timed = fc.array(
    fc.record({ items: fc.array(sku, { maxLength: 5 }), at: fc.integer({ min: 0, max: 40 }) }),
    { maxLength: 12 },
  );
  const at = (visits: readonly { items: string[]; at: number }[]) =>
    visits.map(({ items, at: day }) => ({ items, at: NOW - day * 86_400_000 }));

  it('counts the same whatever order its records came in', async () => {
    await fc.assert(
      fc.asyncProperty(customers, timed, fc.nat(), async (others, mine, turn) => {
        const engine = createRecommender({ model: await trainModel(others), maxVisits: 6 });
        const asked = { now: NOW, limit: 12, timeZone: 'UTC' };
        const visitsOf = at(mine);
        const turned = visitsOf.map(
          (_, i) => visitsOf[(i + turn) % visitsOf.length] ?? { items: [] },
        );
        const backwards = turned.map(({ items, ...rest }) => ({
          ...rest,
          items: [...items].reverse(),
        }));
        const growing = engine.history([]);
        for (const one of backwards) {
          engine.recommend(growing, asked);
          growing.add(one);
        }
        expect(engine.recommend(growing, asked)).toEqual(
          engine.recommend(engine.history(visitsOf), asked),
        );
      }),
      { numRuns: 200 },
    );
  });

  it('never ranks an own item below another for one more purchase of it in between, without a model and with one', async () => {
    let tried = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.option(customers, { nil: undefined }),
        fc.array(visit, { minLength: 3, maxLength: 12 }),
        fc.nat(),
        async (others, mine, pick) => {
          const engine = createRecommender(others && { model: await trainModel(others) });
          const ranked = (history: readonly RecommendVisit[]): readonly string[] =>
            engine
              .buyAgain(engine.history(history), { now: NOW, limit: 99, timeZone: 'UTC' })
              .map((one) => one.sku);
          const whole = mine.map((one, n) => ({
            ...one,
            at: NOW - (mine.length - n) * 86_400_000,
          }));
          const bought = [...new Set(whole.flatMap(({ items }) => items))];
          const one = bought[pick % bought.length];
          if (one === undefined) return;
          const had = whole.flatMap(({ items }, n) => (items.includes(one) ? [n] : []));
          const between = whole.findIndex(
            ({ items }, n) => n > (had[0] ?? n) && n < (had.at(-1) ?? n) && !items.includes(one),
          );
          if (between < 0) return;
          tried++;
          const before = ranked(whole);
          const after = ranked(
            whole.map((of, n) => (n === between ? { ...of, items: [...of.items, one] } : of)),
          );
          const below = before.slice(before.indexOf(one) + 1);
          const above = after.slice(0, after.indexOf(one));
          expect(above.filter((other) => below.includes(other))).toEqual([]);
        },
      ),
      { numRuns: runs(300) },
    );
    expect(tried).toBeGreaterThan(50);
  });

  it('never ranks an item lower for one more purchase of it, among own items bought at the same times', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 30 }),
        fc.boolean(),
        (gap, visitsBetween, since, isTimed) => {
          const engine = createRecommender();
          const day = (n: number) => (isTimed ? { at: NOW - n * 86_400_000 } : {});
          const end = since + gap * (visitsBetween + 1);
          const mine = [
            { ...day(end), items: ['more', 'less'] },
            ...Array.from({ length: visitsBetween }, (_, n) => ({
              ...day(end - (n + 1) * gap),
              items: n === 0 ? ['more'] : ['other'],
            })),
            { ...day(since), items: ['more', 'less'] },
          ];
          const skus = engine
            .recommend(engine.history(mine), { now: NOW, limit: 3, timeZone: 'UTC' })
            .map((one) => one.sku);
          expect(skus.indexOf('more')).toBeLessThan(skus.indexOf('less'));
        },
      ),
      { numRuns: 300 },
    );
  });
});
