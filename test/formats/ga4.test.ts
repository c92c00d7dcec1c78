import { describe, expect, it } from 'vitest';
import { parseGa4 } from '../../src/formats/ga4.js';
import { describeShared, expectAsExpected, sharedData, tryMutations } from '../support/mutate.js';

const receivedAt = '2026-09-23T08:00:00Z';
const parse = (input: unknown): ReturnType<typeof parseGa4> => parseGa4(input, { receivedAt });

/** gtag pushes what it was called with. */
function gtag(..._given: readonly unknown[]): unknown {
  return arguments;
}
const latte = { item_id: 'LAT', item_name: 'Latte', price: 4.5, quantity: 2 };
const bun = { item_id: 'BUN', item_name: 'Bun', price: '2,50' };
const sold = { transaction_id: 'T1', currency: 'eur', value: 11.5, items: [latte, bun] };

describeShared('samples of Google Analytics', () => {
  const files = [
    'datalayer-pushes',
    'measurement-protocol-purchase',
    'ua-enhanced-ecommerce-legacy',
  ];
  it.each(files)('%s equals what is expected', (name) =>
    expectAsExpected(`ga4/${name}.json`, parseGa4),
  );
  it.each(files)('%s stays sound whatever happens to it', (name) => {
    const text = sharedData(`ga4/${name}.json`);
    expect(tryMutations(parse, JSON.parse(text))).toBeGreaterThan(300);
    expect(tryMutations(parse, text)).toBeGreaterThan(20);
  });
});

describe('a data layer', () => {
  it('holds gtag calls as Arguments, as lists and as JSON keeps them', () => {
    const shapes = [
      gtag('event', 'purchase', sold),
      ['event', 'purchase', sold],
      JSON.parse(JSON.stringify(gtag('event', 'purchase', sold))) as unknown,
    ];
    for (const shape of shapes)
      for (const input of [[{ event: 'gtm.js' }, shape], shape])
        expect(parse(input).purchases).toEqual([
          {
            ...{ id: 'ga4:T1', at: '2026-09-23T08:00:00.000Z', status: 'paid', currency: 'EUR' },
            ...{ total: 1150, channel: 'web', customer: { ids: [] } },
            lines: [
              {
                sku: 'LAT',
                name: 'Latte',
                quantity: 2,
                unitPrice: 450,
                currency: 'EUR',
                modifiers: [],
              },
              {
                sku: 'BUN',
                name: 'Bun',
                quantity: 1,
                unitPrice: 250,
                currency: 'EUR',
                modifiers: [],
              },
            ],
          },
        ]);
  });
  it('says before the purchase who it is, and in which currency', () => {
    const { transaction_id, items } = sold;
    const input = [
      gtag('js', new Date()),
      gtag('config', 'G-1', { user_id: 'u-1', currency: 'JPY' }),
      gtag('event', 'purchase', { transaction_id, items }),
      { userId: 'u-2' },
      { event: 'purchase', ecommerce: { ...sold, transaction_id: 'T2' } },
      { user_id: 'u-3' },
      { event: 'purchase', ...sold, transaction_id: 'T3', user_id: 'u-4' },
    ];
    expect(
      parse(input).purchases.map(({ currency, customer, total }) => [
        currency,
        total,
        customer.ids,
      ]),
    ).toEqual([
      ['JPY', 13, [{ kind: 'external', value: 'u-1' }]],
      ['EUR', 1150, [{ kind: 'external', value: 'u-1' }]],
      ['EUR', 1150, [{ kind: 'external', value: 'u-4' }]],
    ]);
  });
  it('keeps the first of a purchase sent again, unless another says more', () => {
    const short = { ...sold, items: [{ item_id: 'LAT' }] };
    const ids = (...each: object[]): unknown =>
      parse(each.map((ecommerce) => ({ event: 'purchase', ecommerce }))).purchases.map(
        ({ lines }) => lines.map(({ name }) => name),
      );
    expect(ids(sold, short)).toEqual([['Latte', 'Bun']]);
    expect(ids(short, sold)).toEqual([['Latte', 'Bun']]);
  });
  it('without purchases, or without their number, gives none and says so', () => {
    expect(parse([{ event: 'view_item' }]).skipped).toEqual([
      { reason: 'not-an-order', where: '' },
    ]);
    expect(parse([{ event: 'x' }, { event: 'purchase', ecommerce: {} }]).skipped).toEqual([
      { reason: 'no-id', where: '[1]' },
    ]);
    expect(parse('no json').skipped).toEqual([{ reason: 'not-an-order', where: '' }]);
  });
  it('of an unknown currency has no amounts, and says so', () => {
    const { purchases } = parse({ event: 'purchase', ecommerce: { ...sold, currency: undefined } });
    expect(purchases[0]).toMatchObject({ total: null, currency: null, warnings: ['no currency'] });
    expect(purchases[0]?.lines[0]?.unitPrice).toBeNull();
  });
  it.each([
    ['JPY', '1200', 1200],
    ['KWD', 1.234, 1234],
  ])('has amounts in the minor unit of %s', (currency, value, total) => {
    const ecommerce = { transaction_id: 'T1', currency, value, items: [] };
    expect(parse({ event: 'purchase', ecommerce }).purchases[0]?.total).toBe(total);
  });
});

describe('a refund', () => {
  const refund = (params: object): unknown => ({
    event: 'refund',
    ecommerce: { transaction_id: 'T1', ...params },
  });
  const purchase = { event: 'purchase', ecommerce: sold };
  it('of all of it, or in part, is worked into its purchase, whichever comes first', () => {
    const back = (input: unknown): unknown =>
      parse(input).purchases.map(({ lines, status }) => [
        status,
        lines.map((line) => line.refundedQuantity),
      ]);
    expect(back([purchase, refund({})])).toEqual([['refunded', [2, 1]]]);
    expect(back([refund({}), purchase])).toEqual([['refunded', [2, 1]]]);
    expect(back([purchase, refund({ items: [{ item_id: 'LAT' }] })])).toEqual([
      ['partially_refunded', [1, undefined]],
    ]);
    expect(back([purchase, refund({ currency: 'EUR', value: 3 })])).toEqual([
      ['partially_refunded', [undefined, undefined]],
    ]);
    const ua = {
      ecommerce: { refund: { actionField: { id: 'T1' }, products: [{ id: 'BUN', quantity: 1 }] } },
    };
    expect(back([purchase, ua])).toEqual([['partially_refunded', [undefined, 1]]]);
    expect(back([purchase, gtag('event', 'refund', { transaction_id: 'T1' })])).toEqual([
      ['refunded', [2, 1]],
    ]);
  });
  it('of another order is given apart', () =>
    expect(parse(refund({ items: [{ item_id: 'LAT', quantity: 2 }] })).refunds).toEqual([
      { purchase: 'ga4:T1', at: '2026-09-23T08:00:00.000Z', lines: [{ sku: 'LAT', quantity: 2 }] },
    ]));
});

describe('other shapes', () => {
  it('the Measurement Protocol has a time of its own, for each event or all, and apps', () => {
    const events = [
      { name: 'purchase', params: sold },
      {
        name: 'purchase',
        params: { ...sold, transaction_id: 'T2' },
        timestamp_micros: '1655936459905000',
      },
    ];
    const bodies = [
      { client_id: 'c-1', user_id: 'u-1', timestamp_micros: 1655936458905000, events },
      {
        app_instance_id: 'i-1',
        events: [{ name: 'purchase', params: { ...sold, transaction_id: 'T3' } }],
      },
    ];
    expect(
      parse(bodies).purchases.map(({ at, channel, customer }) => [
        at,
        channel,
        customer.ids.length,
      ]),
    ).toEqual([
      ['2022-06-22T22:20:58.905Z', 'web', 1],
      ['2022-06-22T22:20:59.905Z', 'web', 1],
      ['2026-09-23T08:00:00.000Z', 'app', 0],
    ]);
  });
  it('standard e-commerce of Universal Analytics', () => {
    const transactionProducts = [
      { sku: 'LAT', name: 'Latte', category: 'Drinks', price: '4.50', quantity: 2 },
    ];
    const pushed = {
      transactionId: 1234,
      transactionTotal: '9.00',
      transactionCurrency: 'USD',
      transactionProducts,
    };
    expect(parse([pushed]).purchases[0]).toMatchObject({
      ...{ id: 'ga4:1234', total: 900 },
      lines: [{ sku: 'LAT', category: 'Drinks', unitPrice: 450, quantity: 2 }],
    });
  });
  it('takes nothing of user data that is sent along', () => {
    const user_data = {
      email: 'ann@example.com',
      phone_number: '+15035550144',
      address: { street: 'Main 1' },
    };
    const result = parse([
      gtag('set', 'user_data', user_data),
      { event: 'purchase', user_data, ecommerce: sold },
    ]);
    expect(result.purchases).toHaveLength(1);
    expect(JSON.stringify(result)).not.toMatch(/ann@|5550144|Main 1/);
  });
});
