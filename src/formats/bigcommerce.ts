import { collect, idsOf, readJson } from './collect.js';
import { readLabel } from './label.js';
import { amount, currencyOf, instant, list, number, object, text, type Loose } from './read.js';
import type {
  ParsedLine,
  ParsedModifier,
  ParsedOrders,
  ParsedPurchase,
  ParseOptions,
} from './types.js';

/** Of the ids 0 to 14: Incomplete, Pending, Shipped, Partially Shipped, Refunded, Cancelled, Declined, … */
const STATUSES =
  'open open paid paid refunded cancelled cancelled open paid paid paid paid open paid partially_refunded'.split(
    ' ',
  ) as readonly ParsedPurchase['status'][];

/**
 * Reads orders of BigCommerce's v2 API with their products: inline in the order's `products`, or beside the orders as `{ order, products }`;
 * lists of either. Parts of bundles and pick lists become modifiers of what they belong to; gift certificates are left out.
 *
 * @example
 * ```ts
 * import { parseBigCommerce } from 'regulars/formats/bigcommerce';
 *
 * const { purchases } = parseBigCommerce({ order: { id: 149, status_id: 10 }, products: [{ id: 65, sku: 'S-ORAN' }] });
 * ```
 */
export function parseBigCommerce(input: unknown, options: ParseOptions = {}): ParsedOrders {
  const found = collect();
  for (const [order, where, products] of ordersOf(readJson(input))) {
    const id = text(order['id']);
    if (!('status_id' in order || 'total_inc_tax' in order)) found.skip('not-an-order', where);
    else if (id === undefined) found.skip('no-id', where);
    else found.add(readOrder(order, id, products, options));
  }
  return found.done();
}

type Found = readonly [order: Loose, where: string, products: readonly Loose[] | undefined];

/** The orders with the products that lie in or beside them; of several orders', those that name the order. */
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
  const source = `${text(order['external_source'])} ${text(order['order_source'])}`;
  const warnings = [
    ...(products ? [] : ['no line items in the payload']),
    ...(currency === null ? ['no currency'] : []),
    ...(lines.includes(undefined) ? ['a line without sku and name'] : []),
  ];
  return {
    id: `bigcommerce:${id}`,
    at: instant(order['date_created']),
    status: statusOf(order, total, currency),
    lines: lines.flatMap((line) => line ?? []),
    ...{ total, currency },
    channel: /\bpos\b/i.test(source) ? 'pos' : /\bmanual\b/.test(source) ? 'unknown' : 'web',
    customer: customerOf(order, options),
    ...(warnings.length > 0 && { warnings }),
  };
}

/** Not below zero: a price is no discount. */
function price(value: unknown, currency: string | null): number | null {
  const minor = currency === null ? null : amount(value, currency);
  return minor !== null && minor >= 0 ? minor : null;
}

function statusOf(
  order: Loose,
  total: number | null,
  currency: string | null,
): ParsedPurchase['status'] {
  const status = STATUSES[number(order['status_id']) ?? -1] ?? 'open';
  const back = price(order['refunded_amount'], currency);
  if (status !== 'paid' || !back) return status;
  return back >= (total ?? Infinity) ? 'refunded' : 'partially_refunded';
}

function customerOf(order: Loose, options: ParseOptions): ParsedPurchase['customer'] {
  const bill = object(order['billing_address']);
  const account = text(order['customer_id']);
  const given = text(bill['first_name']);
  const family = text(bill['last_name']);
  const country = text(bill['country_iso2'])?.toUpperCase() ?? options.country;
  return {
    ids: idsOf(
      [
        ['external', account === '0' ? undefined : account],
        ['email', bill['email']],
        ['phone', bill['phone']],
      ],
      country === undefined ? {} : { country },
    ),
    ...((given ?? family) !== undefined && {
      name: { ...(given !== undefined && { given }), ...(family !== undefined && { family }) },
    }),
  };
}

function linesOf(
  products: readonly Loose[],
  currency: string | null,
): readonly (ParsedLine | undefined)[] {
  const ids = new Set(products.map(({ id }) => text(id)));
  const parents = products.map(({ parent_order_product_id: of }) =>
    text(of) !== undefined && ids.has(text(of)) ? text(of) : undefined,
  );
  const parts = new Map<string | undefined, Loose[]>();
  products.forEach((product, i) => {
    parts.set(parents[i], [...(parts.get(parents[i]) ?? []), product]);
  });
  return (parts.get(undefined) ?? []).flatMap((product) => {
    const quantity = number(product['quantity']) ?? 1;
    if (product['type'] === 'giftcertificate' || quantity <= 0) return [];
    const sku = skuOf(product);
    const name = text(product['name']) ?? sku;
    if (name === null) return [undefined];
    const back = Math.min(number(product['quantity_refunded']) ?? 0, quantity);
    const chosen = list(product['product_options']).flatMap((option) =>
      readOption(option, currency),
    );
    const own = (parts.get(text(product['id'])) ?? []).flatMap((part) => readPart(part, quantity));
    // a pick list names its choice, and the choice is a part as well
    const modifiers = [
      ...chosen,
      ...own.filter((part) => !chosen.some((one) => one.name === part.name)),
    ];
    return [
      {
        ...{ sku, name, quantity, unitPrice: price(product['price_inc_tax'], currency), currency },
        modifiers,
        ...(back > 0 && { refundedQuantity: back }),
      },
    ];
  });
}

const skuOf = (product: Loose): string | null =>
  [product['sku'], product['variant_id'] || undefined, product['product_id'] || undefined]
    .map(text)
    .find((value) => value !== undefined) ?? null;

function readOption(option: unknown, currency: string | null): readonly ParsedModifier[] {
  const group = text(object(option)['display_name']);
  const value = text(object(option)['display_value']);
  return group === undefined || value === undefined || group.startsWith('_')
    ? []
    : [{ group, ...readLabel(value, currency), quantity: 1 }];
}

function readPart(part: Loose, parents: number): readonly ParsedModifier[] {
  const id = skuOf(part);
  const name = text(part['name']) ?? id;
  const quantity = (number(part['quantity']) ?? 1) / parents;
  return name === null || quantity < 0
    ? []
    : [{ group: 'component', ...(id !== null && { id }), name, quantity }];
}
