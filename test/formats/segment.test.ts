import { describe, expect, it } from 'vitest';
import { parseSegment } from '../../src/formats/segment.js';
import { describeShared, expectAsExpected, sharedData, tryMutations } from '../support/mutate.js';

const latte = {
  product_id: 'p1',
  sku: 'LAT',
  name: 'Latte',
  price: 4.5,
  quantity: 2,
  variant: 'Oat',
};
const bun = { product_id: 'BUN', name: 'Bun', price: 2.5 };
const event = (name: string, properties: object, second = 0, fields: object = {}): object => ({
  ...{ type: 'track', event: name, messageId: `m${second}`, userId: 'u-1' },
  timestamp: `2026-03-01T10:00:0${second}Z`,
  properties: { order_id: 'A1', ...properties },
  ...fields,
});
const completed = event('Order Completed', {
  currency: 'EUR',
  total: 11.5,
  products: [latte, bun],
});
const [only] = parseSegment(completed).purchases;

describeShared('samples of Segment', () => {
  const files = ['mixpanel-test', 'cordial-test', 'order-number', 'no-quantity'];
  it.each(files)('order-completed-%s equals what is expected', (name) =>
    expectAsExpected(`segment/order-completed-${name}.json`, parseSegment),
  );
  it.each(files)('order-completed-%s stays sound whatever happens to it', (name) => {
    const text = sharedData(`segment/order-completed-${name}.json`);
    expect(tryMutations((input) => parseSegment(input), JSON.parse(text))).toBeGreaterThan(300);
    expect(tryMutations((input) => parseSegment(input), text)).toBeGreaterThan(20);
  });
});

describe('an order of Segment', () => {
  it('is read from one event, a list and a batch', () => {
    expect(only?.lines).toEqual([
      {
        ...{ sku: 'LAT', name: 'Latte', quantity: 2, unitPrice: 450, currency: 'EUR' },
        modifiers: [{ group: 'variant', name: 'Oat', quantity: 1 }],
      },
      { sku: 'BUN', name: 'Bun', quantity: 1, unitPrice: 250, currency: 'EUR', modifiers: [] },
    ]);
    const page = { type: 'page', name: 'Home' };
    for (const input of [[page, completed], { batch: [page, completed] }, [{ batch: [completed] }]])
      expect(parseSegment(input).purchases).toEqual([only]);
  });
  it('is updated and cancelled by what came later, in whatever order it lies there', () => {
    const updated = event('Order Updated', { currency: 'EUR', total: 9, products: [latte] }, 1);
    const cancelled = event('Order Cancelled', {}, 2);
    const state = (input: unknown): unknown =>
      parseSegment(input).purchases.map(({ at, lines, status, total }) => [
        at,
        status,
        total,
        lines.length,
      ]);
    const at = '2026-03-01T10:00:00.000Z';
    expect(state([updated, completed])).toEqual([[at, 'paid', 900, 1]]);
    expect(state([cancelled, updated, completed])).toEqual([[at, 'cancelled', 900, 1]]);
    expect(state([event('Order Updated', { total: 9, currency: 'EUR' }, 1), completed])).toEqual([
      [at, 'paid', 900, 2],
    ]);
  });
  it('comes back in part or as a whole', () => {
    const back = (...refunds: object[]): unknown =>
      parseSegment([...refunds, completed]).purchases.map(({ lines, status }) => [
        status,
        lines.map((line) => line.refundedQuantity ?? 0),
      ]);
    const one = { products: [{ sku: 'LAT', quantity: 1 }] };
    expect(back(event('Order Refunded', {}, 1))).toEqual([['refunded', [2, 1]]]);
    expect(back(event('Order Refunded', { total: 11.5, currency: 'EUR' }, 1))).toEqual([
      ['refunded', [2, 1]],
    ]);
    expect(back(event('Order Refunded', one, 1), event('Order Refunded', one, 2))).toEqual([
      ['partially_refunded', [2, 0]],
    ]);
  });
  it('that is not here comes back, or is cancelled, apart', () =>
    expect(
      parseSegment([
        event('Order Cancelled', {}, 1),
        event('Order Refunded', { order_id: 'B2', products: [bun] }, 2),
      ]).refunds,
    ).toEqual([
      { purchase: 'segment:A1', at: '2026-03-01T10:00:01.000Z' },
      {
        purchase: 'segment:B2',
        at: '2026-03-01T10:00:02.000Z',
        lines: [{ sku: 'BUN', quantity: 1 }],
      },
    ]));
  it('has its total from what is there: total, else revenue with tax and shipping, else the lines', () => {
    const total = (properties: object): unknown =>
      parseSegment(
        event('Order Completed', { products: [latte, bun], currency: 'EUR', ...properties }),
      ).purchases[0]?.total;
    expect(total({ total: '12,00', revenue: 9 })).toBe(1200);
    expect(total({ revenue: 9, tax: 1, shipping: '0.50' })).toBe(1050);
    expect(total({})).toBe(1150);
    expect(total({ products: [{ sku: 'x' }] })).toBeNull();
  });
  it('is in US dollars where it does not say', () =>
    expect(parseSegment(event('Order Completed', { total: 5 })).purchases[0]).toMatchObject({
      total: 500,
      currency: 'USD',
    }));
  it('names the person by traits, and an app by its library', () => {
    const context = {
      library: { name: 'analytics-kotlin' },
      ip: '203.0.113.9',
      traits: {
        firstName: 'Ann',
        lastName: 'Lee',
        email: 'Ann@Example.com',
        phone: '030 5550133',
        address: { street: 'Main 1' },
      },
    };
    const result = parseSegment(event('Order Completed', {}, 0, { context }), { country: 'DE' });
    expect(result.purchases[0]).toMatchObject({
      channel: 'app',
      customer: {
        ids: [
          { kind: 'external', value: 'u-1' },
          { kind: 'email', value: 'ann@example.com' },
          { kind: 'phone', value: '+49305550133' },
        ],
        name: { given: 'Ann', family: 'Lee' },
      },
    });
    expect(JSON.stringify(result)).not.toMatch(/Main 1|203\.0/);
  });
  it('is known by the names it had and has', () => {
    for (const name of ['Completed Order', 'order_completed', 'ORDER COMPLETED'])
      expect(parseSegment({ ...completed, event: name }).purchases).toEqual([only]);
    expect(parseSegment({ ...completed, event: 'Checkout Completed' }).skipped).toEqual([
      { reason: 'not-an-order', where: '' },
    ]);
    expect(parseSegment({ ...completed, properties: null }).skipped).toEqual([
      { reason: 'no-id', where: '' },
    ]);
  });
});
