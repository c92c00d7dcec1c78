import { collect, defined, idsOf } from './collect.js';
import { isA, readJsonLd, type JsonLd } from './json-ld.js';
import { inZone } from './read-zone.js';
import { amount, currencyOf, instant, number, object, text, type Loose } from './read.js';
import type { ParsedLine, ParsedOrders, ParsedPurchase, ParseOptions } from './types.js';

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
    const native = text(data.one(order, 'orderNumber') ?? data.one(order, 'confirmationNumber'));
    if (!native) found.warn(`order ${i} has no number: its id is its place`);
    const purchase = readOrder(data, order, object(invoices.get(order)), options);
    const raw = { at: data.one(order, 'orderDate'), total: data.one(order, 'price') };
    found.add({ id: `schemaorg:${native ?? i}`, ...purchase }, raw);
  }
  if (!orders[0]) found.skip('not-an-order', '');
  return found.done();
}

function readOrder(
  { many, one }: JsonLd,
  order: Loose,
  invoice: Loose,
  options: ParseOptions,
): Omit<ParsedPurchase, 'id'> {
  const offers = many(order, 'acceptedOffer').map(object);
  const goods = offers[0] ? offers : many(order, 'orderedItem').map(object);
  const currencyIn = (node: Loose): string | undefined =>
    currencyOf(
      one(node, 'priceCurrency'),
      object(one(node, 'priceSpecification'))['priceCurrency'],
    );
  const currency =
    currencyOf(currencyIn(order), ...goods.map(currencyIn), options.currency) ?? null;
  const line = (offer: Loose): ParsedLine => {
    const item = object(one(offer, 'itemOffered') ?? one(offer, 'orderedItem') ?? offer);
    const own = currencyIn(offer) ?? currency;
    const price = one(offer, 'price') ?? object(one(offer, 'priceSpecification'))['price'];
    const count = one(offer, 'orderQuantity') ?? one(offer, 'eligibleQuantity');
    const sku = ['sku', 'productID', 'gtin', 'gtin13', 'mpn', 'orderItemNumber'].flatMap(
      (field) => text(one(item, field)) ?? text(one(offer, field)) ?? [],
    )[0];
    return {
      sku: sku ?? null,
      name: text(one(item, 'name')) ?? text(one(item, 'description')) ?? sku ?? '',
      quantity: number(object(count)['value'] ?? count) ?? 1,
      unitPrice: amount(price, own),
      currency: own,
      ...defined({ category: text(one(item, 'category')) }),
      modifiers: [],
    };
  };
  const { timeZone } = options;
  const local = timeZone === undefined ? undefined : (at: number): number => inZone(at, timeZone);
  const person = object(one(order, 'customer') ?? one(invoice, 'customer'));
  const seller = object(one(order, 'merchant') ?? one(order, 'seller'));
  const place = isA(seller, /^Person$/) ? undefined : text(one(seller, 'name'));
  return {
    at: instant(one(order, 'orderDate') ?? options.receivedAt, local),
    status: statusOf(`${text(one(order, 'orderStatus'))} ${text(one(invoice, 'paymentStatus'))}`),
    lines: goods.map(line),
    total: amount(one(order, 'price'), currency),
    currency,
    ...(place && { place: { name: place } }),
    channel: 'unknown',
    customer: customerOf(person, one, options),
    ...(one(order, 'isGift') === true && { gift: true }),
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
): ParsedPurchase['customer'] {
  const given = text(one(person, 'givenName'));
  const family = text(one(person, 'familyName'));
  // a company is nobody's name
  const isPerson = !isA(person, /Organization|Corporation|Business|Store$/);
  const display = isPerson ? text(one(person, 'name')) : undefined;
  const name = defined({ given, family, display: given || family ? undefined : display });
  return {
    ids: idsOf(
      [
        ['email', one(person, 'email')],
        ['phone', one(person, 'telephone')],
      ],
      options,
    ),
    ...(Object.keys(name)[0] && { name }),
  };
}
