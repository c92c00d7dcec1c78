import type { CatalogIndex } from './catalog-index.js';
import type { Candidate } from './pick-candidates.js';
import { decayedNow, lastAtOf, type HistorySummary } from './summarize-history.js';
import type { CatalogModel, NeighbourTable, Recommended, RecommendReason } from './types.js';

interface Link {
  readonly sku: string;
  readonly inBasket: boolean;
  readonly strength: number;
}

/** Puts the facts behind each pick: the strongest first, at least one. */
export function explainRecommended(
  picked: readonly Candidate[],
  summary: HistorySummary,
  catalog: CatalogIndex,
  model: CatalogModel | undefined,
  basket: readonly string[],
  numbers: ReadonlyMap<string, number>,
): readonly Recommended[] {
  const links = model
    ? strongestLinks(picked, summary, catalog, model, basket, numbers)
    : undefined;
  return picked.map(({ sku, number, score, source, due }) => {
    const reasons: RecommendReason[] = due ? [due] : [];
    const own = summary.own.get(sku);
    if (own) {
      const lastAt = lastAtOf(own);
      reasons.push({
        kind: 'bought',
        times: own.seqs.length,
        visits: summary.visits(),
        ...(Number.isFinite(lastAt) && { lastAt }),
      });
    }
    const link = links?.get(number);
    // Beside an own habit only the basket is worth a word.
    if (link && source !== 'popular' && (link.inBasket || !own))
      reasons.push({ kind: 'together', sku: link.sku, inBasket: link.inBasket });
    if (source === 'popular') reasons.push({ kind: 'popular', rank: number + 1 });
    return { sku, score, source, reasons };
  });
}

// One pass over the rows of what the customer has, not one for each pick. What lies in the basket outranks what was bought.
function strongestLinks(
  picked: readonly Candidate[],
  summary: HistorySummary,
  catalog: CatalogIndex,
  model: CatalogModel,
  basket: readonly string[],
  numbers: ReadonlyMap<string, number>,
): ReadonlyMap<number, Link> {
  const wanted = new Uint8Array(model.skus.length);
  for (const { number } of picked) wanted[number] = 1;
  const best = new Map<number, Link>();
  const { next, customers, sameVisit } = model;
  const look = (
    sku: string,
    weight: number,
    inBasket: boolean,
    { start, item, weight: weights }: NeighbourTable,
  ): void => {
    const from = numbers.get(sku);
    if (from === undefined || catalog.item(sku)?.sensitive) return;
    for (let k = start[from] ?? 0; k < (start[from + 1] ?? 0); k++) {
      const number = item[k] ?? 0;
      if (wanted[number] !== 1) continue;
      const strength = weight * (weights[k] ?? 0) * (inBasket ? (sameVisit[k] ?? 0) : 1);
      const known = best.get(number);
      if (strength > 0 && (!known || (known.inBasket === inBasket && strength > known.strength)))
        best.set(number, { sku, inBasket, strength });
    }
  };
  for (const sku of basket) look(sku, 1, true, customers);
  const seq = summary.seq();
  for (const item of summary.own.values())
    for (const table of [customers, next]) look(item.sku, decayedNow(item, seq), false, table);
  return best;
}
