import { describe, expect, it } from 'vitest';
import { allergiesIn, mayHold } from '../../../src/greeting/allergens.js';
import { en } from '../../../src/greeting/locales/en.js';
import { lookFor, type LookForShop } from '../../../src/greeting/look-for.js';
import { itemOfLine } from '../../../src/greeting/match-items.js';
import type { LookedFor } from '../../../src/greeting/types.js';
import type { Item } from '../../../src/recommend/types.js';

const item = (name: string, more: Partial<Item> = {}): Item => ({
  sku: name.toLowerCase().replace(/ /g, '-'),
  name,
  ...more,
});
const MENU: readonly Item[] = [
  item('Latte', {
    aliases: ['SKU-77'],
    category: 'Coffee',
    modifierGroups: [
      {
        id: 'milk',
        name: 'Milk',
        options: [
          { id: 'o', name: 'oat' },
          { id: 's', name: 'soy', available: false },
        ],
      },
    ],
  }),
  item('Iced latte', { category: 'Coffee' }),
  item('Crème brûlée'),
  item('Søren’s Ærø cake'),
  item('抹茶ラテ', { sku: 'matcha' }),
  item('قَهْوَة عربية', { sku: 'qahwa' }),
  item('Große Brezel'),
  item('Kettle small', { product: 'kettle', available: false }),
  item('Kettle large', { product: 'kettle' }),
];
const look = (query: Parameters<typeof lookFor>[0], shop: Partial<LookForShop> = {}): LookedFor =>
  lookFor(query, { items: MENU, ...shop }, en);
const have = (query: string): string | undefined => {
  const found = look(query);
  return found.kind === 'have' ? found.item.name : undefined;
};

describe('lookFor', () => {
  it.each([
    ['latte', 'Latte'],
    ['SKU-77', 'Latte'],
    ['  LATTE ', 'Latte'],
    ['lattes', 'Latte'],
    ['oat latte', 'Latte'],
    ['latte iced', 'Iced latte'],
    ['creme brulee', 'Crème brûlée'],
    ['CRÈME', 'Crème brûlée'],
    ['soren', 'Søren’s Ærø cake'],
    ['aero', 'Søren’s Ærø cake'],
    ['ラテ', '抹茶ラテ'],
    ['قهوة', 'قَهْوَة عربية'],
    ['grosse brezel', 'Große Brezel'],
    ['ｌａｔｔｅ', 'Latte'],
    ['kettle small', 'Kettle large'],
  ])('finds %s', (query, name) => {
    expect(have(query)).toBe(name);
  });

  it.each(['soy latte', 'late', 'decaf latte', 'x'])(
    'does not take %s for something else',
    (query) => {
      expect(look(query)).toMatchObject({ kind: 'none', reason: 'nothing' });
    },
  );

  it('tells the closest first, and the others', () => {
    expect(look('coffee')).toMatchObject({
      kind: 'have',
      item: { sku: 'latte' },
      others: [{ sku: 'iced-latte' }],
    });
  });

  it.each([
    '',
    '   ',
    '?!',
    'x'.repeat(10_000),
    '<b>latte</b>',
    '<img src=x onerror=alert(1)>',
    '\ud800',
    { sku: '' },
    undefined as never,
    null as never,
    5 as never,
    { sku: {} } as never,
  ])('has no answer to %j', (query) => {
    expect(look(query)).toMatchObject({ kind: 'none' });
    expect(look(query).text).not.toContain('<');
  });

  it.each(['__proto__', 'constructor', 'toString', '{$item}'])('says %s as text', (query) => {
    expect(look(query)).toMatchObject({ kind: 'none', reason: 'nothing' });
    expect(look(query).parts.find(({ type }) => type === 'item')?.value).toBe(query);
  });

  it('takes the referral of the thing before that of its words, its category, and anything', () => {
    const out = item('Atlas', { available: false, category: 'Books' });
    const all = [
      { name: 'Anybody', where: 'Main St.' },
      { name: 'Books', where: 'Elm St.', category: 'books' },
      { name: 'Words', where: 'Oak St.', words: ['atlas'] },
      { name: 'Sku', where: 'Bay St.', sku: 'atlas' },
    ];
    for (const name of ['Sku', 'Words', 'Books', 'Anybody']) {
      const referrals = all.slice(0, all.findIndex((one) => one.name === name) + 1);
      expect(look('atlas', { items: [out], referrals })).toMatchObject({ kind: 'referral', name });
    }
  });

  it('sends nobody away for what is here, and names a referral only as it is written', () => {
    const referrals = [
      { name: '<i>Corner</i>', where: 'Elm\u202e St.', url: 'https://corner.example' },
    ];
    expect(look('latte', { referrals }).kind).toBe('have');
    const found = look('shears', { referrals });
    expect(found).toMatchObject({ kind: 'referral', url: 'https://corner.example' });
    expect(found.text).not.toMatch(/\u202e/);
  });

  it('offers no substitute that is out, unknown, sensitive or the thing itself', () => {
    const near = ['out', 'nowhere', 'secret', 'wanted'].map((sku) => ({ sku, difference: 'near' }));
    const items = [
      item('wanted', { available: false, substitutes: near }),
      item('out', { available: false }),
      item('secret', { sensitive: true }),
    ];
    expect(look('wanted', { items })).toMatchObject({ kind: 'none', reason: 'nothing' });
  });

  it('claims nothing of a catalog that may lack what the shop has', () => {
    expect(look('shears', { complete: false })).toMatchObject({ reason: 'not-ready', text: '' });
    expect(look('latte', { complete: false }).kind).toBe('have');
  });

  it('answers the same question alike, and another guest by another ref', () => {
    expect(look('latte')).toEqual(look('latte'));
    expect(look('latte', { seed: 1 }).ref).not.toBe(look('latte', { seed: 2 }).ref);
  });

  it('searches ten thousand items in the blink of an eye, the second time', () => {
    const items = Array.from({ length: 10_000 }, (_, n) => item(`Thing number ${n} of many`));
    expect(look('thing 9999', { items })).toMatchObject({ kind: 'have' });
  });
});

describe('a referral to somebody with an allergy', () => {
  const wanted = item('Latte', {
    available: false,
    substitutes: [{ sku: 'almond-latte', difference: 'with almond' }],
  });
  const items = [wanted, item('Almond Latte', { allergens: ['almond'] })];

  it.each([
    ['Elm St', 'Corner Books, Elm St. Please ask our staff about allergens.'],
    ['Elm St.', 'Corner Books, Elm St. Please ask our staff about allergens.'],
  ])('ends before the next sentence begins: %s', (where, end) => {
    const referrals = [{ name: 'Corner Books', where }];
    const { text } = lookFor('latte', { items, referrals, allergies: ['nuts'] }, en);
    expect(text).toBe(`We have not got Latte. You can get it here: ${end}`);
  });
});

describe('allergens', () => {
  it.each([
    [['nuts'], ['Hazelnut'], true],
    [['Lactose'], ['milk'], true],
    [['gluten'], ['wheat flour'], true],
    [['nuts'], ['peanut'], true],
    [['peanuts'], ['may contain nuts'], true],
    [['fish'], ['anchovies'], true],
    [['nuts'], [], false],
    [['nuts'], undefined, true],
    [['kiwi'], ['milk'], true],
    [['kiwi'], [], false],
    [['Eier'], ['eier', 'milch'], true],
    [[], undefined, false],
  ])('of a guest with %j and a dish with %j', (allergies, allergens, expected) => {
    const dish = item('Dish', allergens && { allergens });
    expect(mayHold(dish, allergies, [dish])).toBe(expected);
  });

  it('take a word that the shop uses elsewhere for one that it knows', () => {
    const dish = item('Dish', { allergens: ['Milch'] });
    const other = item('Other', { allergens: ['Kiwi'] });
    expect(mayHold(dish, ['kiwi'], [dish, other])).toBe(false);
  });

  it('are read from lists, from words and from what is ticked, and not from anything else', () => {
    expect(allergiesIn('nuts, sesame;  ')).toEqual(['nuts', 'sesame']);
    expect(allergiesIn(['nuts', 5, null])).toEqual(['nuts']);
    expect(allergiesIn('none')).toEqual([]);
    expect(allergiesIn({ nuts: true, milk: false })).toEqual(['nuts']);
    expect(allergiesIn(5)).toEqual([]);
  });
});

describe('itemOfLine', () => {
  const bySku = (sku: string): Item | undefined => MENU.find((one) => one.sku === sku);
  const found = (sku: string | null, name: string, items = MENU): string | undefined =>
    itemOfLine({ sku, name }, bySku, items)?.sku;

  it('goes by sku, then by product, then by the very name', () => {
    expect(found('latte', 'Milk coffee')).toBe('latte');
    expect(found('kettle', 'Kettle large')).toBe('kettle-large');
    expect(found(null, ' iced  LATTE')).toBe('iced-latte');
    expect(found('old-1', 'Iced latte')).toBe('iced-latte');
  });

  it('takes none where it may be several, or only alike', () => {
    expect(found('kettle', 'Kettle')).toBeUndefined();
    expect(found(null, 'Latte iced')).toBeUndefined();
    expect(found(null, 'Latte', [...MENU, item('latte', { sku: 'other' })])).toBeUndefined();
    expect(found(null, '')).toBeUndefined();
  });
});
