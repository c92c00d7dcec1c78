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
 * was bought last does not change the order: at a visit, counting does better than timing. Timing says what is `due`.
 * `history` has the times of an item's purchases, `visits` those of all visits, both in ms and in any order.
 */
export function buyAgainOrder(
  history: ReadonlyMap<string, readonly number[]>,
  visits: readonly number[],
  now: number,
  { timeZone, itemGapDays }: BuyAgainOptions = {},
): readonly BuyAgain[] {
  const all = summarise(visits, now, timeZone);
  let age = all.T;
  const ages = [age, ...all.gaps.map((gap) => (age -= gap))];
  return [...history]
    .flatMap(([item, bought]): readonly BuyAgain[] => {
      const summary = summarise(bought, now, timeZone);
      const { x, tx, T } = summary;
      if (summary.last === undefined) return [];
      const since = Math.max(x + 1, ages.filter((one) => one <= T).length);
      // Half a purchase in five visits more, and without the first, of which nobody knew.
      const share = (x + 0.5) / (since + 4.5);
      const due = dueOf(summary, itemGapDays?.get(item));
      return [{ item, share, times: x + 1, sinceDays: T - tx, ...due }];
    })
    .sort((one, other) => other.share - one.share || one.sinceDays - other.sinceDays);
}
