import type { CatalogModel, PopularList, RecommendQuery } from './types.js';

/** The list that says most of where and when it is: of both, else of the place, else of the time of day. */
export function popularHere(
  model: CatalogModel | undefined,
  { place, daypart }: RecommendQuery,
): PopularList | undefined {
  const find = (at?: string, then?: string): PopularList | undefined =>
    model?.popular?.find((list) => list.place === at && list.daypart === then);
  return find(place, daypart) ?? find(place) ?? find(undefined, daypart);
}
