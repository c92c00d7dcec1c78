import type { CatalogIndex } from './catalog-index.js';
import { addNeighbours, shareOf, type NeighbourSum } from './neighbour-sums.js';
import { dueness, type HistorySummary, type OwnItem } from './summarize-history.js';
import type { CatalogModel } from './types.js';

// Fitted on next baskets of real shops: what a term is worth when nothing was fitted for this one.
export const WEIGHT = {
  share: 0.364,
  decayed9: 0.031,
  decayed6: 0.077,
  repeat: 0.008,
  due: 0.345,
  customers: 0.052,
  next: 0.071,
  basket: 0.2,
  popular: 0.052,
} as const;

/** Scores items of a model for one customer at a time: `steer` first, `clear` last. */
export interface Scorer {
  /** Lets what the customer has, and what lies in the basket, speak for its neighbours. */
  readonly steer: (summary: HistorySummary, basket: readonly string[]) => void;
  /** True for an item that something speaks for. */
  readonly isLinked: (number: number) => boolean;
  /** What an item is worth to this customer, bought or not. */
  readonly scoreAny: (number: number) => number;
  /** What an item is worth that the customer has bought. */
  readonly scoreOwn: (item: OwnItem, summary: HistorySummary, now: number) => number;
  readonly clear: () => void;
}

/** A scorer on a model; without one only what the customer has bought is worth anything. */
export function createScorer(
  model: CatalogModel | undefined,
  catalog: CatalogIndex,
  numbers: ReadonlyMap<string, number>,
): Scorer {
  const createSum = (): NeighbourSum => ({
    values: new Float64Array(model?.skus.length ?? 0),
    best: 0,
  });
  const sums = [createSum(), createSum(), createSum()] as const;
  const [byCustomers, byNext, byBasket] = sums;
  const mostVisits = model?.visits[0] || 1;
  // A sensitive item steers nothing: what it brings along would tell.
  const steers = (sku: string): boolean => !catalog.item(sku)?.sensitive;
  const scoreAny = (number: number): number =>
    (WEIGHT.popular * (model?.visits[number] ?? 0)) / mostVisits +
    WEIGHT.customers * shareOf(byCustomers, number) +
    WEIGHT.next * shareOf(byNext, number) +
    WEIGHT.basket * shareOf(byBasket, number);
  return {
    steer: (summary, basket) => {
      if (model === undefined) return;
      const { customers = model.together, next, together } = model;
      for (const { sku, number, decayed6 } of summary.own.values()) {
        if (number < 0 || !steers(sku)) continue;
        addNeighbours(byCustomers, customers, number, decayed6);
        addNeighbours(byNext, next, number, decayed6);
      }
      for (const sku of basket)
        if (steers(sku)) addNeighbours(byBasket, together, numbers.get(sku) ?? -1, 1);
    },
    isLinked: (number) => sums.some(({ values }) => (values[number] ?? 0) > 0),
    scoreAny,
    scoreOwn: (item, { visits, most9, most6 }, now) =>
      (item.times / visits) *
        (WEIGHT.share +
          WEIGHT.repeat * (model?.repeat[item.number] ?? 0) +
          WEIGHT.due * dueness(item, now, model?.gapDays?.[item.number] ?? 0)) +
      (WEIGHT.decayed9 * item.decayed9) / most9 +
      (WEIGHT.decayed6 * item.decayed6) / most6 +
      scoreAny(item.number),
    clear: () => {
      for (const sum of sums) {
        sum.values.fill(0);
        sum.best = 0;
      }
    },
  };
}
