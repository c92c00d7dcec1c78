import { readLabel } from './label.js';
import { nest } from './nest.js';
import {
  collect,
  paidOrBack,
  unwrap,
  type LineDraft,
  type ModifierDraft,
  type OrderDraft,
} from './orders.js';
import { personOf } from './person.js';
import { currencyOf, decimal, first, list, number, object, text, type Loose } from './read.js';
import type { ParsedOrders, ParsedPurchase, ParseOptions } from './types.js';

export type * from './types.js';

/** Of the ids 0 to 14: Incomplete, Pending, Shipped, Partially Shipped, Refunded, Cancelled, Declined, … */
const STATUSES =
  'open open paid paid refunded cancelled cancelled open paid paid paid paid open paid partially_refunded'.split(
    ' ',
  ) as readonly ParsedPurchase['status'][];

/**
 * Reads orders of BigCommerce's v2 API with their products: inline in the order's `products`, or beside the orders as `{ order, products }`;
 * lists of either. Parts of bundles and pick lists become modifiers of what they belong to; gift certificates are left out.
 * @example parseBigCommerce({ order, products }).purchases
 */
export function parseBigCommerce(input: unknown, options: ParseOptions = {}): ParsedOrders {
  const found = collect();
  for (const [order, where, around] of unwrap(input, ['order', 'orders', 'data'])) {
    const id = text(order['id']);
    if (!('status_id' in order || 'total_inc_tax' in order)) found.skip('not-an-order', where);
    else if (!id) found.skip('no-id', where);
    else {
      // of an order alone there is a link to them
      const products = [order['products'], around['products']].find(Array.isArray);
      // of several orders' products, those that name this one
      const own = list(products)
        .map(object)
        .filter(({ order_id: of }) => of == null || text(of) === id);
      found.add(readOrder(order, id, !!products && own, options));
    }
  }
  return found.done();
}

function readOrder(
  order: Loose,
  id: string,
  products: readonly Loose[] | false,
  options: ParseOptions,
): OrderDraft {
  // what is charged in; `currency_code` is what prices were shown in
  const { default_currency_code: charged, currency_code: shown, total_inc_tax: raw } = order;
  const currency = currencyOf(charged, shown, options.currency);
  const total = decimal(raw, currency);
  const status = STATUSES[number(order['status_id']) ?? -1] ?? 'open';
  const source = first(order['external_source'], order['order_source']) ?? '';
  const bill = object(order['billing_address']);
  return {
    ...{ id: `bigcommerce:${id}`, at: order['date_created'], total, raw, currency },
    status:
      status === 'paid' ? paidOrBack(total, decimal(order['refunded_amount'], currency)) : status,
    lines: nest(products || [], 'id', ['parent_order_product_id']).flatMap(([product, parts]) =>
      product['type'] === 'giftcertificate' ? [] : [readLine(product, parts, currency)],
    ),
    channel: /\bpos\b/i.test(source) ? 'pos' : source === 'manual' ? 'unknown' : 'web',
    customer: personOf(
      {
        external: order['customer_id'],
        ...{ email: bill['email'], phone: bill['phone'], country: bill['country_iso2'] },
        ...{ given: bill['first_name'], family: bill['last_name'] },
      },
      options,
    ),
    warnings: [!products && 'no line items in the payload'],
  };
}

function readLine(
  product: Loose,
  parts: readonly Loose[],
  currency: string | undefined,
): LineDraft {
  const quantity = number(product['quantity']) ?? 1;
  const chosen = list(product['product_options']).map((option): ModifierDraft => {
    const { display_name: group, display_value: value } = object(option);
    return { group, ...readLabel(text(value), currency) };
  });
  return {
    ...{ sku: skuOf(product), name: product['name'], quantity },
    refunded: number(product['quantity_refunded']),
    unitPrice: decimal(product['price_inc_tax'], currency),
    modifiers: [
      ...chosen,
      ...parts.flatMap((part): readonly ModifierDraft[] => {
        const name = text(part['name']);
        const all = number(part['quantity']) ?? 1;
        // a pick list names its choice, and the choice is a part as well
        return chosen.some((choice) => choice.name === name)
          ? []
          : [{ group: 'component', id: skuOf(part), name, quantity: all / quantity }];
      }),
    ],
  };
}

const skuOf = ({ sku, variant_id: variant, product_id: product }: Loose): string | undefined =>
  first(sku, variant || undefined, product || undefined);
