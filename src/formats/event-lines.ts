import { defined } from './collect.js';
import { amount, list, number, object, text, type Loose } from './read.js';
import type { ParsedLine, ParsedRefund } from './types.js';

/** The first of these fields with a text in it. */
export function pick(from: Loose, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const found = text(from[name]);
    if (found !== undefined) return found;
  }
  return undefined;
}

const LEVELS = ['', '2', '3', '4', '5'].map((level) => `item_category${level}`);

/** Products as analytics events name them: GA4's `items`, Universal Analytics' and Segment's `products`. */
export const eventLines = (items: unknown, currency: string | null): readonly ParsedLine[] =>
  list(items).map((given) => {
    const item = object(given);
    const sku = pick(item, 'item_id', 'sku', 'id', 'product_id') ?? null;
    const variant = pick(item, 'item_variant', 'variant');
    const levels = LEVELS.flatMap((level) => text(item[level]) ?? []).join(' > ');
    return {
      sku,
      name: pick(item, 'item_name', 'name') ?? sku ?? '',
      quantity: number(item['quantity']) ?? 1,
      unitPrice: amount(item['price'], currency),
      currency,
      ...defined({ category: levels || text(item['category']) }),
      modifiers: variant ? [{ group: 'variant', name: variant, quantity: 1 }] : [],
    };
  });

/** What the lines come to, with amounts on top; null where one of them is not known. */
export function sumOf(
  lines: readonly ParsedLine[],
  currency: string | null,
  ...onTop: readonly unknown[]
): number | null {
  const goods = lines.filter(({ sku, name, quantity }) => (sku ?? name) && quantity > 0);
  if (!goods[0] || goods.some(({ unitPrice }) => unitPrice === null)) return null;
  const sum = goods.reduce((all, line) => all + (line.unitPrice ?? 0) * line.quantity, 0);
  return onTop.reduce<number>((all, each) => all + (amount(each, currency) ?? 0), Math.round(sum));
}

/** What came back, as a refund has it: these lines; where it names none, this much. */
export function backOf(
  lines: readonly ParsedLine[],
  total: number | null,
): Pick<ParsedRefund, 'lines' | 'total'> {
  const back = lines.flatMap(({ sku, name, quantity }) =>
    (sku ?? name) && quantity > 0 ? [{ sku: sku ?? name, quantity }] : [],
  );
  return back[0] ? { lines: back } : total !== null && total > 0 ? { total } : {};
}
