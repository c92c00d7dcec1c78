import { collect, unwrap, type ModifierDraft, type OrderDraft } from './orders.js';
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
  for (const [order, where] of unwrap(input, WRAPPERS)) {
    const id = first(order['id'], order['_id'], order['channelOrderId']);
    const goods = Array.isArray(order['items']);
    if (!goods && statusOf(order) !== 'cancelled') found.skip('not-an-order', where);
    else if (id === undefined) found.skip('no-id', where);
    else if (goods) found.add(readOrder(`deliverect:${id}`, order, options));
    else found.refunds.push({ purchase: `deliverect:${id}`, at: instant(order['_updated'], utc) });
  }
  return withRefunds(found);
}

const utc = (shown: number): number => shown;

type Money = (value: unknown) => number | null;

/** What an order costs in minor units, as many decimals as it has itself. */
const moneyOf =
  (order: Loose, currency: string | undefined): Money =>
  (value) => {
    const digits = number(order['decimalDigits']) ?? -1;
    const given = number(value);
    if (!currency || given === undefined || !Number.isSafeInteger(given)) return null;
    return digits in [0, 0, 0, 0, 0]
      ? decimal((given / 10 ** digits).toFixed(digits), currency)
      : given;
  };

function readOrder(id: string, order: Loose, options: ParseOptions): OrderDraft {
  const currency = currencyOf(order['currency'], options.currency);
  const money = moneyOf(order, currency);
  const { name, email, phoneNumber, phoneAccessCode, externalId } = object(order['customer']);
  const by = text(order['by']) ?? '';
  const sum = Math.round(sumOf(order['items'], money, NaN));
  const { createdAt, _created, placedTime, pickupTime } = order;
  return {
    ...{ id, currency, local: utc, raw: 1 },
    at: first(createdAt, _created, placedTime, pickupTime),
    status: statusOf(order),
    lines: list(order['items'])
      .map(object)
      .map((item) => ({
        ...{ sku: item['plu'], name: item['name'], quantity: item['quantity'] },
        unitPrice: money(item['price']),
        modifiers: modifiersOf(item['subItems'], money),
        note: first(item['note'], item['remark']),
      })),
    total: money(object(order['payment'])['amount']) ?? sum,
    place: {
      id: first(order['storeId'], order['channelLinkId'], order['channelLink'], order['location']),
      table: first(object(order['fulfillment'])['spot'], order['table']),
    },
    channel: /kiosk/i.test(by) ? 'kiosk' : /mobile|^app/i.test(by) ? 'app' : 'web',
    customer: personOf(
      {
        ...{ external: externalId, email, display: name },
        // a number that needs a code is the courier platform's, and many customers'
        phone: text(phoneAccessCode) ? undefined : phoneNumber,
      },
      options,
    ),
  };
}

const modifiersOf = (
  value: unknown,
  money: Money,
  under?: string,
  depth = 0,
): readonly ModifierDraft[] =>
  // deeper than anything that is on a plate: no modifiers, whatever they are
  list(depth < 99 && value)
    .map(object)
    .flatMap((one) => {
      const id = text(one['plu']);
      return [
        {
          ...{ group: one['customizationPlu'], id, name: one['name'], under },
          ...{ quantity: one['quantity'], unitPrice: money(one['price']) },
          note: first(one['note'], one['remark']),
        },
        ...modifiersOf(one['subItems'], money, id ?? under, depth + 1),
      ];
    });

/** What items cost with all that hangs on them; `unknown` stands for a price that is missing. */
const sumOf = (value: unknown, money: Money, unknown: number, depth = 0): number =>
  list(depth < 99 && value)
    .map(object)
    .reduce((sum, { price, quantity, subItems }) => {
      const one = (money(price) ?? unknown) + sumOf(subItems, money, 0, depth + 1);
      return sum + one * Math.max(0, number(quantity) ?? 1);
    }, 0);

/** Up to 95 an order is on its way, 90 and 95 are its end; 35 is denied, 100 and more are cancelled or failed. */
function statusOf(order: Loose): 'cancelled' | 'paid' | 'open' {
  const said = text(order['status']) ?? '';
  const code = number(said);
  if (code === 35 || (code ?? 0) >= 100 || /cancel|fail|reject|denied|expired/i.test(said))
    return 'cancelled';
  const paid =
    order['orderIsAlreadyPaid'] === true || /^9\d$|paid|complete|closed|finali/i.test(said);
  return paid ? 'paid' : 'open';
}
