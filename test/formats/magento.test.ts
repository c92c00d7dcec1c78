import { describe, expect, it } from 'vitest';
import { parseMagento } from '../../src/formats/magento.js';
import type { ParsedPurchase, ParseOptions } from '../../src/formats/types.js';
import {
  describeShared,
  expectAsExpected,
  expectNowhere,
  sharedData,
  tryMutations,
} from '../support/mutate.js';

const item = (fields: object = {}): object => ({
  ...{ item_id: 4, product_type: 'simple', product_id: 9, sku: 'TEE', name: 'Tee', price: 22 },
  ...{ qty_ordered: 2, qty_canceled: 0, qty_refunded: 0, qty_invoiced: 2, ...fields },
});
const order = (fields: object = {}): object => ({
  ...{ entity_id: 3, increment_id: '000000003', created_at: '2026-01-30 22:11:05' },
  ...{ state: 'complete', status: 'complete', order_currency_code: 'USD', grand_total: 49 },
  ...{
    base_currency_code: 'EUR',
    customer_is_guest: 0,
    customer_id: 2,
    items: [item()],
    ...fields,
  },
});
const read = (fields: object, options?: ParseOptions): ParsedPurchase | undefined =>
  parseMagento(order(fields), options).purchases[0];

describeShared('samples of Magento', () => {
  it('magento/order-rest-configurable.json', () =>
    expectAsExpected('magento/order-rest-configurable.json', parseMagento));

  it('GraphQL orders of a customer', () =>
    expect(parseMagento(sharedData('magento/customer-orders-graphql.json'))).toEqual({
      purchases: [
        {
          ...{ id: 'magento:000000001', at: '2020-11-14T22:25:48.000Z', status: 'paid' },
          lines: [
            {
              ...{ sku: 'WS03-XS-Red', name: 'Iris Workout Top', quantity: 1, unitPrice: 2900 },
              ...{ currency: 'USD', modifiers: [] },
            },
          ],
          ...{ total: 3639, currency: 'USD', channel: 'web', customer: { ids: [] } },
        },
      ],
      ...{ customers: [], refunds: [], skipped: [], warnings: [] },
    }));
  it('GraphQL bundles, whose parts are modifiers', () => {
    const [purchase] = parseMagento(
      sharedData('magento/bundle-order-items-graphql.json'),
    ).purchases;
    expect(purchase).toMatchObject({
      id: 'magento:NQ==',
      status: 'partially_refunded',
      customer: {
        ids: [{ kind: 'email', value: 'roni_cost@example.com' }],
        name: { given: 'Roni', family: 'Costello' },
      },
    });
    expect(purchase?.lines.map(({ modifiers }) => modifiers.length)).toEqual([0, 4, 0]);
    expect(purchase?.lines[1]?.modifiers[0]).toEqual({
      ...{ group: 'component', id: '24-WG084', name: 'Sprite Foam Yoga Brick', quantity: 1 },
    });
    expect(purchase?.lines[2]?.refundedQuantity).toBe(1);
  });
  it('an invoice is no order, though its number may be one', () =>
    expect(parseMagento(sharedData('magento/invoice-rest.json'))).toMatchObject({
      purchases: [],
      skipped: [{ reason: 'not-an-order', where: '' }],
    }));
  it('gives only what it may for whatever is near a sample', () => {
    for (const file of ['order-rest-configurable', 'bundle-order-items-graphql', 'invoice-rest'])
      tryMutations(parseMagento, JSON.parse(sharedData(`magento/${file}.json`)), 1500);
    expectNowhere(parseMagento(sharedData('magento/order-rest-configurable.json')), [
      ...['127.0.0.1', 'Main Website'],
    ]);
  });
});

describe('orders of Magento', () => {
  it('lie in lists, searches and wrappers', () => {
    const search = { items: [order()], search_criteria: {}, total_count: 1 };
    for (const input of [order(), [order()], search, { items: [order()] }, JSON.stringify(search)])
      expect(parseMagento(input).purchases.map(({ id }) => id)).toEqual(['magento:000000003']);
    expect(parseMagento({ items: [], total_count: 0 })).toMatchObject({ skipped: [] });
    for (const input of [null, 3, {}, { message: 'No such entity' }])
      expect(parseMagento(input).skipped).toMatchObject([{ reason: 'not-an-order' }]);
  });
  it('lie in what GraphQL answers', () => {
    const one = {
      ...{ id: 'Mw==', number: '000000003', order_date: '2026-01-30 22:11:05', status: 'Complete' },
      items: [{ product_name: 'Tee', product_sku: 'TEE', quantity_ordered: 1 }],
    };
    for (const data of [
      { customer: { orders: { items: [one], total_count: 1 } } },
      { customer: { orders: { items: [one] } } },
      { customerOrders: { items: [one] } },
      { guestOrder: one },
      { placeOrder: { orderV2: one } },
    ])
      expect(parseMagento({ data }).purchases).toMatchObject([
        { id: 'magento:000000003', status: 'paid', at: '2026-01-30T22:11:05.000Z' },
      ]);
  });
  it.each([
    [{ state: 'new', status: 'pending' }, 'open'],
    [{ state: 'holded' }, 'open'],
    [{ state: 'processing', status: 'shipped_soon' }, 'paid'],
    [{ state: 'closed' }, 'refunded'],
    [{ state: 'canceled' }, 'cancelled'],
    [{ state: undefined, status: 'Pending Payment' }, 'open'],
    [{ state: undefined, status: 'Terminé' }, 'paid'],
    [{ state: undefined, status: 'Neu', items: [item({ qty_invoiced: 0 })] }, 'open'],
    [{ total_refunded: 10 }, 'partially_refunded'],
    [{ total_refunded: 49 }, 'refunded'],
  ])('with %j are %s', (fields, status) => expect(read(fields)?.status).toBe(status));
  it('count what was not canceled, and what came back', () => {
    const found = read({
      items: [
        item({ qty_ordered: 3, qty_canceled: 1, qty_refunded: 1 }),
        item({ item_id: 5, qty_canceled: 2 }),
        item({ item_id: 6, product_type: 'giftcard' }),
      ],
    });
    expect(found?.status).toBe('partially_refunded');
    expect(found?.lines).toMatchObject([{ quantity: 2, refundedQuantity: 1 }]);
    expect(found?.lines).toHaveLength(1);
    expect(read({ items: [item({ qty_refunded: 2 })] })?.status).toBe('refunded');
  });
  it('count parts of a bundle for one of it', () => {
    const items = [
      item({ product_type: 'bundle', sku: 'KIT' }),
      item({ item_id: 5, parent_item_id: 4, sku: 'BRICK', name: 'Brick', qty_ordered: 4 }),
    ];
    expect(read({ items })?.lines).toMatchObject([
      {
        sku: 'KIT',
        quantity: 2,
        modifiers: [{ group: 'component', id: 'BRICK', name: 'Brick', quantity: 2 }],
      },
    ]);
  });
  it('drop the child of a configurable product, and name it by the child where it must be', () => {
    const child = item({ item_id: 5, parent_item_id: 4, sku: 'TEE-M', name: 'Tee-M', price: 0 });
    const parent = item({ product_type: 'configurable', sku: '' });
    expect(read({ items: [child, parent] })?.lines).toMatchObject([
      { sku: 'TEE-M', name: 'Tee', unitPrice: 2200, modifiers: [] },
    ]);
  });
  it('have options of GraphQL for modifiers, and not what was typed in', () => {
    const options = {
      selected_options: [{ label: 'Color', value: 'Orange' }],
      entered_options: [{ label: 'Engraving', value: 'For Ann' }],
    };
    const items = [{ product_name: 'Tee', product_sku: 'TEE', quantity_ordered: 1, ...options }];
    const found = parseMagento(order({ items })).purchases[0];
    expect(found?.lines[0]?.modifiers).toEqual([{ group: 'Color', name: 'Orange', quantity: 1 }]);
    expectNowhere(found, ['For Ann']);
  });
  it('are in the order’s currency, never in the base', () => {
    expect(read({ order_currency_code: 'JPY', grand_total: 4900 })).toMatchObject({ total: 4900 });
    expect(read({ order_currency_code: 'KWD', grand_total: '4.9' })).toMatchObject({ total: 4900 });
    const unknown = read({ order_currency_code: null });
    expect(unknown).toMatchObject({ total: null, currency: null, lines: [{ unitPrice: null }] });
    expect(unknown?.warnings).toEqual(['no currency']);
    expect(read({ order_currency_code: null }, { currency: 'EUR' })).toMatchObject({ total: 4900 });
  });
  it('know guests by their address only, and complete a number by its country', () => {
    const fields = {
      ...{ customer_is_guest: 1, customer_id: 0, customer_email: 'Ann@Example.com' },
      billing_address: { firstname: 'Ann', telephone: '030 5550133', country_id: 'DE' },
    };
    expect(read(fields, { country: 'US' })?.customer).toEqual({
      ids: [
        { kind: 'email', value: 'ann@example.com' },
        { kind: 'phone', value: '+49305550133' },
      ],
      name: { given: 'Ann' },
    });
  });
});
