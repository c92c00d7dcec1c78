import type { LineDraft } from './orders.js';
import { amount, first, list, number, object, text, type Loose } from './read.js';
import type { ParsedRefund } from './types.js';

/** The first of these fields with a text in it. */
export const pick = (from: Loose, ...names: readonly string[]): string | undefined =>
  first(...names.map((name) => from[name]));

/** Products as analytics events name them: GA4's `items`, Universal Analytics' and Segment's `products`. */
export const eventLines = (items: unknown, currency: string | undefined): readonly LineDraft[] =>
  list(items).map((given) => {
    const item = object(given);
    const levels = ['', 2, 3, 4, 5].flatMap((level) => text(item[`item_category${level}`]) ?? []);
    return {
      sku: pick(item, 'item_id', 'sku', 'id', 'product_id'),
      name: pick(item, 'item_name', 'name'),
      quantity: item['quantity'],
      unitPrice: amount(item['price'], currency),
      category: levels.join(' > ') || item['category'],
      modifiers: [{ group: 'variant', name: pick(item, 'item_variant', 'variant') }],
    };
  });

/** What there is of lines, by what they are known by. */
export const goodsOf = (
  lines: readonly LineDraft[],
): readonly { readonly sku: string; readonly quantity: number; readonly price: number | null }[] =>
  lines.flatMap(({ name, quantity, sku, unitPrice: price }) => {
    const [key, count] = [first(sku, name), number(quantity) ?? 1];
    return key && count > 0 ? [{ sku: key, quantity: count, price }] : [];
  });

/** What the lines come to, with amounts on top; null where one of them is not known. */
export function sumOf(lines: readonly LineDraft[], onTop = 0): number | null {
  const goods = goodsOf(lines);
  if (!goods[0] || goods.some(({ price }) => price === null)) return null;
  return Math.round(
    goods.reduce((all, { price, quantity }) => all + Number(price) * quantity, onTop),
  );
}

/** What came back, as a refund has it: these lines; where it names none, this much. */
export function backOf(
  lines: readonly LineDraft[],
  total: number | null,
): Pick<ParsedRefund, 'lines' | 'total'> {
  const back = goodsOf(lines).map(({ quantity, sku }) => ({ sku, quantity }));
  return back[0] ? { lines: back } : total !== null && total > 0 ? { total } : {};
}
