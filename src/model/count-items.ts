import type { VisitStore } from './collect-visits.js';

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
  /** Gaps between purchases of it, and their ms. */
  readonly gaps: Uint32Array;
  readonly gapMs: Float64Array;
  /** The newest time of a visit, 0 without times. */
  readonly newestAt: number;
}

/** Counts over these customers of the store. */
export function countItems(store: VisitStore, chosen: Uint32Array): ItemCounts {
  const size = store.skus.length;
  const zeros = (): Uint32Array => new Uint32Array(size);
  const counts = {
    ...{ visits: zeros(), buyers: zeros(), recent: zeros(), chances: zeros(), bought: zeros() },
    ...{ gaps: zeros(), gapMs: new Float64Array(size), newestAt: 0 },
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
      const ms = at - (ats[before.last] ?? NaN);
      if (ms > 0) {
        increase(counts.gaps, item);
        counts.gapMs[item] = (counts.gapMs[item] ?? 0) + ms;
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
