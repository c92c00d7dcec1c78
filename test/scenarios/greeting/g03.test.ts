import { describe, expect, it } from 'vitest';
import { at, group, item, orders, said, signedIn, usualOf } from './guest.js';

const NOW = at('2026-03-20 08:05');
const MENU = [
  item('Latte', {
    price: 480,
    modifierGroups: [group('milk', 'whole', 'oat'), group('extras', 'extra hot', 'shot')],
  }),
  item('Almond croissant', { price: 320 }),
  item('Flat white'),
];
const LATTE = 'Latte(milk:oat, extra hot)';
const habit = (days: readonly number[]): ReturnType<typeof orders> =>
  orders(NOW - 10 * 60_000, days, () => [LATTE, 'Almond croissant']);
const odd = orders(NOW, [3], () => ['Flat white(milk:whole)']);

describe('G03 the usual', () => {
  it.each([
    ['five of six orders', [...habit([1, 8, 15, 22, 36]), ...odd]],
    ['in another order of records', [...odd, ...habit([36, 15, 1, 22, 8])]],
    ['three working days of four', [...habit([1, 2, 7]), ...odd]],
    [
      'the modifiers told the other way round, prices in their labels',
      [
        ...orders(NOW, [1, 8, 15], () => ['Almond croissant', 'Latte(extra hot, milk:Oat)']),
        ...habit([22, 29]),
      ],
    ],
  ])('is named to the last modifier and ordered by one tap: %s', async (_, history) => {
    const page = await signedIn(NOW, history, { catalog: MENU });
    const { text, again } = await said(page);
    for (const word of ['shep', 'usual', 'latte', 'oat', 'extra hot', 'almond croissant'])
      expect(text.toLowerCase()).toContain(word);
    expect(text).not.toMatch(/flat white|whole|4[.,]?50|€/i);
    expect(again?.ready).toBe(true);
    const cart = new Map(again?.cart.map((one) => [one.item.sku, one]));
    expect(cart.get('almond-croissant')).toMatchObject({
      quantity: 1,
      modifiers: [],
      unitPrice: 320,
    });
    expect(cart.get('latte')).toMatchObject({ quantity: 1, unitPrice: 480 });
    const names = cart.get('latte')?.modifiers.map(({ name }) => name);
    expect([cart.size, names?.sort()]).toEqual([2, ['extra hot', 'oat']]);
  });

  it('names a price that has changed since, and is as ready', async () => {
    const history = habit([1, 8, 15]).map((order) => ({
      ...order,
      lines: order.lines.map((line) => ({ ...line, unitPrice: line.sku === 'latte' ? 430 : 320 })),
    }));
    const page = await signedIn(NOW, history, { catalog: MENU });
    const { again, greeting } = await said(page);
    expect(again).toMatchObject({ ready: true, changed: [{ kind: 'price', was: 430, is: 480 }] });
    expect(again?.changed[0]?.text).toMatch(/4\.80/);
    expect(greeting).not.toMatch(/\d\.\d\d/);
  });

  it('says nothing of a kiosk guest before the code, and the usual after it', async () => {
    const page = await signedIn(NOW, habit([1, 8, 15]), { catalog: MENU });
    expect(usualOf(page).share).toBeGreaterThan(0.5);
    await page.signOut();
    expect(page.usual().kind === 'none' || page.get().level === 'device').toBe(true);
  });

  it('keeps the table, the seat, and a note that came twice', async () => {
    const history = habit([1, 2, 3]).map((order, index) => ({
      ...order,
      place: { id: 'main', table: index === 2 ? '4' : '7' },
      lines: order.lines.map((line) => ({
        ...line,
        seat: 2,
        ...(line.sku === 'latte' && { note: index === 0 ? 'In a glass' : 'in a  glass' }),
      })),
    }));
    const page = await signedIn(NOW, history, {
      catalog: MENU,
      place: { id: 'main' },
      keep: ['notes'],
    });
    expect(usualOf(page)).toMatchObject({
      table: '7',
      lines: [{ seat: 2, note: 'In a glass' }, { seat: 2 }],
    });
    const { again, text } = await said(page);
    expect(JSON.stringify(again?.cart)).not.toMatch(/glass/i);
    expect(text).not.toMatch(/glass/i);
  });
});
