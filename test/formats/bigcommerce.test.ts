import { expect, it } from 'vitest';
import { parseBigCommerce } from '../../src/formats/bigcommerce.js';
import { describeShared, expectAsExpected, sharedData, tryMutations } from '../support/mutate.js';

const FILES = ['order-v2-with-products.json'];

describeShared('samples of BigCommerce', () => {
  it.each(FILES)('give the purchases expected of %s', (file) => {
    expectAsExpected(`bigcommerce/${file}`, parseBigCommerce);
  });
  it.each(FILES)('stay harmless however %s is changed', (file) => {
    const payload: unknown = JSON.parse(sharedData(`bigcommerce/${file}`));
    expect(tryMutations((input) => parseBigCommerce(input), payload)).toBeGreaterThan(500);
  });
});
