import { readLabel } from './label.js';
import type { LineDraft, OrderDraft } from './orders.js';
import { personOf } from './person.js';
import { amount, currencyOf, first, number, text, type Loose } from './read.js';
import { camel, idOf, nodes } from './shopify-nodes.js';
import type { ParsedPurchase, ParseOptions } from './types.js';

/** Not goods, where nothing but their name says so. */
const NO_GOODS = /^(e-?)?gift card( - \D{0,4}[\d.,]+.*)?$/i;
const NO_GOODS_WITHOUT_SKU = /^(tip|custom sale)$/i;

/** One order, its fields in camel case: of REST, of a GraphQL API, or put together of CSV rows. `owner` is the customer it hangs on. */
export function readOrder(
  order: Loose,
  owner: Loose,
  options: ParseOptions,
  away: 'web' | 'unknown' = 'unknown',
): OrderDraft {
  const usual = currencyOf(order['currency'], order['currencyCode'], options.currency);
  const [total, currency] = money(usual, order['totalPriceSet'], order['totalPrice']);
  const status = statusOf(order, total, currency);
  const said = nodes(order['noteAttributes'] ?? order['customAttributes']).flatMap(pair);
  const saying = (key: RegExp): string | undefined => said.find(([name]) => key.test(name))?.[1];
  const location = camel(order['retailLocation'] ?? order['physicalLocation']);
  const place = {
    id: idOf(order['locationId'], location['id']),
    name: first(order['locationName'], location['name']),
    table: saying(/^table([ _-]?(number|no\.?|nr\.?|#))?$/i),
  };
  const source = first(order['sourceName'])?.toLowerCase();
  return {
    id: `shopify:${idOf(order['legacyResourceId'], order['id']) ?? text(order['id'])}`,
    at: order['processedAt'] ?? order['createdAt'],
    raw: order['totalPrice'],
    status,
    lines: linesOf(order, status, currency),
    ...{ total, currency, place },
    channel: source ? (CHANNELS.get(source) ?? 'unknown') : (place.id ?? place.name) ? 'pos' : away,
    customer: customerOf(order, owner, options),
    gift: /^(true|yes|1|on)$/i.test(saying(/^(is[ _-]?)?gift$/i) ?? ''),
    warnings: [
      order['lineItems'] == null && 'no line items in the payload',
      camel(camel(order['lineItems'])['pageInfo'])['hasNextPage'] === true &&
        'the list of line items is cut',
    ],
  };
}

/** Where an order was placed, by the name or number of the app. */
const CHANNELS = new Map<string, 'web' | 'pos'>([
  ['web', 'web'],
  ['580111', 'web'],
  ['pos', 'pos'],
  ['129785', 'pos'],
]);

/** The first that is an amount, and its currency: of a `…Set` the shop's side, as in REST; a bare text is in the usual currency. */
function money(
  usual: string | null | undefined,
  ...values: readonly unknown[]
): readonly [minor: number | null, currency: string | null] {
  let known = usual ?? null;
  for (const value of values) {
    const { shopMoney, presentmentMoney } = camel(value);
    const { amount: decimals = value, currencyCode } = camel(
      shopMoney ?? presentmentMoney ?? value,
    );
    const currency = currencyOf(currencyCode, usual) ?? null;
    const minor = amount(decimals, currency);
    known ??= currency;
    if (minor !== null) return [minor, currency];
  }
  return [null, known];
}

function statusOf(
  order: Loose,
  total: number | null,
  currency: string | null,
): ParsedPurchase['status'] {
  const said = first(order['displayFinancialStatus'], order['financialStatus'])
    ?.toLowerCase()
    .replace(' ', '_');
  if (first(order['cancelledAt'], order['canceledAt']) || said === 'voided') return 'cancelled';
  if (said === 'refunded' || said === 'partially_refunded') return said;
  if (said !== 'paid') return 'open';
  const [back] = money(currency, order['totalRefundedSet'], order['totalRefunded']);
  return !back ? said : back >= (total ?? Infinity) ? 'refunded' : 'partially_refunded';
}

function customerOf(order: Loose, owner: Loose, options: ParseOptions): ParsedPurchase['customer'] {
  const person = order['customer'] ? camel(order['customer']) : owner;
  const mail = camel(person['emailAddress'] ?? person['defaultEmailAddress']);
  const call = camel(person['phoneNumber'] ?? person['defaultPhoneNumber']);
  const { firstName, lastName, displayName } = person;
  // where a name is missing, the display name is the address or the number
  const display = first(firstName, lastName) ?? text(displayName) ?? '@';
  return personOf(
    {
      external: idOf(person['legacyResourceId'], person['id']),
      email: first(order['email'], person['email'], mail['emailAddress']),
      phone: first(order['phone'], person['phone'], call['phoneNumber']),
      ...{ given: firstName, family: lastName },
      display: display === text(displayName) && !/[@\d]/.test(display) ? display : undefined,
    },
    options,
  );
}

/** An attribute or property that is meant to be read. */
function pair({ name, key = name, value }: Loose): readonly (readonly [string, string])[] {
  const [group, said] = [text(key), text(value)];
  return group === undefined || said === undefined || group.startsWith('_') ? [] : [[group, said]];
}

/** What is left of the lines. */
function linesOf(
  order: Loose,
  status: ParsedPurchase['status'],
  currency: string | null,
): readonly LineDraft[] {
  const paidBack = new Map<string, number>();
  const gone = new Map<string, number>();
  for (const { transactions, refundLineItems } of nodes(order['refunds']))
    for (const { lineItemId, lineItem, quantity } of nodes(refundLineItems)) {
      const id = idOf(lineItemId, camel(lineItem)['id']) ?? '';
      // an edit of the order that takes a line off it is a refund without money
      const isEdit = transactions && !nodes(transactions)[0];
      for (const count of isEdit ? [gone] : [gone, paidBack])
        count.set(id, (count.get(id) ?? 0) + (number(quantity) ?? 0));
    }
  return nodes(order['lineItems']).flatMap((line) => {
    const id = idOf(line['id']) ?? '';
    const ordered = number(line['quantity']) ?? 1;
    const isBack = /refunded|cancelled/.test(status);
    // the Customer Account API has the latter alone
    const { currentQuantity = isBack ? line['refundableQuantity'] : undefined } = line;
    const left = number(currentQuantity) ?? ordered - (gone.get(id) ?? 0);
    // of what is gone, what no refund names was edited away, unless there are no refunds to look at
    const refunded = !isBack
      ? 0
      : gone.size > 0
        ? Math.min(paidBack.get(id) ?? 0, ordered)
        : ordered - left;
    const quantity = Math.min(left + refunded, ordered);
    const { giftCard = line['isGiftCard'], tip } = line;
    return giftCard || tip ? [] : readLine(line, quantity, refunded, currency);
  });
}

function readLine(
  line: Loose,
  quantity: number,
  refunded: number,
  usual: string | null,
): readonly LineDraft[] {
  const { variantTitle, properties = line['customAttributes'] } = line;
  const variant = camel(line['variant']);
  const variantId = idOf(line['variantId'], variant['legacyResourceId'], variant['id']);
  const productId = idOf(line['productId'], camel(line['product'])['id']);
  const sku = first(line['sku'], variant['sku'], variantId, productId);
  const name = first(line['title'], line['name']);
  if (NO_GOODS.test(name ?? '') || (!sku && NO_GOODS_WITHOUT_SKU.test(name ?? ''))) return [];
  const [unitPrice, currency] = priceOf(line, variant, usual);
  const size = first(variantTitle, variant['title']);
  const choices = nodes(properties).flatMap(pair);
  return [
    {
      ...{ sku, name, quantity, refunded, unitPrice, currency },
      modifiers: [
        ...(size === 'Default Title' ? [] : [['variant', size] as const]),
        ...choices,
      ].map(([key, label]) => {
        // the price stands behind the choice or behind what is chosen of
        const { name: group, unitPrice: asked } = readLabel(key, currency);
        return { group, unitPrice: asked, ...readLabel(label, currency) };
      }),
    },
  ];
}

/** The price of one, before discounts. The Storefront API has the price of all of them only. */
function priceOf(line: Loose, variant: Loose, usual: string | null): ReturnType<typeof money> {
  const { originalUnitPriceSet, originalUnitPrice, price: own, priceSet, quantity } = line;
  const [one, currency] = money(usual, originalUnitPriceSet, priceSet, own, originalUnitPrice);
  if (one !== null) return [one, currency];
  const [all, inCurrency] = money(usual, line['originalTotalPrice']);
  return all === null
    ? money(usual, variant['price'], line['discountedUnitPriceSet'])
    : [Math.round(all / (number(quantity) || 1)), inCurrency];
}
