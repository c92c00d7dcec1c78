import { canonical, finish, POPULAR_RANKS, steering, type Knowledge } from './answer-questions.js';
import { shareOf } from './neighbour-sums.js';
import type { CandidateList } from './pick-candidates.js';
import type { Recommended, RecommendQuery, RecommendReason } from './types.js';

/** More than any other score: what the shop names comes first, in its order. */
const NAMED = 9;

/** What there is instead of an item: what the shop names, then what others buy instead, of its kind. */
export function similarItems(
  knowledge: Knowledge,
  sku: string,
  query: RecommendQuery,
): readonly Recommended[] {
  const { catalog, scorer, numberOf, skus, nobody } = knowledge;
  const { touched, sums } = scorer;
  const [wanted = ''] = canonical(knowledge, [sku]);
  const { substitutes = [], category } = catalog.item(wanted) ?? {};
  const asked = steering(knowledge, [wanted]);
  asked.forEach(scorer.steerAway);
  const known = substitutes.map((named) => {
    const [own = ''] = canonical(knowledge, [named.sku]);
    return { sku: own, number: numberOf(own), difference: named.difference };
  });
  const ofItsKind = catalog.categories.get(category ?? '')?.map(numberOf) ?? touched.list;
  const fresh = ofItsKind.filter(
    (number) => touched.has[number] === 1 || (number >= 0 && number < POPULAR_RANKS),
  );
  const list: CandidateList = {
    ...{ known, fresh, skus, perCategory: Infinity },
    scores: Float64Array.from([
      ...known.map((_, c) => NAMED - c / known.length),
      ...fresh.map((number) => shareOf(sums.customers, number) + scorer.scoreAny(number)),
    ]),
    sourceAt: () => 'similar',
  };
  const first = (c: number): RecommendReason | undefined =>
    known[c] && { kind: 'substitute', sku: wanted, difference: known[c].difference };
  const asking = { ...query, exclude: [...(query.exclude ?? []), wanted] };
  return finish(knowledge, list, asking, { summary: nobody, asked, inBasket: false, first });
}
