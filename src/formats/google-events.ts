import { pick } from './event-lines.js';
import { list, number, object, type Loose } from './read.js';

/** An event of any of Google's kinds, in the words of GA4. */
export interface GoogleEvent {
  readonly name: unknown;
  readonly params: Loose;
  /** Whom the site says this is. */
  readonly user: string | undefined;
  /** When, where the event says so. */
  readonly at?: unknown;
  readonly inApp?: boolean;
}

/** What Universal Analytics calls it, and GA4. */
const ENHANCED = [
  ['purchase', 'purchase'],
  ['refund', 'refund'],
  ['detail', 'view_item'],
] as const;

/**
 * Reads what is pushed, one after the other: gtag's arguments, GTM's pushes in the shapes of GA4 and of Universal Analytics' enhanced and
 * standard e-commerce, bodies of the Measurement Protocol. What was set before holds for what follows, as Google has it.
 */
export function googleEvents(): (pushed: unknown) => readonly GoogleEvent[] {
  let set: Loose = {};
  const event = (name: unknown, params: Loose): GoogleEvent => ({
    name,
    params: { ...params, currency: params['currency'] ?? set['currency'] },
    user: pick(params, 'user_id') ?? pick(set, 'user_id', 'userId'),
  });
  return (pushed) => {
    const entry = object(pushed);
    if (entry[0] === 'event') return [event(entry[1], object(entry[2]))];
    const { ecommerce, events, transactionId } = entry;
    if (Array.isArray(events))
      return list(events).map((each) => {
        const { name, params, timestamp_micros: at } = object(each);
        const micros = number(at ?? entry['timestamp_micros']);
        const inApp = 'app_instance_id' in entry;
        const user = pick(entry, 'user_id');
        return {
          name,
          params: object(params),
          user,
          at: micros === undefined ? undefined : micros / 1000,
          inApp,
        };
      });
    set = { ...set, ...(entry[0] ? object(entry[2] ?? entry[1]) : entry) };
    const shop = object(ecommerce);
    for (const [old, name] of ENHANCED) {
      const { actionField, products, items, ...rest } = object(shop[old]);
      if (!shop[old]) continue;
      const { id, revenue, shipping } = object(actionField);
      const currency = shop['currencyCode'] ?? shop['currency'];
      const values = { transaction_id: id, value: revenue, shipping, currency };
      return [event(name, { ...values, ...rest, items: products ?? items })];
    }
    if (transactionId !== undefined)
      return [
        event('purchase', {
          transaction_id: transactionId,
          value: entry['transactionTotal'],
          shipping: entry['transactionShipping'],
          currency: entry['transactionCurrency'],
          items: entry['transactionProducts'],
        }),
      ];
    return [event(entry['event'], ecommerce ? shop : entry)];
  };
}
