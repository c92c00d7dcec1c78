import type { NeighbourTable } from '../recommend/types.js';

// A pair seen once is chance.
const LEAST_PAIRS = 2;
const SHRINK = 5;
// The file of a large catalog is kept small where it costs least: at the items bought least.
const FULL_ROWS = 2000;
const SHORT_ROW = 2;

/** Top `limit` neighbours of each item of `order`, numbered by their place in it; weight = pairs / (√nᵢ √nⱼ + 5). */
export function packNeighbours(
  rows: readonly ReadonlyMap<number, number>[],
  order: readonly number[],
  sizes: readonly number[],
  limit: number,
): NeighbourTable {
  const places = new Map(order.map((number, place) => [number, place]));
  const start = new Uint32Array(order.length + 1);
  const item: number[] = [];
  const weight: number[] = [];
  order.forEach((number, place) => {
    const row: { item: number; weight: number }[] = [];
    for (const [other, pairs] of rows[number] ?? []) {
      const otherPlace = places.get(other);
      if (otherPlace === undefined || pairs < LEAST_PAIRS) continue;
      const norm = Math.sqrt((sizes[number] ?? 0) * (sizes[other] ?? 0)) + SHRINK;
      row.push({ item: otherPlace, weight: Math.min(1, pairs / norm) });
    }
    row.sort((a, b) => b.weight - a.weight || a.item - b.item);
    const length = place < FULL_ROWS ? limit : Math.min(limit, SHORT_ROW);
    for (const neighbour of row.slice(0, length)) {
      item.push(neighbour.item);
      weight.push(neighbour.weight);
    }
    start[place + 1] = item.length;
  });
  return { start, item: Uint32Array.from(item), weight: Float32Array.from(weight) };
}
