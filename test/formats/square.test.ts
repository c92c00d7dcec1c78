import { describe, expect, it } from 'vitest';
import { parseSquare } from '../../src/formats/square.js';
import { parseSquareCatalog } from '../../src/formats/square-catalog.js';
import type { ParsedPurchase, ParseOptions } from '../../src/formats/types.js';
import {
  checkParsed,
  describeShared,
  expectAsExpected,
  expectNowhere,
  mutationsOf,
  sharedData,
  tryMutations,
} from '../support/mutate.js';

const usd = (amount: number): object => ({ amount, currency: 'USD' });
const line = (uid: string, fields: object = {}): object => ({
  ...{ uid, catalog_object_id: `V_${uid}`, name: uid, quantity: '2', base_price_money: usd(400) },
  ...fields,
});
const order = (fields: object): object => ({
  ...{ id: 'O1', location_id: 'L1', state: 'COMPLETED', created_at: '2026-05-04T15:06:11Z' },
  ...{ line_items: [line('tea')], total_money: usd(800), ...fields },
});
const purchaseOf = (fields: object, options: ParseOptions = {}): ParsedPurchase | undefined =>
  parseSquare({ order: order(fields) }, options).purchases[0];

describeShared('samples of Square', () => {
  it.each([
    'square/order-created.json',
    'square/order-retrieved-open.json',
    'square/order-paid.json',
    'square/order-cafe-modifiers.json',
  ])('%s', (file) => expectAsExpected(file, parseSquare));

  it('an order that is asked for has no id yet', () => {
    const { purchases, skipped } = parseSquare(sharedData('square/create-order-request.json'));
    expect(purchases).toEqual([]);
    expect(skipped).toEqual([{ reason: 'no-id', where: 'order' }]);
  });
  it('an account, its events, and a programme that has no members', () => {
    expect(parseSquare(sharedData('square/loyalty-account.json')).customers).toEqual([
      {
        ids: [
          { kind: 'loyalty', value: '79b807d2-d786-46a9-933b-918028d7a8c5' },
          { kind: 'external', value: 'Q8002FAM9V1EZ0ADB2T5609X6NET1H0' },
          { kind: 'phone', value: '+14155551234' },
        ],
        balance: 10,
        lifetimePoints: 20,
      },
    ]);
    expect(parseSquare(sharedData('square/loyalty-events.json')).customers).toEqual([
      {
        ids: [{ kind: 'loyalty', value: '5adcb100-07f1-4ee7-b8c6-6bb9ebc474bd' }],
        visits: ['square:PyATxhYLfsMqpVkcKJITPydgEYfZY'],
      },
    ]);
    expect(parseSquare(sharedData('square/loyalty-program.json'))).toMatchObject({
      customers: [],
      purchases: [],
      skipped: [{ reason: 'not-an-order' }],
    });
  });
  it('gives only what it may for whatever is near a sample', () => {
    for (const file of ['order-cafe-modifiers', 'loyalty-account', 'loyalty-events'])
      tryMutations(parseSquare, JSON.parse(sharedData(`square/${file}.json`)), 1500);
  });
});

describe('orders of Square', () => {
  it('lie in lists, wrappers and events', () => {
    const one = order({});
    const webhook = { type: 'order.updated', data: { type: 'order', object: { order: one } } };
    for (const input of [one, [one], { order: one }, { orders: [one] }, webhook, [webhook, one]])
      expect(parseSquare(input).purchases.map(({ id }) => id)).toEqual(['square:O1']);
  });
  it('are not made of an event that only names one', () => {
    const created = { order_created: { order_id: 'O1', state: 'OPEN', version: 1 } };
    const { purchases, skipped } = parseSquare({ data: { id: 'O1', object: created } });
    expect(purchases).toEqual([]);
    expect(skipped[0]?.reason).toBe('not-an-order');
  });
  it('hold goods only', () => {
    const items = [
      line('tea'),
      line('card', { item_type: 'GIFT_CARD' }),
      line('fee', { item_type: 'CUSTOM_AMOUNT' }),
      line('gone', { quantity: '0' }),
      line('beans', { quantity: '0.250', item_type: 'ITEM' }),
    ];
    const { lines } = purchaseOf({ line_items: items }) ?? {};
    expect(lines?.map(({ name, quantity }) => [name, quantity])).toEqual([
      ['tea', 2],
      ['beans', 0.25],
    ]);
  });
  it('say what came back by the line it was sold on', () => {
    const back = (uid: string, quantity: string): object => ({
      return_line_items: [{ source_line_item_uid: uid, quantity, name: uid }],
    });
    const some = purchaseOf({ returns: [back('tea', '1')] });
    expect(some).toMatchObject({ status: 'partially_refunded', lines: [{ refundedQuantity: 1 }] });
    expect(purchaseOf({ returns: [back('tea', '1'), back('tea', '1')] })?.status).toBe('refunded');
    expect(purchaseOf({ returns: [back('else', '1')] })?.status).toBe('partially_refunded');
    const refunds = [{ status: 'APPROVED', amount_money: usd(800) }];
    expect(purchaseOf({ refunds })?.status).toBe('refunded');
    expect(purchaseOf({ refunds: [{ ...refunds[0], status: 'REJECTED' }] })?.status).toBe('paid');
  });
  it('take back what an earlier order sold, wherever that is', () => {
    const returning = {
      ...{ id: 'R1', location_id: 'L1', state: 'COMPLETED', created_at: '2026-05-05T10:00:00Z' },
      returns: [
        {
          source_order_id: 'O1',
          return_line_items: [
            { source_line_item_uid: 'tea', catalog_object_id: 'V_tea', quantity: '1' },
            { name: 'Card', item_type: 'GIFT_CARD', quantity: '1' },
          ],
        },
      ],
    };
    expect(parseSquare([returning]).refunds).toEqual([
      {
        purchase: 'square:O1',
        at: '2026-05-05T10:00:00.000Z',
        lines: [{ sku: 'V_tea', quantity: 1 }],
      },
    ]);
    const { purchases, refunds } = parseSquare([order({}), returning]);
    expect(refunds).toEqual([]);
    expect(purchases).toMatchObject([
      { status: 'partially_refunded', lines: [{ refundedQuantity: 1 }] },
    ]);
  });
  it.each([
    ['Table 12', '12'],
    ['tbl. 4b', '4b'],
    ['T7', '7'],
    ['Tisch #3', '3'],
    ['Tom', undefined],
    ['Table for Ann', undefined],
    ['42', undefined],
  ])('the ticket %s is of table %s', (ticket_name, table) =>
    expect(purchaseOf({ ticket_name })?.place).toEqual({ id: 'L1', ...(table && { table }) }),
  );
  it('find the guest by the order, else by who takes or pays it', () => {
    const recipient = {
      ...{ display_name: 'Shep Hale', email_address: 'Shep@Example.com ', customer_id: 'C2' },
      ...{ phone_number: '(503) 555-0144', address: { address_line_1: '1 Secret Way' } },
    };
    const fulfillments = [{ uid: 'f', type: 'DELIVERY', delivery_details: { recipient } }];
    const found = purchaseOf({ fulfillments, tenders: [{ customer_id: 'C3' }] }, { country: 'US' });
    expect(found?.customer).toEqual({
      ids: [
        { kind: 'external', value: 'C2' },
        { kind: 'email', value: 'shep@example.com' },
        { kind: 'phone', value: '+15035550144' },
      ],
      name: { display: 'Shep Hale' },
    });
    expectNowhere(found, ['Secret Way']);
    expect(purchaseOf({ tenders: [{ customer_id: 'C3' }] })?.customer.ids).toEqual([
      { kind: 'external', value: 'C3' },
    ]);
  });
  it('take minor units as they are, of any currency', () => {
    for (const currency of ['JPY', 'KWD', 'usd'])
      expect(
        purchaseOf({
          line_items: [line('tea', { base_price_money: { amount: 450, currency } })],
          total_money: { amount: 900, currency },
        }),
      ).toMatchObject({
        total: 900,
        currency: currency.toUpperCase(),
        lines: [{ unitPrice: 450, currency: currency.toUpperCase() }],
      });
  });
  it('an account and its events come together, a shared number joins nobody', () => {
    const mapping = { phone_number: '+14155551234' };
    const accounts = ['A1', 'A2'].map((id) => ({ id, program_id: 'P', mapping, balance: 3 }));
    const event = {
      ...{ id: 'E', loyalty_account_id: 'A1', type: 'ACCUMULATE_POINTS' },
      accumulate_points: { order_id: 'O1' },
    };
    const given = parseSquare([{ loyalty_accounts: accounts }, { events: [event] }]);
    checkParsed(given);
    expect(given.customers.map(({ ids, visits }) => [ids[0]?.value, visits])).toEqual([
      ['A1', ['square:O1']],
      ['A2', undefined],
    ]);
  });
});

describe('the catalog of Square', () => {
  const item = {
    ...{ type: 'ITEM', id: 'LATTE', present_at_all_locations: true },
    item_data: {
      name: 'Latte',
      reporting_category: { id: 'COFFEE' },
      image_ids: ['IMG'],
      modifier_list_info: [
        {
          ...{ modifier_list_id: 'MILK', min_selected_modifiers: 1, max_selected_modifiers: -1 },
          modifier_overrides: [{ modifier_id: 'OAT', on_by_default: true }],
        },
        { modifier_list_id: 'SYRUP', enabled: false },
      ],
      food_and_beverage_details: {
        dietary_preferences: [{ type: 'STANDARD', standard_name: 'VEGETARIAN' }],
        ingredients: [
          { type: 'STANDARD', standard_name: 'TREE_NUTS' },
          { type: 'CUSTOM', custom_name: 'Oat' },
        ],
      },
      variations: [
        {
          ...{ type: 'ITEM_VARIATION', id: 'V12' },
          item_variation_data: {
            ...{ item_id: 'LATTE', name: '12 oz', sku: 'LAT-12', pricing_type: 'FIXED_PRICING' },
            price_money: usd(475),
            location_overrides: [{ location_id: 'L2', price_money: usd(525), sold_out: true }],
          },
        },
        {
          ...{ type: 'ITEM_VARIATION', id: 'V16', present_at_all_locations: false },
          present_at_location_ids: ['L1'],
          item_variation_data: {
            item_id: 'LATTE',
            name: '16 oz',
            pricing_type: 'VARIABLE_PRICING',
          },
        },
      ],
    },
  };
  const related_objects = [
    { type: 'CATEGORY', id: 'COFFEE', category_data: { name: 'Coffee' } },
    { type: 'IMAGE', id: 'IMG', image_data: { url: 'https://cdn.example.com/latte.jpg' } },
    {
      ...{ type: 'MODIFIER_LIST', id: 'MILK' },
      modifier_list_data: {
        ...{ name: 'Milk', selection_type: 'SINGLE' },
        modifiers: [
          { type: 'MODIFIER', id: 'OAT', modifier_data: { name: 'Oat', price_money: usd(80) } },
          { type: 'MODIFIER', id: 'COW', modifier_data: { name: 'Cow' } },
        ],
      },
    },
  ];

  it('gives an item a variation, with choices, category, image and allergens', () => {
    const { items, skipped } = parseSquareCatalog({ objects: [item], related_objects });
    expect(skipped).toEqual([]);
    expect(items[0]).toEqual({
      ...{ sku: 'V12', name: 'Latte - 12 oz', ref: 'V12', product: 'LATTE', aliases: ['LAT-12'] },
      ...{ category: 'Coffee', price: 475, available: true },
      modifierGroups: [
        {
          id: 'variant',
          name: 'variant',
          options: [{ id: '12 oz', name: '12 oz', default: true }],
        },
        {
          ...{ id: 'MILK', name: 'Milk', min: 1, max: 1 },
          options: [
            { id: 'OAT', name: 'Oat', price: 80, default: true },
            { id: 'COW', name: 'Cow' },
          ],
        },
      ],
      allergens: ['tree nuts', 'oat'],
      image: 'https://cdn.example.com/latte.jpg',
    });
    expect(items[1]).not.toHaveProperty('price');
  });
  it('knows what a location sells, and for what', () => {
    const at = (location: string): unknown =>
      parseSquareCatalog({ items: [item] }, { location }).items.map((one) => [
        one.price,
        one.available,
      ]);
    expect(at('L1')).toEqual([
      [475, true],
      [undefined, true],
    ]);
    expect(at('L2')).toEqual([
      [525, false],
      [undefined, false],
    ]);
  });
  it('stays harmless however it is changed', () => {
    let tried = 0;
    for (const { payload } of mutationsOf({ objects: [item], related_objects }, 1000)) {
      const { items } = parseSquareCatalog(payload, { location: 'L1' });
      tried++;
      expect(new Set(items.map(({ sku }) => sku)).size).toBe(items.length);
      for (const { sku, name, price = 0, modifierGroups = [] } of items) {
        expect([typeof sku, typeof name, Number.isSafeInteger(price)]).toEqual([
          'string',
          'string',
          true,
        ]);
        for (const group of modifierGroups)
          expect(typeof group.id + typeof group.name).toBe('stringstring');
      }
    }
    expect(tried).toBeGreaterThan(500);
  });
  it('looks through lists, batches, and what is related; leaves out what is gone', () => {
    for (const input of [
      { objects: [...related_objects, item] },
      { object: item, related_objects },
      [item],
      JSON.stringify({ objects: [item] }),
    ])
      expect(parseSquareCatalog(input).items.map(({ sku }) => sku)).toEqual(['V12', 'V16']);
    const [variation] = item.item_data.variations;
    expect(
      parseSquareCatalog({ objects: [variation], related_objects: [item] }).items,
    ).toMatchObject([{ sku: 'V12', name: 'Latte - 12 oz' }]);
    expect(parseSquareCatalog({ objects: [{ ...item, is_deleted: true }] }).skipped).toEqual([
      { reason: 'inactive', where: 'objects[0]' },
    ]);
    expect(parseSquareCatalog('no json').skipped).toHaveLength(1);
  });
});
