import { describe, expect, it } from 'vitest';
import { parseBigCommerce } from '../../src/formats/bigcommerce.js';
import type { ParsedOrders, ParsedPurchase } from '../../src/formats/types.js';
import {
  checkParsed,
  describeShared,
  expectAsExpected,
  expectNowhere,
  sharedData,
  tryMutations,
} from '../support/mutate.js';

const FILES = ['order-v2-with-products.json'];

describeShared('samples of BigCommerce', () => {
  it.each(FILES)('give the purchases expected of %s', (file) => {
    expectAsExpected(`bigcommerce/${file}`, parseBigCommerce);
  });
  it.each(FILES)('stay harmless however %s is changed', (file) => {
    const payload: unknown = JSON.parse(sharedData(`bigcommerce/${file}`));
    expect(tryMutations((input) => parseBigCommerce(input), payload, 700)).toBeGreaterThan(500);
  });
});

const only = (input: unknown, options = {}): ParsedPurchase => {
  const result = parseBigCommerce(input, options);
  checkParsed(result);
  expect(result.skipped).toEqual([]);
  expect(result.purchases).toHaveLength(1);
  return result.purchases[0] as ParsedPurchase;
};

const PRODUCTS = [
  {
    ...{ id: 1, order_id: 7, product_id: 70, variant_id: 700, sku: '', name: 'Mug', quantity: 2 },
    ...{ type: 'physical', price_inc_tax: '9.9900', quantity_refunded: 1 },
    parent_order_product_id: null,
    product_options: [
      { display_name: 'Colour', display_value: 'Blue (+$1.50)' },
      { display_name: 'Gift wrap', display_value: '' },
      { display_name: '_internal', display_value: 'x' },
    ],
  },
  {
    ...{ id: 2, order_id: 7, product_id: 71, sku: 'KIT', name: 'Kit', quantity: 2 },
    ...{ type: 'physical', price_inc_tax: '20', parent_order_product_id: 0, product_options: [] },
  },
  {
    ...{ id: 3, order_id: 7, sku: 'ROLL', name: 'Roll', quantity: 4, type: 'physical' },
    ...{ is_bundled_product: true, parent_order_product_id: 2, price_inc_tax: '0' },
  },
  { id: 4, order_id: 7, name: 'Gift certificate', type: 'giftcertificate', quantity: 1 },
  { id: 5, order_id: 8, sku: 'OTHER', name: 'Of another order', quantity: 1 },
];
const ORDER = {
  id: 7,
  date_created: 'Mon, 02 Mar 2026 08:14:07 -0500',
  status_id: 11,
  currency_code: 'CAD',
  default_currency_code: 'USD',
  total_inc_tax: '59.98',
  refunded_amount: '0.0000',
  customer_id: 0,
  customer_message: 'ring twice',
  staff_notes: 'vip',
  ip_address: '203.0.113.9',
  order_source: 'www',
  payment_method: 'Braintree',
  billing_address: {
    ...{ first_name: 'Jo', last_name: '', company: 'Hidden Ltd', street_1: '1 Hidden Way' },
    ...{ email: 'Jo@Example.com', phone: '(512) 555-0177', country_iso2: 'US' },
  },
};

describe('orders of BigCommerce', () => {
  const expected = {
    id: 'bigcommerce:7',
    at: '2026-03-02T13:14:07.000Z',
    status: 'partially_refunded',
    lines: [
      {
        ...{ sku: '700', name: 'Mug', quantity: 2, unitPrice: 999, currency: 'USD' },
        modifiers: [{ group: 'Colour', name: 'Blue', quantity: 1, unitPrice: 150 }],
        refundedQuantity: 1,
      },
      {
        ...{ sku: 'KIT', name: 'Kit', quantity: 2, unitPrice: 2000, currency: 'USD' },
        modifiers: [{ group: 'component', id: 'ROLL', name: 'Roll', quantity: 2 }],
      },
    ],
    total: 5998,
    currency: 'USD',
    channel: 'web',
    customer: {
      ids: [
        { kind: 'email', value: 'jo@example.com' },
        { kind: 'phone', value: '+15125550177' },
      ],
      name: { given: 'Jo' },
    },
  };
  it('are read with their products inside or beside, of their order only', () => {
    for (const payload of [
      { ...ORDER, products: PRODUCTS },
      [{ ...ORDER, products: PRODUCTS }],
      { order: ORDER, products: PRODUCTS },
      [{ order: ORDER, products: PRODUCTS }],
      { orders: [ORDER], products: PRODUCTS },
      JSON.stringify({ data: [{ ...ORDER, products: PRODUCTS }] }),
    ])
      expect(only(payload)).toEqual(expected);
    expectNowhere(only({ ...ORDER, products: PRODUCTS }), [
      ...['Hidden', 'ring twice', 'vip', '203.0.113.9', 'Braintree'],
    ]);
  });
  it('have the status of their number', () => {
    const statuses = Array.from(
      { length: 16 },
      (_, status_id) => only({ ...ORDER, status_id }).status,
    );
    expect(statuses).toEqual([
      ...['open', 'open', 'paid', 'paid', 'refunded', 'cancelled', 'cancelled', 'open', 'paid'],
      ...['paid', 'paid', 'paid', 'open', 'paid', 'partially_refunded', 'open'],
    ]);
  });
  it('that were paid back say so whatever their number', () => {
    expect(only({ ...ORDER, refunded_amount: '10.0000' }).status).toBe('partially_refunded');
    expect(only({ ...ORDER, refunded_amount: '59.98' }).status).toBe('refunded');
  });
  it.each([
    [{ external_source: 'POS (Square)' }, 'pos'],
    [{ external_source: 'M-MIG' }, 'web'],
    [{ order_source: 'manual' }, 'unknown'],
    [{ order_source: 'buybutton' }, 'web'],
  ])('of %j came by %s', (source, channel) => {
    expect(only({ ...ORDER, ...source }).channel).toBe(channel);
  });
  it('whose products are elsewhere say so', () => {
    const products = {
      url: 'https://x.example/v2/orders/7/products',
      resource: '/orders/7/products',
    };
    expect(only({ ...ORDER, products }).warnings).toEqual(['no line items in the payload']);
  });
  it('of customers with an account name it', () => {
    expect(only({ ...ORDER, customer_id: 11 }).customer.ids[0]).toEqual({
      kind: 'external',
      value: '11',
    });
    expect(only({ ...ORDER, customer_id: '0' }).customer.ids[0]?.kind).toBe('email');
  });
  it('are told from what else the API has', () => {
    const strange = [{ id: 77, name: 'Mug', price: 9 }, null, { ...ORDER, id: '' }];
    expect(parseBigCommerce(strange).skipped).toEqual([
      { reason: 'not-an-order', where: '[0]' },
      { reason: 'not-an-order', where: '[1]' },
      { reason: 'no-id', where: '[2]' },
    ]);
  });
  it('stay harmless however they are changed', () => {
    const parse = (input: unknown): ParsedOrders => parseBigCommerce(input);
    expect(tryMutations(parse, { ...ORDER, products: PRODUCTS }, 900)).toBeGreaterThan(500);
  });
});
