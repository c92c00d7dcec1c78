import { describe, expect, it } from 'vitest';
import { at, item, orders, said, signedIn, usualOf } from './guest.js';

const NOW = at('2026-03-20 19:05');
const burgers = (without: (day: number) => string): ReturnType<typeof orders> =>
  orders(NOW, [2, 4, 6, 8, 10, 12], (day) => [without(day)]);
const MENU = [item('Burger', { price: 1100 })];

describe('G06 modifiers tie', () => {
  it.each([
    [
      'no onions or nothing said',
      (day: number) => (day % 4 ? 'Burger' : 'Burger(no onions)'),
      /no onions/,
    ],
    [
      'two names of a group',
      (day: number) => `Burger(onions:${day % 4 ? 'with' : 'without'})`,
      /without/,
    ],
    [
      'three and three, not by turns',
      (day: number) => (day > 6 ? 'Burger' : 'Burger(no onions)'),
      /no onions/,
    ],
  ])('offers the burger and asks: %s', async (_, lineOf, question) => {
    const page = await signedIn(NOW, burgers(lineOf), { catalog: MENU });
    const { text, again } = await said(page);
    expect(usualOf(page)).toMatchObject({ kind: 'ask', lines: [{ sku: 'burger', modifiers: [] }] });
    expect(text).toMatch(/burger/i);
    expect(usualOf(page).ask[0]?.text).toMatch(question);
    expect(again).toMatchObject({ ready: false, cart: [] });
  });

  it('never drops a "no" that has the majority, also on a day without onions', async () => {
    const onions = { id: 'onions', name: 'onions', available: false };
    const catalog = [
      item('Burger', { modifierGroups: [{ id: 'top', name: 'Toppings', options: [onions] }] }),
    ];
    const page = await signedIn(
      NOW,
      orders(NOW, [1, 2, 3, 4], () => ['Burger(no onions)']),
      { catalog },
    );
    const { again, text } = await said(page);
    expect(text).toMatch(/no onions/);
    expect(again?.cart).toMatchObject([{ modifiers: [{ name: 'onions', quantity: 0 }] }]);
  });
});
