import { describe, expect, it } from 'vitest';
import type { Item } from '../../../src/recommend/types.js';
import { at, group, item, orders, said, signedIn, usualOf } from './guest.js';

const NOW = at('2026-03-20 08:05');
const habit = orders(NOW, [1, 8, 15, 22], () => ['Latte(milk:oat, extra hot)']);
const extras = group('extras', 'extra hot', 'shot');
const latte = (...milks: readonly string[]): Item =>
  item('Latte', { modifierGroups: [{ ...group('milk', ...milks), min: 1 }, extras] });
const oatIsOut = {
  ...group('milk', 'whole', 'soy'),
  options: [
    { id: 'whole', name: 'whole', default: true },
    { id: 'soy', name: 'soy' },
    { id: 'oat', name: 'oat', available: false },
  ],
};

describe('G07 a modifier is gone', () => {
  it.each([
    ['no longer in its group', latte('whole', 'soy')],
    ['not available today', item('Latte', { modifierGroups: [oatIsOut, extras] })],
    ['its whole group is gone', item('Latte', { modifierGroups: [extras] })],
    [
      'its group has another name',
      item('Latte', {
        modifierGroups: [{ ...group('type of milk', 'whole', 'soy'), min: 1 }, extras],
      }),
    ],
  ])('says so, asks for another, and orders nothing: %s', async (_, today) => {
    const page = await signedIn(NOW, habit, { catalog: [today] });
    const { text, greeting, again } = await said(page);
    expect(greeting).toMatch(/oat is not available/i);
    expect(greeting).not.toMatch(/the usual|\?$/i);
    expect(text).not.toMatch(/same/i);
    expect(usualOf(page)).toMatchObject({
      kind: 'ask',
    });
    expect(usualOf(page).changes?.[0]).toMatchObject({
      ...{ kind: 'modifier-gone', line: 0, modifier: { name: 'oat' } },
    });
    if (!_.includes('whole group')) expect(greeting).toMatch(/whole or soy/);
    expect(again).toMatchObject({ ready: false, checked: true, cart: [] });
    expect(page.why(usualOf(page).ref)?.text).toMatch(/\w/);
  });

  it('is the usual again as soon as the catalog has oat', async () => {
    const page = await signedIn(NOW, habit, { catalog: [latte('whole', 'oat')] });
    expect(usualOf(page)).toMatchObject({ kind: 'usual' });
    expect(usualOf(page)).not.toHaveProperty('changes');
    const { greeting, again } = await said(page);
    expect(greeting).toMatch(/the usual: latte \(oat, extra hot\)\?/i);
    expect(again?.ready).toBe(true);
  });

  it.each([
    ['a required group that nobody chose in', [{ ...group('size', 'small', 'large'), min: 1 }]],
    [
      'more choices than a group takes now',
      [{ ...extras, options: [{ id: 'oat', name: 'oat' }, ...extras.options], max: 1 }],
    ],
  ])('asks for %s', async (_, groups) => {
    const catalog = [item('Latte', { modifierGroups: [group('milk', 'oat'), extras, ...groups] })];
    const more = _.startsWith('more') ? [item('Latte', { modifierGroups: groups })] : catalog;
    const page = await signedIn(NOW, habit, { catalog: more });
    const { again } = await said(page);
    expect(again).toMatchObject({ ready: false, cart: [], changed: [{ kind: 'option-missing' }] });
  });

  it('says the words of a visit anew when they were said before the catalog came', async () => {
    let deliver: (items: readonly Item[]) => void = () => undefined;
    const late = new Promise<readonly Item[]>((resolve) => (deliver = resolve));
    const loading = signedIn(NOW, habit, { catalog: () => late });
    setTimeout(() => deliver([latte('whole', 'soy')]), 20);
    const page = await loading;
    const { greeting } = await said(page);
    expect(greeting).toMatch(/oat is not available/i);
  });
});
