import type { CatalogIndex } from './catalog-index.js';
import { restingDurables, type HistorySummary, type OwnItem } from './summarize-history.js';
import { takeInOrder } from './take-in-order.js';
import type { RecommendQuery, RecommendReason } from './types.js';

/** An item that might be offered. */
export interface Candidate {
  readonly sku: string;
  /** Place in the model, -1 for an item it does not know. */
  readonly number: number;
  readonly score: number;
  readonly source: 'again' | 'due' | 'together' | 'popular';
  /** Why it may be running low. */
  readonly due?: RecommendReason;
}

/** All that might be offered, cheap to make: thousands are looked at for a few that are taken. */
export interface CandidateList {
  /** What the customer has bought. */
  readonly own: readonly OwnItem[];
  /** Numbers of further items of the model, those that a neighbour brought in first. */
  readonly fresh: readonly number[];
  /** How many, own ones included, come before the merely popular. */
  readonly linked: number;
  /** Of the own ones, then of the fresh. */
  readonly scores: Float64Array;
  readonly skus: readonly string[];
}

/**
 * Takes the best that may be offered, `limit` at most, ties by sku. With `newShare` things bought and things never
 * bought have places of their own; what one of them leaves open goes to the other.
 */
export function pickCandidates(
  { own, fresh, linked, scores, skus }: CandidateList,
  summary: HistorySummary,
  catalog: CatalogIndex,
  basket: readonly string[],
  query: RecommendQuery,
  dueOf: (item: OwnItem) => RecommendReason | undefined,
): readonly Candidate[] {
  const limit = Math.max(0, Math.floor(query.limit) || 0);
  const forNew = Math.round(limit * Math.min(1, Math.max(0, query.newShare ?? 1)));
  const forOwn = query.newShare === undefined ? limit : limit - forNew;
  const numberAt = (c: number): number => fresh[c - own.length] ?? own[c]?.number ?? -1;
  const skuAt = (c: number): string => own[c]?.sku ?? skus[numberAt(c)] ?? '';
  const isBetter = (a: number, b: number): boolean => {
    const difference = (scores[a] ?? 0) - (scores[b] ?? 0);
    return difference === 0 ? skuAt(a) < skuAt(b) : difference > 0;
  };
  const accepts = createFilter(summary, catalog, basket, query);
  const picked: number[] = [];
  const spare: number[] = [];
  let newOnes = 0;
  for (const c of takeInOrder(scores.length, isBetter)) {
    if (picked.length >= limit) break;
    const isOwn = c < own.length;
    if (!accepts(skuAt(c), isOwn)) continue;
    const hasPlace = isOwn ? picked.length - newOnes < forOwn : newOnes < forNew;
    if (hasPlace && !isOwn) newOnes++;
    (hasPlace ? picked : spare).push(c);
  }
  return [...picked, ...spare]
    .slice(0, limit)
    .sort((a, b) => (isBetter(a, b) ? -1 : 1))
    .map((c) => {
      const mine = own[c];
      const due = mine && dueOf(mine);
      const source = mine ? (due ? 'due' : 'again') : c < linked ? 'together' : 'popular';
      return {
        ...{ sku: skuAt(c), number: numberAt(c), score: scores[c] ?? 0, source },
        ...(due && { due }),
      };
    });
}

// One filter a call: it remembers which products it has let through.
function createFilter(
  summary: HistorySummary,
  catalog: CatalogIndex,
  basket: readonly string[],
  { exclude = [], available, now }: RecommendQuery,
): (sku: string, isOwn: boolean) => boolean {
  const { item: itemOf } = catalog;
  const productOf = (sku: string): string | undefined => itemOf(sku)?.product;
  const resting = restingDurables(summary, catalog, now);
  const here = [...basket, ...resting.skus];
  const refused = new Set([...here, ...exclude.map(catalog.canonical)]);
  const taken = new Set(here.map(productOf));
  // Variants of what the customer has are no news.
  const owned = new Set([...summary.own.keys()].map(productOf));
  return (sku, isOwn) => {
    const item = itemOf(sku);
    const product = item?.product;
    if (
      refused.has(sku) ||
      (!isOwn && summary.own.has(sku)) ||
      (catalog.known && !item) ||
      item?.sensitive ||
      item?.available === false ||
      (product !== undefined && (taken.has(product) || (!isOwn && owned.has(product)))) ||
      (item?.repurchaseDays !== undefined && resting.categories.has(item.category)) ||
      available?.(sku) === false
    )
      return false;
    refused.add(sku);
    taken.add(product);
    return true;
  };
}
