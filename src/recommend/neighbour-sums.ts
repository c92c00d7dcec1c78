import type { NeighbourTable } from './types.js';

/** Which items a call has touched: so that only they are scored. */
export interface Touched {
  /** The first `count` are of this call, once each. */
  readonly list: Int32Array;
  count: number;
  /** 1 for a touched item. */
  readonly marks: Uint8Array;
}

/** A sum of neighbour weights for each item, with the largest. Reused from call to call. */
export interface NeighbourSum {
  readonly touched: Touched;
  readonly values: Float64Array;
  best: number;
}

/** Nothing touched of `size` items. */
export function createTouched(size: number): Touched {
  return { list: new Int32Array(size), count: 0, marks: new Uint8Array(size) };
}

/** A sum at zero. */
export function createSum(touched: Touched): NeighbourSum {
  return { touched, values: new Float64Array(touched.list.length), best: 0 };
}

/** Adds the neighbours of item `number`, times `by`: the inner loop of the engine. */
export function addNeighbours(
  sum: NeighbourSum,
  { start, item, weight }: NeighbourTable,
  number: number,
  by: number,
): void {
  const { values, touched } = sum;
  const end = start[number + 1] ?? 0;
  for (let k = start[number] ?? end; k < end; k++) {
    const neighbour = item[k] ?? 0;
    const value = (values[neighbour] ?? 0) + by * (weight[k] ?? 0);
    values[neighbour] = value;
    if (value > sum.best) sum.best = value;
    if (touched.marks[neighbour] === 0) {
      touched.marks[neighbour] = 1;
      touched.list[touched.count++] = neighbour;
    }
  }
}

/** An item's sum as a share of the best item's, 0–1. */
export function shareOf({ values, best }: NeighbourSum, number: number): number {
  return best > 0 ? (values[number] ?? 0) / best : 0;
}

/** Back to zero, and nothing touched. */
export function clearSum(sum: NeighbourSum): void {
  sum.values.fill(0);
  sum.best = 0;
  sum.touched.marks.fill(0);
  sum.touched.count = 0;
}
