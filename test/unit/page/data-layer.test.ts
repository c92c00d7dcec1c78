import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  listenToDataLayer,
  type DataLayerListener,
} from '../../../src/adapters/page/data-layer.js';

/** A page: a window that events come from. */
class FakeWindow extends EventTarget {
  declare dataLayer?: unknown;
  declare analytics?: unknown;
  declare other?: unknown;
}
let page: FakeWindow;
let told: unknown[];
let status: string;
let heard: Set<() => void>;
let regulars: DataLayerListener;

beforeEach(() => {
  page = new FakeWindow();
  Object.assign(globalThis, { window: page });
  [told, status, heard] = [[], 'ready', new Set()];
  const tell =
    (what: string) =>
    async (value: unknown): Promise<void> =>
      void told.push([what, value]);
  regulars = {
    get: () => ({ status }),
    listen: (listener) => {
      heard.add(listener);
      return () => void heard.delete(listener);
    },
    ...{ record: tell('record'), refund: tell('refund'), viewed: tell('viewed') },
  };
});
afterEach(() => Reflect.deleteProperty(globalThis, 'window'));

const items = [{ item_id: 'LAT', item_name: 'Latte', price: 4.5, quantity: 2 }];
const purchase = {
  event: 'purchase',
  ecommerce: { transaction_id: 'W-1', currency: 'EUR', value: 9, items },
};
const recorded = {
  ...{ id: 'web:W-1', refs: ['ga4:W-1', 'segment:W-1'], total: 900, currency: 'EUR' },
  lines: [
    { sku: 'LAT', name: 'Latte', quantity: 2, unitPrice: 450, currency: 'EUR', modifiers: [] },
  ],
};
const completed = [
  'Order Completed',
  {
    order_id: 'W-1',
    currency: 'EUR',
    total: 9,
    products: [{ sku: 'LAT', name: 'Latte', price: 4.5, quantity: 2 }],
  },
] as const;

/** As in Google's snippet. */
function gtag(..._given: readonly unknown[]): void {
  (page.dataLayer as unknown[]).push(arguments);
}

describe('a data layer', () => {
  it('is read from its beginning, and from then on', () => {
    page.dataLayer = [{ 'gtm.start': 1 }, purchase];
    listenToDataLayer(regulars);
    expect(told).toEqual([['record', recorded]]);
    gtag('event', 'purchase', { ...purchase.ecommerce, transaction_id: 'W-2' });
    gtag('event', 'refund', { transaction_id: 'W-1', items: [{ item_id: 'LAT', quantity: 1 }] });
    gtag('event', 'refund', { transaction_id: 'W-2', value: 9, currency: 'EUR' });
    gtag('event', 'view_item', { items });
    gtag('event', 'add_to_cart', { items });
    expect(told.slice(1)).toEqual([
      ['record', { ...recorded, id: 'web:W-2', refs: ['ga4:W-2', 'segment:W-2'] }],
      ['refund', { purchase: 'web:W-1', lines: [{ sku: 'LAT', quantity: 1 }] }],
      ['refund', { purchase: 'web:W-2', total: 900 }],
      ['viewed', ['LAT']],
    ]);
  });
  it('tells of an order once, however often it is reported, and of the report that says more', () => {
    page.dataLayer = [{ ...purchase, ecommerce: { ...purchase.ecommerce, items: [] } }];
    listenToDataLayer(regulars);
    expect(told).toEqual([]);
    for (let i = 0; i < 3; i++)
      (page.dataLayer as object[]).push(
        { ...purchase },
        { event: 'refund', ecommerce: { transaction_id: 'W-1' } },
      );
    expect(told).toEqual([
      ['record', recorded],
      ['refund', { purchase: 'web:W-1' }],
    ]);
  });
  it('of Universal Analytics tells of purchases and views, too', () => {
    page.dataLayer = [];
    listenToDataLayer(regulars);
    const products = [{ id: 'LAT', name: 'Latte', price: '4.50', quantity: 2 }];
    (page.dataLayer as object[]).push(
      { ecommerce: { detail: { products } } },
      {
        ecommerce: {
          currencyCode: 'EUR',
          purchase: { actionField: { id: 'W-1', revenue: '9.00' }, products },
        },
      },
    );
    expect(told).toEqual([
      ['viewed', ['LAT']],
      ['record', recorded],
    ]);
  });
  it('never tells whom an event names', () => {
    page.dataLayer = [
      { ...purchase, user_id: 'u-somebody-else', user_data: { email: 'x@example.com' } },
    ];
    listenToDataLayer(regulars);
    expect(told).toHaveLength(1);
    expect(JSON.stringify(told)).not.toMatch(/somebody|example/);
  });
  it('that comes later, by another name or anew, is found, and the page has what it would have had', () => {
    const stop = listenToDataLayer(regulars, { dataLayer: 'other' });
    expect(page.other).toBeUndefined();
    page.other = page.other || [];
    (page.other as object[]).push(purchase);
    expect(told).toHaveLength(1);
    expect(Object.getOwnPropertyDescriptor(page, 'other')).toMatchObject({
      writable: true,
      configurable: true,
      enumerable: true,
    });
    page.other = [{ ...purchase, ecommerce: { ...purchase.ecommerce, transaction_id: 'W-2' } }];
    page.dispatchEvent(new Event('load'));
    expect(told).toHaveLength(2);
    stop();
  });
  it('that never comes leaves nothing behind', () => {
    listenToDataLayer(regulars)();
    expect('dataLayer' in page || 'analytics' in page).toBe(false);
  });
});

describe('the page', () => {
  it('has from push what it had: value, order, errors', () => {
    const order: string[] = [];
    const layer: unknown[] = [];
    layer.push = (...given: unknown[]): number => {
      order.push('host');
      if (given[0] === 'boom') throw new Error('host');
      return Array.prototype.push.apply(layer, given) * 100;
    };
    page.dataLayer = layer;
    listenToDataLayer({ ...regulars, record: async () => void order.push('told') });
    expect(layer.push(purchase)).toBe(100);
    expect(order).toEqual(['host', 'told']);
    expect(() => layer.push('boom')).toThrow('host');
  });
  it('is never harmed by a listener that throws, rejects, or by an event nobody foresaw', async () => {
    page.dataLayer = [];
    const listener = {
      ...regulars,
      record: () => Promise.reject(new Error('no')),
      viewed: () => {
        throw new Error('no');
      },
    };
    listenToDataLayer(listener);
    const trap = new Proxy(
      {},
      {
        get: () => {
          throw new Error('trap');
        },
      },
    );
    const circle: Record<string, unknown> = { event: 'purchase' };
    circle['ecommerce'] = circle;
    expect(
      (page.dataLayer as unknown[]).push(purchase, trap, circle, null, 'x', () => 0, {
        event: 'view_item',
        ecommerce: { items },
      }),
    ).toBe(7);
    await Promise.resolve();
  });
  it('may wrap push before and after, and replace it', () => {
    const layer: unknown[] = [];
    page.dataLayer = layer;
    const stop = listenToDataLayer(regulars);
    const ours = layer.push;
    const seen: unknown[] = [];
    layer.push = function (...given: unknown[]): number {
      seen.push(...given);
      return Reflect.apply(ours, this, given);
    };
    layer.push(purchase);
    expect([seen.length, told.length]).toEqual([1, 1]);
    stop();
    layer.push({ ...purchase, ecommerce: { ...purchase.ecommerce, transaction_id: 'W-2' } });
    expect([seen.length, told.length]).toEqual([2, 1]);
  });
  it('may put another push in our place: what came past us is found when it is left', () => {
    const layer: unknown[] = [];
    page.dataLayer = layer;
    listenToDataLayer(regulars);
    layer.push = (...given: unknown[]) => Array.prototype.push.apply(layer, given);
    layer.push(purchase);
    expect(told).toEqual([]);
    page.dispatchEvent(new Event('pagehide'));
    expect(told).toHaveLength(1);
  });
  it('has its own push back after stop, and a frozen list stays frozen', () => {
    const layer: unknown[] = [];
    page.dataLayer = layer;
    const stop = listenToDataLayer(regulars);
    expect(Object.keys(layer)).toEqual([]);
    stop();
    expect(Object.hasOwn(layer, 'push')).toBe(false);
    layer.push(purchase);
    expect(told).toEqual([]);
    page.dataLayer = Object.freeze([purchase]);
    listenToDataLayer(regulars);
    expect(told).toHaveLength(1);
  });
});

describe('Segment', () => {
  const snippet = (): unknown[] & Record<string, unknown> => {
    const queue = [] as unknown as unknown[] & Record<string, unknown>;
    for (const method of ['track', 'on', 'off', 'page'])
      queue[method] = (...given: unknown[]) => (queue.push([method, ...given]), queue);
    return queue;
  };
  /** What takes the queue's place: hands on first who listens, then the calls, as the library does. */
  const load = (): { track: (...given: unknown[]) => void; off: () => void } => {
    const queue = page.analytics as unknown[][];
    const listeners = new Set<(...given: unknown[]) => void>();
    const real = {
      on: (_: string, run: () => void) => void listeners.add(run),
      off: (_: string, run: () => void) => void listeners.delete(run),
      track: (...given: unknown[]): void => {
        for (const run of listeners) run(...structuredClone(given));
      },
    };
    page.analytics = real;
    const calls = [...queue];
    for (const wanted of ['on', 'track'] as const)
      for (const [method, ...given] of calls)
        if (method === wanted) (real[wanted] as (...all: unknown[]) => void)(...given);
    return real as never;
  };
  const view = ['Product Viewed', { sku: 'MUG', name: 'Mug' }] as const;

  it('is heard in its queue and when the library has taken its place, each call once', () => {
    const queue = (page.analytics = snippet());
    (queue['track'] as (...given: unknown[]) => void)(...view);
    listenToDataLayer(regulars);
    (queue['track'] as (...given: unknown[]) => void)(...completed);
    const real = load();
    real.track(...view);
    real.track('Order Refunded', { order_id: 'W-1', products: [{ sku: 'LAT', quantity: 1 }] });
    expect(told).toEqual([
      ['viewed', ['MUG']],
      ['record', recorded],
      ['viewed', ['MUG']],
      ['refund', { purchase: 'web:W-1', lines: [{ sku: 'LAT', quantity: 1 }] }],
    ]);
  });
  it('that is loaded already is heard, and not after stop', () => {
    page.analytics = snippet();
    const real = load();
    const stop = listenToDataLayer(regulars);
    real.track(...completed);
    expect(told).toHaveLength(1);
    stop();
    real.track('Order Completed', { ...completed[1], order_id: 'W-3' });
    expect(told).toHaveLength(1);
  });
  it('and gtag that report the same tell of it once', () => {
    page.analytics = snippet();
    page.dataLayer = [purchase, { event: 'view_item', ecommerce: { items } }];
    listenToDataLayer(regulars);
    const queue = page.analytics as Record<string, (...given: unknown[]) => void>;
    queue['track']?.('Product Viewed', { sku: 'LAT' });
    queue['track']?.(...completed);
    expect(told).toEqual([
      ['record', recorded],
      ['viewed', ['LAT']],
    ]);
  });
  it('updates an order that was told before', () => {
    page.analytics = snippet();
    listenToDataLayer(regulars);
    const queue = page.analytics as Record<string, (...given: unknown[]) => void>;
    queue['track']?.(...completed);
    queue['track']?.('Order Updated', { ...completed[1], total: 8 });
    queue['track']?.('Order Cancelled', completed[1]);
    expect(told).toMatchObject([
      ['record', { total: 900 }],
      ['record', { total: 800 }],
      ['record', { status: 'cancelled' }],
    ]);
  });
});

describe('the client', () => {
  it('that has not started is told when it has', () => {
    status = 'idle';
    page.dataLayer = [purchase];
    listenToDataLayer(regulars);
    expect(told).toEqual([]);
    status = 'starting';
    for (const listener of heard) listener();
    expect(told).toHaveLength(1);
    for (const listener of heard) listener();
    expect(told).toHaveLength(1);
  });
  it('is told once when a page mounts twice, and nothing after stop', () => {
    page.dataLayer = [purchase];
    const stop = listenToDataLayer(regulars);
    expect(listenToDataLayer(regulars)).toBe(stop);
    expect(told).toHaveLength(1);
    stop();
    stop();
    expect(heard.size).toBe(0);
  });
  it('on a server hears nothing', () => {
    Reflect.deleteProperty(globalThis, 'window');
    expect(() => listenToDataLayer(regulars)()).not.toThrow();
  });
});
