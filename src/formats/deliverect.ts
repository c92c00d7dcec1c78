import { first, lineOf, modifierOf, personOf, purchaseOf } from './build-purchase.js';
import { collect, readJson, unwrap } from './collect.js';
import { amount, currencyOf, instant, list, number, object, text, type Loose } from './read.js';
import type { ParsedModifier, ParsedOrders, ParsedPurchase, ParseOptions } from './types.js';

const WRAPPERS = ['_items', 'orders', 'order', 'basket'];

/**
 * Reads baskets of Deliverect's Commerce API and orders of its Channel and POS APIs. Orders name no currency: give it as an option. A
 * cancellation that comes without the items takes the whole order back.
 *
 * @example
 * ```ts
 * import { parseDeliverect } from 'regulars/formats/deliverect';
 *
 * const { purchases } = parseDeliverect({ _id: '62', items: [{ plu: 'QS-01', price: 529 }] }, { currency: 'EUR' });
 * ```
 */
export function parseDeliverect(input: unknown, options: ParseOptions = {}): ParsedOrders {
  const found = collect();
  for (const [order, where] of unwrap(readJson(input), WRAPPERS)) {
    const id = first(order['id'], order['_id'], order['channelOrderId']);
    const goods = Array.isArray(order['items']);
    if (!goods && statusOf(order) !== 'cancelled') found.skip('not-an-order', where);
    else if (id === undefined) found.skip('no-id', where);
    else if (goods) found.add(readOrder(`deliverect:${id}`, order, options), { total: 1 });
    else found.refund({ purchase: `deliverect:${id}`, at: instant(order['_updated'], utc) });
  }
  return found.done();
}

const utc = (shown: number): number => shown;

function readOrder(id: string, order: Loose, options: ParseOptions): ParsedPurchase {
  const currency = currencyOf(order['currency'], options.currency) ?? null;
  const digits = number(order['decimalDigits']) ?? -1;
  const money = (value: unknown): number | null => {
    const given = number(value);
    if (currency === null || given === undefined || !Number.isSafeInteger(given)) return null;
    return digits in [0, 0, 0, 0, 0]
      ? amount((given / 10 ** digits).toFixed(digits), currency)
      : given;
  };
  let total: number | null = 0;
  const add = (value: number | null, quantity: number): void => {
    total = total === null || value === null ? null : total + value * Math.max(0, quantity);
  };
  const modifiersOf = (value: unknown, times: number, under?: string): readonly ParsedModifier[] =>
    list(value).flatMap((each) => {
      const one = object(each);
      const plu = text(one['plu']);
      const quantity = number(one['quantity']) ?? 1;
      const unitPrice = money(one['price']);
      add(unitPrice ?? 0, quantity * times);
      return [
        ...modifierOf({
          ...{ group: text(one['customizationPlu']), id: plu, name: text(one['name']), quantity },
          ...{ unitPrice, under, note: first(one['note'], one['remark']) },
        }),
        ...modifiersOf(one['subItems'], quantity * times, plu ?? under),
      ];
    });
  const lines = list(order['items']).flatMap((each) => {
    const item = object(each);
    const quantity = number(item['quantity']) ?? 1;
    const unitPrice = money(item['price']);
    add(unitPrice, quantity);
    return lineOf({
      ...{ sku: text(item['plu']), name: text(item['name']), quantity, unitPrice, currency },
      modifiers: modifiersOf(item['subItems'], quantity),
      note: first(item['note'], item['remark']),
    });
  });
  const { name, email, phoneNumber, phoneAccessCode, externalId } = object(order['customer']);
  const by = text(order['by']) ?? '';
  return purchaseOf({
    id,
    at: instant(
      first(order['createdAt'], order['_created'], order['placedTime'], order['pickupTime']),
      utc,
    ),
    status: statusOf(order),
    lines,
    total:
      money(object(order['payment'])['amount']) ??
      (Number.isSafeInteger(Math.round(total ?? NaN)) ? Math.round(total ?? NaN) : null),
    currency,
    place: {
      id: first(order['storeId'], order['channelLinkId'], order['channelLink'], order['location']),
      table: first(object(order['fulfillment'])['spot'], order['table']),
    },
    channel: /kiosk/i.test(by) ? 'kiosk' : /mobile|^app/i.test(by) ? 'app' : 'web',
    customer: personOf(
      [
        ['external', externalId],
        ['email', email],
        // a number that needs a code is the courier platform's, and many customers'
        ['phone', text(phoneAccessCode) ? undefined : phoneNumber],
      ],
      options,
      undefined,
      undefined,
      name,
    ),
  });
}

/** Up to 95 an order is on its way, 90 and 95 are its end; 35 is denied, 100 and more are cancelled or failed. */
function statusOf(order: Loose): ParsedPurchase['status'] {
  const said = text(order['status']) ?? '';
  const code = number(said);
  if (code === 35 || (code ?? 0) >= 100 || /cancel|fail|reject|denied|expired/i.test(said))
    return 'cancelled';
  const paid =
    order['orderIsAlreadyPaid'] === true || /^9\d$|paid|complete|closed|finali/i.test(said);
  return paid ? 'paid' : 'open';
}
