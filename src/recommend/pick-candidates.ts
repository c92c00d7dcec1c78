import type { CatalogIndex } from './catalog-index.js';
import { makeHeap } from './heap.js';
import { restingDurables, type HistorySummary } from './summarize-history.js';
import type { RecommendQuery } from './types.js';

/** An item that might be offered. */
export interface Candidate {
  readonly sku: string;
  /** Place in the model, -1 for an item it does not know. */
  readonly number: number;
  readonly score: number;
  readonly source: 'again' | 'together' | 'popular';
}

/** By score, then by sku. */
function isBetter(a: Candidate, b: Candidate): boolean {
  return a.score === b.score ? a.sku < b.sku : a.score > b.score;
}

/**
 * Takes the best that may be offered, `limit` at most. With `newShare` things bought and things never bought have
 * places of their own; what one of them leaves open goes to the other.
 */
export function pickCandidates(
  candidates: Candidate[],
  summary: HistorySummary,
  catalog: CatalogIndex,
  basket: readonly string[],
  query: RecommendQuery,
): readonly Candidate[] {
  const { limit: asked, newShare } = query;
  const limit = Math.max(0, Math.floor(asked) || 0);
  const reserved = Math.round(limit * Math.min(1, Math.max(0, newShare ?? 1)));
  const bought = { places: newShare === undefined ? limit : limit - reserved, left: 0 };
  const fresh = { places: reserved, left: 0 };
  const sideOf = ({ source }: Candidate): typeof fresh => (source === 'again' ? bought : fresh);
  for (const candidate of candidates) sideOf(candidate).left++;
  const accepts = createFilter(summary, catalog, basket, query);
  const picked: Candidate[] = [];
  const spare: Candidate[] = [];
  const isOpen = (side: typeof fresh): boolean => side.left > 0 && side.places > 0;
  const takeBest = makeHeap(candidates, isBetter);
  while (
    picked.length < limit &&
    (isOpen(bought) || isOpen(fresh) || picked.length + spare.length < limit)
  ) {
    const candidate = takeBest();
    if (candidate === undefined) break;
    const side = sideOf(candidate);
    side.left--;
    if (!accepts(candidate)) continue;
    (side.places-- > 0 ? picked : spare).push(candidate);
  }
  return [...picked, ...spare].slice(0, limit).sort((a, b) => (isBetter(a, b) ? -1 : 1));
}

// One filter a call: it remembers which products it has let through.
function createFilter(
  summary: HistorySummary,
  catalog: CatalogIndex,
  basket: readonly string[],
  { exclude = [], available, now }: RecommendQuery,
): (candidate: Candidate) => boolean {
  const { item: itemOf } = catalog;
  // Variants of what the customer has are no news; without a product of its own an item is one by itself.
  const productOf = (sku: string): string | undefined => itemOf(sku)?.product;
  const resting = restingDurables(summary, catalog, now);
  const here = [...basket, ...resting.skus];
  const refused = new Set([...here, ...exclude.map(catalog.canonical)]);
  const taken = new Set(here.map(productOf));
  const owned = new Set([...summary.own.keys()].map(productOf));
  return ({ sku, source }) => {
    const item = itemOf(sku);
    const product = item?.product;
    if (
      refused.has(sku) ||
      (catalog.known && !item) ||
      item?.sensitive ||
      item?.available === false ||
      (product !== undefined &&
        (taken.has(product) || (source !== 'again' && owned.has(product)))) ||
      (item?.repurchaseDays !== undefined && resting.categories.has(item.category)) ||
      available?.(sku) === false
    )
      return false;
    refused.add(sku);
    taken.add(product);
    return true;
  };
}
