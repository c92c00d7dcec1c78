import { defined, idsOf } from './collect.js';
import { readLabel } from './label.js';
import { amount, currencyOf, instant, number, type Loose } from './read.js';
import { camel, firstText, idOf, nodes } from './shopify-nodes.js';
import type { ParsedLine, ParsedModifier, ParsedPurchase, ParseOptions } from './types.js';

/** Not goods, where nothing but their name says so. */
const NO_GOODS = /^(?:e-?)?gift card(?: - \D{0,4}[\d.,]+.*)?$/i;
const NO_GOODS_WITHOUT_SKU = /^(?:tip|custom sale)$/i;

/** One order, its fields in camel case: of REST, of either GraphQL API, or put together of CSV rows. `owner` is the customer it hangs on. */
export function readOrder(
  order: Loose,
  owner: Loose,
  options: ParseOptions,
  away: 'web' | 'unknown' = 'unknown',
): ParsedPurchase {
  const currency = currencyOf(order['currency'], order['currencyCode'], options.currency);
  const [total, paidIn] = money(currency, order['totalPriceSet'], order['totalPrice']);
  const status = statusOf(order, total, paidIn);
  const said = nodes(order['noteAttributes'] ?? order['customAttributes']).flatMap(pair);
  const saying = (key: RegExp): string | undefined => said.find(([name]) => key.test(name))?.[1];
  const location = camel(order['retailLocation'] ?? order['physicalLocation']);
  const place = defined({
    id: idOf(order['locationId'], location['id']),
    name: firstText(order['locationName'], location['name']),
    table: saying(/^table(?:[ _-]?(?:number|no\.?|nr\.?|#))?$/i),
  });
  const lines = linesOf(order, status, paidIn);
  const warnings = [
    ...(order['lineItems'] == null ? ['no line items in the payload'] : []),
    ...(paidIn === null ? ['no currency'] : []),
    ...(lines.includes(undefined) ? ['a line without sku and name'] : []),
  ];
  return {
    id: `shopify:${idOf(order['legacyResourceId'], order['id']) ?? firstText(order['id'])}`,
    at: instant(order['processedAt'] ?? order['createdAt']),
    status,
    lines: lines.flatMap((line) => line ?? []),
    total,
    currency: paidIn,
    ...(Object.keys(place).length > 0 && { place }),
    channel: channelOf(order, place.id ?? place.name, away),
    customer: customerOf(order, owner, options),
    ...(/^(?:true|yes|1|on)$/i.test(saying(/^(?:is[ _-]?)?gift$/i) ?? '') && { gift: true }),
    ...(warnings.length > 0 && { warnings }),
  };
}

/** The first that is an amount, and its currency: of a `…Set` the shop's side, as in REST; a bare text is in the order's currency. */
function money(
  usual: string | undefined,
  ...values: readonly unknown[]
): readonly [minor: number | null, currency: string | null] {
  let known = usual ?? null;
  for (const value of values) {
    const { shopMoney, presentmentMoney } = camel(value);
    const side = camel(shopMoney ?? presentmentMoney ?? value);
    const currency = currencyOf(side['currencyCode'], usual);
    const minor = currency === undefined ? null : amount(side['amount'] ?? value, currency);
    known ??= currency ?? null;
    if (minor !== null && minor >= 0) return [minor, currency ?? null];
  }
  return [null, known];
}

function statusOf(
  order: Loose,
  total: number | null,
  currency: string | null,
): ParsedPurchase['status'] {
  if (firstText(order['cancelledAt'], order['canceledAt'])) return 'cancelled';
  const said = firstText(order['displayFinancialStatus'], order['financialStatus'])
    ?.toLowerCase()
    .replace(/ /g, '_');
  if (said === 'voided') return 'cancelled';
  if (said !== 'paid') return said === 'refunded' || said === 'partially_refunded' ? said : 'open';
  const [back] = money(currency ?? undefined, order['totalRefundedSet'], order['totalRefunded']);
  return !back ? said : back >= (total ?? Infinity) ? 'refunded' : 'partially_refunded';
}

const CHANNELS = new Map<unknown, 'web' | 'pos'>([
  ...(['web', 'buy_button', '580111'] as const).map((name) => [name, 'web'] as const),
  ...(['pos', '129785'] as const).map((name) => [name, 'pos'] as const),
]);

const channelOf = (
  order: Loose,
  location: string | undefined,
  away: 'web' | 'unknown',
): ParsedPurchase['channel'] => {
  const source = firstText(order['sourceName'])?.toLowerCase();
  return source === undefined ? (location ? 'pos' : away) : (CHANNELS.get(source) ?? 'unknown');
};

function customerOf(order: Loose, owner: Loose, options: ParseOptions): ParsedPurchase['customer'] {
  const person = order['customer'] ? camel(order['customer']) : owner;
  const { email, phone, firstName, lastName, displayName } = person;
  const mail = camel(person['emailAddress'] ?? person['defaultEmailAddress'])['emailAddress'];
  const call = camel(person['phoneNumber'] ?? person['defaultPhoneNumber'])['phoneNumber'];
  const given = firstText(firstName);
  const family = firstText(lastName);
  // Shopify shows the address or the number where a name is missing
  const display = given || family ? undefined : firstText(displayName);
  const name = defined({
    given,
    family,
    display: /[@\d]/.test(display ?? '') ? undefined : display,
  });
  return {
    ids: idsOf(
      [
        ['external', idOf(person['legacyResourceId'], person['id'])],
        ['email', firstText(order['email'], email, mail)],
        ['phone', firstText(order['phone'], phone, call)],
      ],
      options,
    ),
    ...(Object.keys(name).length > 0 && { name }),
  };
}

/** A line's attribute or property that is meant to be read. */
function pair(attribute: Loose): readonly (readonly [name: string, value: string])[] {
  const name = firstText(attribute['name'], attribute['key']);
  const value = firstText(attribute['value']);
  return name === undefined || value === undefined || name.startsWith('_') ? [] : [[name, value]];
}

/** What is left of the lines; undefined for one nobody could tell. */
function linesOf(
  order: Loose,
  status: ParsedPurchase['status'],
  currency: string | null,
): readonly (ParsedLine | undefined)[] {
  const back = new Map<string, number>();
  const gone = new Map<string, number>();
  for (const { transactions, refundLineItems } of nodes(order['refunds']))
    for (const { lineItemId, lineItem, quantity } of nodes(refundLineItems)) {
      const id = idOf(lineItemId, camel(lineItem)['id']) ?? '';
      // an edit of the order that took a line off is a refund without money
      const free = Array.isArray(transactions) && transactions.length === 0;
      for (const count of free ? [gone] : [gone, back])
        count.set(id, (count.get(id) ?? 0) + (number(quantity) ?? 0));
    }
  const returned = /refunded|cancelled/.test(status);
  return nodes(order['lineItems']).flatMap((line) => {
    const id = idOf(line['id']) ?? '';
    const ordered = number(line['quantity']) ?? 1;
    const left = number(line['currentQuantity']) ?? ordered - (gone.get(id) ?? 0);
    const refunded = !returned ? 0 : gone.size > 0 ? (back.get(id) ?? 0) : ordered - left;
    const quantity = left + Math.max(0, Math.min(refunded, ordered - left));
    const { giftCard, isGiftCard, tip } = line;
    if (giftCard || isGiftCard || tip || !(quantity > 0)) return [];
    return readLine(line, quantity, Math.min(refunded, quantity), currency);
  });
}

function readLine(
  line: Loose,
  quantity: number,
  refundedQuantity: number,
  usual: string | null,
): readonly (ParsedLine | undefined)[] {
  const variant = camel(line['variant']);
  const code = firstText(line['sku'], variant['sku']);
  const variantId = idOf(line['variantId'], variant['legacyResourceId'], variant['id']);
  const sku = code ?? variantId ?? idOf(line['productId'], camel(line['product'])['id']) ?? null;
  const name = firstText(line['title'], line['name']) ?? sku;
  if (name === null) return [undefined];
  if (NO_GOODS.test(name) || (sku === null && NO_GOODS_WITHOUT_SKU.test(name))) return [];
  const [unitPrice, currency] = priceOf(line, variant, usual);
  const size = firstText(line['variantTitle'], variant['title']);
  const modifiers = [
    ...(size === undefined || size === 'Default Title' ? [] : [['variant', size] as const]),
    ...nodes(line['properties'] ?? line['customAttributes']).flatMap(pair),
  ].map(([group, value]): ParsedModifier => ({
    group,
    ...readLabel(value, currency),
    quantity: 1,
  }));
  return [
    {
      ...{ sku, name, quantity, unitPrice, currency, modifiers },
      ...(refundedQuantity > 0 && { refundedQuantity }),
    },
  ];
}

/** The price of one, before discounts. The Storefront API has the price of all of them only. */
function priceOf(
  line: Loose,
  variant: Loose,
  usual: string | null,
): readonly [number | null, string | null] {
  const own = money(
    usual ?? undefined,
    ...[line['originalUnitPriceSet'], line['priceSet'], line['price'], line['originalUnitPrice']],
  );
  if (own[0] !== null) return own;
  const [all, currency] = money(usual ?? undefined, line['originalTotalPrice']);
  const ordered = number(line['quantity']) ?? 1;
  return all !== null && ordered > 0
    ? [Math.round(all / ordered), currency]
    : money(usual ?? undefined, variant['price'], line['discountedUnitPriceSet']);
}
