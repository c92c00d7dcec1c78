import { expect, it } from 'vitest';
import { createTestRegulars } from '../../src/testing/create-test-regulars.js';

it.each([
  ['first', 'neutral', 'none'],
  ['returning', 'returning', 'last'],
  ['regular', 'regular', 'usual'],
] as const)('a page under test meets a %s customer', async (customer, greeting, usual) => {
  const { regulars } = await createTestRegulars({ customer });
  expect(regulars.greeting().kind).toBe(greeting);
  expect(regulars.usual().kind).toBe(usual);
});

it('two of them say the same words, and time stands still until it is advanced', async () => {
  const [a, b] = await Promise.all([
    createTestRegulars({ customer: 'regular' }),
    createTestRegulars({ customer: 'regular' }),
  ]);
  expect(a.regulars.greeting()).toEqual(b.regulars.greeting());
  const before = a.clock.now();
  a.clock.advance(5_000);
  expect(a.clock.now()).toBe(before + 5_000);
});

it('one who has not come for months is welcomed back as such, without a habit being pressed', async () => {
  const { regulars } = await createTestRegulars({
    customer: 'lapsed',
    now: '2026-03-03T08:05:00Z',
  });
  expect(regulars.greeting()).toMatchObject({ kind: 'lapsed' });
});
