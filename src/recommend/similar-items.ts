import { finish, POPULAR_RANKS, steering, type Knowledge } from './answer-questions.js';
import { addNeighbours, MET, shareOf } from './neighbour-sums.js';
import { createWeigher } from './score-items.js';
import type { Recommended, RecommendQuery } from './types.js';

/** More than any other score: what the shop names comes first, in its order. */
const NAMED = 9;

/** What there is instead of an item: what the shop names, then what others buy instead, of its kind. */
export function similarItems(
  knowledge: Knowledge,
  key: string,
  query: RecommendQuery,
): readonly Recommended[] {
  const { model, catalog, numberOf, skus, standing, nobody } = knowledge;
  const wanted = catalog.canonical(key);
  const { substitutes = [], category, sensitive } = catalog.item(wanted) ?? {};
  if (sensitive) return [];
  const work = knowledge.borrow();
  const { sums, met, states } = work;
  if (model)
    for (const number of steering(knowledge, [wanted])) {
      addNeighbours(work, sums.customers, model.customers, number, 1);
      // Not what is bought beside it.
      addNeighbours(work, sums.customers, model.customers, number, -1, model.sameVisit);
    }
  const worth = createWeigher(sums, standing);
  const known = substitutes.map(({ sku, difference }) => {
    const named = catalog.canonical(sku);
    return { sku: named, number: numberOf(named), difference };
  });
  const ofItsKind = catalog.categories.get(category ?? '')?.map(numberOf) ?? met;
  const fresh = ofItsKind.filter(
    (number) => states[number] === MET || (number >= 0 && number < POPULAR_RANKS),
  );
  return finish(
    knowledge,
    work,
    { ...query, exclude: [...(query.exclude ?? []), wanted] },
    {
      ...{ known, fresh, skus, summary: nobody, perCategory: Infinity },
      scores: Float64Array.from([
        ...known.map((_, c) => NAMED - c / known.length),
        ...fresh.map((number) => shareOf(sums.customers, number) + worth(number)),
      ]),
      sourceAt: () => 'similar',
      reasonAt: (c) =>
        known[c] && { kind: 'substitute', sku: wanted, difference: known[c].difference },
    },
  );
}
