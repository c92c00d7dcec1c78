import { collect, paidOrBack, unwrap, type Collector, type OrderDraft } from './orders.js';
import { personOf } from './person.js';
import {
  currencyOf,
  defined,
  first,
  instant,
  list,
  number,
  object,
  text,
  type Loose,
} from './read.js';
import { withRefunds } from './take-back.js';
import type { ParsedOrders, ParsedPurchase, ParseOptions } from './types.js';

const WRAPPERS = [
  ...['data', 'object', 'orders', 'order', 'loyalty_accounts', 'loyalty_account'],
  ...['events', 'event', 'loyalty_event'],
];

const STATES = new Map<unknown, ParsedPurchase['status']>([
  ['COMPLETED', 'paid'],
  ['CANCELED', 'cancelled'],
]);

/** A ticket's name, where it is one of a table. */
const TABLE = /^(?:(?:table|tbl|tisch|mesa|tavolo)\W*([a-z]?\d+[a-z]?)|t[ #-]?(\d+))$/i;

/**
 * Reads orders and members of Square's loyalty programme, as its Orders and Loyalty APIs and their webhooks give them. Custom amounts and
 * gift cards are no lines. What came back is on its line, or in `refunds` when another order sold it.
 *
 * @example
 * ```ts
 * import { parseSquare } from 'regulars/formats/square';
 *
 * const { purchases } = parseSquare({ orders: [{ id: 'CAISE', state: 'COMPLETED', line_items: [{ name: 'Latte' }] }] });
 * ```
 */
export function parseSquare(input: unknown, options: ParseOptions = {}): ParsedOrders {
  const found = collect();
  const accounts = new Map<string, Loose>();
  const visits = new Map<string, Set<string>>();
  for (const [one, where] of unwrap(input, WRAPPERS)) {
    const id = text(one['id']);
    const member = text(one['loyalty_account_id']);
    if (member !== undefined) {
      const orders = visits.get(member) ?? new Set();
      visits.set(member, orders);
      for (const kind of ['accumulate_points', 'accumulate_promotion_points', 'redeem_reward']) {
        const order = text(object(one[kind])['order_id']);
        if (order !== undefined) orders.add(`square:${order}`);
      }
    } else if (!('program_id' in one || list(one['line_items'] ?? one['returns']).length))
      found.skip('not-an-order', where);
    else if (id === undefined) found.skip('no-id', where);
    else if ('program_id' in one) accounts.set(id, one);
    else readOrder(one, id, options, found);
  }
  for (const id of new Set([...accounts.keys(), ...visits.keys()])) {
    const account = accounts.get(id) ?? {};
    const old = list(account['mappings']).map((mapping) => object(mapping)['value']);
    const phone = first(object(account['mapping'])['phone_number'], ...old);
    found.customers.push({
      ...personOf({ loyalty: id, external: account['customer_id'], phone }, options),
      ...defined({
        balance: number(account['balance']),
        lifetimePoints: number(account['lifetime_points']),
        visits: visits.get(id)?.size ? [...(visits.get(id) ?? [])] : undefined,
      }),
    });
  }
  return withRefunds(found);
}

/** Money is in minor units already. */
function money(value: unknown): readonly [number | null, string | undefined] {
  const { amount, currency } = object(value);
  const minor = number(amount);
  const code = currencyOf(currency);
  return [code !== undefined && Number.isSafeInteger(minor) ? (minor ?? null) : null, code];
}

/** What another order sold comes back in one without lines, or with other lines: an exchange. */
function readOrder(order: Loose, id: string, options: ParseOptions, found: Collector): void {
  const items = list(order['line_items']).map(object);
  const own = new Set(items.map(({ uid }) => text(uid)));
  const back = new Map<unknown, number>();
  const at = instant(order['created_at']);
  for (const { source_order_id, return_line_items } of list(order['returns']).map(object)) {
    const elsewhere: { sku: string; quantity: number }[] = [];
    for (const line of list(return_line_items).map(object)) {
      const uid = text(line['source_line_item_uid']);
      const sku = first(line['catalog_object_id'], line['name']);
      const quantity = number(line['quantity']) ?? 1;
      if (quantity <= 0) continue;
      if (uid !== undefined && own.has(uid)) back.set(uid, (back.get(uid) ?? 0) + quantity);
      else if (sku !== undefined && isGoods(line)) elsewhere.push({ sku, quantity });
    }
    const source = text(source_order_id);
    if (source !== undefined && source !== id && elsewhere.length > 0)
      found.refunds.push({ purchase: `square:${source}`, at, lines: elsewhere });
  }
  if (items.length > 0) found.add(readSale(order, id, items, back, options));
}

const isGoods = ({ item_type }: Loose): boolean => (item_type ?? 'ITEM') === 'ITEM';

function readSale(
  order: Loose,
  id: string,
  items: readonly Loose[],
  back: ReadonlyMap<unknown, number>,
  options: ParseOptions,
): OrderDraft {
  const [total, paidIn] = money(order['total_money']);
  const lines = items.filter(isGoods).map((line) => {
    const [unitPrice, currency = paidIn] = money(line['base_price_money']);
    return {
      ...{ sku: line['catalog_object_id'], name: line['name'], quantity: line['quantity'] },
      ...{ unitPrice, currency, note: line['note'], refunded: back.get(text(line['uid'])) },
      modifiers: [
        { group: 'variant', name: line['variation_name'] },
        ...list(line['modifiers']).map((each) => {
          const { catalog_object_id: modifier, name, quantity, base_price_money } = object(each);
          return { id: modifier, name, quantity, unitPrice: money(base_price_money)[0] };
        }),
      ],
    };
  });
  const table = TABLE.exec(text(order['ticket_name']) ?? '');
  return {
    ...{ id: `square:${id}`, at: order['created_at'], lines, total },
    raw: object(order['total_money'])['amount'],
    status: statusOf(order, total),
    currency: paidIn ?? lines[0]?.currency ?? currencyOf(options.currency),
    place: { id: order['location_id'], table: table?.[1] ?? table?.[2] },
    channel: /kiosk/i.test(text(object(order['source'])['name']) ?? '') ? 'kiosk' : 'pos',
    customer: guestOf(order, options),
  };
}

/** Whose an order is: of itself, else of who takes it, else of who pays. */
function guestOf(order: Loose, options: ParseOptions): ParsedPurchase['customer'] {
  const recipients = list(order['fulfillments']).flatMap((fulfillment) =>
    Object.values(object(fulfillment)).map((details) => object(object(details)['recipient'])),
  );
  const of = (field: string): unknown => first(...recipients.map((person) => person[field]));
  const payers = list(order['tenders']).map((tender) => object(tender)['customer_id']);
  return personOf(
    {
      external: first(order['customer_id'], of('customer_id'), ...payers),
      ...{ email: of('email_address'), phone: of('phone_number'), display: of('display_name') },
    },
    options,
  );
}

function statusOf(order: Loose, total: number | null): OrderDraft['status'] {
  const status = STATES.get(order['state']) ?? 'open';
  if (status !== 'paid') return status;
  const back = list(order['refunds'])
    .map(object)
    .filter((refund) => !/REJECTED|FAILED/.test(text(refund['status']) ?? ''))
    .reduce((sum, refund) => sum + (money(refund['amount_money'])[0] ?? 0), 0);
  return (lines) => {
    const known = paidOrBack(total, back)(lines);
    return known === 'paid' && list(order['returns'])[0] ? 'partially_refunded' : known;
  };
}
