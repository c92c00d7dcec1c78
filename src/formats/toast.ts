import { collect, paidOrBack, unwrap, type ModifierDraft, type OrderDraft } from './orders.js';
import { personOf } from './person.js';
import {
  currencyOf,
  defined,
  decimal,
  first,
  list,
  number,
  object,
  text,
  type Loose,
} from './read.js';
import type { ParsedOrders, ParsedPurchase, ParseOptions } from './types.js';

const WRAPPERS = ['details', 'orders', 'order', 'loyalty_accounts', 'loyaltyAccounts', 'accounts'];

/** By which door orders of a `source` come; what is none of these is unknown, and a till has none or "In Store". */
const CHANNELS: readonly (readonly [RegExp, ParsedPurchase['channel']])[] = [
  [/^$|store/i, 'pos'],
  [/kiosk/i, 'kiosk'],
  [/app$/i, 'app'],
  [/caller/i, 'phone'],
  [/online|commerce|google|local|pay/i, 'web'],
];

/** Prefixes of modifiers that restaurants have, longer ones by their capitals. */
const PRE =
  /^(?:(?:NO|EXTRA|LITE|LIGHT|ADD|SUB|HEAVY|DOUBLE|EASY)(?= )|\p{Lu}+(?: \p{Lu}+)*(?= .*\p{Ll})|\p{Lu}+(?= ))/u;

/**
 * Reads orders of Toast's Orders API and webhooks, one purchase a check, as the guests of a split bill are several; and members of a loyalty
 * programme. Toast names no currency: give it as an option. Voided and deleted checks are cancelled; test orders and inactive members are skipped.
 *
 * @example
 * ```ts
 * import { parseToast } from 'regulars/formats/toast';
 *
 * const { purchases } = parseToast([], { currency: 'USD', country: 'US' });
 * ```
 */
export function parseToast(input: unknown, options: ParseOptions = {}): ParsedOrders {
  const found = collect();
  for (const [one, where] of unwrap(input, WRAPPERS)) {
    const id = text(one['guid']);
    const member = first(one['number'], one['identifier'], one['loyaltyIdentifier']);
    const checks = one['checks'];
    if (Array.isArray(checks) && one['excessFood'] !== true) {
      if (one['createdInTestMode'] === true) found.skip('test', where);
      else
        for (const [i, each] of checks.entries()) {
          const check = object(each);
          const checkId = text(check['guid']);
          if (id === undefined || checkId === undefined)
            found.skip('no-id', `${where}.checks[${i}]`);
          else found.add(readCheck(`toast:${id}/${checkId}`, check, one, options));
        }
    } else if (checks || member === undefined) found.skip('not-an-order', where);
    else if (one['active'] === false) found.skip('inactive', where);
    else
      found.customers.push({
        ...personOf(
          {
            ...{ loyalty: member, email: one['email'], phone: one['phone'] },
            given: first(one['first_name'], one['firstName']),
            family: first(one['last_name'], one['lastName']),
          },
          options,
        ),
        ...defined({ balance: number(one['points'] ?? one['pointsBalance']) }),
      });
  }
  return found.done();
}

function readCheck(id: string, check: Loose, order: Loose, options: ParseOptions): OrderDraft {
  const currency = currencyOf(options.currency);
  const gone = [order, check].some((one) => one['voided'] === true || one['deleted'] === true);
  const source = text(order['source']) ?? '';
  const raw = check['totalAmount'];
  const { guid: guest, email, phone, phoneCountryCode, ...guestName } = object(check['customer']);
  const isNational = text(phoneCountryCode) && text(phone) && !text(phone)?.startsWith('+');
  return {
    ...{ id, raw, currency, total: decimal(raw, currency) },
    at: order['openedDate'] ?? check['openedDate'],
    status: gone ? 'cancelled' : (lines) => statusOf(check, lines),
    lines: list(check['selections'])
      .map(object)
      // a check that was voided has voided lines only: what it was for stays
      .filter((line) => isPlain(line) && line['deferred'] !== true && (gone || !isVoid(line)))
      .map((line) => {
        const quantity = number(line['quantity']) ?? 1;
        const seat = number(line['seatNumber']) ?? 0;
        const notes = list(line['modifiers']).map(object).filter(isRequest);
        return {
          ...{ sku: guid(line['item']), name: line['displayName'], quantity },
          unitPrice: decimal(line['receiptLinePrice'], currency) ?? each(line, quantity, currency),
          modifiers: modifiersOf(line['modifiers'], currency),
          note: notes.flatMap((one) => text(one['displayName']) ?? []).join(', '),
          seat: seat > 0 ? seat : undefined,
          refunded: refundedOf(line, quantity),
        };
      }),
    place: { table: guid(order['table']) },
    channel: CHANNELS.find(([pattern]) => pattern.test(source))?.[1] ?? 'unknown',
    customer: personOf(
      {
        ...{ external: guest, email, given: guestName['firstName'], family: guestName['lastName'] },
        phone: isNational ? `+${text(phoneCountryCode)} ${text(phone)}` : phone,
        loyalty: object(check['appliedLoyaltyInfo'])['loyaltyIdentifier'],
      },
      options,
    ),
  };
}

const guid = (value: unknown): string | undefined => text(object(value)['guid']);

const isPlain = ({ selectionType }: Loose): boolean => (selectionType ?? 'NONE') === 'NONE';
const isRequest = (one: Loose): boolean =>
  one['selectionType'] === 'SPECIAL_REQUEST' && !isVoid(one);
const isVoid = ({ voided }: Loose): boolean => voided === true;

/** The price of one, from the net price of all, where modifiers add nothing to it. */
const each = (line: Loose, quantity: number, currency: string | undefined): number | null => {
  const all = decimal(line['preDiscountPrice'] ?? line['price'], currency);
  return all === null || list(line['modifiers']).length > 0 ? null : Math.round(all / quantity);
};

/** Modifiers at any depth, one after the other; `under` is what they hang on. */
function modifiersOf(
  value: unknown,
  currency: string | undefined,
  under?: string,
  depth = 0,
): readonly ModifierDraft[] {
  // deeper than anything that is on a plate: no modifiers, whatever they are
  return list(depth < 99 && value)
    .map(object)
    .filter((one) => (isPlain(one) || one['selectionType'] === 'PORTION') && !isVoid(one))
    .flatMap((one) => {
      const id = guid(one['item']);
      const shown = text(one['displayName']);
      const pre = one['preModifier'] ? PRE.exec(shown ?? '')?.[0] : undefined;
      const quantity = number(one['quantity']) ?? 1;
      return [
        {
          ...{ group: guid(one['optionGroup']), id, pre, under },
          name: shown?.slice(pre?.length ?? 0).trim(),
          quantity: pre === 'NO' ? 0 : pre === 'EXTRA' ? Math.max(2, quantity) : quantity,
          unitPrice: decimal(one['receiptLinePrice'] ?? one['price'], currency),
        },
        ...modifiersOf(one['modifiers'], currency, id ?? under, depth + 1),
      ];
    });
}

/** How many the money paid back is for. */
function refundedOf(line: Loose, quantity: number): number {
  const back = number(object(line['refundDetails'])['refundAmount']) ?? 0;
  const paid = number(line['price']) ?? 0;
  return back <= 0 ? 0 : back >= paid ? quantity : Math.floor((back / paid) * quantity);
}

function statusOf(check: Loose, lines: ParsedPurchase['lines']): ParsedPurchase['status'] {
  const payments = list(check['payments']).map((payment) => object(payment)['refundStatus']);
  if (payments[0] && payments.every((refund) => refund === 'FULL')) return 'refunded';
  const some = payments.some((refund) => refund === 'FULL' || refund === 'PARTIAL');
  const known = paidOrBack(null, some ? 1 : 0)(lines);
  const said = text(check['paymentStatus']) ?? (check['closedDate'] ? 'CLOSED' : 'OPEN');
  return known !== 'paid' || said === 'CLOSED' || said === 'PAID' ? known : 'open';
}
