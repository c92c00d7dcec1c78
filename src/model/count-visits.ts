import type { RecommendVisit } from '../recommend/types.js';

const DAY_MS = 86_400_000;

/** What was counted of one item. */
export interface ItemCounts {
  readonly sku: string;
  /** Visits that hold it. */
  visits: number;
  /** Customers who bought it. */
  customers: number;
  /** Later visits of its buyers, and how many of them hold it again. */
  chances: number;
  bought: number;
  /** Gaps between purchases of it, and their days. */
  gaps: number;
  gapDays: number;
}

/** Counters that customers are added to, one by one. */
export interface VisitCounts {
  readonly items: readonly ItemCounts[];
  /** Row `i`: how often each other item came with, after, or from the same customer as item `i`. */
  readonly together: readonly ReadonlyMap<number, number>[];
  readonly next: readonly ReadonlyMap<number, number>[];
  readonly customers: readonly ReadonlyMap<number, number>[];
  readonly add: (visits: readonly RecommendVisit[]) => void;
  /** 0 when no visit had a time. */
  readonly newestAt: () => number;
}

/** Counters at zero. */
export function createCounts(limits: {
  readonly maxVisits: number;
  readonly maxPaired: number;
}): VisitCounts {
  const numbers = new Map<string, number>();
  const items: ItemCounts[] = [];
  const together: Map<number, number>[] = [];
  const next: Map<number, number>[] = [];
  const customers: Map<number, number>[] = [];
  let newest = 0;
  const numberOf = (sku: string): number => {
    const known = numbers.get(sku);
    if (known !== undefined) return known;
    const number = items.length;
    numbers.set(sku, number);
    items.push({ sku, visits: 0, customers: 0, chances: 0, bought: 0, gaps: 0, gapDays: 0 });
    for (const rows of [together, next, customers]) rows.push(new Map());
    return number;
  };
  const countPairs = (
    rows: Map<number, number>[],
    from: readonly number[],
    to: readonly number[],
  ): void => {
    for (const a of from) {
      const row = rows[a];
      for (const b of to) if (a !== b) row?.set(b, (row.get(b) ?? 0) + 1);
    }
  };
  const add = (visits: readonly RecommendVisit[]): void => {
    /** When each item was bought last, in the order of that. */
    const owned = new Map<number, number | undefined>();
    let before: readonly number[] = [];
    for (const visit of visits.slice(-limits.maxVisits)) {
      const at = Number.isFinite(visit.at) ? visit.at : undefined;
      if (at !== undefined && at > newest) newest = at;
      const basket = [...new Set(visit.items)].map(numberOf);
      countRepeats(items, owned, basket, at);
      const paired = basket.slice(0, limits.maxPaired);
      countPairs(together, paired, paired);
      countPairs(next, before, paired);
      before = paired;
    }
    const newestItems = [...owned.keys()].slice(-limits.maxPaired);
    for (const number of owned.keys()) increase(items[number], 'customers');
    countPairs(customers, newestItems, newestItems);
  };
  return { items, together, next, customers, add, newestAt: () => newest };
}

function increase(item: ItemCounts | undefined, what: 'customers' | 'chances' | 'visits'): void {
  if (item) item[what]++;
}

function countRepeats(
  items: readonly ItemCounts[],
  owned: Map<number, number | undefined>,
  basket: readonly number[],
  at: number | undefined,
): void {
  for (const number of owned.keys()) increase(items[number], 'chances');
  for (const number of basket) {
    const item = items[number];
    if (item === undefined) continue;
    item.visits++;
    if (owned.has(number)) {
      item.bought++;
      const lastAt = owned.get(number);
      if (at !== undefined && lastAt !== undefined && at > lastAt) {
        item.gaps++;
        item.gapDays += (at - lastAt) / DAY_MS;
      }
    }
    owned.delete(number);
    owned.set(number, at);
  }
}
