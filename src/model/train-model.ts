import type { CatalogModel } from '../recommend/types.js';
import { collectVisits, type TrainingCustomers, type VisitStore } from './collect-visits.js';
import { countItems, shrunkMeans } from './count-items.js';
import { countNeighbours } from './count-neighbours.js';
import { packNeighbours } from './pack-neighbours.js';

/** How a model is made. */
export interface TrainModelOptions {
  /** When, ms. @defaultValue the newest visit's time, or 0 */
  readonly trainedAt?: number;
  /** Neighbours of each item, in either list, at most. @defaultValue 10 */
  readonly neighbours?: number;
  /** Neighbours in all; what matters least is left out. @defaultValue 90,000: a file of 250 kB */
  readonly maxPairs?: number;
  /** Items kept, the most bought ones. @defaultValue 50,000 */
  readonly maxItems?: number;
  /** Newest visits of a customer that count. @defaultValue 50 */
  readonly maxVisits?: number;
  /** Items of a visit, and newest items of a customer, that are paired. @defaultValue 100 */
  readonly maxPaired?: number;
}

/** What counts where the caller says nothing. */
export const TRAINING = {
  neighbours: 10,
  maxPairs: 90_000,
  maxItems: 50_000,
  maxVisits: 50,
  maxPaired: 100,
} as const;

// So many chances at the shop's mean are added to each item's own: rare items say little.
const PSEUDO_CHANCES = 20;
const PSEUDO_GAPS = 3;
const PSEUDO_BUYERS = 5;

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
  const store = await collectVisits(customers, options.maxVisits ?? TRAINING.maxVisits);
  return countModel(
    store,
    Uint32Array.from({ length: store.customers }, (_, c) => c),
    options,
  );
}

/** The model of these customers of the store, and of nobody else. */
export function countModel(
  store: VisitStore,
  chosen: Uint32Array,
  options: TrainModelOptions = {},
): CatalogModel {
  const limits = { ...TRAINING, ...options };
  const counts = countItems(store, chosen);
  const { visits, buyers } = counts;
  const skuOf = (item: number): string => store.skus[item] ?? '';
  const order = [...visits.keys()]
    .filter((item) => (visits[item] ?? 0) > 0)
    .sort((a, b) => (visits[b] ?? 0) - (visits[a] ?? 0) || (skuOf(a) < skuOf(b) ? -1 : 1))
    .slice(0, limits.maxItems);
  const places = new Int32Array(store.skus.length).fill(-1);
  order.forEach((item, place) => (places[item] = place));
  const ordered = (of: Uint32Array): Uint32Array =>
    Uint32Array.from(order, (item) => of[item] ?? 0);
  const sizes = { visits: ordered(visits), buyers: ordered(buyers) };
  const rows = countNeighbours(store, chosen, places, sizes, limits);
  return {
    version: 1,
    trainedAt: options.trainedAt ?? counts.newestAt,
    skus: order.map(skuOf),
    visits: sizes.visits,
    recent: ordered(counts.recent),
    repeat: shrunkMeans(counts.bought, counts.chances, order, PSEUDO_CHANCES),
    perBuyer: shrunkMeans(visits, buyers, order, PSEUDO_BUYERS),
    gapDays: shrunkMeans(counts.gapDays, counts.gaps, order, PSEUDO_GAPS),
    ...packNeighbours(rows.customers, rows.next, sizes.visits, limits.maxPairs),
  };
}
