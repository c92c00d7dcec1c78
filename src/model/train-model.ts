import type { CatalogModel } from '../recommend/types.js';
import { collectVisits, type VisitStore } from './collect-visits.js';
import type { TrainingCustomers } from './training-customers.js';
import { byCodePoint } from './by-code-point.js';
import { countItems } from './count-items.js';
import { countNeighbours } from './count-neighbours.js';
import { createPopularCounter, type WhereAndWhen } from './count-popular.js';
import { countMeetings, familiesOf, weighTogether } from './count-together.js';
import { md5Prefix } from './md5.js';
import { modelOfCounts } from './model-of-counts.js';

/** How a model is made. */
export interface TrainModelOptions {
  /** When, ms. @defaultValue the newest visit's time, or 0 */
  readonly trainedAt?: number;
  /** Neighbours of each item, in either list, at most. @defaultValue 10; up to 40 of a catalog of fewer than 4,500 items */
  readonly neighbours?: number;
  /** Neighbours in all; what matters least is left out. @defaultValue 90,000: a file of 250 kB */
  readonly maxPairs?: number;
  /** Items kept, the most bought ones. @defaultValue 50,000 */
  readonly maxItems?: number;
  /** Newest visits of a customer that count. @defaultValue 50 */
  readonly maxVisits?: number;
  /** Items of a visit, and newest items of a customer, that are paired. @defaultValue 100 */
  readonly maxPaired?: number;
  /**
   * Neighbours are counted of one customer in so many, drawn by the MD5 of `id`: pairs grow with customers, and accuracy soon does not.
   * @defaultValue 1: of all
   */
  readonly sample?: number;
  /**
   * Where and when a visit was: with it the model knows what is popular there and then.
   * @defaultValue it knows what is popular in the shop
   */
  readonly whereAndWhen?: WhereAndWhen;
  /**
   * Up to so many items, what goes together is weighed for all of them at once, as for a menu; the time it takes goes with the cube.
   * 0 for never. @defaultValue 2,000
   */
  readonly menuItems?: number;
  /** Which dish a sku is a size or a choice of: they go with the same things, and not with each other. @defaultValue each is its own */
  readonly familyOf?: (sku: string) => string;
}

/** What counts where the caller says nothing. */
export const TRAINING = {
  leastNeighbours: 10,
  mostNeighbours: 40,
  neighbourRoom: 45_000,
  maxPairs: 90_000,
  maxItems: 50_000,
  maxVisits: 50,
  maxPaired: 100,
  menuItems: 2000,
  sample: 1,
} as const;

/** Neighbours of each item of a catalog of so many where the caller says nothing: a small one has room for more. */
function neighboursOf(items: number): number {
  const { leastNeighbours, mostNeighbours, neighbourRoom } = TRAINING;
  return Math.max(leastNeighbours, Math.min(mostNeighbours, Math.floor(neighbourRoom / items)));
}

/**
 * Counts what customers buy, again, together and next, and makes the model that `createRecommender` takes.
 * A pair counts from two visits on. The same customers give the same model.
 * @example
 * const model = await trainModel(customers); // [{ visits: [{ at: 1760000000000, items: ['latte'] }] }]
 * await writeFile('model.bin', encodeModel(model));
 */
export async function trainModel(
  customers: TrainingCustomers,
  options: TrainModelOptions = {},
): Promise<CatalogModel> {
  const popular = options.whereAndWhen && createPopularCounter(options.whereAndWhen);
  const store = await collectVisits(
    popular ? popular.watch(customers) : customers,
    options.maxVisits ?? TRAINING.maxVisits,
  );
  const model = countModel(
    store,
    Uint32Array.from({ length: store.customers }, (_, c) => c),
    options,
  );
  return {
    ...model,
    ...(await togetherOf(store, model.skus, options)),
    ...(popular && { popular: popular.lists(model.skus) }),
  };
}

/** What goes with a basket, of a menu. */
async function togetherOf(
  store: VisitStore,
  skus: readonly string[],
  options: TrainModelOptions,
): Promise<Pick<CatalogModel, 'together'>> {
  const { menuItems, maxPaired } = { ...TRAINING, ...options };
  if (skus.length === 0 || skus.length > menuItems) return {};
  const families = familiesOf(skus, options.familyOf ?? String);
  return {
    together: await weighTogether(countMeetings(store, skus, families, maxPaired), families),
  };
}

/** The model of these customers of the store, and of nobody else. */
export function countModel(
  store: VisitStore,
  chosen: Uint32Array,
  options: TrainModelOptions = {},
): CatalogModel {
  const limits = { ...TRAINING, ...options };
  const counts = countItems(store, chosen);
  const { visits } = counts;
  const skuOf = (item: number): string => store.skus[item] ?? '';
  const order = [...visits.keys()]
    .filter((item) => (visits[item] ?? 0) > 0)
    .sort((a, b) => (visits[b] ?? 0) - (visits[a] ?? 0) || byCodePoint(skuOf(a), skuOf(b)))
    .slice(0, limits.maxItems);
  const places = new Int32Array(store.skus.length).fill(-1);
  order.forEach((item, place) => (places[item] = place));
  const ordered = (of: Uint32Array): Uint32Array =>
    Uint32Array.from(order, (item) => of[item] ?? 0);
  const paired = limits.sample > 1 ? chosen.filter(isDrawn(store, limits.sample)) : chosen;
  const sizes = paired === chosen ? counts : countItems(store, paired);
  const rows = countNeighbours(
    ...([store, paired, places] as const),
    { visits: ordered(sizes.visits), buyers: ordered(sizes.buyers) },
    { ...limits, neighbours: options.neighbours ?? neighboursOf(order.length) },
  );
  return modelOfCounts(
    {
      skus: order.map(skuOf),
      ...{
        visits: ordered(visits),
        buyers: ordered(counts.buyers),
        recent: ordered(counts.recent),
      },
      ...{ chances: ordered(counts.chances), bought: ordered(counts.bought) },
      gaps: ordered(counts.gaps),
      gapMs: Float64Array.from(order, (item) => counts.gapMs[item] ?? 0),
      ...rows,
    },
    { trainedAt: options.trainedAt ?? counts.newestAt, maxPairs: limits.maxPairs },
  );
}

/** Which customers are in the sample: where the MD5 of their ids begins below the same share of all beginnings, as in SQL. */
function isDrawn({ ids }: VisitStore, sample: number): (customer: number) => boolean {
  return (customer) => md5Prefix(ids[customer] ?? '') < drawnBelow(sample);
}

/** Where the sample ends, of 2³² beginnings. */
export function drawnBelow(sample: number): number {
  return Math.floor(2 ** 32 / sample);
}
