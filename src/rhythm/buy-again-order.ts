import { dueOf } from './due.js';
import { summarise } from './summarise.js';
import type { BuyAgain } from './types.js';

/** Options of {@link buyAgainOrder}. */
export interface BuyAgainOptions {
  /** IANA name. @defaultValue the device's own */
  readonly timeZone?: string;
  /** Mean days between two purchases of an item by a customer of the shop; sharpens `dueDays`. @defaultValue unknown */
  readonly itemGapDays?: ReadonlyMap<string, number>;
}

/**
 * Items that were bought before, the likeliest at a visit first: by the share of visits since the item was first bought. When it
 * was bought last does not change the order: at a visit, counting does better than timing. It says what is `due`.
 * `history` has the times of an item's purchases, `visits` those of all visits, both in ms and in any order.
 */
export function buyAgainOrder(
  history: ReadonlyMap<string, readonly number[]>,
  visits: readonly number[],
  now: number,
  { timeZone, itemGapDays }: BuyAgainOptions = {},
): readonly BuyAgain[] {
  const { gaps, T, last: known } = summarise(visits, now, timeZone);
  // Days before now of every visit, the newest first.
  const ages = known === undefined ? [] : daysAgo(gaps, T);
  return [...history]
    .flatMap(([item, times]): readonly BuyAgain[] => {
      const summary = summarise(times, now, timeZone);
      if (summary.last === undefined) return [];
      const bought = summary.x + 1;
      const since = Math.max(bought, ages.filter((age) => age <= summary.T).length);
      const share = (bought - 0.5) / (since + 4.5);
      const due = dueOf(summary, itemGapDays?.get(item));
      return [{ item, share, times: bought, sinceDays: summary.T - summary.tx, ...due }];
    })
    .sort((one, other) => other.share - one.share || one.sinceDays - other.sinceDays);
}

function daysAgo(gaps: readonly number[], sinceFirst: number): readonly number[] {
  let age = sinceFirst;
  return [age, ...gaps.map((gap) => (age -= gap))];
}
