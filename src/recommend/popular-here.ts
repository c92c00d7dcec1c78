import type { CatalogModel, PopularList, RecommendQuery } from './types.js';

/** As if so many visits had been as everywhere: few visits say little of a place, and of an hour. */
const USUAL_VISITS = 20;

/** The list that says most of where and when it is: of both, else of the place, else of the time of day. */
export function popularHere(
  model: CatalogModel | undefined,
  { place, daypart }: RecommendQuery,
): PopularList | undefined {
  const find = (at?: string, then?: string): PopularList | undefined =>
    model?.popular?.find((list) => list.place === at && list.daypart === then);
  return find(place, daypart) ?? find(place) ?? find(undefined, daypart);
}

/** How much more often than in the whole shop an item is bought here and now: 1 where it is the same. */
export function liftHere(
  { visits: all }: CatalogModel,
  { item, visits }: PopularList,
): (number: number) => number {
  const here = new Map([...item].map((number, rank) => [number, visits[rank] ?? 0]));
  const sum = (counts: Iterable<number>): number => [...counts].reduce((a, b) => a + b, 0);
  const share = sum(visits) / (sum([...item].map((number) => all[number] ?? 0)) || 1);
  // What is not in the list is bought no more often than the last of it.
  const least = visits.at(-1) ?? 0;
  return (number) => {
    const expected = share * (all[number] ?? 0);
    const bought = here.get(number) ?? Math.min(expected, least);
    return (bought + USUAL_VISITS) / (expected + USUAL_VISITS);
  };
}
