import { first, lineOf, modifierOf, personOf, purchaseOf, refundStatus } from './build-purchase.js';
import { collect, readJson } from './collect.js';
import { amount, currencyOf, instant, list, number, object, text, type Loose } from './read.js';
import { nest } from './nest.js';
import type {
  ParsedLine,
  ParsedModifier,
  ParsedOrders,
  ParsedPurchase,
  ParseOptions,
} from './types.js';

/** What orders lie in: REST's search, and the queries and mutations of GraphQL. */
const WRAPPERS = [
  ...['data', 'customer', 'customerOrders', 'guestOrder', 'guestOrderByToken', 'placeOrder'],
  ...['orderV2', 'orders', 'order'],
];

/** REST's states, and GraphQL's labels of them. */
const STATES = new Map<unknown, ParsedPurchase['status']>([
  ...(['processing', 'complete'] as const).map((state) => [state, 'paid'] as const),
  ...(['canceled', 'cancelled'] as const).map((state) => [state, 'cancelled'] as const),
  ['closed', 'refunded'],
  ...['new', 'pending', 'pending_payment', 'payment_review', 'holded', 'on_hold', 'fraud'].map(
    (state) => [state, 'open'] as const,
  ),
]);

/**
 * Reads orders of Magento and Adobe Commerce: REST, one or a search, and GraphQL's orders of a customer and of guests. Children of a bundle
 * are modifiers of it, the child of a configurable product is the product. Invoices, shipments and credit memos are skipped: their numbers are not the orders'.
 *
 * @example
 * ```ts
 * import { parseMagento } from 'regulars/formats/magento';
 *
 * const { purchases } = parseMagento({ items: [{ increment_id: '000000003', items: [] }], total_count: 1 });
 * ```
 */
export function parseMagento(input: unknown, options: ParseOptions = {}): ParsedOrders {
  const found = collect();
  for (const [order, where, owner] of ordersOf(readJson(input), '', {})) {
    const id = first(
      ...[order['increment_id'], order['number'], order['order_number'], order['entity_id']],
      order['id'],
    );
    if (!isOrder(order)) found.skip('not-an-order', where);
    else if (id === undefined) found.skip('no-id', where);
    else
      found.add(readOrder(`magento:${id}`, order, owner, options), {
        at: order['created_at'] ?? order['order_date'],
        total: order['grand_total'],
      });
  }
  return found.done();
}

const isOrder = (order: Loose): boolean =>
  Array.isArray(order['items'])
    ? // an invoice, a shipment and a credit memo name the order they are of
      !('order_id' in order || 'order_item_id' in object(order['items'][0]))
    : 'grand_total' in order;

function* ordersOf(
  value: unknown,
  where: string,
  owner: Loose,
): Generator<readonly [order: Loose, where: string, owner: Loose]> {
  if (Array.isArray(value)) {
    for (const [i, one] of list(value).entries()) yield* ordersOf(one, `${where}[${i}]`, owner);
    return;
  }
  const one = object(value);
  const inside = WRAPPERS.find((name) => typeof one[name] === 'object' && one[name] !== null);
  // a search and a connection have orders for items, an order has goods
  const lists =
    'total_count' in one ||
    'search_criteria' in one ||
    'page_info' in one ||
    /orders$/i.test(where) ||
    list(one['items']).some((item) => Array.isArray(object(item)['items']));
  const dot = where && '.';
  if (lists && Array.isArray(one['items']))
    yield* ordersOf(one['items'], `${where}${dot}items`, owner);
  else if (inside !== undefined && !('items' in one))
    yield* ordersOf(one[inside], where + dot + inside, inside === 'orders' ? one : owner);
  else yield [one, where, owner];
}

/** The amount and the currency of GraphQL's money; REST's is a number in the order's currency. */
function money(value: unknown, usual: string | null): readonly [number | null, string | null] {
  const side = object(value);
  const currency = currencyOf(side['currency']) ?? usual;
  return [amount(side['value'] ?? value, currency), currency];
}

const QUANTITY = ['ordered', 'canceled', 'refunded', 'invoiced'] as const;

/** How many were ordered, canceled, refunded and invoiced. */
const counts = (item: Loose): readonly (number | undefined)[] =>
  QUANTITY.map((what) => number(item[`qty_${what}`] ?? item[`quantity_${what}`]));

function readOrder(id: string, order: Loose, owner: Loose, options: ParseOptions): ParsedPurchase {
  const usual = currencyOf(order['order_currency_code'], options.currency) ?? null;
  const graph = object(order['total'])['grand_total'];
  const [total, currency] = money(graph ?? order['grand_total'], usual);
  const lines = nest(order['items'], 'item_id', ['parent_item_id']).flatMap(([item, children]) =>
    readItem(item, children, currency),
  );
  const address = object(order['billing_address']);
  const isGuest = order['customer_is_guest'] === true || text(order['customer_is_guest']) === '1';
  const info = object(order['customer_info']);
  return purchaseOf({
    id,
    at: instant(first(order['created_at'], order['order_date']), (shown) => shown),
    status: statusOf(order, lines),
    lines,
    total,
    currency: currency ?? lines[0]?.currency ?? null,
    channel: 'web',
    warnings: [!Array.isArray(order['items']) && 'no items in the payload'],
    customer: personOf(
      [
        [
          'external',
          isGuest || text(order['customer_id']) === '0' ? undefined : order['customer_id'],
        ],
        ['email', first(order['customer_email'], order['email'], owner['email'])],
        ['phone', address['telephone']],
      ],
      // the number is one of the address
      {
        ...options,
        country: first(address['country_id'], address['country_code'], options.country) ?? '',
      },
      first(
        order['customer_firstname'],
        info['firstname'],
        owner['firstname'],
        address['firstname'],
      ),
      first(order['customer_lastname'], info['lastname'], owner['lastname'], address['lastname']),
    ),
  });
}

function readItem(
  item: Loose,
  children: readonly Loose[],
  usual: string | null,
): readonly ParsedLine[] {
  const kind = text(item['product_type'])?.toLowerCase() ?? '';
  if (/gift_?card/i.test(kind + (text(item['__typename']) ?? ''))) return [];
  const [ordered = 1, canceled = 0, refunded] = counts(item);
  const [unitPrice, currency] = money(item['product_sale_price'] ?? item['price'], usual);
  const configured = kind === 'configurable';
  return lineOf({
    sku: first(
      ...[item['sku'], item['product_sku'], configured && children[0]?.['sku']],
      item['product_id'],
    ),
    name: first(item['name'], item['product_name']),
    quantity: ordered - canceled,
    unitPrice,
    currency,
    refunded,
    modifiers: [
      ...list(item['selected_options'] ?? item['product_selected_options']).flatMap((each) => {
        const { label, value } = object(each);
        return text(value) ? modifierOf({ group: text(label), name: text(value) }) : [];
      }),
      ...(configured ? [] : children.flatMap((child) => component(child, ordered))),
      ...list(item['bundle_options']).flatMap((option) =>
        list(object(option)['values']).flatMap((value) => component(object(value), 1)),
      ),
    ],
  });
}

/** What a bundle is made of; REST counts it for all of the bundles, a modifier for one. */
function component(child: Loose, bundles: number): readonly ParsedModifier[] {
  const quantity = counts(child)[0] ?? number(child['quantity']) ?? 1;
  return modifierOf({
    group: 'component',
    id: first(child['sku'], child['product_sku'], child['product_id']),
    name: first(child['name'], child['product_name']),
    quantity: quantity % bundles === 0 ? quantity / bundles : quantity,
  });
}

function statusOf(order: Loose, lines: readonly ParsedLine[]): ParsedPurchase['status'] {
  const said = [order['state'], order['status']].map((each) =>
    text(each)?.toLowerCase().replace(/ /g, '_'),
  );
  const items = list(order['items']).map(object);
  const invoiced = items.some((item) => (counts(item)[3] ?? 0) > 0);
  const known = said.map((each) => STATES.get(each)).find((each) => each !== undefined);
  const status = known ?? (invoiced || (number(order['total_paid']) ?? 0) > 0 ? 'paid' : 'open');
  if (status !== 'paid') return status;
  return refundStatus(
    lines,
    number(order['grand_total']) ?? null,
    number(order['total_refunded']) ?? 0,
  );
}
