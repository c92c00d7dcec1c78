import { describe, expect, it } from 'vitest';
import { parseShopify } from '../../src/formats/shopify.js';
import type { ParsedPurchase } from '../../src/formats/types.js';
import {
  checkParsed,
  describeShared,
  expectAsExpected,
  expectNowhere,
  sharedData,
  tryMutations,
} from '../support/mutate.js';

const JSON_FILES = [
  'order-admin-rest.json',
  'orders-admin-rest-list.json',
  'order-webhook-cafe.json',
];
const CSV_FILES = ['orders-export-admin.csv', 'orders-transporter.csv', 'orders-minimal.csv'];

describeShared('samples of Shopify', () => {
  it.each([...JSON_FILES, ...CSV_FILES])('give the purchases expected of %s', (file) => {
    expectAsExpected(`shopify/${file}`, parseShopify);
  });
  it.each(JSON_FILES)('stay harmless however %s is changed', (file) => {
    const payload: unknown = JSON.parse(sharedData(`shopify/${file}`));
    expect(tryMutations((input) => parseShopify(input), payload, 700)).toBeGreaterThan(500);
  });
  it.each(CSV_FILES)('stay harmless however %s is changed', (file) => {
    const text = sharedData(`shopify/${file}`);
    expect(tryMutations((input) => parseShopify(input), text)).toBeGreaterThan(20);
  });
  it('hold nothing of addresses, payment and notes', () => {
    const secrets = ['Ottawa', 'Erb St', 'Waterloo', 'Acme Ltd', '150 Elgin', 'Review verified'];
    expectNowhere(parseShopify(sharedData('shopify/orders-transporter.csv')), secrets);
    expectNowhere(parseShopify(sharedData('shopify/orders-export-admin.csv')), [
      ...['Happy birthday', 'Ring twice', 'PayPal', 'Maya Ortiz', 'Devon', 'SPRING10'],
    ]);
    expectNowhere(parseShopify(sharedData('shopify/order-admin-rest.json')), [
      ...[
        'Chestnut',
        'Louisville',
        '40202',
        '4242',
        'Visa',
        '68778783ad29',
        'b1946ac92492',
        '0.0.0.0',
      ],
    ]);
  });
});

// ------------------------------------------------------------------ payloads after the vendor's documentation

const only = (input: unknown): ParsedPurchase => {
  const result = parseShopify(input);
  checkParsed(result);
  expect(result.skipped).toEqual([]);
  expect(result.purchases).toHaveLength(1);
  return result.purchases[0] as ParsedPurchase;
};

const usd = (amount: string): object => ({
  shopMoney: { amount, currencyCode: 'USD' },
  presentmentMoney: { amount: '999.99', currencyCode: 'CAD' },
});

const ADMIN_ORDER = {
  id: 'gid://shopify/Order/5680001000001',
  name: '#3107',
  createdAt: '2026-04-11T15:03:44Z',
  processedAt: '2026-04-11T15:03:43Z',
  cancelledAt: null,
  displayFinancialStatus: 'PAID',
  test: false,
  currencyCode: 'USD',
  presentmentCurrencyCode: 'CAD',
  sourceName: 'pos',
  email: 'Shep@Example.com',
  phone: null,
  note: 'by the window',
  customAttributes: [
    { key: 'Table number', value: '7' },
    { key: 'gift', value: 'true' },
  ],
  totalPriceSet: usd('12.95'),
  retailLocation: { id: 'gid://shopify/Location/48752903', name: 'Pearl Street' },
  customer: {
    id: 'gid://shopify/Customer/7001',
    firstName: 'Shep',
    lastName: 'Hale',
    displayName: 'Shep Hale',
    defaultPhoneNumber: { phoneNumber: '+15035550144' },
    defaultEmailAddress: { emailAddress: 'other@example.com' },
  },
  shippingAddress: { address1: '1 Hidden Way', city: 'Portland' },
  lineItems: {
    edges: [
      {
        node: {
          id: 'gid://shopify/LineItem/91',
          title: 'Latte',
          variantTitle: '12 oz',
          sku: 'LAT-12',
          quantity: 2,
          currentQuantity: 2,
          originalUnitPriceSet: usd('5.50'),
          customAttributes: [
            { key: 'Milk', value: 'Oat (+$0.80)' },
            { key: 'Fat', value: 'Milk (2%)' },
            { key: '_cart', value: 'b71f' },
          ],
          variant: { id: 'gid://shopify/ProductVariant/5012' },
        },
      },
      {
        node: {
          id: 'gid://shopify/LineItem/92',
          title: 'Gift card',
          isGiftCard: true,
          quantity: 1,
          originalUnitPriceSet: usd('25.00'),
        },
      },
      {
        node: {
          id: 'gid://shopify/LineItem/93',
          title: 'Croissant &amp; jam',
          variantTitle: null,
          sku: '',
          quantity: 1,
          currentQuantity: 1,
          originalUnitPriceSet: usd('4.65'),
          variant: { id: 'gid://shopify/ProductVariant/5021' },
        },
      },
    ],
  },
};

describe('orders of the Admin GraphQL API', () => {
  const expected = {
    id: 'shopify:5680001000001',
    at: '2026-04-11T15:03:43.000Z',
    status: 'paid',
    lines: [
      {
        ...{ sku: 'LAT-12', name: 'Latte', quantity: 2, unitPrice: 550, currency: 'USD' },
        modifiers: [
          { group: 'variant', name: '12 oz', quantity: 1 },
          { group: 'Milk', name: 'Oat', quantity: 1, unitPrice: 80 },
          { group: 'Fat', name: 'Milk (2%)', quantity: 1 },
        ],
      },
      {
        ...{ sku: '5021', name: 'Croissant & jam', quantity: 1, unitPrice: 465, currency: 'USD' },
        modifiers: [],
      },
    ],
    total: 1295,
    currency: 'USD',
    place: { id: '48752903', name: 'Pearl Street', table: '7' },
    channel: 'pos',
    customer: {
      ids: [
        { kind: 'external', value: '7001' },
        { kind: 'email', value: 'shep@example.com' },
        { kind: 'phone', value: '+15035550144' },
      ],
      name: { given: 'Shep', family: 'Hale' },
    },
    gift: true,
  };
  it('are read in the currency of the shop, also below edges and nodes', () => {
    const nodes = {
      ...ADMIN_ORDER,
      lineItems: { nodes: ADMIN_ORDER.lineItems.edges.map((e) => e.node) },
    };
    for (const payload of [
      { data: { order: ADMIN_ORDER } },
      { data: { orders: { edges: [{ cursor: 'x', node: ADMIN_ORDER }], pageInfo: {} } } },
      { data: { orders: { nodes: [nodes] } } },
      { data: { node: nodes } },
      { data: { nodes: [ADMIN_ORDER, nodes] } },
      [ADMIN_ORDER],
      JSON.stringify(ADMIN_ORDER),
    ])
      expect(only(payload)).toEqual(expected);
  });
  it('are the same order as that of the webhook', () => {
    const rest = { id: 5680001000001, financial_status: 'paid', line_items: [] };
    expect(parseShopify([rest, ADMIN_ORDER]).purchases).toHaveLength(1);
  });
  it('say what came back, by lines and by status', () => {
    const order = {
      ...ADMIN_ORDER,
      displayFinancialStatus: 'PARTIALLY_REFUNDED',
      lineItems: [
        { ...ADMIN_ORDER.lineItems.edges[0]?.node, currentQuantity: 1 },
        { ...ADMIN_ORDER.lineItems.edges[2]?.node, currentQuantity: 0 },
      ],
      refunds: [
        {
          transactions: { nodes: [{ id: 'gid://shopify/OrderTransaction/1' }] },
          refundLineItems: {
            edges: [{ node: { quantity: 1, lineItem: { id: 'gid://shopify/LineItem/91' } } }],
          },
        },
      ],
    };
    const { status, lines } = only(order);
    expect(status).toBe('partially_refunded');
    expect(
      lines.map(({ sku, quantity, refundedQuantity }) => [sku, quantity, refundedQuantity]),
    ).toEqual(
      [['LAT-12', 2, 1]], // the other was edited away
    );
  });
  it('that were refunded whole keep their lines', () => {
    const lines = ADMIN_ORDER.lineItems.edges.map(({ node }) => ({ ...node, currentQuantity: 0 }));
    const whole = only({ ...ADMIN_ORDER, displayFinancialStatus: 'REFUNDED', lineItems: lines });
    expect(whole.status).toBe('refunded');
    expect(
      whole.lines.map(({ quantity, refundedQuantity }) => [quantity, refundedQuantity]),
    ).toEqual([
      [2, 2],
      [1, 1],
    ]);
  });
  it.each([
    ['AUTHORIZED', 'open'],
    ['PENDING', 'open'],
    ['PARTIALLY_PAID', 'open'],
    ['EXPIRED', 'open'],
    ['VOIDED', 'cancelled'],
    ['REFUNDED', 'refunded'],
  ])('with the status %s are %s', (displayFinancialStatus, status) => {
    expect(only({ ...ADMIN_ORDER, displayFinancialStatus }).status).toBe(status);
  });
  it('whose lines go on elsewhere say so', () => {
    const lineItems = { ...ADMIN_ORDER.lineItems, pageInfo: { hasNextPage: true } };
    expect(only({ ...ADMIN_ORDER, lineItems }).warnings).toEqual(['the list of line items is cut']);
  });
  it('stay harmless however they are changed', () => {
    const parse = (input: unknown): ReturnType<typeof parseShopify> => parseShopify(input);
    expect(tryMutations(parse, { data: { order: ADMIN_ORDER } }, 700)).toBeGreaterThan(500);
    expectNowhere(parseShopify(ADMIN_ORDER), ['Hidden Way', 'Portland', 'by the window', 'b71f']);
  });
});

const CUSTOMER_ACCOUNT = {
  data: {
    customer: {
      id: 'gid://shopify/Customer/7001',
      displayName: 'shep@example.com',
      firstName: null,
      lastName: null,
      emailAddress: { emailAddress: 'shep@example.com' },
      phoneNumber: { phoneNumber: '+15035550144' },
      defaultAddress: { address1: '1 Hidden Way' },
      orders: {
        edges: [
          {
            node: {
              id: 'gid://shopify/Order/6001?key=0f9e',
              name: '#3201',
              processedAt: '2026-05-01T09:00:00Z',
              financialStatus: 'PAID',
              totalPrice: { amount: '1450', currencyCode: 'JPY' },
              lineItems: {
                nodes: [
                  {
                    title: '抹茶ラテ',
                    quantity: 1,
                    price: { amount: '650.0', currencyCode: 'JPY' },
                    sku: 'MATCHA',
                    variantTitle: 'L',
                    customAttributes: [{ key: '甘さ', value: '控えめ' }],
                  },
                  {
                    title: 'わらび餅',
                    quantity: 1,
                    price: { amount: '800.0', currencyCode: 'JPY' },
                    sku: null,
                    variantId: 'gid://shopify/ProductVariant/12',
                    variantTitle: 'Default Title',
                    customAttributes: [],
                  },
                ],
              },
            },
          },
        ],
      },
    },
  },
};

describe('orders of the Customer Account API', () => {
  it('are read with the customer they hang on, in their own currency', () => {
    expect(only(CUSTOMER_ACCOUNT)).toEqual({
      id: 'shopify:6001',
      at: '2026-05-01T09:00:00.000Z',
      status: 'paid',
      lines: [
        {
          ...{ sku: 'MATCHA', name: '抹茶ラテ', quantity: 1, unitPrice: 650, currency: 'JPY' },
          modifiers: [
            { group: 'variant', name: 'L', quantity: 1 },
            { group: '甘さ', name: '控えめ', quantity: 1 },
          ],
        },
        {
          ...{ sku: '12', name: 'わらび餅', quantity: 1, unitPrice: 800, currency: 'JPY' },
          modifiers: [],
        },
      ],
      total: 1450,
      currency: 'JPY',
      channel: 'unknown',
      customer: {
        ids: [
          { kind: 'external', value: '7001' },
          { kind: 'email', value: 'shep@example.com' },
          { kind: 'phone', value: '+15035550144' },
        ],
      },
    });
  });
  it('say what came back by what could still be paid back', () => {
    const order = {
      ...CUSTOMER_ACCOUNT.data.customer.orders.edges[0]?.node,
      lineItems: { nodes: [{ sku: 'CUP', title: 'Cup', quantity: 3, refundableQuantity: 2 }] },
    };
    const linesOf = (financialStatus: string): unknown => only({ ...order, financialStatus }).lines;
    expect(linesOf('PARTIALLY_REFUNDED')).toMatchObject([{ quantity: 3, refundedQuantity: 1 }]);
    // of an order that is not paid yet nothing can be, and nothing came back
    expect(linesOf('PENDING')).toMatchObject([{ quantity: 3 }]);
    expect(linesOf('PENDING')).not.toHaveProperty('0.refundedQuantity');
  });
  it('stay harmless however they are changed', () => {
    const parse = (input: unknown): ReturnType<typeof parseShopify> => parseShopify(input);
    expect(tryMutations(parse, CUSTOMER_ACCOUNT, 700)).toBeGreaterThan(300);
  });
});

it('orders of the Storefront API have prices of whole lines, and are cancelled with one l', () => {
  const order = {
    id: 'gid://shopify/Order/6002',
    orderNumber: 3202,
    processedAt: '2026-05-01T09:00:00Z',
    canceledAt: '2026-05-02T09:00:00Z',
    financialStatus: 'VOIDED',
    currencyCode: 'KWD',
    totalPrice: { amount: '3.75', currencyCode: 'KWD' },
    email: 'lee@example.com',
    lineItems: {
      edges: [
        {
          node: {
            title: 'Qahwa',
            quantity: 3,
            originalTotalPrice: { amount: '3.75', currencyCode: 'KWD' },
            variant: { id: 'gid://shopify/ProductVariant/8', sku: 'QAH', title: 'Small' },
          },
        },
      ],
    },
  };
  const purchase = only({ data: { customer: { orders: { edges: [{ node: order }] } } } });
  expect(purchase).toMatchObject({ status: 'cancelled', total: 3750, currency: 'KWD' });
  expect(purchase.lines[0]).toMatchObject({ sku: 'QAH', unitPrice: 1250, quantity: 3 });
});

describe('orders of the Admin REST API', () => {
  const line = { id: 1, sku: 'A', title: 'Ale', quantity: 2, price: '4.00' };
  const order = {
    id: 9,
    currency: 'EUR',
    financial_status: 'paid',
    total_price: '8.00',
    line_items: [line],
  };
  it.each([
    ['a test', { ...order, test: true }, 'test'],
    ['a draft', { ...order, completed_at: null, invoice_url: 'https://x.example' }, 'not-an-order'],
    ['a checkout', { ...order, completed_at: null, abandoned_checkout_url: 'x' }, 'not-an-order'],
    ['a cart', { ...order, id: '68778783ad298f1c80c3bafcddeea02f' }, 'no-id'],
    ['without id', { ...order, id: undefined }, 'no-id'],
    ['a product', { id: 1, title: 'Ale', variants: [] }, 'not-an-order'],
    ['nothing', null, 'not-an-order'],
  ])('%s is skipped', (_, payload, reason) => {
    const { purchases, skipped } = parseShopify({ orders: [order, payload] });
    expect(purchases).toHaveLength(1);
    expect(skipped).toEqual([{ reason, where: 'orders[1]' }]);
  });
  it('leave out tips and custom sales, but no goods of that name', () => {
    const tips = [
      { title: 'Tip', price: '1.00', tip: { payment_gateway: 'shopify_payments' } },
      { title: 'Tip', price: '1.00', product_id: null, variant_id: null, sku: null },
      { title: 'Custom sale', price: '3.00' },
      { title: 'Tip', price: '1.00', sku: 'ASPARAGUS-TIP' },
      { title: 'Gift card holder', price: '1.00', sku: 'GCH' },
      { title: 'Gift Card - $10.00', price: '10.00' },
    ];
    expect(only({ ...order, line_items: tips }).lines.map(({ sku }) => sku)).toEqual([
      ...['ASPARAGUS-TIP', 'GCH'],
    ]);
  });
  it('tell a return from a line edited away', () => {
    const refunds = [
      { transactions: [], refund_line_items: [{ line_item_id: 1, quantity: 1 }] },
      { transactions: [{ kind: 'refund' }], refund_line_items: [{ line_item_id: 1, quantity: 1 }] },
    ];
    const three = { ...line, quantity: 3, current_quantity: 1 };
    const back = { ...order, financial_status: 'partially_refunded', line_items: [three], refunds };
    expect(only(back).lines[0]).toMatchObject({ quantity: 2, refundedQuantity: 1 });
    const { current_quantity: _, ...old } = three;
    expect(only({ ...back, line_items: [old] }).lines[0]).toMatchObject({
      quantity: 2,
      refundedQuantity: 1,
    });
    const edited = only({ ...back, financial_status: 'paid' }).lines[0];
    expect(edited).toMatchObject({ quantity: 1 });
    expect(edited).not.toHaveProperty('refundedQuantity');
  });
  it('count what came back also where the current quantity does not know of it', () => {
    const refunds = [{ refund_line_items: [{ line_item_id: 1, quantity: 1 }] }];
    const stale = { ...line, current_quantity: 2 };
    expect(
      only({ ...order, financial_status: 'partially_refunded', line_items: [stale], refunds })
        .lines[0],
    ).toMatchObject({ quantity: 2, refundedQuantity: 1 });
  });
  it('have prices of choices out of either label, and of nothing else', () => {
    const said = (name: string, value: string): unknown =>
      only({ ...order, line_items: [{ ...line, properties: [{ name, value }] }] }).lines[0]
        ?.modifiers;
    expect(
      [
        ...[
          said('Milk', 'Oat (+0.80)'),
          said('Milk', 'Oat [€0,80]'),
          said('Oat (+EUR 0.80)', 'yes'),
        ],
        ...[
          said('Size', 'Small (-0.50 €)'),
          said('Milk', 'Milk (2%)'),
          said('Pack', 'Box (6 pcs)'),
        ],
        ...[said('Year', 'Vintage (2019)'), said('Weight', 'Bag (2-3 kg)'), said('x', '(+0.80)')],
      ].flat(),
    ).toEqual([
      { group: 'Milk', name: 'Oat', quantity: 1, unitPrice: 80 },
      { group: 'Milk', name: 'Oat', quantity: 1, unitPrice: 80 },
      { group: 'Oat', name: 'yes', quantity: 1, unitPrice: 80 },
      { group: 'Size', name: 'Small', quantity: 1, unitPrice: -50 },
      { group: 'Milk', name: 'Milk (2%)', quantity: 1 },
      { group: 'Pack', name: 'Box (6 pcs)', quantity: 1 },
      { group: 'Year', name: 'Vintage (2019)', quantity: 1 },
      { group: 'Weight', name: 'Bag (2-3 kg)', quantity: 1 },
      { group: 'x', name: '(+0.80)', quantity: 1 },
    ]);
  });
  it('take sku, variant and product for a line, in this order', () => {
    const lines = [
      { title: 'a', sku: 'S', variant_id: 2, product_id: 3 },
      { title: 'b', sku: '', variant_id: 2, product_id: 3 },
      { title: 'c', sku: null, variant_id: null, product_id: 3 },
      { title: 'd' },
      { price: '1.00' },
    ];
    const { lines: read, warnings } = only({ ...order, line_items: lines });
    expect(read.map(({ sku }) => sku)).toEqual(['S', '2', '3', null]);
    expect(warnings).toEqual(['item without sku and name dropped']);
  });
  it('without a currency have no prices, and say so', () => {
    const { currency: _, ...bare } = order;
    expect(only(bare)).toMatchObject({ total: null, currency: null, warnings: ['no currency'] });
    expect(parseShopify(bare, { currency: 'EUR' }).purchases[0]).toMatchObject({ total: 800 });
  });
  it('take back what a webhook of refunds names', () => {
    const refund = {
      id: 5,
      order_id: 9,
      created_at: '2026-01-02T10:00:00+01:00',
      refund_line_items: [{ quantity: 1, line_item_id: 1, line_item: line }],
    };
    expect(parseShopify([order, refund]).purchases[0]).toMatchObject({
      status: 'partially_refunded',
      lines: [{ refundedQuantity: 1 }],
    });
    const alone = parseShopify(refund);
    checkParsed(alone);
    expect(alone.refunds).toEqual([
      { purchase: 'shopify:9', at: '2026-01-02T09:00:00.000Z', lines: [{ sku: 'A', quantity: 1 }] },
    ]);
  });
  it('come through hostile fields', () => {
    const hostile = JSON.parse(
      '{"id":9,"financial_status":"__proto__","source_name":"constructor","currency":"EUR","total_price":"1e9999","note_attributes":[{"name":"__proto__","value":"x"}],"line_items":[{"title":"x","properties":[{"name":"__proto__","value":"polluted"}]}],"__proto__":{"polluted":1}}',
    ) as unknown;
    expect(only(hostile)).toMatchObject({ status: 'open', channel: 'unknown', total: null });
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    let deep: unknown = order;
    for (let i = 0; i < 20_000; i++) deep = [deep];
    expect(parseShopify(deep).skipped).toHaveLength(1);
    const label = `${'( '.repeat(5000)}${' '.repeat(50_000)}x`;
    const started = performance.now();
    only({ ...order, line_items: [{ ...line, properties: [{ name: 'a', value: label }] }] });
    expect(performance.now() - started).toBeLessThan(5000);
  });
});

describe('CSV files', () => {
  const HEADER =
    'Name,Email,Financial Status,Currency,Total,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Refunded Amount,Id,Source';
  const order = (n: number): string =>
    `#${n},a${n}@example.com,paid,EUR,"12,50",2026-03-02 08:14:07 -0500,1,Brot,4.50,BR,0.00,${n},web\n#${n},a${n}@example.com,,,,,2,Käse,4.00,KA,,,`;
  it('are read the same with byte order mark, CRLF and semicolons', () => {
    const text = [HEADER, order(1)].join('\n');
    const expected = only(text);
    expect(expected).toMatchObject({
      ...{ id: 'shopify:1', at: '2026-03-02T13:14:07.000Z', total: 1250, status: 'paid' },
      lines: [{ sku: 'BR' }, { sku: 'KA', quantity: 2, unitPrice: 400 }],
    });
    expect(only(`\uFEFF${text.replaceAll('\n', '\r\n')}`)).toEqual(expected);
    expect(only(text.replaceAll(',', ';').replace('12;50', '12,50'))).toEqual(expected);
  });
  it('that hold an order twice hold it once', () => {
    const text = [HEADER, order(1), order(2), order(1)].join('\n');
    const { purchases } = parseShopify(text);
    expect(purchases.map(({ id, lines }) => [id, lines.length])).toEqual([
      ['shopify:1', 2],
      ['shopify:2', 2],
    ]);
  });
  it('whose ids a spreadsheet has spoilt go by name', () => {
    const text = [HEADER, order(1).replace(',1,web', ',5.55E+12,web')].join('\n');
    expect(only(text).id).toBe('shopify:#1');
  });
  it('say by the amount what came back, where the status does not', () => {
    const back = (amount: string): string => [HEADER, order(1).replace('0.00', amount)].join('\n');
    expect(only(back('4.00')).status).toBe('partially_refunded');
    expect(only(back('12.50')).status).toBe('refunded');
  });
  it('of Matrixify are read by its columns', () => {
    const text = [
      'ID,Name,Top Row,Processed At,Cancelled At,Currency,Source,Phone,Price: Total,Payment: Status,Additional Details,Customer: ID,Customer: Email,Customer: First Name,Line: Type,Line: ID,Line: Title,Line: Variant Title,Line: SKU,Line: Quantity,Line: Price,Line: Properties,Line: Gift Card',
      '77,#1,TRUE,2026-03-02 08:14:07 -0500,,USD,web,,12.00,partially_refunded,table: 4,9,m@example.com,Mia,Line Item,1,Latte,12 oz,LAT,2,5.00,Milk: Oat (+0.80),FALSE',
      '77,#1,,,,,,,,,,,,,Line Item,2,Gift Card,,GC,1,10.00,,TRUE',
      '77,#1,,,,,,,,,,,,,Discount,3,SPRING,,,1,-1.00,,',
      '77,#1,,,,,,,,,,,,,Shipping Line,4,Ground,,,1,2.00,,',
      '77,#1,,,,,,,,,,,,,Refund Line,1,Latte,12 oz,LAT,-1,5.00,,',
    ].join('\n');
    expect(only(text)).toEqual({
      id: 'shopify:77',
      at: '2026-03-02T13:14:07.000Z',
      status: 'partially_refunded',
      lines: [
        {
          ...{ sku: 'LAT', name: 'Latte', quantity: 2, unitPrice: 500, currency: 'USD' },
          refundedQuantity: 1,
          modifiers: [
            { group: 'variant', name: '12 oz', quantity: 1 },
            { group: 'Milk', name: 'Oat', quantity: 1, unitPrice: 80 },
          ],
        },
      ],
      total: 1200,
      currency: 'USD',
      place: { table: '4' },
      channel: 'web',
      customer: {
        ids: [
          { kind: 'external', value: '9' },
          { kind: 'email', value: 'm@example.com' },
        ],
        name: { given: 'Mia' },
      },
    });
  });
  it('of something else are no orders', () => {
    for (const text of ['', 'a,b\n1,2', 'Handle,Title\nx,y', 'not json', HEADER])
      expect(parseShopify(text)).toMatchObject({
        purchases: [],
        skipped: [{ reason: 'not-an-order' }],
      });
  });
  it('of 100,000 rows take time in step with their rows', { timeout: 180_000 }, () => {
    const ms = (orders: number): number => {
      const text = [HEADER, ...Array.from({ length: orders }, (_, i) => order(i + 1))].join('\n');
      const started = performance.now();
      expect(parseShopify(text).purchases).toHaveLength(orders);
      return performance.now() - started;
    };
    ms(1000);
    // ten times the rows; a busy machine is given much, what grows with the square would take a hundred times as long
    expect(ms(50_000)).toBeLessThan(60 * Math.max(ms(5000), ms(5000), 20));
  });
});
