import type { NeighbourTable } from './types.js';

/** A sum of neighbour weights for each item, with the largest. */
export interface NeighbourSum {
  readonly values: Float64Array;
  readonly loudest: Loudest;
  best: number;
}

/** Who of all that speak for an item speaks loudest, by the item's number; of those that nobody speaks for the strength is 0. */
export interface Loudest {
  readonly by: Uint32Array;
  readonly strength: Float64Array;
}

/** What speaks for items of a model. */
export interface Sums {
  /** By "same customer" and "next visit", from all the customer has; by "next visit" from the newest basket alone. */
  readonly customers: NeighbourSum;
  readonly next: NeighbourSum;
  readonly newest: NeighbourSum;
  /** By "same visit", from what lies in the cart. */
  readonly basket: NeighbourSum;
  /** By what sells here and now. */
  readonly here: NeighbourSum;
}

/** What one answer is worked out in: large, and wiped for the next one. */
export interface Workspace {
  readonly sums: Sums;
  /** Items that were met, each once. */
  readonly met: number[];
  /** `MET` and `SETTLED` by number. A byte an item: a set would cost more than all the rest of an answer. */
  readonly states: Uint8Array;
}

/** Something speaks for it. */
export const MET = 1;
/** It has its place in the answer, or none. */
const SETTLED = 2;

/** For a model of so many items. */
export function createWorkspace(size: number): Workspace {
  const anybody = (): Loudest => ({
    by: new Uint32Array(size),
    strength: new Float64Array(size),
  });
  const sum = (loudest: Loudest): NeighbourSum => ({
    ...{ values: new Float64Array(size), loudest, best: 0 },
  });
  const own = anybody();
  const basket = sum(anybody());
  return {
    sums: { customers: sum(own), next: sum(own), newest: sum(own), basket, here: sum(own) },
    met: [],
    states: new Uint8Array(size),
  };
}

/** Adds the neighbours of item `number`, times `by`, and times a factor of each: the inner loop of the engine. */
export function addNeighbours(
  { met, states }: Workspace,
  sum: NeighbourSum,
  { start, item, weight }: NeighbourTable,
  number: number,
  by: number,
  factors?: Float32Array,
): void {
  const { values, loudest } = sum;
  const end = start[number + 1] ?? 0;
  for (let k = start[number] ?? end; k < end; k++) {
    const neighbour = item[k] ?? 0;
    const more = by * (weight[k] ?? 0) * (factors ? (factors[k] ?? 0) : 1);
    if (more === 0) continue;
    if (states[neighbour] === 0) {
      states[neighbour] = MET;
      met.push(neighbour);
    }
    if (more > (loudest.strength[neighbour] ?? 0)) {
      loudest.strength[neighbour] = more;
      loudest.by[neighbour] = number;
    }
    const value = (values[neighbour] ?? 0) + more;
    values[neighbour] = value;
    if (value > sum.best) sum.best = value;
  }
}

/** Settles an item; false where it is settled. */
export function settle({ met, states }: Workspace, number: number): boolean {
  if (states[number] === SETTLED) return false;
  if (states[number] === 0) met.push(number);
  states[number] = SETTLED;
  return true;
}

/** As new. */
export function wipe({ sums, met, states }: Workspace): void {
  const all: readonly NeighbourSum[] = Object.values(sums);
  for (const sum of all) {
    for (const number of met) sum.values[number] = sum.loudest.strength[number] = 0;
    sum.best = 0;
  }
  for (const number of met) states[number] = 0;
  met.length = 0;
}

/** An item's sum as a share of the best item's, 0–1. */
export function shareOf({ values, best }: NeighbourSum, number: number): number {
  return (values[number] ?? 0) / (best || 1);
}
