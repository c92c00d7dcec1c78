import { addNeighbours, type NeighbourSum, type Touched } from './neighbour-sums.js';
import { decayedNow, dueness, type HistorySummary, type OwnItem } from './summarize-history.js';
import type { CatalogModel, Item } from './types.js';

/**
 * What a term is worth where nothing was fitted in the store: one set of numbers for every shop, chosen on four.
 * @public the bench compares them with what was written down
 */
export const WEIGHT = {
  share: 0.8,
  due: 0.1,
  decayed: 1.835,
  repeat: 0.5,
  customers: 0.118,
  next: 0.024,
  newest: 0.031,
  basket: 0.8,
  popular: 0.046,
  recent: 0.085,
} as const;

// How likely something is bought again of which no other customer tells.
const USUAL_REPEAT = 0.1;

/** What speaks for items that a customer has not bought. */
export interface Sums {
  /** By "same customer" and "next visit", from all the customer has; by "next visit" from the newest basket alone. */
  readonly customers: NeighbourSum;
  readonly next: NeighbourSum;
  readonly newest: NeighbourSum;
  /** By "same visit", from what lies in the cart. */
  readonly basket: NeighbourSum;
}

/** Scores items of a model for one customer at a time: `steer` first, `clear` last. */
export interface Scorer {
  readonly sums: Sums;
  /** Items that something speaks for, each once. */
  readonly touched: Touched;
  /** Lets what the customer has, and what lies in the basket, speak for its neighbours. */
  readonly steer: (summary: HistorySummary, basket: readonly number[]) => void;
  /** Lets this item speak for what is bought instead of it. */
  readonly steerAway: (number: number) => void;
  /** What an item is worth to this customer, bought or not. */
  readonly scoreAny: (number: number) => number;
  /** What an item is worth that the customer has bought. */
  readonly scoreOwn: (item: OwnItem, summary: HistorySummary, now: number) => number;
  readonly clear: () => void;
}

/** A scorer on a model; without one only what the customer has bought is worth anything. */
export function createScorer(model: CatalogModel | undefined): Scorer {
  const size = model?.skus.length ?? 0;
  const sums = createSums(size);
  const all: readonly NeighbourSum[] = Object.values(sums);
  const touched: Touched = { list: [], has: new Uint8Array(size) };
  const standing = standingOf(model);
  const { weigh, scoreAny } = createWeigher(sums, standing);
  return {
    sums,
    touched,
    steer: (summary, basket) => {
      if (model) steerBy(model, sums, touched, summary, basket);
      weigh();
    },
    steerAway: (number) => {
      if (model === undefined) return;
      addNeighbours(sums.customers, touched, model.customers, number, 1);
      addNeighbours(sums.customers, touched, model.customers, number, -1, model.sameVisit);
      weigh();
    },
    scoreAny,
    scoreOwn: (item, summary, now) => {
      const repeat = model?.repeat[item.number] ?? USUAL_REPEAT;
      return (
        (item.seqs.length / summary.visits()) *
          (WEIGHT.share + WEIGHT.due * dueness(item, now, model?.gapDays[item.number] ?? 0)) +
        repeat *
          ((WEIGHT.decayed * decayedNow(item, summary.seq())) / summary.most() + WEIGHT.repeat) +
        scoreAny(item.number)
      );
    },
    clear: () => {
      for (const number of touched.list) {
        touched.has[number] = 0;
        for (const { values } of all) values[number] = 0;
      }
      for (const sum of all) sum.best = 0;
      touched.list.length = 0;
    },
  };
}

function steerBy(
  { customers, next, sameVisit, together }: CatalogModel,
  sums: Sums,
  touched: Touched,
  summary: HistorySummary,
  basket: readonly number[],
): void {
  const seq = summary.seq();
  for (const item of summary.own.values()) {
    if (!steers(item.number, item.item)) continue;
    const by = decayedNow(item, seq);
    addNeighbours(sums.customers, touched, customers, item.number, by);
    addNeighbours(sums.next, touched, next, item.number, by);
  }
  for (const item of summary.baskets.at(-1) ?? [])
    if (steers(item.number, item.item)) addNeighbours(sums.newest, touched, next, item.number, 1);
  for (const number of basket)
    if (together) addNeighbours(sums.basket, touched, together, number, 1);
    else addNeighbours(sums.basket, touched, customers, number, 1, sameVisit);
}

/** Adds up what speaks for an item; told anew when the sums have changed. */
function createWeigher(
  { customers, next, newest, basket }: Sums,
  standing: Float64Array,
): Pick<Scorer, 'scoreAny'> & { readonly weigh: () => void } {
  /** What a sum is worth: its weight, over the best item's. */
  let by: readonly [number, number, number, number] = [0, 0, 0, 0];
  const weigh = (): void => {
    by = [
      WEIGHT.customers / (customers.best || 1),
      WEIGHT.next / (next.best || 1),
      WEIGHT.newest / (newest.best || 1),
      WEIGHT.basket / (basket.best || 1),
    ];
  };
  const scoreAny = (number: number): number =>
    (standing[number] ?? 0) +
    by[0] * (customers.values[number] ?? 0) +
    by[1] * (next.values[number] ?? 0) +
    by[2] * (newest.values[number] ?? 0) +
    by[3] * (basket.values[number] ?? 0);
  return { weigh, scoreAny };
}

function createSums(size: number): Sums {
  const createSum = (): NeighbourSum => ({ values: new Float64Array(size), best: 0 });
  return { customers: createSum(), next: createSum(), newest: createSum(), basket: createSum() };
}

/** A sensitive item steers nothing: what it brings along would tell. */
export function steers(number: number, item: Item | undefined): boolean {
  return number >= 0 && !item?.sensitive;
}

/** What an item is worth to anybody. Roots: the best sellers of a shop are far ahead of the rest. */
function standingOf(model: CatalogModel | undefined): Float64Array {
  if (model === undefined) return new Float64Array();
  const { visits, recent } = model;
  const mostRecent = recent.reduce((most, count) => Math.max(most, count), 1);
  return Float64Array.from(
    visits,
    (count, number) =>
      WEIGHT.popular * Math.sqrt(count / (visits[0] ?? 1)) +
      WEIGHT.recent * Math.sqrt((recent[number] ?? 0) / mostRecent),
  );
}
