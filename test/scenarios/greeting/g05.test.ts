import { describe, expect, it } from 'vitest';
import { at, orders, said, signedIn, usualOf } from './guest.js';

const NOW = at('2026-03-20 08:05');
const milks = (...newestFirst: readonly string[]): ReturnType<typeof orders> =>
  orders(
    NOW,
    newestFirst.map((_, index) => 1 + index * 7),
    (_, index) => [`Latte(milk:${newestFirst[index] ?? ''})`],
  );

describe('G05 modifiers vote', () => {
  it.each([
    [['whole', 'oat', 'oat', 'oat', 'oat']],
    [['oat', 'oat', 'whole', 'oat', 'oat', 'oat']],
  ])('takes the milk of most orders, not of the newest: %j', async (list) => {
    const page = await signedIn(NOW, milks(...list));
    const { text } = await said(page);
    expect(usualOf(page)).toMatchObject({
      kind: 'usual',
      lines: [{ modifiers: [{ name: 'oat' }] }],
    });
    expect(text).toMatch(/oat/);
    expect(text).not.toMatch(/whole/);
  });

  it('asks where sixty per cent are not reached', async () => {
    const page = await signedIn(NOW, milks('whole', 'oat', 'oat', 'whole', 'oat'));
    expect(usualOf(page)).toMatchObject({ kind: 'ask', lines: [{ modifiers: [] }] });
  });

  it('follows a group that has another name since', async () => {
    const before = milks('oat', 'oat', 'oat').map((order) => ({
      ...order,
      id: `old:${order.id}`,
      at: Number(order.at) - 30 * 86_400_000,
      lines: order.lines.map((line) => ({
        ...line,
        modifiers: [{ group: 'Milk (2025)', name: 'Oat' }],
      })),
    }));
    const page = await signedIn(NOW, [...milks('oat', 'oat', 'oat'), ...before]);
    expect(usualOf(page)).toMatchObject({ kind: 'usual', text: 'Latte (oat)' });
  });

  it('votes on what hangs on a choice among the orders that made that choice', async () => {
    const burger = (salt: boolean): Parameters<typeof signedIn>[1][number]['lines'] => [
      {
        sku: 'burger',
        name: 'Burger',
        modifiers: salt
          ? [
              { group: 'side', id: 'fries', name: 'fries' },
              { group: 'salt', id: 'truffle', name: 'truffle salt', under: 'fries' },
            ]
          : [{ group: 'side', id: 'salad', name: 'salad' }],
      },
    ];
    const orderOf = (day: number, salt: boolean): Parameters<typeof signedIn>[1][number] => ({
      id: `toast:${day}`,
      at: NOW - day * 86_400_000,
      lines: burger(salt),
    });
    const mostly = [1, 2, 3, 8, 9].map((day) => orderOf(day, day !== 3));
    expect(usualOf(await signedIn(NOW, mostly)).text).toBe('Burger (fries, truffle salt)');
    const turns = [1, 2, 8, 9].map((day) => orderOf(day, day % 2 === 1));
    const open = usualOf(await signedIn(NOW, turns));
    expect(open).toMatchObject({ kind: 'ask', lines: [{ modifiers: [] }] });
    expect(open.ask.map(({ group }) => group)).toEqual(['side', 'salt']);
  });
});
