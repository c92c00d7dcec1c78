import { collect, defined, idsOf, readJson, unwrap } from './collect.js';
import { backOf, eventLines, pick, sumOf } from './event-lines.js';
import { amount, currencyOf, instant, object, text, type Loose } from './read.js';
import type { ParsedOrders, ParsedPurchase, ParseOptions } from './types.js';

export type * from './types.js';

/** An event of an order. */
interface Event {
  readonly kind: 'completed' | 'updated' | 'refunded' | 'cancelled';
  readonly event: Loose;
  readonly at: string | null;
}

/** "Order Completed", as it was called once ("Completed Order"), and as some write it (`order_completed`). */
function orderKind(event: unknown): Event['kind'] | undefined {
  const name =
    text(event)
      ?.toLowerCase()
      .replace(/[^a-z]/g, '') ?? '';
  return (['completed', 'updated', 'refunded', 'cancelled'] as const).find(
    (kind) => name === `order${kind}` || name === `${kind}order`,
  );
}

/**
 * Orders of Segment's e-commerce events, version 2: Order Completed, Updated, Refunded and Cancelled, one, several or as a `batch`, in the order
 * of their timestamps. An order without a currency is in US dollars, as Segment has it. Other events are passed over.
 * @example
 * const { purchases } = parseSegment(await request.json());
 */
export function parseSegment(input: unknown, options: ParseOptions = {}): ParsedOrders {
  const found = collect();
  const events: Event[] = [];
  for (const [event, where] of unwrap(readJson(input), ['batch'])) {
    const kind = orderKind(event['event']);
    const at = instant(event['timestamp'] ?? event['originalTimestamp'] ?? options.receivedAt);
    if (!kind) continue;
    if (idOf(event)) events.push({ kind, event, at });
    else found.skip('no-id', where);
  }
  if (!events[0] && !found.done().skipped[0]) found.skip('not-an-order', '');
  const timeOf = ({ at }: Event): number => (at ? Date.parse(at) : 0);
  events.sort((a, b) => timeOf(a) - timeOf(b));
  const orders = new Map<string, ParsedPurchase>();
  for (const each of events) {
    const order = readOrder(each, options);
    const { at, id, lines, total } = order;
    const before = orders.get(id);
    const isWhole = each.kind === 'cancelled' && !before && !lines[0];
    if (each.kind === 'refunded' || isWhole)
      found.refund({ purchase: id, at, ...(!isWhole && backOf(lines, total)) });
    else
      orders.set(id, {
        ...(each.kind === 'cancelled' && before ? { ...before, status: 'cancelled' } : order),
        at: before?.at ?? at,
        lines: lines[0] ? lines : (before?.lines ?? []),
      });
  }
  for (const order of orders.values()) found.add(order);
  return found.done();
}

const idOf = ({ properties }: Loose): string | undefined =>
  pick(object(properties), 'order_id', 'order_number', 'orderId');

function readOrder({ at, event, kind }: Event, options: ParseOptions): ParsedPurchase {
  const order = object(event['properties']);
  const context = object(event['context']);
  const traits = { ...object(event['traits']), ...object(context['traits']) };
  const currency = currencyOf(order['currency'], options.currency, 'USD') ?? null;
  const lines = eventLines(order['products'], currency);
  const [revenue, tax = 0, shipping = 0] = ['revenue', 'tax', 'shipping'].map(
    (name) => amount(order[name], currency) ?? undefined,
  );
  const name = defined({
    given: pick(traits, 'firstName', 'first_name'),
    family: pick(traits, 'lastName', 'last_name'),
    display: pick(order, 'name') ?? pick(traits, 'name'),
  });
  const library = pick(object(context['library']), 'name') ?? '';
  return {
    id: `segment:${idOf(event)}`,
    at,
    status: kind === 'cancelled' ? kind : 'paid',
    lines,
    total:
      amount(order['total'], currency) ??
      (revenue === undefined ? sumOf(lines, currency) : revenue + tax + shipping),
    currency,
    channel: /ios|android|native|flutter|swift|kotlin/i.test(library) ? 'app' : 'web',
    customer: {
      ids: idsOf(
        [
          ['external', event['userId']],
          ['anonymous', event['anonymousId']],
          ['email', order['email'] ?? traits['email']],
          ['phone', order['phone'] ?? traits['phone']],
        ],
        options,
      ),
      ...(Object.keys(name)[0] && { name }),
    },
  };
}
