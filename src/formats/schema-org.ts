import { isA, readJsonLd, type JsonLd } from './json-ld.js';
import { collect, type LineDraft, type OrderDraft } from './orders.js';
import { personOf } from './person.js';
import { inZone } from './read-zone.js';
import { amount, currencyOf, first, object, text, type Loose } from './read.js';
import type { ParsedOrders, ParsedPurchase, ParseOptions } from './types.js';

export type * from './types.js';

/**
 * Orders of schema.org in JSON-LD: `Order`, alone, in lists, in an `@graph` with references, in an `Invoice`, which gives them its customer, or anywhere
 * else inside; also in the text of a page or mail with `<script type="application/ld+json">`. No Microdata, no RDFa. An order without a number has its
 * place in the payload for an id, with a warning: tell two such payloads apart yourself.
 * @example
 * const { purchases } = parseSchemaOrg(await response.text(), { timeZone: 'Europe/Berlin' });
 */
export function parseSchemaOrg(input: unknown, options: ParseOptions = {}): ParsedOrders {
  const found = collect();
  const data = readJsonLd(input);
  const invoices = new Map<unknown, Loose>();
  for (const node of data.nodes)
    if (isA(node, /^Invoice$/))
      for (const order of data.many(node, 'referencesOrder')) invoices.set(order, node);
  const orders = data.nodes.filter((node) => isA(node, /^Order$/));
  for (const [i, order] of orders.entries()) {
    const native = first(data.one(order, 'orderNumber'), data.one(order, 'confirmationNumber'));
    if (!native) found.warnings.push(`order ${i} has no number: its id is its place`);
    const invoice = object(invoices.get(order));
    found.add({ id: `schemaorg:${native ?? i}`, ...readOrder(data, order, invoice, options) });
  }
  if (!orders[0]) found.skip('not-an-order', '');
  return found.done();
}

function readOrder(
  { many, one }: JsonLd,
  order: Loose,
  invoice: Loose,
  options: ParseOptions,
): Omit<OrderDraft, 'id'> {
  const offers = many(order, 'acceptedOffer').map(object);
  const goods = offers[0] ? offers : many(order, 'orderedItem').map(object);
  const currencyIn = (node: Loose): string | undefined =>
    currencyOf(
      one(node, 'priceCurrency'),
      object(one(node, 'priceSpecification'))['priceCurrency'],
    );
  const currency = currencyOf(currencyIn(order), ...goods.map(currencyIn), options.currency);
  const line = (offer: Loose): LineDraft => {
    const item = object(one(offer, 'itemOffered') ?? one(offer, 'orderedItem') ?? offer);
    const own = currencyIn(offer) ?? currency;
    const price = one(offer, 'price') ?? object(one(offer, 'priceSpecification'))['price'];
    const count = one(offer, 'orderQuantity') ?? one(offer, 'eligibleQuantity');
    const sku = ['sku', 'productID', 'gtin', 'gtin13', 'mpn', 'orderItemNumber'].flatMap(
      (field) => [one(item, field), one(offer, field)],
    );
    return {
      sku: first(...sku),
      name: first(one(item, 'name'), one(item, 'description')),
      quantity: object(count)['value'] ?? count,
      unitPrice: amount(price, own),
      currency: own,
      category: one(item, 'category'),
    };
  };
  const { timeZone } = options;
  const person = object(one(order, 'customer') ?? one(invoice, 'customer'));
  const seller = object(one(order, 'merchant') ?? one(order, 'seller'));
  const raw = one(order, 'price');
  return {
    at: one(order, 'orderDate') ?? options.receivedAt,
    local: timeZone === undefined ? undefined : (at): number => inZone(at, timeZone),
    status: statusOf(`${text(one(order, 'orderStatus'))} ${text(one(invoice, 'paymentStatus'))}`),
    lines: goods.map(line),
    ...{ total: amount(raw, currency), raw, currency, channel: 'unknown' },
    place: { name: isA(seller, /^Person$/) ? undefined : one(seller, 'name') },
    customer: customerOf(person, one, options),
    gift: one(order, 'isGift') === true,
  };
}

const statusOf = (said: string): ParsedPurchase['status'] =>
  /cancel/i.test(said)
    ? 'cancelled'
    : /returned/i.test(said)
      ? 'refunded'
      : /due|declined/i.test(said)
        ? 'open'
        : 'paid';

function customerOf(
  person: Loose,
  one: JsonLd['one'],
  options: ParseOptions,
): OrderDraft['customer'] {
  const [given, family] = [one(person, 'givenName'), one(person, 'familyName')];
  // a company is nobody's name
  const isCompany = isA(person, /Organization|Corporation|Business|Store$/);
  return personOf(
    {
      ...{ email: one(person, 'email'), phone: one(person, 'telephone'), given, family },
      display: isCompany || first(given, family) ? undefined : one(person, 'name'),
    },
    options,
  );
}
