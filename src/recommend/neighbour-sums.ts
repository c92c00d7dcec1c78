import type { NeighbourTable } from './types.js';

/** A sum of neighbour weights for each item, with the largest. Reused from call to call. */
export interface NeighbourSum {
  readonly values: Float64Array;
  /** Items with a value. */
  readonly touched: number[];
  best: number;
}

/** A sum of nothing, over so many items. */
export function createSum(size: number): NeighbourSum {
  return { values: new Float64Array(size), touched: [], best: 0 };
}

/** Adds the neighbours of item `number`, times `by`, and times a factor of each: the inner loop of the engine. */
export function addNeighbours(
  sum: NeighbourSum,
  { start, item, weight }: NeighbourTable,
  number: number,
  by: number,
  factors?: Float32Array,
): void {
  const { values, touched } = sum;
  const end = start[number + 1] ?? 0;
  for (let k = start[number] ?? end; k < end; k++) {
    const neighbour = item[k] ?? 0;
    const more = by * (weight[k] ?? 0) * (factors ? (factors[k] ?? 0) : 1);
    if (more === 0) continue;
    const before = values[neighbour] ?? 0;
    if (before === 0) touched.push(neighbour);
    const value = before + more;
    values[neighbour] = value;
    if (value > sum.best) sum.best = value;
  }
}

/** An item's sum as a share of the best item's, 0–1. */
export function shareOf({ values, best }: NeighbourSum, number: number): number {
  return (values[number] ?? 0) / (best || 1);
}

/** Back to nothing. */
export function clearSum(sum: NeighbourSum): void {
  for (const number of sum.touched) sum.values[number] = 0;
  sum.touched.length = 0;
  sum.best = 0;
}
