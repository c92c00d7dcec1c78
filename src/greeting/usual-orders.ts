import type { Card, CardPurchase, PurchaseLine } from '../profile/types.js';
import type { Item } from '../recommend/types.js';
import { daypartAt } from './daypart.js';
import type { LocalTime } from './daypart.js';
import { identifyLine, labelOf } from './line-key.js';
import type { LineIdentity } from './line-key.js';
import type { SpeakContext } from './types.js';

/** Where items come from: by sku or alias. */
export type ItemOf = (sku: string) => Item | undefined;

/** A line that may speak for a habit. */
export interface UsualOrderLine extends LineIdentity {
  readonly item: Item | undefined;
  readonly sku: string | null;
  readonly name: string;
  readonly quantity: number;
  /** Free text, where it is kept; of two lines made one the first. */
  readonly note: string | undefined;
  readonly seat: number | undefined;
}

/** An earlier order that may speak for a habit. */
export interface UsualOrder extends LocalTime {
  readonly id: string;
  readonly at: number;
  /** Its lines, those of the same key made one. */
  readonly lines: () => readonly UsualOrderLine[];
  /** No line has a modifier. */
  readonly isPlain: boolean;
  readonly table: string | undefined;
}

/** The element in the middle, the lower one of two: a number that was really there. */
export function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[(numbers.length - 1) >> 1] ?? 0;
}

/** What counts as bought (product rule D2), by this customer for themselves. */
export function countsAsBought({ status, gift, unproved }: CardPurchase): boolean {
  return (status === 'paid' || status === 'partially_refunded') && !gift && !unproved;
}

/** True when the customer did not want this named on account of an order at `at`: "stop" holds for ever, "gift" and "wrong" for what was bought until then. */
export function isDismissed(
  card: Card,
  line: PurchaseLine,
  item: Item | undefined,
  at: number,
): boolean {
  const is = (sku: string): boolean => sku === (line.sku ?? line.name) || sku === item?.sku;
  const category = item?.category ?? line.category;
  return card.dismissals.some(({ reason, target, at: until }) => {
    const stop = reason === 'stop';
    if (!stop && (reason === 'not-now' || at > until)) return false;
    if (target.kind === 'usual') return target.skus.some(is);
    return (
      target.kind === 'item' &&
      (is(target.sku) || (stop && category !== undefined && target.category === category))
    );
  });
}

interface Bought {
  readonly line: PurchaseLine;
  readonly item: Item | undefined;
  readonly left: number;
}

/** Lines of one order without those that came back, were dismissed or are sensitive. */
function boughtLines(card: Card, purchase: CardPurchase, itemOf: ItemOf): readonly Bought[] {
  return purchase.lines.flatMap((line) => {
    const item = line.sku === null ? undefined : itemOf(line.sku);
    const left = line.quantity - (line.refundedQuantity ?? 0);
    const isSomething = left > 0 && left < Infinity && (line.sku || labelOf(line.name));
    return !isSomething || item?.sensitive || isDismissed(card, line, item, purchase.at)
      ? []
      : { line, item, left };
  });
}

/** Those lines, compared. Only the orders of the sample are asked for theirs. */
function linesOf(bought: readonly Bought[]): readonly UsualOrderLine[] {
  const merged = new Map<string, UsualOrderLine>();
  for (const { line, item, left } of bought) {
    const identity = identifyLine(line, item);
    const twin = merged.get(identity.key);
    merged.set(identity.key, {
      ...identity,
      item,
      sku: item?.sku ?? line.sku,
      name: item?.name ?? line.name,
      quantity: left + (twin?.quantity ?? 0),
      note: twin?.note ?? line.note,
      // one each for two seats belongs to neither
      seat: twin && twin.seat !== line.seat ? undefined : line.seat,
    });
  }
  return [...merged.values()];
}

/** The orders that may speak for a habit (product rule D4), newest first: paid, no gift, proved, at most 4 × the median size. */
export function usualOrders(
  card: Card,
  context: SpeakContext,
  itemOf: ItemOf,
): readonly UsualOrder[] {
  const orders = card.purchases.flatMap((purchase) => {
    const { id, at, place } = purchase;
    const bought = countsAsBought(purchase) ? boughtLines(card, purchase, itemOf) : [];
    if (bought.length === 0 || !Number.isFinite(at)) return [];
    const here = (context.place?.id ?? place?.id) === place?.id;
    const size = bought.reduce((sum, { left }) => sum + left, 0);
    const table = here ? place?.table : undefined;
    const isPlain = bought.every(({ line }) => !line.modifiers.length);
    let made: ReturnType<typeof linesOf> | undefined;
    const lines = (): ReturnType<typeof linesOf> => (made ??= linesOf(bought));
    return { ...daypartAt(at, context.timeZone), id, at, lines, isPlain, table, size };
  });
  const limit = 4 * median(orders.map(({ size }) => size));
  return orders
    .filter(({ size }) => size <= limit)
    .sort((a, b) => b.at - a.at || (a.id < b.id ? -1 : 1));
}
