import { describe, expect, it } from 'vitest';
import { explainGreeting, explainUsual } from '../../../src/greeting/explain.js';
import { en } from '../../../src/greeting/locales/en.js';
import { resolveReorder } from '../../../src/greeting/reorder.js';
import type { Item } from '../../../src/recommend/types.js';
import { card, context, DAY, line, NOW, order, shepsOrders, spoken } from './guests.js';

const price = (minor: number): string => `€${(minor / 100).toFixed(2)}`;
const milk = (...names: string[]): NonNullable<Item['modifierGroups']> => [
  { id: 'milk', name: 'Milk', min: 1, options: names.map((name) => ({ id: name, name })) },
];

describe('greeting scenarios', () => {
  it('G01: somebody unknown hears a plain welcome and nothing of a memory', () => {
    const { said, chosen } = spoken(undefined, context({ level: 'none', may: { taste: false } }));
    expect(chosen.greeting.text).toBe('Welcome.');
    expect(said).not.toMatch(/back|again|remember|usual/i);
    expect(chosen.greeting.ref).toBe('g:neutral');
  });

  it('G02: one order before is named as last time, never as a habit', () => {
    const guest = card([order(Date.UTC(2026, 2, 2, 8, 14), [line('House Blend', [], 2)])]);
    for (let seed = 0; seed < 30; seed++) {
      const { said } = spoken(guest, context({ name: { given: 'Maya' }, seed }));
      expect(said).toMatch(/Maya/);
      expect(said).toMatch(/\bback\b/i);
      expect(said).toMatch(/last time/i);
      expect(said).toMatch(/2 × House Blend/);
      expect(said).not.toMatch(/usual|€|\$|450|4\.50|days|18/i);
    }
  });

  it('G03: the usual is named to the last modifier, without the odd order out', () => {
    const guest = card(shepsOrders());
    const { usual, said, chosen } = spoken(
      guest,
      context({ mode: 'kiosk', channel: 'kiosk', name: { given: 'Shep' } }),
    );
    expect(chosen.greeting.kind).toBe('regular');
    for (const word of ['Shep', 'usual', 'Latte', 'oat', 'extra hot', 'Almond croissant'])
      expect(said.toLowerCase()).toContain(word.toLowerCase());
    expect(said).not.toMatch(/flat white|whole|450|4\.50|€/i);
    expect(usual).toMatchObject({
      kind: 'usual',
      daypart: 'morning',
      lines: [
        { sku: 'latte', modifiers: [{ group: 'milk', name: 'oat' }, { name: 'extra hot' }] },
        { sku: 'almond-croissant', modifiers: [] },
      ],
    });
  });

  it('G04: at lunch it is the soup, and nobody is told when they usually come', () => {
    const noon = Date.UTC(2026, 2, 20, 13, 20);
    const soups = [2, 9, 16].map((days) => order(noon - days * DAY, [line('Soup')]));
    const guest = card([...shepsOrders(), ...soups]);
    const { said, usual } = spoken(guest, context({ now: noon, name: { given: 'Shep' } }));
    expect(usual.kind).toBe('usual');
    expect(said).toMatch(/soup/i);
    expect(said).not.toMatch(/latte|croissant|lunch|midday|noon|always come|mornings/i);
  });

  it('G05: four oats outvote the newest whole', () => {
    const guest = card([
      order(NOW - DAY, [line('Latte', ['milk:whole'])]),
      ...[8, 15, 22, 29].map((days) => order(NOW - days * DAY, [line('Latte', ['milk:oat'])])),
    ]);
    const { said, usual } = spoken(guest, context());
    expect(usual.kind).toBe('usual');
    expect(said).toMatch(/oat/);
    expect(said).not.toMatch(/whole/);
  });

  it('G06: onions by turns are asked about, never chosen', () => {
    const by = (days: number): readonly string[] => (days % 4 === 0 ? ['onions*0'] : []);
    const guest = card(
      [2, 4, 6, 8, 10, 12].map((days) => order(NOW - days * DAY, [line('Burger', by(days))])),
    );
    const { said, usual } = spoken(guest, context());
    expect(usual).toMatchObject({ kind: 'ask', lines: [{ sku: 'burger', modifiers: [] }] });
    expect(said).toMatch(/burger/i);
    expect(said).toMatch(/Burger: (no onions or as it comes|as it comes or no onions)\?/);
    const burger: Item = { sku: 'burger', name: 'Burger', price: 900 };
    if (usual.kind === 'none') throw new Error('no usual');
    const again = resolveReorder(usual.lines, () => burger, en, price, usual.ask);
    expect(again).toMatchObject({ ready: false, cart: [], changed: [{ kind: 'option-missing' }] });
  });

  it('G06: the same holds where onions are a choice of a group', () => {
    const by = (days: number): string => (days % 4 === 0 ? 'onions:without' : 'onions:with');
    const guest = card(
      [2, 4, 6, 8, 10, 12].map((days) => order(NOW - days * DAY, [line('Burger', [by(days)])])),
    );
    const { usual } = spoken(guest, context());
    expect(usual).toMatchObject({ kind: 'ask', lines: [{ modifiers: [] }] });
    expect(usual.kind !== 'none' && usual.ask[0]?.text).toMatch(
      /Burger, onions: with(out)? or with(out)?\?/,
    );
  });

  it('G07: a milk that is gone is said and asked for; nothing goes into the cart', () => {
    const { usual } = spoken(card(shepsOrders()), context());
    if (usual.kind === 'none') throw new Error('no usual');
    const latte: Item = {
      sku: 'latte',
      name: 'Latte',
      price: 450,
      modifierGroups: [
        ...milk('whole', 'soy'),
        { id: 'extras', name: 'Extras', options: [{ id: 'extra hot', name: 'extra hot' }] },
      ],
    };
    const croissant: Item = { sku: 'almond-croissant', name: 'Almond croissant', price: 300 };
    const again = resolveReorder(
      usual.lines,
      (sku) => [latte, croissant].find((item) => item.sku === sku),
      en,
      price,
    );
    expect(again.ready).toBe(false);
    expect(again.cart).toEqual([]);
    expect(again.changed).toHaveLength(1);
    expect(again.changed[0]).toMatchObject({
      kind: 'modifier-gone',
      modifier: { name: 'oat' },
      options: ['whole', 'soy'],
      text: 'oat is not available for Latte. Please choose: whole or soy.',
    });
    expect(again.changed[0]?.text).not.toMatch(/same/i);
  });

  it('G08: a usual that is out is said to be out, without hurry', () => {
    const guji: Item = {
      sku: 'ethiopia-guji',
      name: 'Ethiopia Guji',
      price: 1400,
      available: false,
    };
    const guest = card(
      [10, 40, 70].map((days) => order(NOW - days * DAY, [line('Ethiopia Guji')])),
    );
    const { usual } = spoken(guest, context(), [guji]);
    if (usual.kind === 'none') throw new Error('no usual');
    const again = resolveReorder(usual.lines, () => guji, en, price);
    expect(again).toMatchObject({ ready: false, cart: [] });
    expect(again.changed.map(({ text }) => text)).toEqual(['Ethiopia Guji is out just now.']);
    expect(again.changed[0]?.text).not.toMatch(/limited|hurry/i);
  });

  it('G12: a cancelled order counts for no visit and for no habit', () => {
    const kept = [3, 6].map((days) => order(NOW - days * DAY, [line('Latte')]));
    const cancelled = order(NOW - 9 * DAY, [line('Latte')], { status: 'cancelled' });
    const { usual, chosen } = spoken(card([...kept, cancelled]), context());
    expect(usual.kind).toBe('last');
    expect(chosen.because).toEqual([{ kind: 'visits', count: 2 }]);
  });

  it('G20: after a no the welcome is the very one of a stranger', () => {
    const refused = card(shepsOrders(), { consent: { remember: 'denied' } });
    const stranger = spoken(undefined, context({ level: 'none', may: { taste: false } }));
    const { chosen } = spoken(refused, context({ name: { given: 'Shep' }, seed: 99 }));
    expect(chosen).toEqual(stranger.chosen);
  });

  it('G19: a typed number at a kiosk sounds the same for known and unknown', () => {
    const here = { mode: 'kiosk', level: 'claimed', may: { taste: false } } as const;
    const known = spoken(card(shepsOrders()), context({ ...here, seed: 1 }));
    const unknown = spoken(undefined, context({ ...here, seed: 2 }));
    expect(JSON.stringify([known.chosen, known.usual])).toBe(
      JSON.stringify([unknown.chosen, unknown.usual]),
    );
  });

  it('says nothing of the customer in the why of a neutral greeting, and the visits in that of a regular', () => {
    const neutral = spoken(undefined, context({ level: 'none' })).chosen;
    expect(explainGreeting(neutral, context(), en)).toMatchObject({
      text: 'Everybody is welcomed like this.',
      controls: [],
    });
    const regular = spoken(card(shepsOrders()), context()).chosen;
    expect(explainGreeting(regular, context(), en).text).toBe(
      'You have ordered here 6 times in the last 90 days.',
    );
  });

  it('explains the usual by days, and claims nothing once the purchases are gone', () => {
    const guest = card(shepsOrders());
    const { usual } = spoken(guest, context());
    if (usual.kind === 'none') throw new Error('no usual');
    const why = explainUsual(usual, guest, context(), en);
    expect(why.text).toBe('You ordered this on 5 of your last 6 weekday mornings.');
    expect(why.evidence).toContainEqual(
      expect.objectContaining({ kind: 'purchases', ids: usual.purchases }),
    );
    expect(why.controls).toContain('wrong');
    const gone = explainUsual(usual, card([]), context(), en);
    expect(gone).toMatchObject({ text: '', evidence: [] });
  });
});
