import { readLabel } from './label.js';
import { nest } from './nest.js';
import {
  collect,
  paidOrBack,
  readJson,
  unwrap,
  type Collector,
  type LineDraft,
  type ModifierDraft,
  type OrderDraft,
} from './orders.js';
import { personOf } from './person.js';
import {
  amount,
  currencyOf,
  first,
  instant,
  list,
  number,
  object,
  text,
  type Loose,
} from './read.js';
import { inZone } from './read-zone.js';
import { withRefunds } from './take-back.js';
import type { ParsedOrders, ParsedPurchase, ParseOptions } from './types.js';
import { ordersOfReport } from './woocommerce-report.js';

const STATUSES = new Map<string | undefined, ParsedPurchase['status']>([
  ...(['processing', 'completed'] as const).map((status) => [status, 'paid'] as const),
  ...(['cancelled', 'failed', 'trash'] as const).map((status) => [status, 'cancelled'] as const),
  ['refunded', 'refunded'],
]);

/** Who made the order; the shop's page or its API, unless it says another. */
const CHANNELS = new Map<unknown, ParsedPurchase['channel']>([
  ['admin', 'unknown'],
  ['pos', 'pos'],
  ['pos-rest-api', 'pos'],
  ['kiosk', 'kiosk'],
]);

/** Meta of gift cards, as the two plugins for them write it. */
const GIFT_CARD = /^_?(?:wc_gc_giftcard|pw_gift_card)/;

type Local = ((shown: number) => number) | undefined;

/**
 * Reads orders of WooCommerce: REST v3 and its webhooks, and the CSV file of the orders report, whose dates need the option `timeZone`
 * and whose amounts need `currency`. What add-ons cost moves from their labels to `unitPrice`; parts of a bundle or composite are modifiers
 * of it. Refunds read on their own land in `refunds`; subscriptions are no orders.
 *
 * @example
 * ```ts
 * import { parseWooCommerce } from 'regulars/formats/woocommerce';
 *
 * const csv = 'Date,Order #,Status,Product(s)\n2026-01-08 09:14:55,1180,completed,1× Latte';
 * const { purchases } = parseWooCommerce(csv, { timeZone: 'Europe/Berlin', currency: 'EUR' });
 * ```
 */
export function parseWooCommerce(input: unknown, options: ParseOptions = {}): ParsedOrders {
  const found = collect();
  const json = readJson(input);
  const { timeZone } = options;
  const local: Local = timeZone === undefined ? undefined : (ms) => inZone(ms, timeZone);
  if (typeof input === 'string' && json === undefined)
    ordersOfReport(input, local, options, statusOf, found);
  else
    for (const [order, where] of unwrap(json, ['orders', 'order'])) {
      const id = text(order['id']);
      if ('refunded_by' in order) readRefund(order, found, where);
      // a subscription is a plan, its renewals are the orders
      else if (!Array.isArray(order['line_items']) || 'billing_period' in order)
        found.skip('not-an-order', where);
      else if (id === undefined) found.skip('no-id', where);
      else found.add(readOrder(`woocommerce:${id}`, order, local, options));
    }
  return withRefunds(found);
}

/** A status of the shop's own says nothing of money. */
const statusOf = (status: string | undefined): ParsedPurchase['status'] =>
  STATUSES.get(status?.toLowerCase().replace(/^wc-/, '')) ?? 'open';

function readOrder(id: string, order: Loose, local: Local, options: ParseOptions): OrderDraft {
  const currency = currencyOf(order['currency'], options.currency);
  const raw = order['total'];
  const total = amount(raw, currency);
  const back = list(order['refunds']).reduce(
    (sum: number, refund) => sum + Math.abs(amount(object(refund)['total'], currency) ?? 0),
    0,
  );
  const said = statusOf(text(order['status']));
  const isPaid = first(order['date_paid_gmt'], order['date_paid']) !== undefined;
  const isOwn = !/^(?:wc-)?(?:pending|on-hold|checkout-draft)$/.test(text(order['status']) ?? '');
  const status = said === 'open' && isPaid && isOwn ? 'paid' : said;
  const { first_name: given, last_name: family, email, phone } = object(order['billing']);
  return {
    ...{ id, local, total, raw, currency },
    at: instant(order['date_created_gmt'], (shown) => shown) ?? order['date_created'],
    status: status === 'paid' ? () => paidOrBack(total, back)([]) : status,
    lines: nest(order['line_items'], 'id', PARENTS).flatMap(([item, parts]) =>
      readItem(item, parts, currency, order['prices_include_tax'] === true),
    ),
    channel: CHANNELS.get(order['created_via']) ?? 'web',
    customer: personOf({ external: order['customer_id'], email, phone, given, family }, options),
  };
}

/** The parent of a part: of Composite Products, Product Bundles, Mix and Match. */
const PARENTS = ['composite_parent', 'bundled_by', 'mnm_child_of'];

const skuOf = (item: Loose): string | undefined =>
  first(item['sku'], item['variation_id'] || undefined, item['product_id'] || undefined);

/** The price of one, before coupons, with tax where the shop's prices have it. */
function priceOf(item: Loose, currency: string | undefined, withTax: boolean): number | null {
  const of = (field: string): number | null => amount(item[field], currency);
  const all = of('subtotal');
  if (all === null) return of('price');
  return Math.round(
    (all + (withTax ? (of('subtotal_tax') ?? 0) : 0)) / (number(item['quantity']) ?? 1),
  );
}

function readItem(
  item: Loose,
  parts: readonly Loose[],
  currency: string | undefined,
  withTax: boolean,
): readonly LineDraft[] {
  const meta = list(item['meta_data']).map(object);
  const quantity = number(item['quantity']) ?? 1;
  if (quantity <= 0 || meta.some(({ key }) => GIFT_CARD.test(text(key) ?? ''))) return [];
  return [
    {
      ...{ sku: skuOf(item), name: plain(item['name']), quantity },
      unitPrice: priceOf(item, currency, withTax),
      modifiers: [
        ...meta.flatMap((each) => readMeta(each, currency)),
        ...parts.map((part) => {
          const all = number(part['quantity']) ?? 1;
          return {
            group: 'component',
            id: skuOf(part),
            name: plain(part['name']),
            quantity: all % quantity === 0 ? all / quantity : all,
            // what is priced apart is not in the price of the whole
            unitPrice: priceOf(part, currency, withTax) || undefined,
          };
        }),
      ],
    },
  ];
}

/** A choice, without the price in its label; what begins with `_` is not for anybody's eyes. */
function readMeta(meta: Loose, currency: string | undefined): readonly ModifierDraft[] {
  const key = plain(meta['display_key']) ?? plain(meta['key']);
  const value = plain(meta['display_value']) ?? plain(meta['value']);
  const { name: group, unitPrice } = readLabel(key, currency);
  return value && group && !text(meta['key'])?.startsWith('_')
    ? [{ unitPrice, ...readLabel(value, currency), group }]
    : [];
}

/** Text without tags. */
const plain = (value: unknown): string | undefined =>
  text(
    typeof value === 'string'
      ? value
          .replace(/<(?:br|\/?(?:p|div|li))\b[^<>]*>/gi, ' ')
          .replace(/<\/?[a-z][^<>]*>/gi, '')
          .replace(/\s+/g, ' ')
      : value,
  );

/** A refund as its own endpoint has it: it names its order by `parent_id`, or by a link. */
function readRefund(refund: Loose, found: Collector, where: string): void {
  const [up] = list(object(refund['_links'])['up']);
  const link = /\/orders\/(\d+)/.exec(text(object(up)['href']) ?? '')?.[1];
  const order = first(refund['parent_id'] || undefined, link);
  if (order === undefined) return found.skip('no-id', where);
  found.refunds.push({
    purchase: `woocommerce:${order}`,
    at: instant(refund['date_created_gmt'], (shown) => shown),
    lines: list(refund['line_items']).flatMap((each) => {
      const item = object(each);
      const sku = skuOf(item) ?? plain(item['name']);
      const quantity = Math.abs(number(item['quantity']) ?? 0);
      return sku !== undefined && quantity > 0 ? [{ sku, quantity }] : [];
    }),
  });
}
