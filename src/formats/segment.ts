import { backOf, eventLines, pick, sumOf } from './event-lines.js';
import { collect, unwrap, type OrderDraft } from './orders.js';
import { personOf } from './person.js';
import { amount, currencyOf, instant, object, text, type Loose } from './read.js';
import { withRefunds } from './take-back.js';
import type { ParsedOrders, ParseOptions } from './types.js';

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
  for (const [event, where] of unwrap(input, ['batch'])) {
    const kind = orderKind(event['event']);
    const at = instant(event['timestamp'] ?? event['originalTimestamp'] ?? options.receivedAt);
    if (!kind) continue;
    if (idOf(event)) events.push({ kind, event, at });
    else found.skip('no-id', where);
  }
  if (!events[0] && !found.skipped[0]) found.skip('not-an-order', '');
  const timeOf = ({ at }: Event): number => (at ? Date.parse(at) : 0);
  events.sort((a, b) => timeOf(a) - timeOf(b));
  const orders = new Map<string, OrderDraft>();
  for (const each of events) {
    const order = readOrder(each, options);
    const { id, lines, total } = order;
    const before = orders.get(id);
    const isCancelled = each.kind === 'cancelled';
    const isWhole = isCancelled && !before && !lines[0];
    if (each.kind === 'refunded' || isWhole)
      found.refunds.push({ purchase: id, at: each.at, ...(!isWhole && backOf(lines, total)) });
    else
      orders.set(id, {
        ...(isCancelled && before ? { ...before, status: 'cancelled' } : order),
        at: before?.at ?? each.at,
        lines: lines[0] ? lines : (before?.lines ?? []),
      });
  }
  for (const order of orders.values()) found.add(order);
  return withRefunds(found);
}

const idOf = ({ properties }: Loose): string | undefined =>
  pick(object(properties), 'order_id', 'order_number', 'orderId');

function readOrder({ at, event, kind }: Event, options: ParseOptions): OrderDraft {
  const order = object(event['properties']);
  const context = object(event['context']);
  const traits = { ...object(event['traits']), ...object(context['traits']) };
  const currency = currencyOf(order['currency'], options.currency, 'USD');
  const lines = eventLines(order['products'], currency);
  const [total, revenue, tax, shipping] = ['total', 'revenue', 'tax', 'shipping'].map((name) =>
    amount(order[name], currency),
  );
  const library = pick(object(context['library']), 'name') ?? '';
  return {
    ...{ id: `segment:${idOf(event)}`, at, lines, currency },
    status: kind === 'cancelled' ? kind : 'paid',
    total: total ?? (revenue == null ? sumOf(lines) : revenue + (tax ?? 0) + (shipping ?? 0)),
    channel: /ios|android|native|flutter|swift|kotlin/i.test(library) ? 'app' : 'web',
    customer: personOf(
      {
        external: event['userId'],
        anonymous: event['anonymousId'],
        email: order['email'] ?? traits['email'],
        phone: order['phone'] ?? traits['phone'],
        given: pick(traits, 'firstName', 'first_name'),
        family: pick(traits, 'lastName', 'last_name'),
        display: pick(order, 'name') ?? traits['name'],
      },
      options,
    ),
  };
}
