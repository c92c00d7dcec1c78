import type { VisitStore } from './collect-visits.js';

/** What is counted together: `items` of group `g` from `start[g]` to `start[g + 1]`. */
interface Groups {
  readonly start: Uint32Array;
  readonly items: Uint32Array;
}

/** Neighbours of one item, the strongest first. */
export interface NeighbourRow {
  readonly items: Uint32Array;
  readonly weights: Float32Array;
  /** Share of the pairs that came at one visit; empty where it was not asked for. */
  readonly sameVisit: Float32Array;
}

/** How many, and of whom. */
export interface NeighbourLimits {
  /** Neighbours of each item. */
  readonly neighbours: number;
  /** Items of a visit, and newest items of a customer, that are paired. */
  readonly maxPaired: number;
}

/** A pair seen once is chance. */
export const LEAST_PAIRS = 2;
/** Pulls the weights of rare pairs down. */
export const SHRINK = 5;

/**
 * Rows of the items that `places` gives a place: "same customer" and "next visit", weight = pairs / (√nᵢ √nⱼ + 5).
 * One item at a time, from the groups that hold it: memory stays that of the lines, not of the pairs.
 */
export function countNeighbours(
  store: VisitStore,
  chosen: Uint32Array,
  places: Int32Array,
  sizes: { readonly visits: Uint32Array; readonly buyers: Uint32Array },
  limits: NeighbourLimits,
): { readonly customers: readonly NeighbourRow[]; readonly next: readonly NeighbourRow[] } {
  const length = sizes.visits.length;
  const visits = groupByVisit(store, chosen, places, limits.maxPaired);
  const owned = groupByCustomer(store, chosen, places, limits.maxPaired);
  const visitsOf = invert(visits.groups, length);
  const customersOf = invert(owned, length);
  const pairs = createTally(length);
  const atOnce = createTally(length);
  const customers: NeighbourRow[] = [];
  const next: NeighbourRow[] = [];
  for (let item = 0; item < length; item++) {
    atOnce.count(item, visitsOf, visits.groups);
    pairs.count(item, customersOf, owned);
    customers.push(pairs.row(item, sizes.buyers, limits.neighbours, atOnce.counts));
    pairs.clear();
    atOnce.clear();
    pairs.count(item, visitsOf, visits.groups, visits.nextOf);
    next.push(pairs.row(item, sizes.visits, limits.neighbours));
    pairs.clear();
  }
  return { customers, next };
}

/** Visits of the chosen customers, by place; `nextOf` is the group of the same customer's next visit, -1 after the last. */
function groupByVisit(
  { customerStart, visitStart, lines }: VisitStore,
  chosen: Uint32Array,
  places: Int32Array,
  maxPaired: number,
): { readonly groups: Groups; readonly nextOf: Int32Array } {
  const start: number[] = [0];
  const items: number[] = [];
  const nextOf: number[] = [];
  for (const customer of chosen) {
    const end = customerStart[customer + 1] ?? 0;
    for (let v = customerStart[customer] ?? 0; v < end; v++) {
      const held = placesOf(lines.subarray(visitStart[v] ?? 0, visitStart[v + 1] ?? 0), places);
      for (const place of held.subarray(0, maxPaired)) items.push(place);
      nextOf.push(v + 1 < end ? start.length : -1);
      start.push(items.length);
    }
  }
  const groups = { start: Uint32Array.from(start), items: Uint32Array.from(items) };
  return { groups, nextOf: Int32Array.from(nextOf) };
}

/** The most bought first: which of many count does not hang on the order that they were written in. */
function placesOf(lines: Uint32Array, places: Int32Array): Int32Array {
  return Int32Array.from(lines, (line) => places[line] ?? -1)
    .sort()
    .filter((place) => place >= 0);
}

/** What each chosen customer has bought, the newest `maxPaired`. */
function groupByCustomer(
  { customerStart, visitStart, lines }: VisitStore,
  chosen: Uint32Array,
  places: Int32Array,
  maxPaired: number,
): Groups {
  const start: number[] = [0];
  const items: number[] = [];
  for (const customer of chosen) {
    const owned = new Set<number>();
    const first = customerStart[customer] ?? 0;
    for (let v = (customerStart[customer + 1] ?? 0) - 1; v >= first; v--) {
      if (owned.size >= maxPaired) break;
      const held = placesOf(lines.subarray(visitStart[v] ?? 0, visitStart[v + 1] ?? 0), places);
      for (const place of held) if (owned.size < maxPaired) owned.add(place);
    }
    items.push(...owned);
    start.push(items.length);
  }
  return { start: Uint32Array.from(start), items: Uint32Array.from(items) };
}

/** For each item the groups that hold it. */
function invert({ start, items }: Groups, size: number): Groups {
  const from = new Uint32Array(size + 1);
  for (const item of items) from[item + 1] = (from[item + 1] ?? 0) + 1;
  for (let i = 0; i < size; i++) from[i + 1] = (from[i + 1] ?? 0) + (from[i] ?? 0);
  const at = from.slice();
  const groups = new Uint32Array(items.length);
  for (let g = 0; g + 1 < start.length; g++)
    for (let k = start[g] ?? 0; k < (start[g + 1] ?? 0); k++) {
      const item = items[k] ?? 0;
      const place = at[item] ?? 0;
      groups[place] = g;
      at[item] = place + 1;
    }
  return { start: from, items: groups };
}

/** Counts what comes with one item, in an array over all items that is cleared for the next. */
interface Tally {
  readonly counts: Uint32Array;
  readonly count: (item: number, index: Groups, groups: Groups, move?: Int32Array) => void;
  readonly row: (
    item: number,
    sizes: Uint32Array,
    limit: number,
    atOnce?: Uint32Array,
  ) => NeighbourRow;
  readonly clear: () => void;
}

function createTally(size: number): Tally {
  const counts = new Uint32Array(size);
  let touched: number[] = [];
  return {
    counts,
    count: (item, index, groups, move) => {
      for (let k = index.start[item] ?? 0; k < (index.start[item + 1] ?? 0); k++) {
        const held = index.items[k] ?? 0;
        const group = move ? (move[held] ?? -1) : held;
        if (group < 0) continue;
        const end = groups.start[group + 1] ?? 0;
        for (let m = groups.start[group] ?? 0; m < end; m++) {
          const other = groups.items[m] ?? 0;
          const known = counts[other] ?? 0;
          if (known === 0) touched.push(other);
          counts[other] = known + 1;
        }
      }
    },
    row: (item, sizes, limit, atOnce) => {
      const row = touched
        .filter((other) => other !== item && (counts[other] ?? 0) >= LEAST_PAIRS)
        .map((other) => {
          const count = counts[other] ?? 0;
          const norm = Math.sqrt((sizes[item] ?? 0) * (sizes[other] ?? 0)) + SHRINK;
          const share = Math.min(1, (atOnce?.[other] ?? 0) / count);
          return { other, weight: Math.min(1, count / norm), share };
        })
        .sort((a, b) => b.weight - a.weight || a.other - b.other)
        .slice(0, limit);
      return {
        items: Uint32Array.from(row, ({ other }) => other),
        weights: Float32Array.from(row, ({ weight }) => weight),
        sameVisit: Float32Array.from(atOnce ? row : [], ({ share }) => share),
      };
    },
    clear: () => {
      for (const other of touched) counts[other] = 0;
      touched = [];
    },
  };
}
