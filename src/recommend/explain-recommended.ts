import { numberAt, skuAt, type CandidateList } from './pick-candidates.js';
import { steers } from './score-items.js';
import { decayedNow, lastAtOf, type HistorySummary } from './summarize-history.js';
import type { CatalogModel, NeighbourTable, Recommended, RecommendReason } from './types.js';

/** What the facts are taken from. */
export interface Grounds {
  readonly summary: HistorySummary;
  readonly model: CatalogModel | undefined;
  /** Numbers of what lies in the basket; or of what something is asked for instead of. */
  readonly asked: readonly number[];
  readonly inBasket: boolean;
  /** A byte an item, all zeros before and after. */
  readonly hidden: Uint8Array;
  /** What the list itself knows of a candidate. */
  readonly first: (c: number) => RecommendReason | undefined;
  /** How popular an item of the model is. */
  readonly popular: (number: number) => RecommendReason;
}

/** Puts the facts behind each pick: the strongest first, at least one. */
export function explainRecommended(
  list: CandidateList,
  picked: readonly number[],
  grounds: Grounds,
): readonly Recommended[] {
  const { summary, model, first, popular } = grounds;
  const links = model && strongestLinks(list, picked, grounds, model);
  return picked.map((c) => {
    const sku = skuAt(list, c);
    const number = numberAt(list, c);
    const reason = first(c);
    const source = reason?.kind === 'due' ? 'due' : list.sourceAt(c);
    const reasons: RecommendReason[] = reason ? [reason] : [];
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
      reasons.push({ kind: 'together', sku: list.skus[link.by] ?? '', inBasket: link.inBasket });
    if (source === 'popular' || reasons.length === 0) reasons.push(popular(number));
    return { sku, score: list.scores[c] ?? 0, source, reasons };
  });
}

interface Link {
  readonly by: number;
  readonly inBasket: boolean;
  readonly strength: number;
}

// One pass over the rows of what the customer has, not one for each pick. What was asked about outranks what was bought.
function strongestLinks(
  list: CandidateList,
  picked: readonly number[],
  { summary, asked, inBasket, hidden: wanted }: Grounds,
  { customers, next, sameVisit, together }: CatalogModel,
): ReadonlyMap<number, Link> {
  const best = new Map<number, Link>();
  const look = (
    by: number,
    weight: number,
    { start, item, weight: weights }: NeighbourTable,
    level: number,
    factors?: Float32Array,
  ): void => {
    for (let k = start[by] ?? 0; k < (start[by + 1] ?? 0); k++) {
      const number = item[k] ?? 0;
      if ((wanted[number] ?? 0) < level) continue;
      const strength = weight * (weights[k] ?? 0) * (factors ? (factors[k] ?? 0) : 1);
      if (!(strength > (best.get(number)?.strength ?? 0))) continue;
      best.set(number, { by, inBasket: level === 1 && inBasket, strength });
    }
  };
  for (const c of picked) wanted[numberAt(list, c)] = c < list.known.length ? 1 : 2;
  for (const by of asked)
    if (together && inBasket) look(by, 1, together, 1);
    else look(by, 1, customers, 1, inBasket ? sameVisit : undefined);
  // Beside an own habit only the basket is worth a word, and beside the basket nothing.
  for (const number of best.keys()) wanted[number] = 0;
  const seq = summary.seq();
  if (picked.some((c) => wanted[numberAt(list, c)] === 2))
    for (const item of summary.own.values())
      if (steers(item.number, item.item))
        for (const table of [customers, next]) look(item.number, decayedNow(item, seq), table, 2);
  for (const c of picked) wanted[numberAt(list, c)] = 0;
  return best;
}
