import { expect, it } from 'vitest';
import { parseShopify } from '../../src/formats/shopify.js';
import { describeShared, expectAsExpected, sharedData, tryMutations } from '../support/mutate.js';

describeShared('samples of Shopify', () => {
  it.each([
    'order-admin-rest.json',
    'orders-admin-rest-list.json',
    'order-webhook-cafe.json',
    'orders-export-admin.csv',
    'orders-transporter.csv',
    'orders-minimal.csv',
  ])('give the purchases expected of %s', (file) => {
    expectAsExpected(`shopify/${file}`, parseShopify);
  });
  it.each(['order-admin-rest.json', 'orders-admin-rest-list.json', 'order-webhook-cafe.json'])(
    'stay harmless however %s is changed',
    (file) => {
      const payload: unknown = JSON.parse(sharedData(`shopify/${file}`));
      expect(tryMutations((input) => parseShopify(input), payload)).toBeGreaterThan(1000);
    },
  );
  it.each(['orders-export-admin.csv', 'orders-transporter.csv', 'orders-minimal.csv'])(
    'stay harmless however %s is changed',
    (file) => {
      const text = sharedData(`shopify/${file}`);
      expect(tryMutations((input) => parseShopify(input), text)).toBeGreaterThan(20);
    },
  );
});
