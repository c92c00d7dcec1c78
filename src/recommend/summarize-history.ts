import type { CatalogIndex } from './catalog-index.js';
import type { RecommendVisit } from './types.js';

const DAY_MS = 86_400_000;

/** What a customer's visits say of one item. */
export interface OwnItem {
  readonly sku: string;
  /** Place in the model, -1 for an item it does not know. */
  readonly number: number;
  /** Visits that hold it. */
  times: number;
  /** Counts in which each later visit weighs more: × .9 and × .6 a visit. */
  decayed9: number;
  decayed6: number;
  /** NaN where the visit had no time. */
  firstAt: number;
  readonly lastAt: number;
  /** Times of those visits, newest first. */
  readonly ats: number[];
}

/** What a customer's visits say. */
export interface HistorySummary {
  /** In the order of the newest visit that holds them. */
  readonly own: ReadonlyMap<string, OwnItem>;
  readonly visits: number;
  /** What the decayed counts of an item in every visit are. */
  readonly most9: number;
  readonly most6: number;
  /** When each durable was bought last, over all visits; NaN where the visit had no time. */
  readonly durables: ReadonlyMap<string, number>;
}

// Visits of which one has no time keep the order they came in.
function inOrder(visits: readonly RecommendVisit[]): readonly RecommendVisit[] {
  return visits.every(({ at }) => Number.isFinite(at))
    ? [...visits].sort((a, b) => (a.at ?? 0) - (b.at ?? 0))
    : visits;
}

/** Counts what the newest `maxVisits` visits hold, the newest first. */
export function summarizeHistory(
  visits: readonly RecommendVisit[],
  maxVisits: number,
  catalog: CatalogIndex,
  numbers: ReadonlyMap<string, number>,
): HistorySummary {
  const own = new Map<string, OwnItem>();
  const durables = new Map<string, number>();
  const counted = Math.min(visits.length, maxVisits);
  const newestFirst = [...inOrder(visits)].reverse();
  newestFirst.forEach(({ at = NaN, items }, age) => {
    for (const sku of new Set(items.map(catalog.canonical))) {
      // Durables rest for years: their visit may be older than those that count.
      if (catalog.item(sku)?.repurchaseDays !== undefined && !durables.has(sku))
        durables.set(sku, at);
      if (age >= maxVisits) continue;
      let item = own.get(sku);
      if (item === undefined) {
        const number = numbers.get(sku) ?? -1;
        item = {
          sku,
          number,
          times: 0,
          decayed9: 0,
          decayed6: 0,
          firstAt: at,
          lastAt: at,
          ats: [],
        };
        own.set(sku, item);
      }
      item.times++;
      item.decayed9 += 0.9 ** age;
      item.decayed6 += 0.6 ** age;
      item.firstAt = at;
      item.ats.push(at);
    }
  });
  return {
    own,
    visits: counted,
    // The sums of the weights, a geometric series.
    most9: (1 - 0.9 ** counted) / 0.1,
    most6: (1 - 0.6 ** counted) / 0.4,
    durables,
  };
}

/** Durables that still last, and their categories. */
export function restingDurables(
  summary: HistorySummary,
  catalog: CatalogIndex,
  now: number,
): { readonly skus: readonly string[]; readonly categories: ReadonlySet<string | undefined> } {
  const skus = [...summary.durables.keys()].filter((sku) => {
    const days = (now - (summary.durables.get(sku) ?? 0)) / DAY_MS;
    // Bought nobody knows when: rather not offered than offered twice.
    return !(days >= (catalog.item(sku)?.repurchaseDays ?? 0));
  });
  const categories = new Set(skus.map((sku) => catalog.item(sku)?.category));
  categories.delete(undefined);
  return { skus, categories };
}

/**
 * How well today fits the customer's rhythm with an item, 0–1: highest one usual gap after the last purchase.
 * The usual gap is the customer's own mean, shrunk to the item's by one pseudo-gap.
 */
export function dueness(item: OwnItem, now: number, itemGapDays: number): number {
  const { firstAt, lastAt, times } = item;
  const own = (lastAt - firstAt) / DAY_MS;
  const gap = itemGapDays > 0 ? (own + itemGapDays) / times : own / (times - 1);
  const ratio = (now - lastAt) / DAY_MS / gap;
  // Neither without times nor on the day itself.
  return ratio > 0 ? Math.exp(-(Math.log(ratio) ** 2)) : 0;
}
