import { describe, expect, it } from 'vitest';
import { parseDeliverect } from '../../src/formats/deliverect.js';
import type { ParsedPurchase, ParseOptions } from '../../src/formats/types.js';
import {
  describeShared,
  expectAsExpected,
  expectNowhere,
  sharedData,
  tryMutations,
} from '../support/mutate.js';

/** An order as the webhook of the POS API has it. */
const order = (fields: object = {}): object => ({
  ...{ _id: '62aa', _created: '2026-03-18T17:20:00.000000Z', channelOrderId: 'TEST4206' },
  ...{ channelOrderDisplayId: 'T4206', location: '61b4', channelLink: '61c3', status: 20 },
  ...{ orderType: 3, channel: 7, decimalDigits: 2, table: '12', note: 'ring twice' },
  ...{ pickupTime: '2026-03-18T17:40:00Z', payment: { amount: 1998, type: 0 } },
  ...{ orderIsAlreadyPaid: true, deliveryAddress: { street: 'Secret Way', postalCode: '99999' } },
  customer: { name: 'Dana Fox', companyName: 'Fox Inc', phoneNumber: '+1 212-555-0166', tin: '77' },
  items: [
    {
      ...{ plu: 'BURGER', name: 'Burger', price: 900, quantity: 2, remark: 'well done' },
      subItems: [
        {
          ...{ plu: 'FRIES', name: 'Fries', price: 99, quantity: 1 },
          subItems: [{ plu: 'SALT', name: 'Truffle salt', price: 0, quantity: 2 }],
        },
      ],
    },
  ],
  ...fields,
});
const EUR = { currency: 'EUR' };
const read = (fields: object, options: ParseOptions = EUR): ParsedPurchase | undefined =>
  parseDeliverect(order(fields), options).purchases[0];

describeShared('samples of Deliverect', () => {
  it('deliverect/basket-recreated.json', () =>
    expectAsExpected('deliverect/basket-recreated.json', parseDeliverect));
  it('gives only what it may for whatever is near a sample', () =>
    void tryMutations(
      parseDeliverect,
      JSON.parse(sharedData('deliverect/basket-recreated.json')),
      1500,
    ));
});

describe('orders of Deliverect', () => {
  it('are read as the webhook has them', () => {
    const found = read({});
    expect(found).toEqual({
      ...{ id: 'deliverect:62aa', at: '2026-03-18T17:20:00.000Z', status: 'paid' },
      lines: [
        {
          ...{ sku: 'BURGER', name: 'Burger', quantity: 2, unitPrice: 900, currency: 'EUR' },
          modifiers: [
            { id: 'FRIES', name: 'Fries', quantity: 1, unitPrice: 99 },
            { id: 'SALT', name: 'Truffle salt', quantity: 2, unitPrice: 0, under: 'FRIES' },
          ],
          note: 'well done',
        },
      ],
      ...{ total: 1998, currency: 'EUR', place: { id: '61c3', table: '12' }, channel: 'web' },
      customer: { ids: [{ kind: 'phone', value: '+12125550166' }], name: { display: 'Dana Fox' } },
    });
    expectNowhere(found, ['Secret', '99999', 'Fox Inc', 'ring twice']);
    tryMutations((input) => parseDeliverect(input, EUR), order(), 2000);
  });
  it('lie in lists and wrappers', () => {
    for (const input of [[order()], { orders: [order()] }, { _items: [order()], _meta: {} }])
      expect(parseDeliverect(input, EUR).purchases.map(({ id }) => id)).toEqual([
        'deliverect:62aa',
      ]);
    expect(parseDeliverect({ channelOrderId: 'A', items: [] }, EUR).purchases[0]?.id).toBe(
      'deliverect:A',
    );
    for (const input of [null, {}, 3, 'x', { orderId: '62aa', status: 20 }])
      expect(parseDeliverect(input).skipped).toMatchObject([{ reason: 'not-an-order' }]);
    expect(parseDeliverect({ items: [] }).skipped).toMatchObject([{ reason: 'no-id' }]);
  });
  it.each([
    [{ status: 20, orderIsAlreadyPaid: false }, 'open'],
    [{ status: 90, orderIsAlreadyPaid: false }, 'paid'],
    [{ status: 95, orderIsAlreadyPaid: false }, 'paid'],
    [{ status: 35 }, 'cancelled'],
    [{ status: 100 }, 'cancelled'],
    [{ status: 110 }, 'cancelled'],
    [{ status: 120 }, 'cancelled'],
    [{ status: 'open', orderIsAlreadyPaid: false }, 'open'],
    [{ status: 'completed', orderIsAlreadyPaid: false }, 'paid'],
    [{ status: 'canceled' }, 'cancelled'],
  ])('with %j are %s', (fields, status) => expect(read(fields)?.status).toBe(status));
  it('without their total have the sum of all there is, however deep', () => {
    expect(read({ payment: undefined })?.total).toBe(1998);
    const items = [{ plu: 'A', quantity: 1 }];
    expect(read({ payment: undefined, items })).toMatchObject({
      total: null,
      lines: [{ name: 'A', unitPrice: null }],
    });
  });
  it.each([
    ['EUR', 2, 900],
    ['JPY', 2, 9],
    ['JPY', 0, 900],
    ['KWD', 3, 900],
    ['KWD', 2, 9000],
    ['JPY', undefined, 900],
    ['EUR', 1e21, 900],
  ])('in %s with %s digits cost %s', (currency, decimalDigits, price) =>
    expect(read({ decimalDigits }, { currency })?.lines[0]?.unitPrice).toBe(price),
  );
  it('with choices deeper than anything on a plate are read as far as they make sense', () => {
    let one: object = { plu: 'D', name: 'Deep', price: 1, quantity: 1 };
    for (let i = 0; i < 20_000; i++) one = { ...one, subItems: [one] };
    const { purchases } = parseDeliverect({ _id: 'd', items: [one] }, { currency: 'EUR' });
    expect(purchases[0]?.lines[0]?.modifiers.length).toBeLessThan(100);
  });
  it('without a currency have no money, and say so', () => {
    expect(read({}, {})).toMatchObject({ total: null, currency: null });
    expect(read({}, {})?.warnings).toEqual(['no currency']);
  });
  it('do not know a guest by the number of a courier platform', () => {
    const customer = { phoneNumber: '+12125550166', phoneAccessCode: '711 84 22', email: 'A@b.c' };
    expect(read({ customer })?.customer.ids).toEqual([{ kind: 'email', value: 'a@b.c' }]);
  });
  it.each([
    ['Kiosk', 'kiosk'],
    ['Mobile App', 'app'],
    ['Web App', 'web'],
    ['', 'web'],
  ])('by %s come by %s', (by, channel) => expect(read({ by })?.channel).toBe(channel));
  it('are taken back by a cancellation without items', () => {
    const cancel = { channelOrderId: 'TEST4206', _id: '62aa', status: 100 };
    expect(parseDeliverect([order(), cancel], EUR).purchases).toMatchObject([
      { status: 'refunded', lines: [{ name: 'Burger', refundedQuantity: 2 }] },
    ]);
    expect(parseDeliverect(cancel).refunds).toEqual([{ purchase: 'deliverect:62aa', at: null }]);
  });
});
