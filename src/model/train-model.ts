import type { CatalogModel, RecommendVisit } from '../recommend/types.js';
import { createCounts, type ItemCounts } from './count-visits.js';
import { packNeighbours } from './pack-neighbours.js';

/** How a model is made. */
export interface TrainModelOptions {
  /** When, ms. @defaultValue the newest visit's time, or 0 */
  readonly trainedAt?: number;
  /** Neighbours kept of each item. @defaultValue 10 */
  readonly neighbours?: number;
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
  maxItems: 50_000,
  maxVisits: 50,
  maxPaired: 100,
} as const;

// So many chances at the shop's mean are added to each item's own: rare items say little.
const PSEUDO_CHANCES = 20;
const PSEUDO_GAPS = 3;

/**
 * Counts what customers buy, again, together and next, and makes the model that `createRecommender` takes.
 * A pair counts from two visits on. The same customers give the same model.
 * @example
 * const model = await trainModel(customers); // [{ visits: [{ at: 1760000000000, items: ['latte'] }] }]
 * await writeFile('model.bin', encodeModel(model));
 */
export async function trainModel(
  customers:
    | Iterable<{ readonly visits: readonly RecommendVisit[] }>
    | AsyncIterable<{ readonly visits: readonly RecommendVisit[] }>,
  options: TrainModelOptions = {},
): Promise<CatalogModel> {
  const { neighbours, maxItems, maxVisits, maxPaired } = { ...TRAINING, ...options };
  const counts = createCounts({ maxVisits, maxPaired });
  for await (const { visits } of customers) counts.add(visits);
  const { items } = counts;
  const order = items
    .map((_, number) => number)
    .sort((a, b) => compareItems(items[a], items[b]))
    .slice(0, maxItems);
  const kept = order.flatMap((number) => items[number] ?? []);
  const pack = (
    rows: readonly ReadonlyMap<number, number>[],
    size: (item: ItemCounts) => number,
    limit: number,
  ): CatalogModel['next'] => packNeighbours(rows, order, items.map(size), limit);
  return {
    version: 1,
    trainedAt: options.trainedAt ?? counts.newestAt(),
    skus: kept.map(({ sku }) => sku),
    visits: Uint32Array.from(kept, ({ visits }) => visits),
    repeat: shrunkMeans(kept, ({ bought, chances }) => [bought, chances], PSEUDO_CHANCES),
    gapDays: shrunkMeans(kept, ({ gapDays, gaps }) => [gapDays, gaps], PSEUDO_GAPS),
    together: pack(counts.together, ({ visits }) => visits, Math.ceil(neighbours / 2)),
    next: pack(counts.next, ({ visits }) => visits, neighbours),
    customers: pack(counts.customers, ({ customers: size }) => size, neighbours),
  };
}

function compareItems(a: ItemCounts | undefined, b: ItemCounts | undefined): number {
  if (a === undefined || b === undefined) return 0;
  return b.visits - a.visits || (a.sku < b.sku ? -1 : 1);
}

/** Mean of each item, pulled to the mean of all by `pseudo` observations; 0 where nothing was observed anywhere. */
function shrunkMeans(
  items: readonly ItemCounts[],
  sums: (item: ItemCounts) => readonly [number, number],
  pseudo: number,
): Float32Array {
  let sum = 0;
  let count = 0;
  for (const item of items) {
    const [itemSum, itemCount] = sums(item);
    sum += itemSum;
    count += itemCount;
  }
  const mean = count === 0 ? 0 : sum / count;
  return Float32Array.from(items, (item) => {
    const [itemSum, itemCount] = sums(item);
    return (itemSum + pseudo * mean) / (itemCount + pseudo);
  });
}
