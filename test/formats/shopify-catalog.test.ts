import { describe, expect, it } from 'vitest';
import { parseShopify } from '../../src/formats/shopify.js';
import { parseShopifyCatalog } from '../../src/formats/shopify-catalog.js';
import type { ParsedCatalog } from '../../src/formats/types.js';
import { indexCatalog } from '../../src/recommend/catalog-index.js';
import { mutationsOf, mutationsOfText } from '../support/mutate.js';

const REST = {
  id: 632910392,
  title: 'House Blend',
  body_html: '<p>hidden</p>',
  vendor: 'Harbour Roasters',
  product_type: 'Coffee',
  handle: 'house-blend',
  published_at: '2026-01-01T00:00:00-05:00',
  status: 'active',
  variants: [
    {
      ...{
        id: 11,
        product_id: 632910392,
        title: '340 g / Whole bean',
        price: '15.00',
        sku: 'HB-340-WB',
      },
      ...{
        inventory_policy: 'deny',
        inventory_management: 'shopify',
        inventory_quantity: 4,
        image_id: 850,
      },
    },
    {
      ...{ id: 12, product_id: 632910392, title: '1 kg / Filter', price: '39.50', sku: '' },
      ...{
        inventory_policy: 'deny',
        inventory_management: 'shopify',
        inventory_quantity: 0,
        image_id: null,
      },
    },
    {
      ...{ id: 13, product_id: 632910392, title: 'Sample', price: '2.00', sku: 'HB-S' },
      ...{ inventory_policy: 'continue', inventory_management: 'shopify', inventory_quantity: -2 },
    },
  ],
  images: [
    { id: 849, src: 'https://cdn.example/a.jpg' },
    { id: 850, src: 'https://cdn.example/b.jpg' },
  ],
  image: { id: 849, src: 'https://cdn.example/a.jpg' },
};

const shared = { product: '632910392', category: 'Coffee', url: '/products/house-blend' };

describe('products of Shopify', () => {
  it('of the REST API are items, one a variant', () => {
    const { items, skipped, warnings } = parseShopifyCatalog(
      { products: [REST] },
      { currency: 'USD' },
    );
    expect(items).toEqual([
      {
        ...{ ...shared, sku: 'HB-340-WB', name: 'House Blend - 340 g / Whole bean', price: 1500 },
        ...{ ref: '11', aliases: ['11'], available: true, image: 'https://cdn.example/b.jpg' },
      },
      {
        ...{ ...shared, sku: '12', name: 'House Blend - 1 kg / Filter', price: 3950 },
        ...{ ref: '12', available: false, image: 'https://cdn.example/a.jpg' },
      },
      {
        ...{ ...shared, sku: 'HB-S', name: 'House Blend - Sample', price: 200 },
        ...{ ref: '13', aliases: ['13'], available: true, image: 'https://cdn.example/a.jpg' },
      },
    ]);
    expect([skipped, warnings]).toEqual([[], []]);
  });
  it('are found by what orders call them', () => {
    const { items } = parseShopifyCatalog(REST, { currency: 'USD' });
    const index = indexCatalog(items);
    const { purchases } = parseShopify({
      ...{ id: 1, financial_status: 'paid', currency: 'USD' },
      line_items: REST.variants.map(({ id, sku, price }) => ({
        variant_id: id,
        sku,
        price,
        title: 'x',
      })),
    });
    for (const { sku } of purchases[0]?.lines ?? [])
      expect(index.item(index.canonical(sku ?? '')), `${sku}`).toBeDefined();
  });
  it('of the Storefront API have a currency of their own', () => {
    const product = {
      id: 'gid://shopify/Product/1',
      title: 'Latte &amp; more',
      handle: 'latte',
      productType: '',
      category: { name: 'Coffee' },
      onlineStoreUrl: 'https://shop.example/products/latte',
      featuredImage: { url: 'https://cdn.example/l.jpg' },
      variants: {
        edges: [
          {
            node: {
              id: 'gid://shopify/ProductVariant/2',
              title: 'Default Title',
              sku: 'LAT',
              availableForSale: false,
              price: { amount: '1.250', currencyCode: 'KWD' },
            },
          },
        ],
        pageInfo: { hasNextPage: true },
      },
    };
    for (const payload of [
      { data: { products: { edges: [{ node: product }] } } },
      { data: { collection: { products: { nodes: [product] } } } },
      { data: { product } },
    ])
      expect(parseShopifyCatalog(payload, { currency: 'USD' }).items).toEqual([
        {
          ...{ sku: 'LAT', name: 'Latte & more', ref: '2', product: '1', aliases: ['2', '1'] },
          ...{ category: 'Coffee', price: 1250, available: false },
          ...{ image: 'https://cdn.example/l.jpg', url: 'https://shop.example/products/latte' },
        },
      ]);
    expect(parseShopifyCatalog({ data: { product } }).warnings).toHaveLength(1);
  });
  it('of the Admin GraphQL API have prices in the currency of the shop', () => {
    const product = {
      ...{ id: 'gid://shopify/Product/1', title: 'Tea', handle: 'tea', status: 'ACTIVE' },
      featuredMedia: { preview: { image: { url: 'https://cdn.example/t.jpg' } } },
      variants: {
        nodes: [
          {
            ...{
              id: 'gid://shopify/ProductVariant/3',
              title: 'Default Title',
              sku: 'TEA',
              price: '4.20',
            },
            ...{ inventoryQuantity: 0, inventoryPolicy: 'DENY', inventoryItem: { tracked: false } },
          },
        ],
      },
    };
    expect(
      parseShopifyCatalog({ data: { products: { nodes: [product] } } }, { currency: 'EUR' }).items,
    ).toEqual([
      {
        ...{ sku: 'TEA', name: 'Tea', ref: '3', product: '1', aliases: ['3', '1'], price: 420 },
        ...{ available: true, image: 'https://cdn.example/t.jpg', url: '/products/tea' },
      },
    ]);
  });
  it.each([
    [{ status: 'draft' }, 'inactive'],
    [{ status: 'ARCHIVED' }, 'inactive'],
    [{ status: 'unlisted' }, 'inactive'],
    [{ published_at: null }, 'inactive'],
    [{ title: undefined }, 'not-an-order'],
  ])('with %j are left out as %s', (change, reason) => {
    const result = parseShopifyCatalog(
      { products: [REST, { ...REST, ...change }] },
      { currency: 'USD' },
    );
    expect(result.items).toHaveLength(3);
    expect(result.skipped).toEqual([{ reason, where: 'products[1]' }]);
  });
  it('without a currency have no price, and say so', () => {
    const { items, warnings } = parseShopifyCatalog(REST);
    expect(items.some(({ price }) => price !== undefined)).toBe(false);
    expect(warnings).toHaveLength(3);
  });
});

const OLD =
  'Handle,Title,Body (HTML),Vendor,Product Category,Type,Tags,Published,Option1 Name,Option1 Value,Option2 Name,Option2 Value,Variant SKU,Variant Grams,Variant Inventory Tracker,Variant Inventory Qty,Variant Inventory Policy,Variant Price,Image Src,Gift Card,Variant Image,Status\n' +
  'house-blend,House Blend,,H,Food > Coffee,Coffee,,true,Size,340 g,Grind,Whole,HB-W,340,shopify,3,deny,15.00,https://cdn.example/a.jpg,false,,active\n' +
  'house-blend,,,,,,,,,340 g,,Filter,HB-F,340,shopify,0,deny,15.50,https://cdn.example/b.jpg,,https://cdn.example/v.jpg,\n' +
  'house-blend,,,,,,,,,,,,,,,,,,https://cdn.example/c.jpg,,,\n' +
  'tea,Tea,,,,,,true,Title,Default Title,,,TEA,0,,,deny,4.00,,false,,active\n' +
  'old,Old,,,,,,true,Title,Default Title,,,OLD,0,,,deny,4.00,,false,,archived\n' +
  'card,Card,,,,,,true,Title,Default Title,,,GC,0,,,deny,10.00,,true,,active\n';
const NEW =
  'Title,URL handle,Type,Published on online store,Status,SKU,Option1 name,Option1 value,Price,Inventory tracker,Inventory quantity,Continue selling when out of stock,Product image URL,Variant image URL,Gift card\n' +
  'Tea,tea,Drinks,TRUE,Active,TEA,Title,Default Title,4.00,shopify,0,CONTINUE,https://cdn.example/t.jpg,,FALSE\n' +
  'Mug,mug,,FALSE,Active,MUG,Title,Default Title,9.00,shopify,1,DENY,,,FALSE\n';

describe('CSV files of products', () => {
  it('are grouped by handle', () => {
    const { items, skipped } = parseShopifyCatalog(OLD, { currency: 'USD' });
    expect(items).toEqual([
      {
        ...{
          sku: 'HB-W',
          name: 'House Blend - 340 g / Whole',
          product: 'house-blend',
          price: 1500,
        },
        ...{ category: 'Coffee', available: true, image: 'https://cdn.example/a.jpg' },
        url: '/products/house-blend',
      },
      {
        ...{
          sku: 'HB-F',
          name: 'House Blend - 340 g / Filter',
          product: 'house-blend',
          price: 1550,
        },
        ...{ category: 'Coffee', available: false, image: 'https://cdn.example/v.jpg' },
        url: '/products/house-blend',
      },
      {
        ...{ sku: 'TEA', name: 'Tea', product: 'tea', price: 400, available: true },
        url: '/products/tea',
      },
    ]);
    expect(skipped).toEqual([
      { reason: 'inactive', where: 'row 6' },
      { reason: 'not-an-order', where: 'row 7' },
    ]);
  });
  it('of today have other columns', () => {
    const { items, skipped } = parseShopifyCatalog(NEW, { currency: 'EUR' });
    expect(items).toEqual([
      {
        ...{ sku: 'TEA', name: 'Tea', product: 'tea', category: 'Drinks', price: 400 },
        ...{ available: true, image: 'https://cdn.example/t.jpg', url: '/products/tea' },
      },
    ]);
    expect(skipped).toEqual([{ reason: 'inactive', where: 'row 3' }]);
  });
});

it('products stay harmless however they are changed', () => {
  const check = ({ items, skipped }: ParsedCatalog): void => {
    for (const { sku, name, price } of items) {
      expect([typeof sku, typeof name]).toEqual(['string', 'string']);
      expect(sku && name).toBeTruthy();
      if (price !== undefined) expect(Number.isSafeInteger(price) && price >= 0).toBe(true);
    }
    expect(new Set(items.map(({ sku }) => sku)).size).toBe(items.length);
    for (const { where } of skipped) expect(typeof where).toBe('string');
  };
  let tried = 0;
  for (const { payload } of [...mutationsOf({ products: [REST] }, 1000), ...mutationsOfText(OLD)]) {
    check(parseShopifyCatalog(payload, { currency: 'EUR' }));
    tried++;
  }
  expect(tried).toBeGreaterThan(500);
});
