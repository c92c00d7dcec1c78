import { describe, expect, it } from 'vitest';
import { findUsual } from '../../../src/greeting/find-usual.js';
import type { Usual } from '../../../src/greeting/types.js';
import type { CardPurchase, DismissalData } from '../../../src/profile/types.js';
import type { Item } from '../../../src/recommend/types.js';
import { card, context, DAY, line, NOW, order } from './guests.js';

const lattes = (days: readonly number[], more: Partial<CardPurchase> = {}): CardPurchase[] =>
  days.map((ago) => order(NOW - ago * DAY, [line('Latte')], more));
const skusOf = (usual: Usual): readonly (string | null)[] =>
  usual.kind === 'none' ? [] : usual.lines.map(({ sku }) => sku);

describe('findUsual', () => {
  it('needs three orders for a habit', () => {
    expect(findUsual(card(lattes([1, 8])), context()).kind).toBe('last');
    expect(findUsual(card(lattes([1, 8, 15])), context()).kind).toBe('usual');
  });

  it.each([
    ['a gift', { gift: true }],
    ['unproved', { unproved: true }],
    ['refunded', { status: 'refunded' }],
    ['cancelled', { status: 'cancelled' }],
    ['open', { status: 'open' }],
  ] as const)('counts no order that is %s', (_what, more) => {
    const orders = [...lattes([1, 8]), ...lattes([15], more)];
    expect(findUsual(card(orders), context()).kind).toBe('last');
    expect(findUsual(card(lattes([1, 8, 15], more)), context())).toEqual({
      kind: 'none',
      reason: 'no-history',
    });
  });

  it('leaves out what came back of an order, and keeps the rest', () => {
    const lines = [line('Latte'), { ...line('Scone'), refundedQuantity: 1 }];
    const guest = card(
      [1, 8, 15].map((ago) => order(NOW - ago * DAY, lines, { status: 'partially_refunded' })),
    );
    expect(skusOf(findUsual(guest, context()))).toEqual(['latte']);
  });

  it('leaves out an order of more than four times the median size', () => {
    const party = (n: number): CardPurchase => order(NOW - DAY, [line('Cake', [], n)]);
    const usual = (n: number): Usual => findUsual(card([party(n), ...lattes([8, 15])]), context());
    expect(skusOf(usual(4))).toEqual(['cake']);
    expect(skusOf(usual(5))).toEqual(['latte']);
  });

  it('takes the finest context that has three orders', () => {
    const saturday = NOW + DAY;
    const tea = [7, 14, 21].map((ago) => order(saturday - ago * DAY, [line('Tea')]));
    const guest = card([...lattes([1, 2, 3, 4]), ...tea]);
    const weekend = findUsual(guest, context({ now: saturday }));
    expect(weekend).toMatchObject({ daypart: 'morning', weekend: true });
    expect(skusOf(weekend)).toEqual(['tea']);
    const evening = findUsual(card(lattes([1, 2, 3])), context({ now: NOW + 10 * 3_600_000 }));
    expect(evening).toMatchObject({ kind: 'usual' });
    expect(evening).not.toHaveProperty('daypart');
    expect(evening).not.toHaveProperty('weekend');
  });

  it('lets the last weeks outweigh what was', () => {
    const guest = card([
      ...[1, 8, 15].map((ago) => order(NOW - ago * DAY, [line('Tea')])),
      ...lattes([92, 99, 106, 113, 120]),
    ]);
    const here = context({ channel: 'pos' });
    expect(skusOf(findUsual(guest, here))).toEqual(['tea']);
    const slow = findUsual(guest, here, undefined, { halfLifeDays: 10_000 });
    expect(skusOf(slow)).toEqual(['latte']);
  });

  it('lets retail forget more slowly: a web history without modifiers and tables', () => {
    const orders = [
      ...[1, 8, 15].map((ago) => order(NOW - ago * DAY, [line('Tea')])),
      ...lattes([92, 99, 106, 113, 120, 127, 134]),
    ];
    expect(skusOf(findUsual(card(orders), context({ channel: 'web' })))).toEqual(['latte']);
    expect(skusOf(findUsual(card(orders), context({ channel: 'kiosk' })))).toEqual(['tea']);
  });

  it('forgets the last order after 365 days', () => {
    expect(findUsual(card(lattes([365])), context()).kind).toBe('last');
    expect(findUsual(card(lattes([366])), context()).kind).toBe('none');
  });

  it('has no usual where nothing has half of the weight', () => {
    const names = ['Tea', 'Latte', 'Mocha', 'Cocoa', 'Chai', 'Juice'];
    const guest = card(names.map((name, at) => order(NOW - at * DAY, [line(name)])));
    expect(findUsual(guest, context())).toMatchObject({ kind: 'last', share: 1 });
  });

  it('offers the lines that are always there when no basket comes three times', () => {
    const guest = card(
      ['Scone', 'Muffin', 'Bagel', 'Toast'].map((name, at) =>
        order(NOW - at * DAY, [line('Latte'), line(name)]),
      ),
    );
    expect(skusOf(findUsual(guest, context()))).toEqual(['latte']);
  });

  it("keeps a couple's two lattes two, each with its milk", () => {
    const both = [line('Latte', ['milk:oat']), line('Latte', ['milk:whole'])];
    const guest = card(
      [1, 8, 15].map((ago) => order(NOW - ago * DAY, ago === 8 ? [...both].reverse() : both)),
    );
    const usual = findUsual(guest, context());
    expect(usual).toMatchObject({
      kind: 'usual',
      lines: [{ modifiers: [{ name: 'oat' }] }, { modifiers: [{ name: 'whole' }] }],
    });
  });

  it('keeps "no onions", and two shots typed one by one', () => {
    const guest = card(
      [1, 8, 15].map((ago) =>
        order(NOW - ago * DAY, [line('Burger', ['onions*0', 'shot', 'shot'])]),
      ),
    );
    const usual = findUsual(guest, context());
    expect(usual).toMatchObject({
      kind: 'usual',
      lines: [
        {
          modifiers: [
            { name: 'onions', quantity: 0 },
            { name: 'shot', quantity: 2 },
          ],
        },
      ],
      text: 'Burger (no onions, extra shot)',
    });
  });

  it('asks only for the topping that comes by turns, not for the one that always comes', () => {
    const guest = card(
      [1, 2, 3, 4].map((ago) =>
        order(NOW - ago * DAY, [line('Pizza', ['top:cheese', ...(ago % 2 ? ['top:ham'] : [])])]),
      ),
    );
    expect(findUsual(guest, context())).toMatchObject({
      kind: 'ask',
      lines: [{ modifiers: [{ name: 'cheese' }] }],
      ask: [{ line: 0, group: 'top', options: [{ name: 'ham' }, null] }],
    });
  });

  it('asks between a choice and the default by name', () => {
    const item: Item = {
      sku: 'latte',
      name: 'Latte',
      modifierGroups: [
        {
          id: 'milk',
          name: 'Milk',
          options: [
            { id: 'w', name: 'whole', default: true },
            { id: 'o', name: 'oat' },
          ],
        },
      ],
    };
    const guest = card(
      [1, 2, 3, 4].map((ago) =>
        order(NOW - ago * DAY, [line('Latte', [ago % 2 ? 'milk:oat' : 'milk:whole'])]),
      ),
    );
    expect(findUsual(guest, context(), () => item)).toMatchObject({
      kind: 'ask',
      ask: [{ text: 'Latte, Milk: oat or whole?' }],
    });
  });

  it('takes the quantity in the middle', () => {
    const guest = card([1, 2, 9, 3].map((n, at) => order(NOW - at * DAY, [line('Latte', [], n)])));
    expect(findUsual(guest, context())).toMatchObject({ lines: [{ quantity: 2 }] });
  });

  it('knows the habitual table of this place, and of no other', () => {
    const at = (table: string): Partial<CardPurchase> => ({ place: { id: 'main', table } });
    const guest = card([...lattes([1, 2], at('7')), ...lattes([3], at('2'))]);
    expect(findUsual(guest, context({ place: { id: 'main' } }))).toMatchObject({ table: '7' });
    expect(findUsual(guest, context({ place: { id: 'port' } }))).not.toHaveProperty('table');
    const turns = card([...lattes([1, 2], at('7')), ...lattes([3, 4], at('2'))]);
    expect(findUsual(turns, context({ place: { id: 'main' } }))).not.toHaveProperty('table');
  });

  it('says nothing below the level, whoever it is', () => {
    const here = context({ may: { taste: false } });
    expect(findUsual(card(lattes([1, 2, 3])), here)).toEqual({
      kind: 'none',
      reason: 'need-proof',
    });
    expect(findUsual(undefined, here)).toEqual({ kind: 'none', reason: 'need-proof' });
  });

  it('names nothing that the catalog flags sensitive', () => {
    const secret: Item = { sku: 'latte', name: 'Latte', sensitive: true };
    expect(findUsual(card(lattes([1, 2, 3])), context(), () => secret).kind).toBe('none');
  });

  it('follows an alias to the item of today', () => {
    const item: Item = { sku: 'latte-2', name: 'Caffè latte', aliases: ['latte'] };
    expect(findUsual(card(lattes([1, 2, 3])), context(), () => item)).toMatchObject({
      lines: [{ sku: 'latte-2', name: 'Caffè latte' }],
    });
  });

  describe('after a dismissal', () => {
    const after = (given: Omit<DismissalData, 'at'>, ago = 0.5, days = [1, 2, 3]): Usual =>
      findUsual(card(lattes(days), { dismissals: [{ ...given, at: NOW - ago * DAY }] }), context());
    const usual = { kind: 'usual', skus: ['latte'] } as const;
    const item = { kind: 'item', sku: 'latte' } as const;

    it.each([
      { reason: 'stop', target: usual },
      { reason: 'stop', target: item },
      { reason: 'wrong', target: usual },
      { reason: 'gift', target: item },
      { reason: 'gift', target: usual },
    ] as const)('$reason of $target.kind silences it', (given) => {
      expect(after(given)).toEqual({ kind: 'none', reason: 'dismissed' });
    });

    it('"wrong" and "gift" judge what was bought until then, "stop" holds', () => {
      expect(after({ reason: 'wrong', target: usual }, 10).kind).toBe('usual');
      expect(after({ reason: 'gift', target: item }, 10).kind).toBe('usual');
      expect(after({ reason: 'stop', target: item }, 10).kind).toBe('none');
    });

    it('"not now" rests for the day', () => {
      expect(after({ reason: 'not-now', target: usual }, 0.2)).toEqual({
        kind: 'none',
        reason: 'dismissed',
      });
      expect(after({ reason: 'not-now', target: usual }, 1.5).kind).toBe('usual');
    });
  });

  it('gives the same ref in a visit, another one to another guest or another usual', () => {
    const guest = card(lattes([1, 2, 3]));
    const ref = (seed: number, purchases = guest): string | undefined => {
      const found = findUsual(purchases, context({ seed }));
      return found.kind === 'none' ? undefined : found.ref;
    };
    expect(ref(1)).toBe(ref(1));
    expect(ref(1)).not.toBe(ref(2));
    expect(ref(1)).not.toBe(ref(1, card([order(NOW - DAY, [line('Tea')])])));
    expect(ref(1)).toMatch(/^u:/);
  });
});
