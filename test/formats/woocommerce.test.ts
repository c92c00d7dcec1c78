import { describe, expect, it } from 'vitest';
import { parseWooCommerce } from '../../src/formats/woocommerce.js';
import { parseWooCommerceCatalog } from '../../src/formats/woocommerce-catalog.js';
import type { ParsedPurchase, ParseOptions } from '../../src/formats/types.js';
import {
  checkParsed,
  describeShared,
  expectAsExpected,
  expectNowhere,
  mutationsOf,
  sharedData,
  tryMutations,
  withSemicolons,
} from '../support/mutate.js';

const line = (fields: object = {}): object => ({
  ...{ id: 1, name: 'Latte', product_id: 9, variation_id: 0, sku: 'LAT', quantity: 2 },
  ...{ subtotal: '10.00', subtotal_tax: '0.70', total: '9.00', meta_data: [], ...fields },
});
const order = (fields: object = {}): object => ({
  ...{ id: 7, status: 'completed', currency: 'EUR', total: '10.70', customer_id: 0 },
  ...{ date_created: '2026-02-14T18:31:02', date_created_gmt: '2026-02-14T17:31:02' },
  ...{ prices_include_tax: false, line_items: [line()], refunds: [], ...fields },
});
const read = (fields: object, options?: ParseOptions): ParsedPurchase | undefined =>
  parseWooCommerce(order(fields), options).purchases[0];

const REPORT = 'woocommerce/orders-report-export.csv';

describeShared('samples of WooCommerce', () => {
  it.each([
    'woocommerce/order-rest-v3-created.json',
    'woocommerce/orders-rest-v3-list.json',
    'woocommerce/order-cafe-addons.json',
    REPORT,
  ])('%s', (file) => expectAsExpected(file, parseWooCommerce));

  it('gives only what it may for whatever is near a sample', () => {
    const sample = JSON.parse(sharedData('woocommerce/order-cafe-addons.json')) as unknown;
    tryMutations(parseWooCommerce, sample, 3000);
    const options = { timeZone: 'Europe/Berlin', currency: 'EUR' };
    tryMutations((input) => parseWooCommerce(input, options), sharedData(REPORT));
  });
  it('keeps addresses, notes, addresses of machines and ways of paying to itself', () =>
    expectNowhere(parseWooCommerce(sharedData('woocommerce/orders-rest-v3-list.json')), [
      ...['969 Market', 'Av. Brasil', '94103', '12345-000', 'San Francisco', '127.0.0.1'],
      ...['mozilla', 'bacs', 'bank transfer', 'wc_order_', '5040ce'],
    ]));
  it('reads the report with semicolons, a byte order mark and CRLF alike', () => {
    const options = { timeZone: 'Europe/Berlin', currency: 'EUR' };
    const text = sharedData(REPORT);
    const { purchases } = parseWooCommerce(text, options);
    const windows = `\uFEFF${withSemicolons(text).replaceAll('\n', '\r\n')}`;
    expect(parseWooCommerce(windows, options).purchases).toEqual(purchases);
    const [, ...rows] = text.split('\n');
    const german =
      'Datum,Bestellung,Umsatz,Status,Kunde,Art,Produkte,Artikel,Gutscheine,Netto,Quelle';
    expect(parseWooCommerce([german, ...rows].join('\n'), options).purchases).toEqual(purchases);
  });
});

describe('orders of WooCommerce', () => {
  it.each([
    ['pending', 'open'],
    ['on-hold', 'open'],
    ['checkout-draft', 'open'],
    ['processing', 'paid'],
    ['wc-completed', 'paid'],
    ['refunded', 'refunded'],
    ['cancelled', 'cancelled'],
    ['failed', 'cancelled'],
    ['trash', 'cancelled'],
    ['ready-for-pickup', 'open'],
  ])('with the status %s are %s', (status, is) => expect(read({ status })?.status).toBe(is));
  it('with a status of the shop are paid when there is a date of payment', () => {
    const date_paid_gmt = '2026-02-14T17:31:40';
    expect(read({ status: 'ready-for-pickup', date_paid_gmt })?.status).toBe('paid');
    expect(read({ status: 'on-hold', date_paid_gmt })?.status).toBe('open');
  });
  it.each([
    [['-10.70'], 'refunded'],
    [['-5.00', '-5.70'], 'refunded'],
    [['-5.00'], 'partially_refunded'],
    [[], 'paid'],
  ])('of which %j was paid back are %s', (totals, status) =>
    expect(read({ refunds: totals.map((total, id) => ({ id, total })) })?.status).toBe(status),
  );
  it('have the price before coupons, with tax where prices have it', () => {
    expect(read({})?.lines[0]?.unitPrice).toBe(500);
    expect(read({ prices_include_tax: true })?.lines[0]?.unitPrice).toBe(535);
    const yen = { currency: 'JPY', total: '1070', line_items: [line({ subtotal: '1070' })] };
    expect(read(yen)).toMatchObject({ total: 1070, lines: [{ unitPrice: 535 }] });
    const dinar = { currency: 'KWD', line_items: [line({ subtotal: '2.470', quantity: 1 })] };
    expect(read(dinar)?.lines[0]?.unitPrice).toBe(2470);
    expect(read({ line_items: [line({ subtotal: '', price: 4.5 })] })?.lines[0]?.unitPrice).toBe(
      450,
    );
  });
  it('name things by sku, else by variation, else by product', () => {
    const skus = [{}, { sku: '', variation_id: 23 }, { sku: '' }, { sku: '', product_id: 0 }].map(
      (fields) => read({ line_items: [line(fields)] })?.lines[0]?.sku,
    );
    expect(skus).toEqual(['LAT', '23', '9', null]);
  });
  it('leave out what was taken off, and gift cards', () => {
    const line_items = [
      line({ quantity: 0 }),
      line({ quantity: -1 }),
      line({ meta_data: [{ key: 'wc_gc_giftcard_to_multiple', value: 'ann@example.com' }] }),
      line({ name: '', sku: '', product_id: 0 }),
      line({ name: 'Flat white &amp; bun' }),
    ];
    const found = read({ line_items });
    expect(found?.lines.map(({ name }) => name)).toEqual(['Flat white & bun']);
    expect(found?.warnings).toEqual(['item without sku and name dropped']);
  });
  it.each([
    ['Milk', 'Oat (+0.80)', { group: 'Milk', name: 'Oat', unitPrice: 80 }],
    ['Milk', 'Milk (2%)', { group: 'Milk', name: 'Milk (2%)' }],
    [
      'Extra cheese (€2.00)',
      'Pecorino',
      { group: 'Extra cheese', name: 'Pecorino', unitPrice: 200 },
    ],
    [
      'Cheese (<span class="amount"><bdi><span>&euro;</span>2.00</bdi></span>)',
      '<p>Feta</p>',
      { group: 'Cheese', name: 'Feta', unitPrice: 200 },
    ],
    ['Without', 'Olives', { group: 'Without', name: 'Olives' }],
    ['Size', '< 30 cm', { group: 'Size', name: '< 30 cm' }],
  ])('read %s: %s', (display_key, display_value, modifier) => {
    const meta_data = [{ key: 'a', value: 'b', display_key, display_value }];
    const [first] = read({ line_items: [line({ meta_data })] })?.lines ?? [];
    expect(first?.modifiers).toEqual([{ ...modifier, quantity: 1 }]);
  });
  it('have no modifiers of what is hidden, empty, or no text', () => {
    const meta_data = [
      { key: '_reduced_stock', value: '1', display_key: 'Stock', display_value: '1' },
      { key: 'a', value: '1', display_key: '_b', display_value: '1' },
      { key: 'a', value: '' },
      { key: 'a', value: { secret: 1 } },
      { key: 'a', value: ['x'] },
      { key: '', value: 'x' },
    ];
    expect(read({ line_items: [line({ meta_data })] })?.lines[0]?.modifiers).toEqual([]);
  });
  it('take parts of a bundle as modifiers of it, counted for one', () => {
    const line_items = [
      line({ id: 5, sku: 'SOUP', name: 'Soup', quantity: 4, bundled_by: '6', subtotal: '0' }),
      line({ id: 6, sku: 'KIT', quantity: 2 }),
      line({ id: 7, sku: 'ROLL', name: 'Roll', quantity: 2, bundled_by: 6, subtotal: '3.00' }),
      line({ id: 8, sku: 'LONE', bundled_by: 99 }),
      line({ id: 9, sku: 'LOOP', bundled_by: 9 }),
    ];
    const { lines } = read({ line_items }) ?? {};
    expect(lines?.map(({ sku }) => sku)).toEqual(['KIT', 'LONE', 'LOOP']);
    expect(lines?.[0]?.modifiers).toEqual([
      { group: 'component', id: 'SOUP', name: 'Soup', quantity: 2 },
      { group: 'component', id: 'ROLL', name: 'Roll', quantity: 1, unitPrice: 150 },
    ]);
  });
  it.each([
    ['checkout', 'web'],
    ['store-api', 'web'],
    ['pos-rest-api', 'pos'],
    ['admin', 'unknown'],
    [undefined, 'web'],
  ])('made by %s came by %s', (created_via, channel) =>
    expect(read({ created_via })?.channel).toBe(channel),
  );
  it('have the time of the site only where its zone is known', () => {
    const gone = { date_created_gmt: null };
    expect(read(gone)?.at).toBe(null);
    expect(read(gone)?.warnings).toEqual(['its time could not be read']);
    expect(read(gone, { timeZone: 'Europe/Berlin' })?.at).toBe('2026-02-14T17:31:02.000Z');
  });
  it('lie in lists and wrappers; pings, plans and deletions are none', () => {
    for (const input of [order(), [order()], { order: order() }, { orders: [order()] }])
      expect(parseWooCommerce(input).purchases.map(({ id }) => id)).toEqual(['woocommerce:7']);
    for (const input of [{ webhook_id: 3 }, { id: 7 }, order({ billing_period: 'month' }), 3, null])
      expect(parseWooCommerce(input).skipped).toMatchObject([{ reason: 'not-an-order' }]);
    expect(parseWooCommerce(order({ id: null })).skipped).toMatchObject([{ reason: 'no-id' }]);
  });
  it('take refunds of an endpoint of their own', () => {
    const refund = {
      ...{ id: 8, refunded_by: 1, amount: '5.35', date_created_gmt: '2026-02-15T10:00:00' },
      line_items: [line({ quantity: -1, total: '-5.00' })],
      _links: { up: [{ href: 'https://example.com/wp-json/wc/v3/orders/7' }] },
    };
    expect(parseWooCommerce([order(), refund]).purchases).toMatchObject([
      { status: 'partially_refunded', lines: [{ refundedQuantity: 1 }] },
    ]);
    const freight = { ...refund, line_items: [], _links: {}, parent_id: 7 };
    expect(parseWooCommerce([order(), freight]).purchases).toMatchObject([
      { status: 'partially_refunded' },
    ]);
    expect(parseWooCommerce(refund).refunds).toMatchObject([{ purchase: 'woocommerce:7' }]);
  });
});

describe('the orders report', () => {
  const header =
    'Date,Order #,N. Revenue (formatted),Status,Customer,Customer type,Product(s),Items sold,Coupon(s),Net Sales,Attribution';
  const options = { timeZone: 'Europe/Berlin', currency: 'EUR' };

  it('splits products only before a quantity', () => {
    const products = '"1× Cake, small, 2× Tea, 0.5× Beans, 2x roast, -1× Void"';
    const row = `2026-01-08 09:14:55,1,€5,completed,Ann,new,${products},3,,5,Direct`;
    const [purchase] = parseWooCommerce(`${header}\n${row}`, options).purchases;
    expect(purchase?.lines.map(({ name, quantity }) => [quantity, name])).toEqual([
      [1, 'Cake, small'],
      [2, 'Tea'],
      [0.5, 'Beans, 2x roast'],
    ]);
  });
  it('without a zone has no time, without a currency no money, and says so', () => {
    const row = '2026-01-08 09:14:55,1,€5,completed,Ann,new,1× Tea,1,,5,Direct';
    const [purchase] = parseWooCommerce(`${header}\n${row}`).purchases;
    expect(purchase).toMatchObject({ at: null, total: null, currency: null });
    expect(purchase?.warnings).toEqual(['its time could not be read', 'no currency']);
  });
  it('says which rows are no orders', () => {
    const { purchases, skipped } = parseWooCommerce(`${header}\nTotal,,,,,,,,,5\n`, options);
    expect([purchases, skipped]).toEqual([[], [{ reason: 'not-an-order', where: 'row 2' }]]);
    expect(parseWooCommerce('hello').skipped).toEqual([{ reason: 'not-an-order', where: '' }]);
  });
  it('of 100,000 rows is read in time that grows with the rows', () => {
    const rowsOf = (count: number): string =>
      [
        header,
        ...Array.from(
          { length: count },
          (_, i) =>
            `2026-01-08 09:14:55,${i},"€1,248.00",completed,"Ann, B",new,"1× Cake, small, 2× Tea",3,,5,Direct`,
        ),
      ].join('\n');
    const timed = (count: number): number => {
      const text = rowsOf(count);
      const start = performance.now();
      expect(parseWooCommerce(text, options).purchases).toHaveLength(count);
      return performance.now() - start;
    };
    timed(1000);
    const [small, large] = [timed(10_000), timed(100_000)];
    // ten times as many: were it quadratic, a hundred times as long
    expect(large / small).toBeLessThan(50);
  }, 60_000);
});

describe('the catalog of WooCommerce', () => {
  const addOns = [
    {
      ...{ name: 'Milk', type: 'multiple_choice', required: 1 },
      options: [
        { label: 'Cow', price: '', price_type: 'flat_fee' },
        { label: 'Oat', price: '0.80', price_type: 'quantity_based' },
        { label: 'Gold', price: '10', price_type: 'percentage_based' },
      ],
    },
    { name: 'Extras', type: 'checkbox', required: 0, options: [{ label: 'Shot', price: '1' }] },
    { name: 'Name on cup', type: 'custom_text' },
  ];
  const latte = {
    ...{ id: 103, name: 'Latte &amp; bun', type: 'variable', status: 'publish', sku: '' },
    ...{ price: '3.80', permalink: 'https://example.com/latte', stock_status: 'instock' },
    ...{ categories: [{ id: 1, name: 'Coffee' }], images: [{ src: 'https://example.com/l.jpg' }] },
    ...{ variations: [1031], meta_data: [{ key: '_product_addons', value: addOns }] },
  };
  const small = {
    ...{ id: 1031, sku: 'LAT-S', price: '3.50', status: 'publish', stock_status: 'outofstock' },
    attributes: [{ id: 1, name: 'Size', option: 'Small' }],
    _links: { up: [{ href: 'https://example.com/wp-json/wc/v3/products/103' }] },
  };
  const EUR = { currency: 'EUR' };

  it('gives an item a variation, with what its product says', () =>
    expect(parseWooCommerceCatalog([latte, small], EUR)).toEqual({
      items: [
        {
          ...{ sku: 'LAT-S', name: 'Latte & bun - Small', ref: '1031', product: '103' },
          ...{ aliases: ['1031'], category: 'Coffee', price: 350, available: false },
          image: 'https://example.com/l.jpg',
          modifierGroups: [
            { id: 'Size', name: 'Size', options: [{ id: 'Small', name: 'Small', default: true }] },
            {
              ...{ id: 'Milk', name: 'Milk', min: 1, max: 1 },
              options: [
                { id: 'Cow', name: 'Cow' },
                { id: 'Oat', name: 'Oat', price: 80 },
                { id: 'Gold', name: 'Gold' },
              ],
            },
            { id: 'Extras', name: 'Extras', options: [{ id: 'Shot', name: 'Shot', price: 100 }] },
          ],
        },
      ],
      skipped: [],
      warnings: [],
    }));
  it('gives the product where its variations are not here', () =>
    expect(parseWooCommerceCatalog(latte, EUR).items).toMatchObject([
      { sku: '103', name: 'Latte & bun', price: 380, available: true },
    ]));
  it('without a currency has no prices, and says so once', () => {
    const { items, warnings } = parseWooCommerceCatalog([latte, { ...latte, id: 104 }]);
    expect(items.map(({ price }) => price)).toEqual([undefined, undefined]);
    expect(warnings).toEqual(['no currency']);
  });
  it('reads the minor units of the Store API', () => {
    const product = (currency_code: string, currency_minor_unit: number): object => ({
      ...{ id: 5, name: 'Tee', type: 'simple', sku: 'T', is_in_stock: true, is_purchasable: true },
      prices: { price: '1500', currency_code, currency_minor_unit },
    });
    const prices = [product('EUR', 2), product('JPY', 0), product('JPY', 2), product('KWD', 2)].map(
      (each) => parseWooCommerceCatalog(each).items[0]?.price,
    );
    expect(prices).toEqual([1500, 1500, 15, 15_000]);
  });
  it('calls a variation of the Store API by what it is of its product', () => {
    const hoodie = { id: 22, name: 'Hoodie', type: 'variable', prices: {} };
    const red = { ...hoodie, id: 23, type: 'variation', parent: 22, variation: 'Color: Red' };
    expect(parseWooCommerceCatalog([hoodie, red], EUR).items).toMatchObject([
      { sku: '23', name: 'Hoodie - Red', product: '22' },
    ]);
  });
  it('leaves out drafts, the hidden, and what is sold elsewhere', () => {
    const reason = (fields: object): unknown =>
      parseWooCommerceCatalog({ ...latte, ...fields }, EUR).skipped[0]?.reason;
    expect(reason({ status: 'draft' })).toBe('inactive');
    expect(reason({ catalog_visibility: 'hidden' })).toBe('inactive');
    expect(reason({ type: 'external' })).toBe('not-an-order');
    expect(reason({ type: 'pw-gift-card' })).toBe('not-an-order');
  });
  it('reads the export', () => {
    const csv = [
      'ID,Type,SKU,Name,Published,Visibility in catalog,In stock?,Sale price,Regular price,Categories,Images,Parent,Attribute 1 name,Attribute 1 value(s)',
      '103,variable,LAT,Latte,1,visible,1,,,"Drinks > Coffee, Sale","https://e.example/a.jpg, https://e.example/b.jpg",,Size,"Small, Large"',
      '1031,variation,LAT-S,Latte - Small,1,visible,0,,"3,50",,,LAT,Size,Small',
      '104,"simple, virtual",TEA,Tea,1,visible,1,2.00,2.50,"Drinks > Tea\\, loose, Sale",,,,',
      '105,simple,OLD,Old,-1,visible,1,,1,,,,,',
    ].join('\n');
    const { items, skipped } = parseWooCommerceCatalog(csv, EUR);
    expect(items).toEqual([
      {
        ...{ sku: 'LAT-S', name: 'Latte - Small', ref: '1031', product: '103', aliases: ['1031'] },
        ...{ category: 'Coffee', price: 350, available: false, image: 'https://e.example/a.jpg' },
      },
      {
        ...{ sku: 'TEA', name: 'Tea', ref: '104', product: '104', aliases: ['104'] },
        ...{ category: 'Tea, loose', price: 200, available: true },
      },
    ]);
    expect(skipped).toEqual([{ reason: 'inactive', where: 'row 5' }]);
    expect(parseWooCommerceCatalog('a,b\n1,2').skipped).toMatchObject([{ where: 'row 2' }]);
  });
  it('stays harmless however it is changed', () => {
    let tried = 0;
    for (const { payload } of mutationsOf([latte, small], 1000)) {
      const { items } = parseWooCommerceCatalog(payload, EUR);
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
  it('is not thrown off by anything', () => {
    for (const input of [null, 3, '', '{', [null, [], { name: {} }], { products: [{ id: {} }] }])
      expect(parseWooCommerceCatalog(input, EUR).items).toEqual([]);
    checkParsed(parseWooCommerce([null, [], [[]]]));
  });
});
