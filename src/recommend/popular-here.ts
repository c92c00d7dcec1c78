import type { CatalogModel, PopularList, RecommendQuery } from './types.js';

/** What sells here and now. */
export interface PopularHere extends Pick<PopularList, 'item' | 'visits'> {
  /** Of what place and time of day the list is. */
  readonly where: Omit<PopularList, 'item' | 'visits'>;
  /** Place in the list by number. */
  readonly ranks: ReadonlyMap<number, number>;
}

/** The list that says most of where and when it is: of both, else of the place, else of the time of day. */
export function popularHere(
  model: CatalogModel | undefined,
  { place, daypart }: RecommendQuery,
): PopularHere | undefined {
  const { popular = [] } = model ?? {};
  const isOf = (list: PopularList, at?: string, then?: string): boolean =>
    list.place === at && list.daypart === then;
  const found =
    popular.find((list) => isOf(list, place, daypart)) ??
    popular.find((list) => isOf(list, place)) ??
    popular.find((list) => isOf(list, undefined, daypart));
  if (!found) return undefined;
  const { item, visits, ...where } = found;
  return { item, visits, where, ranks: new Map([...item].map((number, rank) => [number, rank])) };
}
