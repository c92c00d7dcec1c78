import {
  first,
  lineOf,
  modifierOf,
  personOf,
  price,
  purchaseOf,
  refundStatus,
} from './build-purchase.js';
import { collect, readJson } from './collect.js';
import { readLabel } from './label.js';
import { currencyOf, instant, list, number, object, text, type Loose } from './read.js';
import type {
  ParsedLine,
  ParsedModifier,
  ParsedOrders,
  ParsedPurchase,
  ParseOptions,
} from './types.js';

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
  for (const [order, where, products] of ordersOf(readJson(input))) {
    const id = text(order['id']);
    if (!('status_id' in order || 'total_inc_tax' in order)) found.skip('not-an-order', where);
    else if (id === undefined) found.skip('no-id', where);
    else
      found.add(readOrder(order, id, products, options), {
        at: order['date_created'],
        total: order['total_inc_tax'],
      });
  }
  return found.done();
}

type Found = readonly [order: Loose, where: string, products: readonly Loose[] | undefined];

/**
 * The orders with the products that lie in or beside them; of several orders', those that name the order.
 * @yields an order, where it stands, and its products
 */
function* ordersOf(value: unknown, where = '', beside?: readonly Loose[]): Generator<Found> {
  if (Array.isArray(value) && where.length < 200) {
    for (const [i, one] of value.entries()) yield* ordersOf(one, `${where}[${i}]`, beside);
    return;
  }
  const order = object(value);
  const products = Array.isArray(order['products']) ? order['products'].map(object) : beside;
  const inside = ['order', 'orders', 'data'].find((name) => typeof order[name] === 'object');
  if (inside !== undefined && order[inside] && where.length < 200)
    yield* ordersOf(order[inside], where ? `${where}.${inside}` : inside, products);
  else
    yield [
      order,
      where,
      products?.filter(({ order_id: of }) => of == null || text(of) === text(order['id'])),
    ];
}

function readOrder(
  order: Loose,
  id: string,
  products: readonly Loose[] | undefined,
  options: ParseOptions,
): ParsedPurchase {
  // what is charged in; `currency_code` is what prices were shown in
  const { default_currency_code: charged, currency_code: shown } = order;
  const currency = currencyOf(charged, shown, options.currency) ?? null;
  const total = price(order['total_inc_tax'], currency);
  const lines = linesOf(products ?? [], currency);
  const status = STATUSES[number(order['status_id']) ?? -1] ?? 'open';
  const source = first(order['external_source'], order['order_source']) ?? '';
  return purchaseOf({
    id: `bigcommerce:${id}`,
    at: instant(order['date_created']),
    status:
      status === 'paid'
        ? refundStatus(lines, total, price(order['refunded_amount'], currency) ?? 0)
        : status,
    ...{ lines, total, currency },
    channel: /\bpos\b/i.test(source) ? 'pos' : source === 'manual' ? 'unknown' : 'web',
    customer: customerOf(order, options),
    warnings: [!products && 'no line items in the payload'],
  });
}

function customerOf(order: Loose, options: ParseOptions): ParsedPurchase['customer'] {
  const bill = object(order['billing_address']);
  const country = text(bill['country_iso2'])?.toUpperCase() ?? options.country;
  return personOf(
    [
      ['external', number(order['customer_id']) === 0 ? undefined : order['customer_id']],
      ['email', bill['email']],
      ['phone', bill['phone']],
    ],
    country === undefined ? {} : { country },
    ...([bill['first_name'], bill['last_name']] as const),
  );
}

function linesOf(products: readonly Loose[], currency: string | null): readonly ParsedLine[] {
  const ids = new Set(products.map(({ id }) => text(id)));
  const parents = products.map(({ parent_order_product_id: of }) =>
    text(of) !== undefined && ids.has(text(of)) ? text(of) : undefined,
  );
  const parts = new Map<string | undefined, Loose[]>();
  products.forEach((product, i) => {
    parts.set(parents[i], [...(parts.get(parents[i]) ?? []), product]);
  });
  return (parts.get(undefined) ?? []).flatMap((product) => {
    if (product['type'] === 'giftcertificate') return [];
    const quantity = number(product['quantity']) ?? 1;
    const chosen = list(product['product_options']).flatMap((option) =>
      readOption(option, currency),
    );
    // a pick list names its choice, and the choice is a part as well
    const own = (parts.get(text(product['id'])) ?? [])
      .flatMap((part) => readPart(part, quantity))
      .filter((part) => !chosen.some(({ name }) => name === part.name));
    return lineOf({
      sku: skuOf(product),
      name: text(product['name']),
      quantity,
      refunded: number(product['quantity_refunded']),
      ...{ unitPrice: price(product['price_inc_tax'], currency), currency },
      modifiers: [...chosen, ...own],
    });
  });
}

const skuOf = ({ sku, variant_id: variant, product_id: product }: Loose): string | undefined =>
  first(sku, variant || undefined, product || undefined);

function readOption(option: unknown, currency: string | null): readonly ParsedModifier[] {
  const { display_name: title, display_value: value } = object(option);
  const group = text(title);
  return group?.startsWith('_')
    ? []
    : modifierOf({ group, quantity: 1, ...readLabel(text(value), currency) });
}

const readPart = (part: Loose, parents: number): readonly ParsedModifier[] =>
  modifierOf({
    group: 'component',
    id: skuOf(part),
    name: text(part['name']),
    quantity: (number(part['quantity']) ?? 1) / parents,
  });
