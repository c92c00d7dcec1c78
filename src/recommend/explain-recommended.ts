import type { NeighbourSum, Sums } from './neighbour-sums.js';
import { numberAt, skuAt, type CandidateList } from './pick-candidates.js';
import { lastAtOf } from './summarize-history.js';
import type { PopularList, Recommended, RecommendReason } from './types.js';

/** Puts the facts behind each pick: the strongest first, at least one. */
export function explainRecommended(
  list: CandidateList,
  picked: readonly number[],
  { customers, basket }: Sums,
): readonly Recommended[] {
  const { summary, here } = list;
  return picked.map((c) => {
    const sku = skuAt(list, c);
    const number = numberAt(list, c);
    const reason = list.reasonAt(c);
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
    const inBasket = isSpokenFor(basket, number);
    // Beside an own habit only the basket is worth a word.
    if (source !== 'popular' && (inBasket || (!own && isSpokenFor(customers, number)))) {
      const by = (inBasket ? basket : customers).loudest.by[number] ?? -1;
      reasons.push({ kind: 'together', sku: list.skus[by] ?? '', inBasket });
    }
    if (source === 'popular' || reasons.length === 0) reasons.push(popularAs(number, here));
    return { sku, score: list.scores[c] ?? 0, source, reasons };
  });
}

function isSpokenFor({ loudest }: NeighbourSum, number: number): boolean {
  return (loudest.strength[number] ?? 0) > 0;
}

/** The rank of an item here and now, else in the shop. */
function popularAs(number: number, here: PopularList | undefined): RecommendReason {
  const { item, visits: _, ...where }: Partial<PopularList> = here ?? {};
  const rank = item?.indexOf(number) ?? -1;
  return rank < 0
    ? { kind: 'popular', rank: number + 1 }
    : { kind: 'popular', rank: rank + 1, ...where };
}
