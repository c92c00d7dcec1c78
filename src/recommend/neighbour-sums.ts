import type { NeighbourTable } from './types.js';

/** Visits the neighbours of item `number`. */
export function eachNeighbour(
  { start, item, weight }: NeighbourTable,
  number: number,
  visit: (item: number, weight: number) => void,
): void {
  const end = start[number + 1] ?? 0;
  for (let k = start[number] ?? end; k < end; k++) visit(item[k] ?? 0, weight[k] ?? 0);
}

/** Sums of neighbour weights, some for each item: reused from call to call, so that no call allocates anything the size of the catalog. */
export interface NeighbourSums {
  /** Items with any sum, once each. */
  readonly touched: number[];
  readonly isTouched: (number: number) => boolean;
  /** Adds the neighbours of `number`, times `weight`, to sum `which`. */
  readonly add: (which: number, table: NeighbourTable, number: number, weight: number) => void;
  /** An item's sum `which` as a share of the best item's, 0–1. */
  readonly share: (which: number, number: number) => number;
  readonly clear: () => void;
}

/** `width` sums for each of `size` items. */
export function createNeighbourSums(size: number, width: number): NeighbourSums {
  const sums = new Float64Array(size * width);
  const best = new Float64Array(width);
  const marks = new Uint8Array(size);
  const touched: number[] = [];
  return {
    touched,
    isTouched: (number) => marks[number] === 1,
    add: (which, table, number, weight) =>
      eachNeighbour(table, number, (item, neighbour) => {
        const sum = (sums[item * width + which] ?? 0) + weight * neighbour;
        sums[item * width + which] = sum;
        if (sum > (best[which] ?? 0)) best[which] = sum;
        if (marks[item] === 1) return;
        marks[item] = 1;
        touched.push(item);
      }),
    share: (which, number) => (sums[number * width + which] ?? 0) / (best[which] || 1),
    clear: () => {
      for (const item of touched) {
        sums.fill(0, item * width, item * width + width);
        marks[item] = 0;
      }
      best.fill(0);
      touched.length = 0;
    },
  };
}
