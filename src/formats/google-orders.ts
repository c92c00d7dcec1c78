import { idsOf, type Collector } from './collect.js';
import { backOf, eventLines, pick, sumOf } from './event-lines.js';
import type { GoogleEvent } from './google-events.js';
import { amount, currencyOf, instant, list, object } from './read.js';
import type { ParseOptions } from './types.js';

/** Reads one event after the other; 1 for one that is of an order. */
export function readGoogleOrders(
  found: Collector,
  options: ParseOptions,
): (event: GoogleEvent, where: string) => number {
  const known = new Map<string, number>();
  return (event, where) => {
    const { at, inApp, name, params, user } = event;
    const isRefund = name === 'refund';
    if (!isRefund && name !== 'purchase' && name !== 'ecommerce_purchase') return 0;
    const number = pick(params, 'transaction_id');
    const id = `ga4:${number}`;
    const [first] = list(params['items']);
    const currency =
      currencyOf(params['currency'], object(first)['currency'], options.currency) ?? null;
    const lines = eventLines(params['items'], currency);
    const total = amount(params['value'], currency);
    const time = instant(at ?? options.receivedAt);
    if (!number) found.skip('no-id', where);
    else if (isRefund) found.refund({ purchase: id, at: time, ...backOf(lines, total) });
    else if (lines.length > (known.get(id) ?? -1)) {
      known.set(id, lines.length);
      found.add(
        {
          ...{ id, at: time, status: 'paid', lines, currency },
          total: total ?? sumOf(lines, currency, params['shipping']),
          channel: inApp ? 'app' : 'web',
          customer: { ids: idsOf([['external', user]], options) },
        },
        { at, total: params['value'] },
      );
    }
    return 1;
  };
}
