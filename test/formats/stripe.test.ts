import { expect, it } from 'vitest';
import { parseStripe } from '../../src/formats/stripe.js';
import { describeShared, expectAsExpected, sharedData, tryMutations } from '../support/mutate.js';

const FILES = ['checkout-session-fixture.json', 'checkout-session-completed-expanded.json'];

describeShared('samples of Stripe', () => {
  it.each(FILES)('give the purchases expected of %s', (file) => {
    expectAsExpected(`stripe/${file}`, parseStripe);
  });
  it.each(FILES)('stay harmless however %s is changed', (file) => {
    const payload: unknown = JSON.parse(sharedData(`stripe/${file}`));
    expect(tryMutations((input) => parseStripe(input), payload)).toBeGreaterThan(500);
  });
});
