import { describe, expect, it } from 'vitest';
import { labelOf, lineKey, matchOption } from '../../../src/greeting/line-key.js';
import { usableName, usableNames } from '../../../src/greeting/name.js';
import type { Item } from '../../../src/recommend/types.js';
import { line } from './guests.js';

const latte: Item = {
  sku: 'latte',
  name: 'Latte',
  modifierGroups: [
    { id: 'size', name: 'Size', options: [{ id: 's-r', name: 'Regular' }] },
    {
      id: 'milk',
      name: 'Milk',
      options: [
        { id: 'm-w', name: 'Whole', default: true },
        { id: 'm-o', name: 'Oat' },
      ],
    },
  ],
};

describe('lineKey', () => {
  it('ignores price, quantity, note, seat and the order of modifiers', () => {
    const one = line('Latte', ['milk:oat', 'extra hot']);
    const other = {
      ...line('Latte', ['extra hot', 'Milk:OAT '], 3),
      unitPrice: 1,
      note: 'x',
      seat: 2,
    };
    expect(lineKey(other)).toBe(lineKey(one));
  });

  it.each([
    ['another milk', ['milk:whole', 'extra hot']],
    ['one modifier less', ['milk:oat']],
    ['another quantity of a modifier', ['milk:oat', 'extra hot*0']],
    ['the same name in another group', ['foam:oat', 'extra hot']],
  ])('tells %s apart', (_what, modifiers) => {
    const key = lineKey(line('Latte', ['milk:oat', 'extra hot']));
    expect(lineKey(line('Latte', modifiers))).not.toBe(key);
  });

  it('tells a prefix, an id and what it hangs on apart', () => {
    const plain = line('Fries', ['salt']);
    for (const more of [{ pre: 'NO' }, { id: 'x' }, { under: 'y' }])
      expect(
        lineKey({ ...plain, modifiers: plain.modifiers.map((m) => ({ ...m, ...more })) }),
      ).not.toBe(lineKey(plain));
  });

  it('falls back to the folded name, and does not confuse it with a sku', () => {
    const unnamed = { ...line('Latte'), sku: null };
    expect(lineKey({ ...unnamed, name: ' LATTE ' })).toBe(lineKey(unnamed));
    expect(lineKey({ ...line('x'), sku: 'latte' })).not.toBe(lineKey(unnamed));
  });

  it('takes a default option for its absence, but only when the catalog says so', () => {
    expect(lineKey(line('Latte', ['milk:whole']), latte)).toBe(lineKey(line('Latte'), latte));
    expect(lineKey(line('Latte', ['milk:whole']))).not.toBe(lineKey(line('Latte')));
    expect(lineKey(line('Latte', ['milk:whole*2']), latte)).not.toBe(lineKey(line('Latte'), latte));
  });

  it('takes id and name of one option for the same, where the catalog knows both', () => {
    const byId = { ...line('Latte'), modifiers: [{ id: 'm-o', name: 'Hafer', quantity: 1 }] };
    expect(lineKey(byId, latte)).toBe(lineKey(line('Latte', ['Milk:oat']), latte));
  });

  it('cannot be fooled by separators in a name', () => {
    expect(lineKey(line('A', ['b","c']))).not.toBe(lineKey(line('A', ['b', 'c'])));
  });

  it('reads no price out of a label, and leaves other brackets alone', () => {
    expect(labelOf('Oat (+$0.60)')).toBe('Oat');
    expect(labelOf('Extra cheese € 2,00')).toBe('Extra cheese');
    expect(labelOf('Milk (2%)')).toBe('Milk (2%)');
    for (const price of [
      '(+US$0.60)',
      'R$ 2',
      '(+CHF 0.60)',
      '(+0.60 EUR)',
      '+5 kr',
      '(+60円)',
      ': $0.60',
      '(+0.60)',
    ])
      expect(labelOf(`Oat ${price}`)).toBe('Oat');
    for (const name of [
      'Lens -2.50',
      'Wings (12)',
      'Cable 12 ft',
      'Vitamin D 500 mcg',
      'Blood type B',
      'Spark 5',
      'Note: 5',
      'Shots (+1)',
    ])
      expect(labelOf(name)).toBe(name);
    expect(labelOf('Latte$5')).toBe('Latte');
    expect(lineKey(line('Latte', ['Oat (+€0.80)']))).toBe(lineKey(line('Latte', ['oat'])));
  });

  it('answers at once for a label of 100,000 digits', () => {
    const started = performance.now();
    for (const name of ['1'.repeat(100_000), ' '.repeat(100_000), '$1.'.repeat(50_000)])
      expect(lineKey({ sku: null, name, modifiers: [] }).length).toBeLessThan(1_000);
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});

describe('matchOption', () => {
  const groups = latte.modifierGroups ?? [];
  it('does not take a name of another group for a choice that is gone', () => {
    expect(matchOption(groups, { group: 'milk', name: 'regular', quantity: 1 })).toBeUndefined();
    expect(matchOption(groups, { group: 'old milks', name: 'oat', quantity: 1 })?.option.id).toBe(
      'm-o',
    );
  });
});

describe('usableNames', () => {
  it('says no title that is none', () => {
    for (const title of ['null', 'undefined', 'N/A', '—'])
      expect(usableNames({ family: 'Köhler', title })).toEqual({ family: 'Köhler' });
    expect(usableNames({ family: 'Köhler', title: 'Frau Dr.' })?.title).toBe('Frau Dr.');
  });
});

describe('usableName', () => {
  it.each([
    'null',
    ' Undefined ',
    'TEST',
    'guest',
    'n/a',
    '',
    '  ',
    '12',
    '\u202e',
    '[object Object]',
  ])('takes %j for no name', (name) => {
    expect(usableName(name)).toBeUndefined();
  });

  it('keeps a name as it was given, without what could turn the words around it', () => {
    expect(usableName('van der Berg')).toBe('van der Berg');
    expect(usableName('Sh\u202eep\u0000')).toBe('Sh ep');
    expect(usableName('静香')).toBe('静香');
    expect(Array.from(usableName('x'.repeat(10_000)) ?? '')).toHaveLength(40);
    expect(usableName('<img src=x onerror=alert(1)>')).toBe('<img src=x onerror=alert(1)>');
  });
});
