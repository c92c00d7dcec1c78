import type { CatalogModel, NeighbourTable, PopularList } from './types.js';

/** True when an object's tables are there, fit each other and hold numbers: a cache or JSON may have taken them. */
export function isModel(model: object): model is CatalogModel {
  const given: Partial<CatalogModel> = model;
  const { skus, visits, recent, repeat, perBuyer, gapDays, customers, sameVisit, next } = given;
  const { together = next, popular = [] } = given;
  if (!isTexts(skus)) return false;
  const { length } = skus;
  return (
    [visits, recent, repeat, perBuyer, gapDays].every((list) => isList(list, length)) &&
    isList(sameVisit, customers?.item?.length) &&
    [customers, next, together].every((table) => {
      const { start, item, weight }: Partial<NeighbourTable> = table ?? {};
      return (
        isList(item, item?.length, length - 1) &&
        isList(start, length + 1, item?.length) &&
        isList(weight, item?.length)
      );
    }) &&
    Array.isArray(popular) &&
    popular.every(
      (list: Partial<PopularList> | null) =>
        isList(list?.item, list?.item?.length, length - 1) &&
        isList(list?.visits, list?.item?.length),
    )
  );
}

/** True for a list of texts. */
export function isTexts(list: unknown): list is readonly string[] {
  return Array.isArray(list) && list.every((text) => typeof text === 'string');
}

function isList(list: unknown, length: number | undefined, most = Infinity): boolean {
  return (
    ArrayBuffer.isView(list) &&
    (list as Float32Array).length === length &&
    (list as Float32Array).every((n) => Number.isFinite(n) && n >= 0 && n <= most)
  );
}
