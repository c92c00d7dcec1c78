import { describe, expect, it } from 'vitest';
import { parseSchemaOrgCatalog } from '../../src/formats/schema-org-catalog.js';
import { parseSchemaOrg } from '../../src/formats/schema-org.js';
import { describeShared, expectAsExpected, sharedData, tryMutations } from '../support/mutate.js';

/** As Gmail documents it, with more than it needs. */
const order = {
  '@context': 'http://schema.org',
  '@type': ['Order', 'https://schema.org/Thing'],
  merchant: { '@type': 'Organization', name: 'Blue Door &amp; Co' },
  orderNumber: '123-4567890-1234567',
  orderStatus: 'http://schema.org/OrderProcessing',
  orderDate: '2026-02-03T10:00:00',
  priceCurrency: 'EUR',
  price: '1.029,98',
  isGift: true,
  billingAddress: { '@type': 'PostalAddress', streetAddress: '24 Willie Mays Plaza' },
  paymentMethodId: '**** **** **** 1234',
  customer: {
    '@type': 'Person',
    givenName: 'Ann',
    familyName: 'Lee',
    email: 'mailto:Ann@Example.com',
    telephone: '030 5550133',
  },
  acceptedOffer: [
    {
      ...{ '@type': 'Offer', price: '29.99', priceCurrency: 'EUR' },
      itemOffered: {
        '@type': 'Product',
        name: 'Samsung Chromebook',
        sku: 'B009LL9VDG',
        category: 'Laptops',
      },
      eligibleQuantity: { '@type': 'QuantitativeValue', value: '2' },
    },
    {
      '@type': 'Offer',
      priceSpecification: { price: 970, priceCurrency: 'EUR' },
      itemOffered: { '@id': '#mug' },
    },
  ],
};
const graph = {
  '@graph': [
    order,
    { '@id': '#mug', '@type': 'Product', name: { '@value': 'Mug' }, productID: 'MUG' },
  ],
};
const page = `<!doctype html><script>var a = "<b>"</script>
<script type="application/ld+json">${JSON.stringify(graph)}</script><script type='application/ld+json'>{broken</script>`;
const options = { timeZone: 'Europe/Berlin', country: 'DE' };

describeShared('samples of schema.org', () => {
  const files = ['order', 'invoice-references-order'];
  it.each(files)('%s equals what is expected', (name) =>
    expectAsExpected(`schemaorg/${name}.json`, parseSchemaOrg),
  );
  it.each(files)('%s stays sound whatever happens to it', (name) => {
    const text = sharedData(`schemaorg/${name}.json`);
    expect(tryMutations((input) => parseSchemaOrg(input), JSON.parse(text))).toBeGreaterThan(300);
    expect(tryMutations((input) => parseSchemaOrg(input), text)).toBeGreaterThan(20);
  });
});

describe('an order of schema.org', () => {
  const expected = {
    ...{ id: 'schemaorg:123-4567890-1234567', at: '2026-02-03T09:00:00.000Z', status: 'paid' },
    ...{ total: 102_998, currency: 'EUR', channel: 'unknown', gift: true },
    place: { name: 'Blue Door & Co' },
    customer: {
      ids: [
        { kind: 'email', value: 'ann@example.com' },
        { kind: 'phone', value: '+49305550133' },
      ],
      name: { given: 'Ann', family: 'Lee' },
    },
    lines: [
      {
        sku: 'B009LL9VDG',
        name: 'Samsung Chromebook',
        quantity: 2,
        unitPrice: 2999,
        currency: 'EUR',
        category: 'Laptops',
        modifiers: [],
      },
      { sku: 'MUG', name: 'Mug', quantity: 1, unitPrice: 97_000, currency: 'EUR', modifiers: [] },
    ],
  };
  it('is found in a graph with references, in a page, and inside of something else', () => {
    for (const input of [
      graph,
      JSON.stringify(graph),
      page,
      [[graph]],
      { about: { potentialAction: graph } },
    ])
      expect(parseSchemaOrg(input, options).purchases).toEqual([expected]);
  });
  it('gives none of addresses, payments and companies', () => {
    const customer = {
      '@type': 'Organization',
      name: 'ACME Secret Ltd',
      email: 'buyer@example.com',
    };
    const result = parseSchemaOrg([graph, { ...order, orderNumber: 2, customer }]);
    expect(result.purchases).toHaveLength(2);
    expect(JSON.stringify(result)).not.toMatch(/Willie|1234"|\*\*|Secret/);
  });
  it('has no time where it names no zone, and says so', () =>
    expect(parseSchemaOrg(graph).purchases[0]).toMatchObject({
      at: null,
      warnings: ['its time could not be read'],
    }));
  it.each([
    ['OrderCancelled', 'cancelled'],
    ['OrderReturned', 'refunded'],
    ['https://schema.org/OrderPaymentDue', 'open'],
    ['OrderDelivered', 'paid'],
  ])('whose status is %s is %s', (orderStatus, status) =>
    expect(parseSchemaOrg({ ...order, orderStatus }).purchases[0]?.status).toBe(status),
  );
  it('of an invoice has its customer, and is open while that is due', () => {
    const invoice = {
      ...{ '@type': 'Invoice', paymentStatus: 'PaymentDue', customer: { name: 'Jo' } },
      referencesOrder: {
        '@type': 'Order',
        orderNumber: 7,
        orderedItem: { '@type': 'Product', name: 'Rug' },
      },
    };
    expect(parseSchemaOrg(invoice).purchases).toMatchObject([
      {
        id: 'schemaorg:7',
        status: 'open',
        customer: { name: { display: 'Jo' } },
        lines: [{ sku: null, name: 'Rug' }],
      },
    ]);
  });
  it('without a number is warned of; where there is none, that is said', () => {
    expect(parseSchemaOrg({ '@type': 'Order', orderedItem: [] }).warnings).toEqual([
      'order 0 has no number: its id is its place',
    ]);
    for (const input of [
      { '@type': 'Recipe' },
      'nothing',
      '<html></html>',
      null,
      { '@type': 'Order', '@id': '#o' },
    ])
      expect(parseSchemaOrg(input).skipped).toEqual([{ reason: 'not-an-order', where: '' }]);
  });
  it('that goes round in circles, or deep down, is read once', () => {
    const circle: Record<string, unknown> = { ...order };
    circle['self'] = circle;
    expect(parseSchemaOrg(circle).purchases).toHaveLength(1);
    let deep: unknown = order;
    for (let i = 0; i < 50_000; i++) deep = { in: deep };
    expect(parseSchemaOrg(deep).purchases).toHaveLength(1);
  });
});

describe('a catalog of schema.org', () => {
  const offer = (price: unknown, fields: object = {}): object => ({
    '@type': 'Offer',
    price,
    priceCurrency: 'EUR',
    ...fields,
  });
  it('of products with offers', () => {
    const product = {
      ...{ '@type': 'Product', sku: 'CUP', name: 'Cup', category: { name: 'Mugs' } },
      ...{ image: [{ url: 'https://x.example/cup.jpg' }], url: 'https://x.example/cup' },
      offers: {
        '@type': 'AggregateOffer',
        offers: [offer('12,90', { availability: 'https://schema.org/OutOfStock' })],
      },
    };
    expect(parseSchemaOrgCatalog(product)).toEqual({
      items: [
        {
          ...{ sku: 'CUP', name: 'Cup', category: 'Mugs', price: 1290, available: false },
          ...{ image: 'https://x.example/cup.jpg', url: 'https://x.example/cup' },
        },
      ],
      skipped: [],
      warnings: [],
    });
  });
  it('of variants: of a group, that point at theirs, and as offers of one product', () => {
    const group = {
      '@type': 'ProductGroup',
      '@id': '#tee',
      productGroupID: 'TEE',
      name: 'Tee',
      category: 'Shirts',
    };
    const tee = {
      '@type': 'Product',
      sku: 'TEE-S',
      name: 'Tee S',
      offers: offer(20, { availability: 'InStock' }),
    };
    const items = [
      {
        sku: 'TEE-S',
        name: 'Tee S',
        product: 'TEE',
        category: 'Shirts',
        price: 2000,
        available: true,
      },
    ];
    expect(parseSchemaOrgCatalog({ ...group, hasVariant: [tee] }).items).toEqual(items);
    expect(
      parseSchemaOrgCatalog([
        { ...group, hasVariant: { '@id': '#s' } },
        { ...tee, '@id': '#s' },
      ]).items,
    ).toEqual(items);
    expect(parseSchemaOrgCatalog({ ...tee, isVariantOf: group }).items).toContainEqual(items[0]);
    const offers = [offer(5, { sku: 'A' }), offer(6, { sku: 'B' })];
    expect(parseSchemaOrgCatalog({ '@type': 'Product', name: 'Pen', offers }).items).toEqual([
      { sku: 'A', name: 'Pen', product: 'Pen', price: 500 },
      { sku: 'B', name: 'Pen', product: 'Pen', price: 600 },
    ]);
  });
  it('of a menu with sections and add-ons, allergens only where given', () => {
    const menu = {
      '@type': 'Menu',
      hasMenuSection: {
        ...{ '@type': 'MenuSection', name: 'Mains' },
        hasMenuItem: [
          {
            ...{ '@type': 'MenuItem', name: 'Quesadilla', offers: offer(9.5) },
            suitableForDiet: 'https://schema.org/GlutenFreeDiet',
            additionalProperty: { name: 'Allergens', value: 'milk, egg' },
            menuAddOn: {
              '@type': 'MenuSection',
              name: 'Sides',
              hasMenuItem: {
                '@type': 'MenuItem',
                '@id': '#fries',
                name: 'Fries',
                offers: offer(2),
              },
            },
          },
          { '@type': 'MenuItem', name: 'Soup', suitableForDiet: 'https://schema.org/VeganDiet' },
        ],
      },
    };
    expect(parseSchemaOrgCatalog(menu).items).toEqual([
      {
        ...{ sku: 'Quesadilla', name: 'Quesadilla', category: 'Mains', price: 950 },
        allergens: ['milk', 'egg'],
        modifierGroups: [
          { id: 'add-on-0', name: 'Sides', options: [{ id: '#fries', name: 'Fries', price: 200 }] },
        ],
      },
      { sku: 'Soup', name: 'Soup', category: 'Mains' },
    ]);
  });
  it('leaves out prices of another currency, says which could not be read, and skips what has no key or name', () => {
    const goods = [
      { '@type': 'Product', sku: 'A', name: 'A', offers: offer(5) },
      {
        '@type': 'Product',
        sku: 'B',
        name: 'B',
        offers: { price: 'ask us', priceCurrency: 'USD' },
      },
      { '@type': 'Product', name: 'no key' },
      { '@type': 'Product', sku: 'no name' },
    ];
    expect(parseSchemaOrgCatalog(goods, { currency: 'USD' })).toEqual({
      items: [
        { sku: 'A', name: 'A' },
        { sku: 'B', name: 'B' },
      ],
      skipped: [
        { reason: 'no-id', where: '[2]' },
        { reason: 'no-name', where: '[3]' },
      ],
      warnings: ['A: its price could not be read', 'B: its price could not be read'],
    });
  });
});
