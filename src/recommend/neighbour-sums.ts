import type { NeighbourTable } from './types.js';

/** A sum of neighbour weights for each item, with the largest. Reused from call to call. */
export interface NeighbourSum {
  readonly values: Float64Array;
  best: number;
}

/** Items that have a value in some sum, each once. */
export interface Touched {
  readonly list: number[];
  /** 1 for those in the list: a set would cost more than all the rest of an answer. */
  readonly has: Uint8Array;
}

/** Adds the neighbours of item `number`, times `by`, and times a factor of each: the inner loop of the engine. */
export function addNeighbours(
  sum: NeighbourSum,
  { list, has }: Touched,
  { start, item, weight }: NeighbourTable,
  number: number,
  by: number,
  factors?: Float32Array,
): void {
  const { values } = sum;
  const end = start[number + 1] ?? 0;
  for (let k = start[number] ?? end; k < end; k++) {
    const neighbour = item[k] ?? 0;
    const more = by * (weight[k] ?? 0) * (factors ? (factors[k] ?? 0) : 1);
    if (more === 0) continue;
    if (has[neighbour] !== 1) {
      has[neighbour] = 1;
      list.push(neighbour);
    }
    const value = (values[neighbour] ?? 0) + more;
    values[neighbour] = value;
    if (value > sum.best) sum.best = value;
  }
}

/** An item's sum as a share of the best item's, 0–1. */
export function shareOf({ values, best }: NeighbourSum, number: number): number {
  return (values[number] ?? 0) / (best || 1);
}
