import type { VisitStore } from './collect-visits.js';

const DAY_MS = 86_400_000;

/** What was counted of each item, by its number in the store. */
export interface ItemCounts {
  /** Visits that hold it. */
  readonly visits: Uint32Array;
  /** Customers who bought it. */
  readonly buyers: Uint32Array;
  /** Customers whose newest visit holds it. */
  readonly recent: Uint32Array;
  /** Later visits of its buyers, and how many of them hold it again. */
  readonly chances: Uint32Array;
  readonly bought: Uint32Array;
  /** Gaps between purchases of it, and their days. */
  readonly gaps: Uint32Array;
  readonly gapDays: Float64Array;
  /** The newest time of a visit, 0 without times. */
  readonly newestAt: number;
}

/** Counts over these customers of the store. */
export function countItems(store: VisitStore, chosen: Uint32Array): ItemCounts {
  const size = store.skus.length;
  const zeros = (): Uint32Array => new Uint32Array(size);
  const counts = {
    ...{ visits: zeros(), buyers: zeros(), recent: zeros(), chances: zeros(), bought: zeros() },
    ...{ gaps: zeros(), gapDays: new Float64Array(size), newestAt: 0 },
  };
  for (const customer of chosen) countCustomer(store, customer, counts);
  return counts;
}

function countCustomer(
  { customerStart, visitStart, lines, ats }: VisitStore,
  customer: number,
  counts: { -readonly [K in keyof ItemCounts]: ItemCounts[K] },
): void {
  const first = customerStart[customer] ?? 0;
  const end = customerStart[customer + 1] ?? 0;
  /** The visit that held each item last, and how many visits had been by its first. */
  const owned = new Map<number, { last: number; from: number }>();
  for (let v = first; v < end; v++) {
    const at = ats[v] ?? NaN;
    if (at > counts.newestAt) counts.newestAt = at;
    for (let k = visitStart[v] ?? 0; k < (visitStart[v + 1] ?? 0); k++) {
      const item = lines[k] ?? 0;
      increase(counts.visits, item);
      if (v === end - 1) increase(counts.recent, item);
      const before = owned.get(item);
      if (before === undefined) {
        owned.set(item, { last: v, from: v });
        continue;
      }
      increase(counts.bought, item);
      const days = (at - (ats[before.last] ?? NaN)) / DAY_MS;
      if (days > 0) {
        increase(counts.gaps, item);
        counts.gapDays[item] = (counts.gapDays[item] ?? 0) + days;
      }
      before.last = v;
    }
  }
  for (const [item, { from }] of owned) {
    increase(counts.buyers, item);
    counts.chances[item] = (counts.chances[item] ?? 0) + end - 1 - from;
  }
}

function increase(counts: Uint32Array, item: number): void {
  counts[item] = (counts[item] ?? 0) + 1;
}

/** Mean of each item, pulled to the mean of all by `pseudo` observations; 0 where nothing was observed anywhere. */
export function shrunkMeans(
  sums: Uint32Array | Float64Array,
  counts: Uint32Array,
  order: readonly number[],
  pseudo: number,
): Float32Array {
  let sum = 0;
  let count = 0;
  for (const item of order) {
    sum += sums[item] ?? 0;
    count += counts[item] ?? 0;
  }
  const mean = count === 0 ? 0 : sum / count;
  return Float32Array.from(
    order,
    (item) => ((sums[item] ?? 0) + pseudo * mean) / ((counts[item] ?? 0) + pseudo),
  );
}
