import type { CatalogIndex } from './catalog-index.js';
import type { Item, RecommendVisit } from './types.js';

const DAY_MS = 86_400_000;
const DECAY = 0.6;
// Asked for each item of each answer.
const POWERS = Float64Array.from({ length: 64 }, (_, visits) => DECAY ** visits);

/** What is left of a purchase after so many visits. */
const fade = (visits: number): number => POWERS[visits] ?? DECAY ** visits;

/** What a customer's visits say of one item. */
export interface OwnItem {
  readonly sku: string;
  /** Place in the model, -1 for an item it does not know. */
  readonly number: number;
  /** As the shop sells it today. */
  readonly item: Item | undefined;
  /** Count in which each later visit weighs more, × .6 a visit, as it was at visit `last`. */
  decayed: number;
  /** Which visits hold it, and when those were, oldest first; NaN where a visit had no time. */
  readonly seqs: number[];
  readonly ats: number[];
}

/** What a customer's visits say: each further visit costs its items, however many there were. */
export interface HistorySummary {
  readonly own: ReadonlyMap<string, OwnItem>;
  /** Visits that count. */
  readonly visits: () => number;
  /** What the decayed count of an item in every visit is. */
  readonly most: () => number;
  /** Number of the newest visit. */
  readonly seq: () => number;
  /** What the newest visits hold, oldest first. */
  readonly baskets: readonly (readonly OwnItem[])[];
  /** When each durable was bought last, over all visits; NaN where the visit had no time. */
  readonly durables: ReadonlyMap<string, { readonly at: number; readonly item: Item }>;
  readonly add: (visit: RecommendVisit) => void;
}

/** Visits in the order of their times, whatever order they came in; of which one has no time, in that they came in. */
export function inOrder(visits: readonly RecommendVisit[]): RecommendVisit[] {
  if (!visits.every(({ at }) => Number.isFinite(at))) return [...visits];
  const text = ({ items }: RecommendVisit): string => [...items].sort().join('\n');
  return [...visits].sort(
    (a, b) => (a.at ?? 0) - (b.at ?? 0) || (text(a) < text(b) ? -1 : text(a) > text(b) ? 1 : 0),
  );
}

/** Counts what the newest `maxVisits` visits hold. */
export function createSummary(
  maxVisits: number,
  catalog: CatalogIndex,
  numberOf: (sku: string) => number,
): HistorySummary {
  const own = new Map<string, OwnItem>();
  const durables = new Map<string, { readonly at: number; readonly item: Item }>();
  const baskets: OwnItem[][] = [];
  let seq = 0;
  /** Takes the oldest visit out again. */
  const drop = (): void => {
    for (const item of baskets.shift() ?? []) {
      item.ats.shift();
      item.decayed -= fade(lastOf(item) - (item.seqs.shift() ?? 0));
      if (item.seqs.length === 0) own.delete(item.sku);
    }
  };
  return {
    own,
    durables,
    baskets,
    visits: () => baskets.length,
    // The sum of the weights, a geometric series.
    most: () => (1 - fade(baskets.length)) / (1 - DECAY),
    seq: () => seq,
    add: ({ at = NaN, items }) => {
      seq++;
      const basket: OwnItem[] = [];
      // In the order of skus, not of the lines: sums come out the same to the last bit.
      for (const sku of [...new Set(items.map(catalog.canonical))].sort()) {
        const item = own.get(sku) ?? {
          sku,
          number: numberOf(sku),
          item: catalog.item(sku),
          decayed: 0,
          seqs: [],
          ats: [],
        };
        own.set(sku, item);
        // Durables rest for years: their visit may be older than those that count.
        if (item.item?.repurchaseDays !== undefined) durables.set(sku, { at, item: item.item });
        item.decayed = item.decayed * fade(seq - lastOf(item)) + 1;
        item.seqs.push(seq);
        item.ats.push(at);
        basket.push(item);
      }
      baskets.push(basket);
      if (baskets.length > maxVisits) drop();
    },
  };
}

/** The newest visit that holds an item. */
export function lastOf({ seqs }: OwnItem): number {
  return seqs[seqs.length - 1] ?? 0;
}

/** Its decayed count now. */
export function decayedNow(item: OwnItem, seq: number): number {
  return item.decayed * fade(seq - lastOf(item));
}

/** When it was bought last. */
export function lastAtOf({ ats }: OwnItem): number {
  return ats[ats.length - 1] ?? NaN;
}

/** Durables that still last, and their categories. */
export function restingDurables(
  { durables }: HistorySummary,
  now: number,
): { readonly skus: readonly string[]; readonly categories: ReadonlySet<string | undefined> } {
  const lasting = [...durables].filter(
    // Bought nobody knows when: rather not offered than offered twice.
    ([, { at, item }]) => !((now - at) / DAY_MS >= (item.repurchaseDays ?? 0)),
  );
  const categories = new Set(lasting.map(([, { item }]) => item.category));
  categories.delete(undefined);
  return { skus: lasting.map(([sku]) => sku), categories };
}

/**
 * Days since the last purchase, in usual gaps: the customer's own mean, shrunk to the item's by one pseudo-gap.
 * NaN without times.
 */
export function gapsSince(item: OwnItem, now: number, itemGapDays: number): number {
  const { ats } = item;
  const lastAt = lastAtOf(item);
  const own = (lastAt - (ats[0] ?? NaN)) / DAY_MS;
  const gap = itemGapDays > 0 ? (own + itemGapDays) / ats.length : own / (ats.length - 1);
  return (now - lastAt) / DAY_MS / gap;
}

/** How well today fits the customer's rhythm with an item, 0–1: highest one usual gap after the last purchase. */
export function dueness(item: OwnItem, now: number, itemGapDays: number): number {
  const ratio = gapsSince(item, now, itemGapDays);
  // Neither without times nor on the day itself.
  return ratio > 0 ? Math.exp(-(Math.log(ratio) ** 2)) : 0;
}
