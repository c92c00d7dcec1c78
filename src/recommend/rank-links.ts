import type { RankContext } from './rank-types.js';
import { steers } from './score-items.js';
import type { CatalogModel } from './types.js';

/** Numbers of a candidate that are told by how single purchases link to it, where the engine's sums tell of all together. */
export const LINKS = 4;

/** For each item of a model one more than its place among the candidates at hand, 0 for the others and between answers. */
const placesOf = new WeakMap<CatalogModel, Uint16Array>();

/**
 * Writes the first columns: the strongest link of an own item by either list, the mean link over all own items whenever they
 * were bought, and what came at one visit with what the newest basket holds.
 */
export function fillLinks(
  columns: Float32Array,
  chosen: Uint32Array,
  { model, summary, own, fresh }: RankContext,
): void {
  const { customers, next, sameVisit } = model;
  const count = chosen.length;
  const places = placesOf.get(model) ?? new Uint16Array(model.skus.length);
  placesOf.set(model, places);
  const numberAt = (c: number): number => own[c]?.number ?? fresh[c - own.length] ?? -1;
  chosen.forEach((candidate, i) => (places[numberAt(candidate)] = i + 1));
  for (const { number, item } of summary.own.values()) {
    if (!steers(number, item)) continue;
    for (let k = customers.start[number] ?? 0; k < (customers.start[number + 1] ?? 0); k++) {
      const place = places[customers.item[k] ?? -1] ?? 0;
      if (place === 0) continue;
      const at = place - 1;
      const weight = customers.weight[k] ?? 0;
      if (weight > (columns[at] ?? 0)) columns[at] = weight;
      const mean = at + 2 * count;
      columns[mean] = (columns[mean] ?? 0) + weight / summary.own.size;
    }
    for (let k = next.start[number] ?? 0; k < (next.start[number + 1] ?? 0); k++) {
      const place = places[next.item[k] ?? -1] ?? 0;
      const at = count + place - 1;
      if (place > 0 && (next.weight[k] ?? 0) > (columns[at] ?? 0))
        columns[at] = next.weight[k] ?? 0;
    }
  }
  const newest = summary.baskets.at(-1) ?? [];
  for (const { number, item } of newest) {
    if (!steers(number, item)) continue;
    for (let k = customers.start[number] ?? 0; k < (customers.start[number + 1] ?? 0); k++) {
      const place = places[customers.item[k] ?? -1] ?? 0;
      const at = 3 * count + place - 1;
      if (place > 0)
        columns[at] =
          (columns[at] ?? 0) + ((customers.weight[k] ?? 0) * (sameVisit[k] ?? 0)) / newest.length;
    }
  }
  chosen.forEach((candidate) => (places[numberAt(candidate)] = 0));
}
