import { describe, expect, it } from 'vitest';
import { parseStripe } from '../../src/formats/stripe.js';
import type { ParsedOrders, ParsedPurchase } from '../../src/formats/types.js';
import {
  checkParsed,
  describeShared,
  expectAsExpected,
  expectNowhere,
  sharedData,
  tryMutations,
} from '../support/mutate.js';

const FILES = ['checkout-session-fixture.json', 'checkout-session-completed-expanded.json'];

describeShared('samples of Stripe', () => {
  it.each(FILES)('give the purchases expected of %s', (file) => {
    expectAsExpected(`stripe/${file}`, parseStripe);
  });
  it.each(FILES)('stay harmless however %s is changed', (file) => {
    const payload: unknown = JSON.parse(sharedData(`stripe/${file}`));
    expect(tryMutations((input) => parseStripe(input), payload, 700)).toBeGreaterThan(500);
  });
});

const only = (input: unknown, options = {}): ParsedPurchase => {
  const result = parseStripe(input, options);
  checkParsed(result);
  expect(result.purchases).toHaveLength(1);
  return result.purchases[0] as ParsedPurchase;
};

const SESSION = {
  id: 'cs_1',
  object: 'checkout.session',
  created: 1775899875,
  currency: 'eur',
  amount_total: 900,
  mode: 'payment',
  status: 'complete',
  payment_status: 'paid',
  payment_intent: 'pi_1',
  livemode: true,
  customer: { id: 'cus_1', object: 'customer', email: 'old@example.com', name: 'Old' },
  customer_details: { email: 'New@Example.com', name: null, address: { line1: '1 Hidden Way' } },
  client_reference_id: 'cart_9',
  metadata: { table: '4', note: 'free text' },
  line_items: {
    object: 'list',
    has_more: true,
    data: [
      {
        id: 'li_1',
        description: 'Latte',
        quantity: 2,
        amount_subtotal: 900,
        currency: 'eur',
        price: {
          unit_amount: null,
          unit_amount_decimal: '450.4',
          lookup_key: null,
          metadata: {},
          product: { id: 'prod_latte', name: 'Latte', metadata: { sku: 'LAT' } },
        },
      },
    ],
  },
};

describe('Checkout Sessions', () => {
  it('are read from events and lists, with things expanded', () => {
    const expected = {
      id: 'stripe:cs_1',
      at: '2026-04-11T09:31:15.000Z',
      status: 'paid',
      lines: [
        {
          ...{ sku: 'LAT', name: 'Latte', quantity: 2, unitPrice: 450, currency: 'EUR' },
          modifiers: [],
        },
      ],
      total: 900,
      currency: 'EUR',
      place: { table: '4' },
      channel: 'web',
      customer: {
        ids: [
          { kind: 'external', value: 'cus_1' },
          { kind: 'email', value: 'new@example.com' },
        ],
        name: { display: 'Old' },
      },
      warnings: ['the list of line items is cut'],
    };
    for (const payload of [
      SESSION,
      { object: 'event', type: 'checkout.session.completed', data: { object: SESSION } },
      { object: 'list', data: [SESSION], has_more: false },
      { object: 'list', data: [{ object: 'event', data: { object: SESSION } }] },
      [SESSION, SESSION],
    ])
      expect(only(payload)).toEqual(expected);
    expectNowhere(only(SESSION), ['Hidden Way', 'free text', 'cart_9']);
  });
  it.each([
    ['open', 'unpaid', 'open'],
    ['complete', 'unpaid', 'open'],
    ['complete', 'paid', 'paid'],
    ['complete', 'no_payment_required', 'paid'],
    ['open', 'no_payment_required', 'open'],
    ['expired', 'unpaid', 'cancelled'],
  ])('%s and %s are %s', (status, payment_status, expected) => {
    expect(only({ ...SESSION, status, payment_status }).status).toBe(expected);
  });
  it('of the test mode are left out where the option says so', () => {
    const test = { ...SESSION, livemode: false };
    expect(only(test).id).toBe('stripe:cs_1');
    expect(parseStripe([SESSION, test], { liveOnly: true })).toMatchObject({
      purchases: [{ id: 'stripe:cs_1' }],
      skipped: [{ reason: 'test', where: '[1]' }],
    });
  });
  it.each([
    ['jpy', 500, 500],
    ['krw', 500, 500],
    ['kwd', 5120, 5120],
    ['usd', 1999, 1999],
    // two decimals at Stripe, none anywhere else
    ['isk', 50_000, 500],
    ['ugx', 50_000, 500],
  ])('in %s have %i of Stripe for %i minor units', (currency, amount_total, total) => {
    expect(only({ ...SESSION, currency, amount_total }).total).toBe(total);
  });
  it('give what came back, of an expanded charge', () => {
    const charge = { refunded: false, amount_refunded: 100 };
    const back = { ...SESSION, payment_intent: { id: 'pi_1', latest_charge: charge } };
    expect(only(back).status).toBe('partially_refunded');
    charge.refunded = true;
    expect(only(back).status).toBe('refunded');
  });
  it('are refunded by a charge or a refund of their payment', () => {
    const charge = { id: 'ch_1', object: 'charge', payment_intent: 'pi_1', amount_refunded: 100 };
    expect(only([SESSION, charge]).status).toBe('partially_refunded');
    expect(only([SESSION, { ...charge, refunded: true }])).toMatchObject({
      status: 'refunded',
      lines: [{ refundedQuantity: 2 }],
    });
    const refund = { ...charge, id: 're_1', object: 'refund', status: 'succeeded', amount: 100 };
    expect(only([SESSION, refund]).status).toBe('partially_refunded');
    expect(only([SESSION, { ...refund, status: 'failed' }]).status).toBe('paid');
    expect(parseStripe(charge).refunds).toEqual([{ purchase: 'stripe:pi_1', at: null, lines: [] }]);
  });
  it('that only store a card are no orders, nor are charges and strangers', () => {
    const others = [
      { ...SESSION, mode: 'setup' },
      { id: 'ch_1', object: 'charge', amount: 100, amount_refunded: 0 },
      { id: 'cus_1', object: 'customer' },
      null,
    ];
    const { purchases, skipped } = parseStripe(others);
    expect(purchases).toEqual([]);
    expect(skipped.map(({ reason }) => reason)).toEqual(others.map(() => 'not-an-order'));
  });
  it('stay harmless however they are changed', () => {
    const parse = (input: unknown): ParsedOrders => parseStripe(input);
    expect(tryMutations(parse, SESSION, 700)).toBeGreaterThan(300);
  });
});

describe('Payment Intents', () => {
  const intent = {
    id: 'pi_1',
    object: 'payment_intent',
    amount: 2020,
    created: 1775899875,
    currency: 'usd',
    status: 'succeeded',
    customer: 'cus_1',
    receipt_email: 'a@example.com',
    metadata: { table: 'B-4' },
    payment_details: { order_reference: 'o_1' },
    amount_details: {
      line_items: {
        object: 'list',
        has_more: false,
        data: [
          {
            id: 'uli_1',
            object: 'payment_intent_amount_details_line_item',
            discount_amount: 50,
            product_code: 'SKU001',
            product_name: 'Product 001',
            quantity: 1,
            tax: { total_tax_amount: 20 },
            unit_cost: 2000,
            unit_of_measure: 'each',
          },
        ],
      },
    },
    latest_charge: { refunded: false, billing_details: { name: 'Ada', phone: '+15035550144' } },
  };
  it('are read with their line items', () => {
    expect(only(intent)).toEqual({
      id: 'stripe:pi_1',
      at: '2026-04-11T09:31:15.000Z',
      status: 'paid',
      lines: [
        {
          ...{ sku: 'SKU001', name: 'Product 001', quantity: 1, unitPrice: 2000, currency: 'USD' },
          modifiers: [],
        },
      ],
      total: 2020,
      currency: 'USD',
      place: { table: 'B-4' },
      channel: 'web',
      customer: {
        ids: [
          { kind: 'external', value: 'cus_1' },
          { kind: 'email', value: 'a@example.com' },
          { kind: 'phone', value: '+15035550144' },
        ],
        name: { display: 'Ada' },
      },
    });
  });
  it.each([
    ['canceled', 'cancelled'],
    ['processing', 'open'],
    ['requires_capture', 'open'],
    ['requires_payment_method', 'open'],
  ])('%s are %s', (status, expected) => {
    expect(only({ ...intent, status }).status).toBe(expected);
  });
  it('beside their session are the same order', () => {
    expect(only([intent, SESSION]).id).toBe('stripe:cs_1');
  });
  it('stay harmless however they are changed', () => {
    const parse = (input: unknown): ParsedOrders => parseStripe(input);
    expect(tryMutations(parse, intent, 700)).toBeGreaterThan(300);
  });
});
