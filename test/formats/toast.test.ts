import { describe, expect, it } from 'vitest';
import { parseToast } from '../../src/formats/toast.js';
import type { ParsedPurchase } from '../../src/formats/types.js';
import { describeShared, expectAsExpected, sharedData, tryMutations } from '../support/mutate.js';

const options = { currency: 'USD', country: 'US' };
const selection = (name: string, fields: object = {}): object => ({
  ...{ guid: `s-${name}`, selectionType: 'NONE', item: { guid: `i-${name}` }, displayName: name },
  ...{ quantity: 1, receiptLinePrice: 10, price: 10, voided: false, modifiers: [], ...fields },
});
const check = (fields: object = {}): object => ({
  ...{ guid: 'c1', paymentStatus: 'CLOSED', totalAmount: 10.8, voided: false, deleted: false },
  ...{ selections: [selection('soup')], payments: [], ...fields },
});
const order = (fields: object = {}): object => ({
  ...{ guid: 'o1', openedDate: '2026-02-20T23:48:44.206+0000', source: 'In Store' },
  ...{ checks: [check()], voided: false, deleted: false, ...fields },
});
const first = (fields: object): ParsedPurchase | undefined =>
  parseToast(order({ checks: [check(fields)] }), options).purchases[0];

describeShared('samples of Toast', () => {
  it('toast/order-dine-in-modifiers.json', () =>
    expectAsExpected('toast/order-dine-in-modifiers.json', parseToast));
  it('members of a loyalty programme, two of whom have one phone', () => {
    const { customers, purchases } = parseToast(sharedData('toast/loyalty-accounts.json'));
    expect(purchases).toEqual([]);
    expect(customers).toHaveLength(5);
    expect(customers[3]).toEqual({
      ids: [
        { kind: 'loyalty', value: '6003001000001448' },
        { kind: 'email', value: 'hans.gruber@toasttab.com' },
        { kind: 'phone', value: '6175486881' },
      ],
      name: { given: 'Hans', family: 'Gruber' },
      balance: 125,
    });
  });
  it('gives only what it may for whatever is near a sample', () => {
    const sample = JSON.parse(sharedData('toast/order-dine-in-modifiers.json')) as unknown;
    tryMutations((input) => parseToast(input, options), sample, 3000);
    tryMutations(parseToast, JSON.parse(sharedData('toast/loyalty-accounts.json')), 800);
  });
});

describe('orders of Toast', () => {
  it('are one purchase a check, in lists and in webhooks', () => {
    const split = order({ checks: [check(), check({ guid: 'c2' })] });
    const webhook = { eventType: 'order_updated', details: { restaurantGuid: 'r', order: split } };
    for (const input of [split, [split], { orders: [split] }, webhook, JSON.stringify([split])])
      expect(parseToast(input, options).purchases.map(({ id }) => id)).toEqual([
        'toast:o1/c1',
        'toast:o1/c2',
      ]);
  });
  it('hold what is on the menu and was not voided', () => {
    const { lines } =
      first({
        selections: [
          selection('soup'),
          selection('card', { selectionType: 'TOAST_CARD_SELL', deferred: true }),
          selection('gift', { deferred: true }),
          selection('open', { selectionType: 'OPEN_ITEM' }),
          selection('void', { voided: true }),
          selection('none', { selectionType: null }),
        ],
      }) ?? {};
    expect(lines?.map(({ name }) => name)).toEqual(['soup', 'none']);
  });
  it.each([
    ['NO Béarnaise', { pre: 'NO', name: 'Béarnaise', quantity: 0 }],
    ['EXTRA Cheese', { pre: 'EXTRA', name: 'Cheese', quantity: 2 }],
    ['LITE Ice', { pre: 'LITE', name: 'Ice', quantity: 1 }],
    ['ON THE SIDE Dressing', { pre: 'ON THE SIDE', name: 'Dressing', quantity: 1 }],
    ['NO BBQ Sauce', { pre: 'NO', name: 'BBQ Sauce', quantity: 0 }],
    ['NO BBQ', { pre: 'NO', name: 'BBQ', quantity: 0 }],
  ])('reads the prefix of %s', (displayName, modifier) => {
    const modifiers = [{ displayName, item: { guid: 'i' }, preModifier: { guid: 'p' }, price: 0 }];
    const [line] = first({ selections: [selection('soup', { modifiers })] })?.lines ?? [];
    expect(line?.modifiers).toEqual([{ id: 'i', unitPrice: 0, ...modifier }]);
  });
  it('keeps capitals that are a name, where there is no prefix', () => {
    const modifiers = [{ displayName: 'BLT', item: { guid: 'i' }, preModifier: null }];
    const [line] = first({ selections: [selection('soup', { modifiers })] })?.lines ?? [];
    expect(line?.modifiers).toEqual([{ id: 'i', name: 'BLT', quantity: 1 }]);
  });
  it('flattens modifiers at any depth, and leaves out the voided', () => {
    const nested = ['a', 'b', 'c'].reduceRight<object[]>(
      (modifiers, guid) => [
        { displayName: guid, item: { guid }, modifiers },
        { displayName: 'x', voided: true },
      ],
      [{ displayName: 'well done', selectionType: 'SPECIAL_REQUEST' }],
    );
    const [line] = first({ selections: [selection('soup', { modifiers: nested })] })?.lines ?? [];
    expect(line?.modifiers.map(({ name, under }) => [name, under])).toEqual([
      ['a', undefined],
      ['b', 'a'],
      ['c', 'b'],
    ]);
  });
  it.each([
    [2, 2],
    [0, undefined],
    [-1, undefined],
  ])('seat number %s is seat %s', (seatNumber, seat) =>
    expect(first({ selections: [selection('soup', { seatNumber })] })?.lines[0]?.seat).toBe(seat),
  );
  it.each([
    [{ voided: true }, 'cancelled'],
    [{ deleted: true }, 'cancelled'],
    [{ paymentStatus: 'OPEN' }, 'open'],
    [{ paymentStatus: 'PAID' }, 'paid'],
    [{ payments: [{ refundStatus: 'FULL' }] }, 'refunded'],
    [{ payments: [{ refundStatus: 'FULL' }, { refundStatus: 'NONE' }] }, 'partially_refunded'],
    [{ payments: [{ refundStatus: 'PARTIAL' }] }, 'partially_refunded'],
  ])('a check with %j is %s', (fields, status) => expect(first(fields)?.status).toBe(status));
  it('tells which lines were paid back', () => {
    const selections = [
      selection('tea', { quantity: 3, price: 30, refundDetails: { refundAmount: 20 } }),
      selection('soup'),
    ];
    expect(first({ selections })).toMatchObject({
      status: 'partially_refunded',
      lines: [{ refundedQuantity: 2 }, {}],
    });
    const all = [selection('tea', { refundDetails: { refundAmount: 10, taxRefundAmount: 1 } })];
    expect(first({ selections: all })?.status).toBe('refunded');
  });
  it('keeps what a voided order was for', () => {
    const gone = check({ voided: true, selections: [selection('soup', { voided: true })] });
    expect(parseToast(order({ voided: true, checks: [gone] }), options).purchases[0]).toMatchObject(
      {
        status: 'cancelled',
        lines: [{ name: 'soup' }],
      },
    );
  });
  it.each([
    ['In Store', 'pos'],
    [undefined, 'pos'],
    ['Kiosk', 'kiosk'],
    ['Online', 'web'],
    ['eCommerce Online ordering', 'web'],
    ['Branded Mobile App', 'app'],
    ['Caller Id', 'phone'],
    ['API', 'unknown'],
  ])('came by %s: %s', (source, channel) =>
    expect(parseToast(order({ source }), options).purchases[0]?.channel).toBe(channel),
  );
  it('without a currency has no money, and says so', () => {
    const [purchase] = parseToast(order()).purchases;
    expect(purchase).toMatchObject({ total: null, currency: null, lines: [{ unitPrice: null }] });
    expect(purchase?.warnings).toEqual(['no currency']);
  });
  it('with modifiers deeper than anything on a plate are read as far as they make sense', () => {
    let one: object = { item: { guid: 'm' }, displayName: 'Deep', selectionType: 'NONE' };
    for (let i = 0; i < 20_000; i++) one = { ...one, modifiers: [one] };
    const order = { guid: 'o', checks: [{ guid: 'c', selections: [one] }] };
    expect(parseToast(order).purchases[0]?.lines[0]?.modifiers.length).toBeLessThan(100);
  });
  it('skips tests, food that is thrown away, and what has no id', () => {
    const reasons = (input: unknown): unknown => parseToast(input).skipped[0]?.reason;
    expect(reasons(order({ createdInTestMode: true }))).toBe('test');
    expect(reasons(order({ excessFood: true }))).toBe('not-an-order');
    expect(reasons(order({ guid: null }))).toBe('no-id');
    expect(reasons({})).toBe('not-an-order');
  });
  it('reads points of a text, and skips members that are switched off', () => {
    const loyalty_accounts = [
      { number: '1', points: '40', phone: '503-555-0144', active: true },
      { number: '2', active: false },
      { points: 3 },
    ];
    expect(parseToast({ loyalty_accounts }, options)).toMatchObject({
      customers: [
        {
          ids: [{ kind: 'loyalty' }, { kind: 'phone', value: '+15035550144' }],
          balance: 40,
        },
      ],
      skipped: [
        { reason: 'inactive', where: 'loyalty_accounts[1]' },
        { reason: 'not-an-order', where: 'loyalty_accounts[2]' },
      ],
    });
  });
});
