import {
  collect,
  paidOrBack,
  unwrap,
  type LineDraft,
  type ModifierDraft,
  type OrderDraft,
} from './orders.js';
import { nest } from './nest.js';
import { personOf } from './person.js';
import { currencyOf, decimal, first, list, number, object, text, type Loose } from './read.js';
import type { ParsedOrders, ParseOptions } from './types.js';

/** What orders lie in: REST's search, and the queries and mutations of GraphQL. */
const WRAPPERS = [
  ...['data', 'customer', 'customerOrders', 'guestOrder', 'guestOrderByToken', 'placeOrder'],
  ...['orderV2', 'orders', 'order', 'items'],
];

/** REST's states, and GraphQL's labels of them. */
const STATES = new Map<unknown, 'cancelled' | 'open' | 'paid' | 'refunded'>([
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
  for (const [order, where, owner] of unwrap(input, WRAPPERS, hasGoods)) {
    const { increment_id: shown, number: graph, order_number: placed, entity_id: row } = order;
    const id = first(shown, graph, placed, row, order['id']);
    if (!isOrder(order)) found.skip('not-an-order', where);
    else if (id === undefined) found.skip('no-id', where);
    else found.add(readOrder(`magento:${id}`, order, owner, options));
  }
  return found.done();
}

const isOrder = (order: Loose): boolean =>
  Array.isArray(order['items'])
    ? // an invoice, a shipment and a credit memo name the order they are of
      !('order_id' in order || 'order_item_id' in object(order['items'][0]))
    : 'grand_total' in order;

/** A search and a connection have orders for items, an order has goods. */
const hasGoods = (one: Loose, where: string): boolean =>
  'items' in one &&
  !(
    Array.isArray(one['items']) &&
    (['total_count', 'search_criteria', 'page_info'].some((field) => field in one) ||
      /orders$/i.test(where) ||
      one['items'].some((item) => Array.isArray(object(item)['items'])))
  );

/** The amount and the currency of GraphQL's money; REST's is a number in the order's currency. */
function money(
  value: unknown,
  usual: string | undefined,
): readonly [number | null, string | undefined] {
  const side = object(value);
  const currency = currencyOf(side['currency'], usual);
  return [decimal(side['value'] ?? value, currency), currency];
}

const QUANTITY = ['ordered', 'canceled', 'refunded', 'invoiced'] as const;

/** How many were ordered, canceled, refunded and invoiced. */
const counts = (item: Loose): readonly (number | undefined)[] =>
  QUANTITY.map((what) => number(item[`qty_${what}`] ?? item[`quantity_${what}`]));

function readOrder(id: string, order: Loose, owner: Loose, options: ParseOptions): OrderDraft {
  const usual = currencyOf(order['order_currency_code'], options.currency);
  const { grand_total: raw, customer_is_guest: guest } = order;
  const [total, currency] = money(object(order['total'])['grand_total'] ?? raw, usual);
  const lines = nest(order['items'], 'item_id', ['parent_item_id']).flatMap(([item, children]) =>
    readItem(item, children, currency),
  );
  const address = object(order['billing_address']);
  const info = object(order['customer_info']);
  return {
    ...{ id, lines, total, raw, currency: currency ?? lines[0]?.currency, channel: 'web' },
    at: first(order['created_at'], order['order_date']),
    local: (shown) => shown,
    status: statusOf(order),
    warnings: [!Array.isArray(order['items']) && 'no items in the payload'],
    customer: personOf(
      {
        external: guest === true || text(guest) === '1' ? undefined : order['customer_id'],
        email: first(order['customer_email'], order['email'], owner['email']),
        phone: address['telephone'],
        // the number is one of the address
        country: first(address['country_id'], address['country_code']),
        given: first(
          ...[order['customer_firstname'], info['firstname'], owner['firstname']],
          address['firstname'],
        ),
        family: first(
          ...[order['customer_lastname'], info['lastname'], owner['lastname']],
          address['lastname'],
        ),
      },
      options,
    ),
  };
}

function readItem(
  item: Loose,
  children: readonly Loose[],
  usual: string | undefined,
): readonly LineDraft[] {
  const kind = text(item['product_type'])?.toLowerCase() ?? '';
  if (/gift_?card/i.test(kind + (text(item['__typename']) ?? ''))) return [];
  const [ordered = 1, canceled = 0, refunded] = counts(item);
  const [unitPrice, currency] = money(item['product_sale_price'] ?? item['price'], usual);
  const configured = kind === 'configurable';
  return [
    {
      sku: first(
        ...[item['sku'], item['product_sku'], configured && children[0]?.['sku']],
        item['product_id'],
      ),
      name: first(item['name'], item['product_name']),
      ...{ quantity: ordered - canceled, unitPrice, currency, refunded },
      modifiers: [
        ...list(item['selected_options'] ?? item['product_selected_options']).map((each) => {
          const { label: group, value: name } = object(each);
          return { group, name };
        }),
        ...(configured ? [] : children.map((child) => component(child, ordered))),
        ...list(item['bundle_options']).flatMap((option) =>
          list(object(option)['values']).map((value) => component(object(value), 1)),
        ),
      ],
    },
  ];
}

/** What a bundle is made of; REST counts it for all of the bundles, a modifier for one. */
function component(child: Loose, bundles: number): ModifierDraft {
  const quantity = counts(child)[0] ?? number(child['quantity']) ?? 1;
  return {
    group: 'component',
    id: first(child['sku'], child['product_sku'], child['product_id']),
    name: first(child['name'], child['product_name']),
    quantity: quantity % bundles === 0 ? quantity / bundles : quantity,
  };
}

function statusOf(order: Loose): OrderDraft['status'] {
  const known = [order['state'], order['status']]
    .map((each) => STATES.get(text(each)?.toLowerCase().replace(/ /g, '_')))
    .find(Boolean);
  const invoiced = list(order['items']).some((item) => (counts(object(item))[3] ?? 0) > 0);
  const status = known ?? (invoiced || (number(order['total_paid']) ?? 0) > 0 ? 'paid' : 'open');
  const { grand_total: total, total_refunded: back } = order;
  return status === 'paid' ? paidOrBack(number(total) ?? null, number(back)) : status;
}
