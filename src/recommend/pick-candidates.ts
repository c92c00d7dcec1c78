import type { CatalogIndex } from './catalog-index.js';
import { restingDurables, type HistorySummary } from './summarize-history.js';
import { takeInOrder } from './take-in-order.js';
import type {
  Item,
  PopularList,
  RecommendQuery,
  RecommendReason,
  RecommendSource,
} from './types.js';

/** An item that is not told by its place in the model alone. */
export interface KnownItem {
  readonly sku: string;
  /** Place in the model, -1 for an item it does not know. */
  readonly number: number;
}

/** All that might be offered, cheap to make: thousands are looked at for a few that are taken. Told by their numbers here. */
export interface CandidateList {
  /** What the customer has bought; or what the shop names. */
  readonly known: readonly KnownItem[];
  /** Numbers of further items of the model. */
  readonly fresh: readonly number[];
  /** Of the known ones, then of the fresh. */
  readonly scores: Float64Array;
  readonly skus: readonly string[];
  readonly sourceAt: (c: number) => RecommendSource;
  /** What the list itself knows of a candidate. */
  readonly reasonAt: (c: number) => RecommendReason | undefined;
  /** Most of one category among any five in a row, where nobody says. */
  readonly perCategory: number;
  /** Whom it is for. */
  readonly summary: HistorySummary;
  /** What sells here and now, where that counts. */
  readonly here?: PopularList | undefined;
}

/** So many in a row are to be mixed. */
const ROW = 5;

/** The place in the model of a candidate. */
export function numberAt({ known, fresh }: CandidateList, c: number): number {
  return known[c]?.number ?? fresh[c - known.length] ?? -1;
}

/** The sku of a candidate. */
export function skuAt(list: CandidateList, c: number): string {
  return list.known[c]?.sku ?? list.skus[numberAt(list, c)] ?? '';
}

/**
 * Takes the best that may be offered, `limit` at most, ties by sku. With `newShare` things bought and things never
 * bought have places of their own; what one of them leaves open goes to the other. Of a category that is there too often
 * the rest waits until others have come between.
 */
export function pickCandidates(
  list: CandidateList,
  catalog: CatalogIndex,
  query: RecommendQuery,
): readonly number[] {
  const { known, scores } = list;
  const { newShare } = query;
  const perCategory = query.perCategory ?? list.perCategory;
  const limit = Math.max(0, Math.floor(query.limit) || 0);
  const forNew = Math.round(limit * Math.min(1, Math.max(0, newShare ?? 1)));
  /** Places left. */
  const places = { own: newShare === undefined ? limit : limit - forNew, fresh: forNew };
  const skuOf = (c: number): string => skuAt(list, c);
  const isBefore = (a: number, b: number): boolean => {
    const difference = (scores[a] ?? 0) - (scores[b] ?? 0);
    return difference === 0 ? skuOf(a) < skuOf(b) : difference > 0;
  };
  const categoryOf = (c: number): string | undefined => catalog.item(skuOf(c))?.category;
  const picked: number[] = [];
  const waiting: number[] = [];
  const mixes = (c: number): boolean => {
    const category = categoryOf(c);
    const alike = picked.slice(1 - ROW).filter((other) => categoryOf(other) === category);
    return category === undefined || alike.length < Math.max(1, perCategory);
  };
  const take = (c: number): void => {
    if (!mixes(c)) return void waiting.push(c);
    picked.push(c);
    const next = waiting.findIndex(mixes);
    if (next >= 0) waiting.splice(next, 1).forEach(take);
  };
  const accepts = createFilter(list.summary, catalog, query);
  const spare: number[] = [];
  for (const c of takeInOrder(scores, isBefore)) {
    if (picked.length >= limit) break;
    const isOwn = c < known.length;
    if (!accepts(skuOf(c), isOwn)) continue;
    if (places[isOwn ? 'own' : 'fresh']-- > 0) take(c);
    else spare.push(c);
  }
  spare.forEach(take);
  const offered = picked.slice(0, limit);
  return perCategory < Infinity ? offered : offered.sort((a, b) => (isBefore(a, b) ? -1 : 1));
}

// One filter a call: it remembers which products it has let through.
function createFilter(
  summary: HistorySummary,
  catalog: CatalogIndex,
  { basket = [], exclude = [], available, now }: RecommendQuery,
): (sku: string, isOwn: boolean) => boolean {
  const { item: itemOf } = catalog;
  const resting = restingDurables(summary, now);
  const here = [...basket.map(catalog.canonical), ...resting.skus];
  const refused = new Set([...here, ...exclude.map(catalog.canonical)]);
  const taken = new Set(here.map((sku) => itemOf(sku)?.product));
  // Variants of what the customer has are no news.
  const owned = new Set<string | undefined>();
  for (const { item } of summary.own.values()) owned.add(item?.product);
  return (sku, isOwn) => {
    const item = itemOf(sku);
    const { product, repurchaseDays, category }: Partial<Item> = item ?? {};
    if (
      refused.has(sku) ||
      (catalog.known && !item) ||
      item?.sensitive ||
      item?.available === false ||
      (product !== undefined && (taken.has(product) || (!isOwn && owned.has(product)))) ||
      (repurchaseDays !== undefined && resting.categories.has(category)) ||
      available?.(sku) === false
    )
      return false;
    refused.add(sku);
    taken.add(product);
    return true;
  };
}
