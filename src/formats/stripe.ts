import { collect, unwrap, type LineDraft, type OrderDraft } from './orders.js';
import { personOf } from './person.js';
import {
  currencyOf,
  decimal,
  first,
  instant,
  list,
  number,
  object,
  text,
  type Loose,
} from './read.js';
import { withRefunds } from './take-back.js';
import type { ParsedOrders, ParseOptions } from './types.js';

export type * from './types.js';

/** Stripe's own numbers of decimals: two, but for these. ISK, UGX and HUF have two there and none elsewhere. */
const NO_DECIMALS = 'BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF';
const THREE_DECIMALS = 'BHD JOD KWD OMR TND';

/**
 * Reads what Stripe knows of orders: Checkout Sessions, with their lines where these were expanded, Payment Intents with line items, and
 * refunds of either (`charge.refunded`, Refund); bare, in lists and in events. Setups, charges without a refund, and Payment Intents
 * whose Session is in the same payload are skipped; with `liveOnly` also everything of the test mode.
 * @example parseStripe(event, { liveOnly: true }).purchases
 */
export function parseStripe(input: unknown, options: ParseOptions = {}): ParsedOrders {
  const found = collect();
  const all = [...unwrap(input, ['data', 'object'])];
  const sessions = new Map<string | undefined, string>();
  for (const [{ object: kind, payment_intent: intent, id }] of all)
    if (kind === 'checkout.session' && text(id)) sessions.set(idOf(intent), `stripe:${text(id)}`);
  for (const [order, where] of all) {
    const kind = text(order['object']);
    const id = text(order['id']);
    const intent = idOf(order['payment_intent']);
    const reads =
      kind === 'checkout.session'
        ? order['mode'] !== 'setup'
        : kind === 'payment_intent'
          ? !sessions.has(id)
          : kind === 'charge'
            ? !!order['amount_refunded']
            : kind === 'refund' && !/failed|canceled/.test(text(order['status']) ?? '');
    if (!reads) found.skip('not-an-order', where);
    else if (options.liveOnly && order['livemode'] === false) found.skip('test', where);
    else if (!id) found.skip('no-id', where);
    else if (kind !== 'charge' && kind !== 'refund') found.add(readOrder(order, id, options));
    else if (!intent) found.skip('no-id', where);
    else
      found.refunds.push({
        purchase: sessions.get(intent) ?? `stripe:${intent}`,
        at: kind === 'refund' ? instant(order['created']) : null,
        ...(order['refunded'] !== true && { lines: [] }),
      });
  }
  return withRefunds(found);
}

/** The id of a thing, expanded or not. */
const idOf = (value: unknown): string | undefined => text(object(value)['id'] ?? value);

function readOrder(order: Loose, id: string, options: ParseOptions): OrderDraft {
  const currency = currencyOf(order['currency'], options.currency);
  const paid = object(order['payment_intent']);
  const charge = object(order['latest_charge'] ?? paid['latest_charge']);
  const items = order['line_items'] ?? object(order['amount_details'])['line_items'];
  const { has_more: more, data = items } = object(items);
  const raw = order['amount_total'] ?? order['amount'];
  const total = minor(raw, currency);
  const { customer, customer_email, receipt_email } = order;
  const details = object(order['customer_details'] ?? charge['billing_details']);
  const known = object(customer);
  return {
    ...{ id: `stripe:${id}`, at: order['created'], total, raw, currency, channel: 'web' },
    status: statusOf(order, charge),
    lines: list(data).map((line) => readLine(object(line), currency)),
    place: { table: object(order['metadata'])['table'] },
    customer: personOf(
      {
        external: idOf(customer),
        email: first(details['email'], customer_email, receipt_email, known['email']),
        phone: first(details['phone'], known['phone']),
        display: first(details['name'], known['name']),
      },
      options,
    ),
    warnings: [more === true && 'the list of line items is cut'],
  };
}

function statusOf(order: Loose, charge: Loose): OrderDraft['status'] {
  const { status, payment_status: payment } = order;
  if (status === 'expired' || status === 'canceled') return 'cancelled';
  const isPaid = status === 'succeeded' || payment === 'paid' || payment === 'no_payment_required';
  if (!isPaid || status === 'open') return 'open';
  if (charge['refunded'] === true) return 'refunded';
  return number(charge['amount_refunded']) ? 'partially_refunded' : 'paid';
}

/** A line of a session or of a Payment Intent. */
function readLine(line: Loose, usual: string | undefined): LineDraft {
  const own = object(line['price']);
  const product = object(own['product']);
  const skus = [own, product, line].map((one) => object(one['metadata'])['sku']);
  const { quantity, amount_subtotal: all } = line;
  const currency = currencyOf(line['currency'], own['currency'], usual);
  const one = own['unit_amount'] ?? line['unit_cost'];
  return {
    sku: first(...skus, own['lookup_key'], line['product_code'], idOf(own['product'])),
    name: first(line['description'], line['product_name'], product['name']),
    quantity,
    // prices in parts of a cent, and what customers choose to pay, have no whole one
    unitPrice: minor(one ?? Math.round((number(all) ?? NaN) / (number(quantity) ?? 1)), currency),
    currency,
  };
}

/** Stripe's integer in the currency's own minor unit. */
function minor(value: unknown, currency: string | undefined): number | null {
  if (!currency || typeof value !== 'number') return null;
  const digits = NO_DECIMALS.includes(currency) ? 0 : THREE_DECIMALS.includes(currency) ? 3 : 2;
  return decimal((value / 10 ** digits).toFixed(digits), currency);
}
