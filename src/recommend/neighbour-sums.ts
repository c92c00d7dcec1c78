import type { NeighbourTable } from './types.js';

/** A sum of neighbour weights for each item, with the largest. Reused from call to call. */
export interface NeighbourSum {
  readonly values: Float64Array;
  best: number;
}

/** Adds the neighbours of item `number`, times `by`: the inner loop of the engine. */
export function addNeighbours(
  sum: NeighbourSum,
  { start, item, weight }: NeighbourTable,
  number: number,
  by: number,
): void {
  const end = start[number + 1] ?? 0;
  for (let k = start[number] ?? end; k < end; k++) {
    const neighbour = item[k] ?? 0;
    const value = (sum.values[neighbour] ?? 0) + by * (weight[k] ?? 0);
    sum.values[neighbour] = value;
    if (value > sum.best) sum.best = value;
  }
}

/** An item's sum as a share of the best item's, 0–1. */
export function shareOf({ values, best }: NeighbourSum, number: number): number {
  return (values[number] ?? 0) / (best || 1);
}
