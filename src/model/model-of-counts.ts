import type { CatalogModel } from '../recommend/types.js';
import type { NeighbourRow } from './count-neighbours.js';
import { packNeighbours } from './pack-neighbours.js';

/** What was counted, wherever: each list by the items' places, the most bought first. */
export interface ModelCounts {
  readonly skus: readonly string[];
  /** Visits that hold the item. */
  readonly visits: Uint32Array;
  /** Customers who bought it. */
  readonly buyers: Uint32Array;
  /** Customers whose newest visit holds it. */
  readonly recent: Uint32Array;
  /** Later visits of its buyers, and how many of them hold it again. */
  readonly chances: Uint32Array;
  readonly bought: Uint32Array;
  /** Gaps between purchases of it, and their ms. */
  readonly gaps: Uint32Array;
  readonly gapMs: Float64Array;
  readonly customers: readonly NeighbourRow[];
  readonly next: readonly NeighbourRow[];
}

const DAY_MS = 86_400_000;
// So many chances at the shop's mean are added to each item's own: rare items say little.
const PSEUDO_CHANCES = 20;
const PSEUDO_GAPS = 3;
const PSEUDO_BUYERS = 5;

/** The model that these counts make. */
export function modelOfCounts(
  counts: ModelCounts,
  { trainedAt, maxPairs }: { readonly trainedAt: number; readonly maxPairs: number },
): CatalogModel {
  const { skus, visits, recent, buyers, gaps } = counts;
  return {
    version: 1,
    ...{ trainedAt, skus, visits, recent },
    repeat: shrunkMeans(counts.bought, counts.chances, PSEUDO_CHANCES),
    perBuyer: shrunkMeans(visits, buyers, PSEUDO_BUYERS),
    gapDays: shrunkMeans(counts.gapMs, gaps, PSEUDO_GAPS).map((ms) => ms / DAY_MS),
    ...packNeighbours(counts.customers, counts.next, visits, maxPairs),
  };
}

/** Mean of each item, pulled to the mean of all by `pseudo` observations; 0 where nothing was observed anywhere. */
function shrunkMeans(
  sums: Uint32Array | Float64Array,
  counts: Uint32Array,
  pseudo: number,
): Float32Array {
  const total = (list: Uint32Array | Float64Array): number => {
    let sum = 0;
    for (const value of list) sum += value;
    return sum;
  };
  const count = total(counts);
  const mean = count === 0 ? 0 : total(sums) / count;
  return Float32Array.from(
    counts,
    (own, item) => ((sums[item] ?? 0) + pseudo * mean) / (own + pseudo),
  );
}
