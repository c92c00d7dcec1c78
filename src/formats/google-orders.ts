import { backOf, eventLines, pick, sumOf } from './event-lines.js';
import type { GoogleEvent } from './google-events.js';
import type { Collector } from './orders.js';
import { amount, currencyOf, instant, list, object } from './read.js';
import type { ParseOptions } from './types.js';

/** Reads one event after the other; 1 for one that is of an order. */
export function readGoogleOrders(
  found: Collector,
  options: ParseOptions,
): (event: GoogleEvent, where: string) => number {
  return ({ at = options.receivedAt, inApp, name, params, user }, where) => {
    const isRefund = name === 'refund';
    if (!isRefund && name !== 'purchase' && name !== 'ecommerce_purchase') return 0;
    const { items, value } = params;
    const number = pick(params, 'transaction_id');
    const id = `ga4:${number}`;
    const currency = currencyOf(
      ...[params['currency'], object(list(items)[0])['currency'], options.currency],
    );
    const lines = eventLines(items, currency);
    const total = amount(value, currency);
    if (!number) found.skip('no-id', where);
    else if (isRefund)
      found.refunds.push({ purchase: id, at: instant(at), ...backOf(lines, total) });
    // the one that says more of the order
    else if (lines.length > (found.purchases.get(id)?.lines.length ?? -1))
      found.add({
        ...{ id, at, status: 'paid', lines, currency, raw: value },
        total: total ?? sumOf(lines, amount(params['shipping'], currency) ?? 0),
        channel: inApp ? 'app' : 'web',
        customer: { ids: user ? [{ kind: 'external', value: user }] : [] },
      });
    return 1;
  };
}
