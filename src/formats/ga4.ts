import { collect, readJson } from './orders.js';
import { googleEvents } from './google-events.js';
import { readGoogleOrders } from './google-orders.js';
import { list } from './read.js';
import { withRefunds } from './take-back.js';
import type { ParsedOrders, ParseOptions } from './types.js';

export type * from './types.js';

/**
 * Purchases and refunds of Google Analytics: a `dataLayer` with gtag's arguments and GTM's pushes, bodies of the Measurement Protocol, and
 * Universal Analytics' enhanced and standard e-commerce. Events of a page have no time: give `receivedAt`. Of a purchase that comes twice, as
 * from a thank-you page that is opened again, the first holds, unless another has more lines. Other events are passed over.
 * @example
 * const { purchases } = parseGa4(window.dataLayer, { receivedAt: Date.now() });
 */
export function parseGa4(input: unknown, options: ParseOptions = {}): ParsedOrders {
  const found = collect();
  const read = readGoogleOrders(found, options);
  const json = readJson(input);
  const entries = Array.isArray(json) && json[0] !== 'event' ? list(json) : [json];
  const events = googleEvents();
  let orders = 0;
  for (const [i, entry] of entries.entries())
    for (const event of events(entry)) orders += read(event, json === entry ? '' : `[${i}]`);
  if (!orders) found.skip('not-an-order', '');
  return withRefunds(found);
}
