import { describe, expect, it } from 'vitest';
import { encodeRanker } from '../../../src/model/encode-ranker.js';
import { fitRanker } from '../../../src/model/fit-ranker.js';
import { offeredLists } from '../../../src/model/offered-lists.js';
import { seeded } from '../../../src/model/seeded.js';
import { trainModel } from '../../../src/model/train-model.js';
import type { TrainingCustomer, TrainingExposure } from '../../../src/model/training-customers.js';
import { createRecommender } from '../../../src/recommend/create-recommender.js';
import type { Ranker } from '../../../src/recommend/rank-types.js';
import type { CatalogModel, RecommendVisit } from '../../../src/recommend/types.js';
import { DAY, NOW } from '../recommend/shop.js';

const HOUR = DAY / 24;

/** What customers want of what is offered: the thing they know, or the one that they do not. Nobody but the test knows. */
type Truth = 'known' | 'unknown';

interface Offer {
  readonly visits: readonly RecommendVisit[];
  readonly at: number;
  readonly shown: readonly string[];
  readonly wanted: ReadonlySet<string>;
}

interface Guest extends TrainingCustomer {
  readonly visits: readonly RecommendVisit[];
  readonly offers: readonly Offer[];
}

/** Customers who buy three things of theirs again and again, and are offered two of them beside two others on days between. */
function guestsOf(count: number, seed: number, truth: Truth): Guest[] {
  const random = seeded(seed);
  const any = (of: number): number => Math.floor(random() * of);
  return Array.from({ length: count }, () => {
    const own = [...new Set([any(30), any(30), any(30)])].map((n) => `s${n}`);
    const visits = Array.from({ length: 6 }, (_, n) => ({
      at: NOW - (6 - n) * 3 * DAY,
      items: [...own.filter(() => random() < 0.7), `s${any(30)}`],
    }));
    const offers = [3, 4, 5].map((n): Offer => {
      const before = visits.slice(0, n);
      const known = new Set(before.flatMap(({ items }) => items));
      const others = Array.from({ length: 30 }, (_, i) => `s${i}`).filter((s) => !known.has(s));
      const shown = [...[...known].slice(0, 2), others[any(others.length)], others[any(9)]].filter(
        (sku) => sku !== undefined,
      );
      const wanted = shown.filter((sku) => known.has(sku) === (truth === 'known'));
      const at = NOW - (6 - n) * 3 * DAY - 1.5 * DAY;
      return { visits: before, at, shown: [...new Set(shown)], wanted: new Set(wanted) };
    });
    const exposures = offers.map(({ at, shown, wanted }): TrainingExposure => {
      // one in eight does by chance what they would not
      const isTaken = (sku: string): boolean => wanted.has(sku) !== random() < 0.125;
      const items = shown.map((sku) => [sku, { shown: 1, accepted: isTaken(sku) ? 1 : 0 }]);
      return { at, items: Object.fromEntries(items) as TrainingExposure['items'] };
    });
    return { visits, offers, exposures };
  });
}

/** How often the best of what is offered is wanted, over customers whom nothing was made of. */
function hits(guests: readonly Guest[], model: CatalogModel, ranker: Ranker): number {
  const engine = createRecommender({ model, ranker });
  const offers = guests.flatMap((guest) => guest.offers);
  const good = offers.filter(({ visits, at, shown, wanted }) => {
    const ranked = engine.recommend(engine.history(visits), { now: at, limit: 100 });
    const first = ranked.find(({ sku }) => shown.includes(sku));
    return first !== undefined && wanted.has(first.sku);
  });
  return good.length / offers.length;
}

const unoffered = (guests: readonly Guest[]): TrainingCustomer[] =>
  guests.map(({ visits }) => ({ visits }));

describe('what was offered', () => {
  it.each<Truth>(['known', 'unknown'])(
    'teaches what customers take of it, whichever it is: what is %s to them',
    async (truth) => {
      const guests = guestsOf(200, 3, truth);
      const others = guestsOf(120, 4, truth);
      const model = await trainModel(guests);
      const without = hits(others, model, await fitRanker(unoffered(guests)));
      const learned = hits(others, model, await fitRanker(guests));
      expect(learned).toBeGreaterThan(0.85);
      if (truth === 'unknown') expect(without).toBeLessThan(0.3);
      expect(learned).toBeGreaterThanOrEqual(without - 0.02);
    },
    120_000,
  );

  it('changes nothing where nothing was offered, or nothing came of it', async () => {
    const guests = guestsOf(60, 5, 'unknown');
    const plain = encodeRanker(await fitRanker(unoffered(guests)));
    const idle: readonly TrainingExposure[] = [
      { at: NOW - DAY, items: {} },
      { at: NOW - DAY, items: { s1: { shown: 4, accepted: 0 }, s2: { shown: 1, accepted: 0 } } },
      { at: NOW - DAY, items: { 'arm:b': { shown: 1, accepted: 1 } } },
      { at: NaN, items: { s1: { shown: 1, accepted: 1 }, s2: { shown: 1, accepted: 0 } } },
      // nobody had been here
      { at: 0, items: { s1: { shown: 1, accepted: 1 }, s2: { shown: 1, accepted: 0 } } },
    ];
    const shown = unoffered(guests).map((guest) => ({ ...guest, exposures: idle }));
    expect(encodeRanker(await fitRanker(shown))).toEqual(plain);
  }, 120_000);

  describe('as lists', () => {
    const visits: RecommendVisit[] = [
      { at: NOW - 10 * DAY, items: ['a'] },
      { at: NOW - DAY, items: ['b'] },
      { at: NOW + 2 * HOUR, items: ['c'] },
    ];
    const listOf = (items: TrainingExposure['items'], at = NOW) =>
      offeredLists([{ at, items }], visits).map(({ refused }) => Object.fromEntries(refused));
    const none = { accepted: 0 };

    it('weighs how often something was shown in vain, up to where it rests', () => {
      const items = {
        ...{ a: { shown: 1, accepted: 1 }, b: { shown: 1, ...none }, x: { shown: 2, ...none } },
        ...{ y: { shown: 50, ...none }, z: { shown: 1, accepted: 1, dismissed: true } },
        ...{ never: { shown: 0, ...none } },
      };
      expect(listOf(items)).toEqual([{ a: 0, b: 1, x: 2, y: 3, z: 3 }]);
    });

    it('takes what was bought at that visit for wanted, and rests on the visits before it', () => {
      const items = { c: { shown: 1, ...none }, b: { shown: 1, ...none } };
      expect(listOf(items)).toEqual([{ c: 0, b: 1 }]);
      const [list] = offeredLists([{ at: NOW, items }], visits);
      expect(list?.visits).toEqual(visits.slice(0, 2));
      expect(listOf(items, NOW - DAY)).toEqual([{ c: 1, b: 0 }]);
    });

    it('where nothing was taken, sets what was left standing above what was dismissed', () => {
      const items = { a: { shown: 3, ...none }, b: { shown: 1, ...none, dismissed: true } };
      expect(listOf(items)).toEqual([{ a: 0, b: 3 }]);
      expect(listOf({ a: { shown: 3, ...none } })).toEqual([]);
    });

    it('says nothing of customers without visits before, and of visits without a time', () => {
      const items = { a: { shown: 1, accepted: 1 }, b: { shown: 1, ...none } };
      expect(listOf(items, NOW - 20 * DAY)).toEqual([]);
      expect(offeredLists([{ at: NOW, items }], [{ items: ['a'] }, { items: ['b'] }])).toEqual([]);
    });

    it('are the newest ten of a customer', () => {
      const items = { a: { shown: 1, accepted: 1 }, b: { shown: 1, ...none } };
      const many = Array.from({ length: 30 }, (_, n) => ({ at: NOW + n * DAY, items }));
      const lists = offeredLists(many, visits);
      expect(lists.map(({ at }) => at)).toEqual(many.slice(-10).map(({ at }) => at));
    });

    it('take any name for an item', () => {
      const items = JSON.parse(
        '{"__proto__":{"shown":1,"accepted":0},"constructor":{"shown":1,"accepted":1}}',
      ) as TrainingExposure['items'];
      const [list] = offeredLists([{ at: NOW, items }], visits);
      expect([...(list?.refused ?? [])]).toEqual([
        ['__proto__', 1],
        ['constructor', 0],
      ]);
    });
  });
});
