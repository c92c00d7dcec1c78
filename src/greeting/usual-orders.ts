import type { Card, CardPurchase, PurchaseLine } from '../profile/types.js';
import type { Item } from '../recommend/types.js';
import { daypartAt } from './daypart.js';
import type { LocalTime } from './daypart.js';
import { familyKey, lineKey, tellingModifiers } from './line-key.js';
import type { SpeakContext, UsualLine } from './types.js';

/** An earlier order that may speak for a habit. */
export interface UsualOrder extends LocalTime {
  readonly id: string;
  readonly at: number;
  /** Its lines by thing; the second of a thing with other modifiers has a name of its own, the same in each order. */
  readonly lines: ReadonlyMap<string, UsualLine>;
  /** Equal for orders of the same lines. */
  readonly basket: string;
  readonly table?: string;
}

type ItemOf = (sku: string) => Item | undefined;

/** The element in the middle, the lower one of two: a number that was really there. */
export function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[(numbers.length - 1) >> 1] ?? 0;
}

/** True when the customer did not want this thing named on account of an order at `at`: "stop" holds for ever, "gift" and "wrong" for what was bought until then. */
function isDismissed(card: Card, line: PurchaseLine, item: Item | undefined, at: number): boolean {
  const keys = [line.sku ?? line.name, item?.sku];
  const category = item?.category ?? line.category;
  return card.dismissals.some(({ reason, target, at: until }) => {
    const stop = reason === 'stop';
    if (reason === 'not-now' || !(stop || at <= until)) return false;
    if (target.kind === 'usual') return target.skus.some((sku) => keys.includes(sku));
    return (
      target.kind === 'item' &&
      (keys.includes(target.sku) ||
        (stop && category !== undefined && target.category === category))
    );
  });
}

/** Lines of one order: those of the same key made one, and each given the name of its slot. */
function linesOf(
  lines: readonly PurchaseLine[],
  itemOf: ItemOf,
): { readonly slots: Map<string, UsualLine>; readonly basket: string } {
  const merged = new Map<string, { family: string; line: UsualLine }>();
  for (const line of lines) {
    const item = line.sku === null ? undefined : itemOf(line.sku);
    const key = lineKey(line, item);
    const quantity = line.quantity - (line.refundedQuantity ?? 0);
    const before = merged.get(key)?.line.quantity ?? 0;
    merged.set(key, {
      family: familyKey(line, item),
      line: {
        sku: item?.sku ?? line.sku,
        name: item?.name ?? line.name,
        quantity: before + quantity,
        modifiers: tellingModifiers(line, item),
      },
    });
  }
  const keys = [...merged.keys()].sort();
  // A couple's two lattes stay two: the first and the second of a thing, told apart by their sorted keys.
  const seen = new Map<string, number>();
  const slotOf = new Map<string, string>();
  for (const key of keys) {
    const family = merged.get(key)?.family ?? '';
    const nth = seen.get(family) ?? 0;
    seen.set(family, nth + 1);
    slotOf.set(key, `${nth}${family}`);
  }
  const slots = new Map([...merged].map(([key, { line }]) => [slotOf.get(key) ?? '', line]));
  return { slots, basket: keys.join() };
}

const counts = (purchase: CardPurchase): boolean =>
  (purchase.status === 'paid' || purchase.status === 'partially_refunded') &&
  purchase.gift !== true &&
  purchase.unproved !== true &&
  Number.isFinite(purchase.at);

/**
 * The orders that may speak for a habit (product rule D4), newest first: paid, no gift, proved, at most 4 × the median size;
 * without lines that came back, that were dismissed, or that the catalog flags sensitive. The order of the card's list does not matter.
 */
export function usualOrders(
  card: Card,
  context: SpeakContext,
  itemOf: ItemOf,
): readonly UsualOrder[] {
  const orders: (UsualOrder & { readonly size: number })[] = [];
  for (const purchase of card.purchases) {
    if (!counts(purchase)) continue;
    const lines = purchase.lines.filter((line) => {
      const item = line.sku === null ? undefined : itemOf(line.sku);
      return (
        line.quantity - (line.refundedQuantity ?? 0) > 0 &&
        item?.sensitive !== true &&
        !isDismissed(card, line, item, purchase.at)
      );
    });
    if (lines.length === 0) continue;
    const { slots, basket } = linesOf(lines, itemOf);
    const { place, at, id } = purchase;
    const here = context.place?.id ?? place?.id;
    orders.push({
      ...daypartAt(at, context.timeZone),
      id,
      at,
      lines: slots,
      basket,
      size: [...slots.values()].reduce((sum, { quantity }) => sum + quantity, 0),
      ...(place?.table !== undefined && place.id === here ? { table: place.table } : {}),
    });
  }
  const limit = 4 * median(orders.map(({ size }) => size));
  return orders
    .filter(({ size }) => size <= limit)
    .sort((a, b) => b.at - a.at || (a.id < b.id ? -1 : 1));
}
