import { eventLines, goodsOf } from '../../formats/event-lines.js';
import { googleEvents } from '../../formats/google-events.js';
import { readGoogleOrders } from '../../formats/google-orders.js';
import { collect } from '../../formats/orders.js';
import { list, text, type Loose } from '../../formats/read.js';
import { parseSegment } from '../../formats/segment.js';
import type { ParsedOrders, ParsedPurchase, ParsedRefund } from '../../formats/types.js';
import type { PurchaseInput } from '../../profile/types.js';
import { tapQueue, whenThere, type Page } from './tap.js';

/** Who is told: the client, or what stands for it. */
export interface DataLayerListener {
  /** Whether it has been started. */
  readonly get: () => { readonly status: string };
  /** Calls `listener` when it has been started. */
  readonly listen: (listener: () => void) => () => void;
  /** Takes a purchase. */
  readonly record: (purchase: PurchaseInput) => Promise<unknown>;
  /** Takes what came back. */
  readonly refund: (refund: Pick<ParsedRefund, 'lines' | 'purchase' | 'total'>) => Promise<unknown>;
  /** Takes what was looked at. */
  readonly viewed: (skus: readonly string[]) => Promise<unknown>;
}

/** Where a page's events are. */
export interface DataLayerOptions {
  /** Name of the data layer of gtag and Google Tag Manager. @defaultValue 'dataLayer' */
  readonly dataLayer?: string;
  /** Name of Segment's object. @defaultValue 'analytics' */
  readonly analytics?: string;
  /** ISO 4217: the currency of events that name none. @defaultValue their amounts are not known */
  readonly currency?: string;
}

/** One that listens already: a second mount of the same page hears nothing twice. */
const listening = new WeakMap<DataLayerListener, () => void>();

/**
 * Listens to what the page's analytics are told anyway, by gtag, Google Tag Manager or Segment, also before this was called: purchases
 * and refunds are recorded, once each whoever reports them, and product views counted in the visit. The page and its analytics notice nothing.
 * Whom an event names is not read: it is the customer who is here. Returns the way to stop.
 * @example
 * const stop = listenToDataLayer(regulars);
 */
export function listenToDataLayer(
  regulars: DataLayerListener,
  options: DataLayerOptions = {},
): () => void {
  const page = typeof window === 'undefined' ? undefined : (window as unknown as Page);
  const running = listening.get(regulars);
  if (running || !page) return running ?? ((): void => undefined);
  const teller = createTeller(regulars);
  const google = readGoogle(teller, options);
  const segment = readSegment(teller, options);
  const stops = [
    teller.stop,
    whenThere(page, options.dataLayer ?? 'dataLayer', (layer) => tapQueue(page, layer, google)),
    whenThere(page, options.analytics ?? 'analytics', tapSegment(page, segment)),
  ];
  const stop = (): void => {
    listening.delete(regulars);
    for (const each of stops.splice(0)) each();
  };
  listening.set(regulars, stop);
  return stop;
}

/** Tells of what happened, once. */
interface Teller {
  /** `isNews` of an order that was told before. */
  readonly orders: (found: Pick<ParsedOrders, 'purchases' | 'refunds'>, isNews?: boolean) => void;
  /** `by` names who reports it: of two who both do, one counts. */
  readonly views: (skus: readonly string[], by: string) => void;
  readonly stop: () => void;
}

function createTeller(regulars: DataLayerListener): Teller {
  const told = new Map<string, number>();
  const waiting: (() => Promise<unknown>)[] = [];
  let last = ['', ''];
  // what comes before the client has started is told when it has; a page that never starts it keeps nothing
  const flush = (): void => {
    if (!/^(starting|ready)$/.test(regulars.get().status)) return;
    for (const tell of waiting.splice(0)) void tell().catch(() => undefined);
  };
  const say = (tell: () => Promise<unknown>): void => {
    waiting.push(tell);
    flush();
  };
  const stopListening = regulars.listen(flush);
  const purchase = (found: ParsedPurchase, isNews: boolean): void => {
    const { id, lines, status } = found;
    // of two who report one order, the first is heard, or the one that says more of it
    const key = `${status} ${numberOf(id)}`;
    if (!lines[0] || (!isNews && lines.length <= (told.get(key) ?? 0))) return;
    told.set(key, lines.length);
    say(() => regulars.record(inputOf(found)));
  };
  const refund = ({ lines, purchase: id, total }: ParsedRefund): void => {
    const key = JSON.stringify([numberOf(id), lines, total]);
    if (told.has(key)) return;
    told.set(key, 1);
    const back = { ...(lines && { lines }), ...(total !== undefined && { total }) };
    say(() => regulars.refund({ purchase: `web:${numberOf(id)}`, ...back }));
  };
  return {
    orders: ({ purchases, refunds }, isNews = false) => {
      for (const each of purchases) purchase(each, isNews);
      for (const each of refunds) refund(each);
    },
    views: (skus, by) => {
      const [before, whose] = last;
      const key = skus.join(' ');
      last = key === before && by !== whose ? ['', ''] : [key, by];
      if (last[0] && skus[0]) say(() => regulars.viewed(skus));
    },
    stop: () => {
      stopListening();
      waiting.length = 0;
    },
  };
}

/** As the page itself would record it, so that whoever does so, too, records the same order. Whom it names is left out. */
function inputOf({ currency, id, lines, status, total }: ParsedPurchase): PurchaseInput {
  const number = numberOf(id);
  return {
    ...{ id: `web:${number}`, refs: [`ga4:${number}`, `segment:${number}`], lines, total },
    ...(currency && { currency }),
    // a thank-you page opened again does not know what became of the order
    ...(status !== 'paid' && { status }),
  };
}

/** The shop's own number of an order: `W-1` of `ga4:W-1`. */
const numberOf = (id: string): string => id.slice(id.indexOf(':') + 1);

const skusOf = (items: unknown): readonly string[] =>
  goodsOf(eventLines(items, undefined)).map(({ sku }) => sku);

function readGoogle(teller: Teller, options: DataLayerOptions): (pushed: unknown) => void {
  const events = googleEvents();
  return (pushed) => {
    for (const event of events(pushed)) {
      if (event.name === 'view_item') teller.views(skusOf(event.params['items']), 'google');
      const found = collect();
      if (readGoogleOrders(found, options)(event, '')) teller.orders(found.done());
    }
  };
}

/** A call of Segment's `track`. */
type Track = (event: unknown, properties: unknown) => void;

function readSegment(teller: Teller, options: DataLayerOptions): Track {
  return (event, properties) => {
    const name =
      text(event)
        ?.toLowerCase()
        .replace(/[^a-z]/g, '') ?? '';
    if (name === 'productviewed' || name === 'viewedproduct')
      teller.views(skusOf([properties]), 'segment');
    teller.orders(parseSegment({ event, properties }, options), name === 'orderupdated');
  };
}

/**
 * Segment's queue, which holds calls as `['track', 'Order Completed', { … }]`, and the library that takes its place: that repeats what was in the
 * queue to whoever has asked to be told, also those who asked the queue.
 */
function tapSegment(page: Page, track: Track): (analytics: unknown) => () => void {
  const queued: string[] = [];
  let asked = false;
  const told = (event: unknown, properties: unknown): void => {
    const at = queued.indexOf(JSON.stringify([event, properties]));
    if (at < 0) track(event, properties);
    else queued.splice(at, 1);
  };
  const listener: Track = (event, properties) => {
    try {
      told(event, properties);
    } catch {
      // never to the page
    }
  };
  return (analytics) => {
    const call = (method: string): void => {
      const run = (analytics as Loose)[method];
      if (typeof run === 'function') Reflect.apply(run, analytics, ['track', listener]);
      asked ||= typeof run === 'function';
    };
    const stop = tapQueue(page, analytics, (pushed) => {
      const [method, event, properties] = list(pushed);
      if (method !== 'track') return;
      queued.push(JSON.stringify([event, properties]));
      track(event, properties);
    });
    if (!asked) call('on');
    return () => {
      stop();
      call('off');
    };
  };
}
