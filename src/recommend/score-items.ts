import { addNeighbours, type Sums, type Workspace } from './neighbour-sums.js';
import {
  decayedNow,
  dueness,
  lastOf,
  type HistorySummary,
  type OwnItem,
} from './summarize-history.js';
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

/** A sensitive item steers nothing: what it brings along would tell. */
export function steers(number: number, item: Item | undefined): boolean {
  return number >= 0 && !item?.sensitive;
}

/** Lets what the customer has, and what lies in the basket, speak for its neighbours. */
export function steer(
  { customers, next, sameVisit, together }: CatalogModel,
  work: Workspace,
  summary: HistorySummary,
  basket: readonly number[],
): void {
  const { sums } = work;
  const seq = summary.seq();
  for (const item of summary.own.values()) {
    const { number } = item;
    if (!steers(number, item.item)) continue;
    const by = decayedNow(item, seq);
    addNeighbours(work, sums.customers, customers, number, by);
    addNeighbours(work, sums.next, next, number, by);
    if (lastOf(item) === seq) addNeighbours(work, sums.newest, next, number, 1);
  }
  for (const number of basket)
    if (together) addNeighbours(work, sums.basket, together, number, 1);
    else addNeighbours(work, sums.basket, customers, number, 1, sameVisit);
}

/** Adds up what speaks for an item, bought or not, by sums that are complete. */
export function createWeigher(
  { customers, next, newest, basket, here }: Sums,
  standing: Float64Array,
): (number: number) => number {
  // Over the best item's.
  const byCustomers = WEIGHT.customers / (customers.best || 1);
  const byNext = WEIGHT.next / (next.best || 1);
  const byNewest = WEIGHT.newest / (newest.best || 1);
  const byBasket = WEIGHT.basket / (basket.best || 1);
  return (number) =>
    (standing[number] ?? 0) +
    byCustomers * (customers.values[number] ?? 0) +
    byNext * (next.values[number] ?? 0) +
    byNewest * (newest.values[number] ?? 0) +
    byBasket * (basket.values[number] ?? 0) +
    (here.values[number] ?? 0);
}

/** What it is worth to the customer that they have bought an item. */
export function worthOfOwn(
  item: OwnItem,
  summary: HistorySummary,
  now: number,
  model: CatalogModel | undefined,
): number {
  const { number, seqs } = item;
  return (
    (seqs.length / summary.visits()) *
      (WEIGHT.share + WEIGHT.due * dueness(item, now, model?.gapDays[number] ?? 0)) +
    (model?.repeat[number] ?? USUAL_REPEAT) *
      ((WEIGHT.decayed * decayedNow(item, summary.seq())) / summary.most() + WEIGHT.repeat)
  );
}

/** What an item is worth to anybody. Roots: the best sellers of a shop are far ahead of the rest. */
export function standingOf(model: CatalogModel | undefined): Float64Array {
  if (model === undefined) return new Float64Array();
  const { visits, recent } = model;
  const most = visits.reduce((best, count) => Math.max(best, count), 1);
  const mostRecent = recent.reduce((most, count) => Math.max(most, count), 1);
  return Float64Array.from(
    visits,
    (count, number) =>
      WEIGHT.popular * Math.sqrt(count / most) +
      WEIGHT.recent * Math.sqrt((recent[number] ?? 0) / mostRecent),
  );
}
