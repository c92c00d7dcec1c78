import { describe, expect, it } from 'vitest';
import { en } from '../../../src/greeting/locales/en.js';
import { resolveReorder } from '../../../src/greeting/reorder.js';
import type { ReorderLine } from '../../../src/greeting/reorder.js';
import type { Reorder } from '../../../src/greeting/types.js';
import type { Item, ModifierGroup } from '../../../src/recommend/types.js';
import { modifier } from './guests.js';

const milk: ModifierGroup = {
  id: 'milk',
  name: 'Milk',
  min: 1,
  max: 1,
  options: [
    { id: 'w', name: 'Whole', default: true },
    { id: 'o', name: 'Oat', price: 60 },
  ],
};
const extras: ModifierGroup = {
  id: 'extras',
  name: 'Extras',
  options: [{ id: 'shot', name: 'Shot', price: 90 }],
};
const latte: Item<number> = {
  sku: 'latte',
  name: 'Latte',
  ref: 42,
  price: 450,
  modifierGroups: [milk, extras],
};
const of = (modifiers: readonly string[], more: Partial<ReorderLine> = {}): ReorderLine => ({
  sku: 'latte',
  name: 'Latte',
  quantity: 1,
  modifiers: modifiers.map(modifier),
  ...more,
});
const again = (line: ReorderLine, item: Item<number> | undefined = latte): Reorder<number> =>
  resolveReorder(
    [line],
    () => item,
    en,
    (minor) => `€${(minor / 100).toFixed(2)}`,
  );
const without = (group: ModifierGroup, name: string): ModifierGroup => ({
  ...group,
  options: group.options.filter((option) => option.name !== name),
});
const unavailable = (group: ModifierGroup, name: string): ModifierGroup => ({
  ...group,
  options: group.options.map((option) =>
    option.name === name ? { ...option, available: false } : option,
  ),
});

describe('resolveReorder', () => {
  it('asks what a habit leaves open in the words that it is shown with', () => {
    const options = [modifier('milk:oat'), null];
    const text = 'Latte, Milk: oat or as it comes?';
    const { changed } = resolveReorder([of([])], () => undefined, en, String, [
      { line: 0, group: 'milk', options, text },
    ]);
    expect(changed[0]).toMatchObject({ kind: 'option-missing', options: ['oat'], text });
  });

  it('says that something cannot be left out, not that it is not there', () => {
    const noOnions = { ...modifier('onions'), quantity: 0 };
    const { changed, cart } = again(of([], { modifiers: [noOnions] }));
    expect(changed.map(({ text }) => text)).toEqual(['no onions is not available for Latte.']);
    expect(cart).toEqual([]);
  });

  it('fills the cart with the options and the prices of today, and the item as the host gave it', () => {
    const { ready, changed, cart } = again(of(['milk:oat', 'extras:shot*2'], { quantity: 3 }));
    expect({ ready, changed }).toEqual({ ready: true, changed: [] });
    expect(cart).toEqual([
      {
        item: latte,
        quantity: 3,
        unitPrice: 450 + 60 + 180,
        modifiers: [
          { group: 'milk', id: 'o', name: 'Oat', quantity: 1, unitPrice: 60 },
          { group: 'extras', id: 'shot', name: 'Shot', quantity: 2, unitPrice: 90 },
        ],
      },
    ]);
  });

  it('names a price that changed, and stays ready', () => {
    const line = of(['milk:oat'], { unitPrice: 400 });
    const { ready, changed, cart } = again(line);
    expect(ready).toBe(true);
    expect(cart).toHaveLength(1);
    expect(changed).toEqual([
      {
        kind: 'price',
        line: 0,
        was: 400,
        is: 510,
        text: 'Latte is now €5.10 (it was €4.00).',
      },
    ]);
  });

  it('reads an earlier price with and without its modifiers', () => {
    const priced = { modifiers: [{ group: 'milk', name: 'oat', quantity: 1, unitPrice: 60 }] };
    expect(again(of([], { ...priced, unitPrice: 450 })).changed).toEqual([]);
    expect(again(of([], { ...priced, unitPrice: 510 })).changed).toEqual([]);
    expect(again(of([], { ...priced, unitPrice: 440 })).changed).toMatchObject([
      { was: 500, is: 510 },
    ]);
    expect(again(of(['milk:oat'], { unitPrice: null })).changed).toEqual([]);
  });

  it.each([
    ['is gone from its group', [without(milk, 'Oat'), extras], ['Whole']],
    ['is out', [unavailable(milk, 'Oat'), extras], ['Whole']],
    ['lost its group', [extras], []],
    ['belongs to an item that has no modifiers any more', [], []],
  ])('asks again when a modifier %s', (_what, modifierGroups, options) => {
    const { ready, changed, cart } = again(of(['milk:oat']), { ...latte, modifierGroups });
    expect({ ready, cart }).toEqual({ ready: false, cart: [] });
    expect(changed).toMatchObject([{ kind: 'modifier-gone', modifier: { name: 'oat' }, options }]);
  });

  it('finds a modifier whose group was renamed, by name', () => {
    const renamed = { ...milk, id: 'm2', name: 'Kind of milk' };
    const { ready, cart } = again(of(['milk:oat']), { ...latte, modifierGroups: [renamed] });
    expect(ready).toBe(true);
    expect(cart[0]?.modifiers).toMatchObject([{ group: 'm2', id: 'o' }]);
  });

  it('keeps "no shot" true on a day without shots, and refuses the shot itself', () => {
    const item = { ...latte, modifierGroups: [milk, unavailable(extras, 'Shot')] };
    expect(again(of(['extras:shot*0']), item).ready).toBe(true);
    expect(again(of(['extras:shot']), item).ready).toBe(false);
  });

  it('asks for a choice that today must be made', () => {
    const options = milk.options.map(({ id, name }) => ({ id, name }));
    const item = { ...latte, modifierGroups: [{ ...milk, options }] };
    expect(again(of([]), item)).toMatchObject({
      ready: false,
      cart: [],
      changed: [{ kind: 'option-missing', group: 'Milk', options: ['Whole', 'Oat'] }],
    });
  });

  it('asks when what came by default is out, whether or not it must be chosen', () => {
    for (const min of [0, 1]) {
      const group = { ...unavailable(milk, 'Whole'), min };
      expect(again(of([]), { ...latte, modifierGroups: [group] })).toMatchObject({
        ready: false,
        changed: [{ kind: 'option-missing', options: ['Oat'] }],
      });
    }
  });

  it('asks when more was chosen than may be', () => {
    expect(again(of(['milk:oat', 'milk:whole'])).changed).toMatchObject([
      { kind: 'option-missing', group: 'Milk' },
    ]);
  });

  it('says gone of what it does not know, and out of what is not there today', () => {
    expect(resolveReorder([of([])], () => undefined, en, String).changed).toMatchObject([
      { kind: 'gone', reason: 'unknown', text: 'We no longer have Latte.' },
    ]);
    expect(again(of([]), { ...latte, available: false }).changed).toMatchObject([
      { kind: 'gone', reason: 'unavailable', text: 'Latte is out just now.' },
    ]);
    expect(again(of([], { sku: null })).ready).toBe(false);
  });

  it('empties the whole cart for one open line', () => {
    const itemOf = (sku: string): Item | undefined => (sku === 'latte' ? latte : undefined);
    const lines = [of([]), of([], { sku: 'scone', name: 'Scone' })];
    expect(resolveReorder(lines, itemOf, en, String)).toMatchObject({
      ready: false,
      cart: [],
      changed: [{ line: 1 }],
      lines,
    });
  });

  it('passes modifiers through where the catalog knows none, without a price it cannot know', () => {
    const { modifierGroups: _none, ...shirt } = latte;
    const [plain] = again(of(['size:XL']), shirt).cart;
    expect(plain).toMatchObject({ unitPrice: 450, modifiers: [{ group: 'size', name: 'XL' }] });
    const printed = [{ name: 'print', quantity: 1, unitPrice: 500 }];
    const [priced] = again(of([], { modifiers: printed }), shirt).cart;
    expect(priced?.modifiers).toEqual(printed);
    expect(priced).not.toHaveProperty('unitPrice');
  });

  it('has no price where the catalog has none, and is not ready for nothing', () => {
    const { price: _none, ...free } = latte;
    expect(again(of(['milk:oat']), free).cart[0]).not.toHaveProperty('unitPrice');
    expect(resolveReorder([], () => latte, en, String)).toEqual({
      ready: false,
      checked: true,
      changed: [],
      cart: [],
      lines: [],
    });
  });
});
