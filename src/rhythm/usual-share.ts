import { amount } from './days.js';
import type { UsualShare } from './types.js';

/**
 * What a customer has most, or `undefined` where nothing holds 60 % of their purchases. Each share is smoothed by two purchases of
 * an average customer, so that one coffee is no habit. `items` are what was bought, oldest first; `shopMix` has the share, 0–1, of
 * each item among all purchases of the shop.
 */
export function usualShare(
  items: readonly string[],
  shopMix?: ReadonlyMap<string, number>,
): UsualShare | undefined {
  const times = new Map<string, number>();
  for (const item of items) times.set(item, (times.get(item) ?? 0) + 1);
  const n = items.length;
  let best: UsualShare | undefined;
  for (const [item, count] of times) {
    const share = (count + 2 * Math.min(1, amount(shopMix?.get(item) ?? 0))) / (n + 2);
    // Below .6, "the usual" is wrong too often to be said.
    if (share >= (best?.share ?? 0.6)) best = { item, share: Math.min(1, share), n };
  }
  return best;
}
