import { describe, expect, it } from 'vitest';
import { at, DAY, orders, said, signedIn, usualOf } from './guest.js';

const NOON = at('2026-03-20 13:20');
const MORNING = at('2026-03-20 08:00');
const lattes = orders(MORNING, [1, 2, 3, 8, 9], () => ['Latte(milk:oat)']);

describe('G04 the hour decides', () => {
  it.each([
    ['working days', [2, 3, 9]],
    ['any day of the week', [6, 7, 9]],
  ])('offers the soup at noon, and does not say when they come: %s', async (_, days) => {
    const page = await signedIn(NOON, [...lattes, ...orders(NOON, days, () => ['Soup'])]);
    const { text } = await said(page);
    expect(usualOf(page).lines).toMatchObject([{ sku: 'soup' }]);
    expect(text).toMatch(/soup/i);
    expect(text).not.toMatch(/latte|oat|lunch|noon|midday|usually come|13/i);
  });

  it('offers the latte in the morning of the same guest', async () => {
    const page = await signedIn(MORNING, [
      ...lattes,
      ...orders(NOON - DAY, [1, 2, 8], () => ['Soup']),
    ]);
    expect(usualOf(page).lines).toMatchObject([{ sku: 'latte' }]);
  });

  it('goes by the zone of the place, not by that of the clock', async () => {
    const tokyo = orders(NOON, [1, 2, 3], () => ['Ramen']).concat(
      orders(MORNING + 15 * 3_600_000 - DAY, [1, 2, 3], () => ['Natto']),
    );
    const page = await signedIn(at('2026-03-20 04:20'), tokyo, {
      timeZone: 'Asia/Tokyo',
      mode: 'storefront',
    });
    page.setContext({ timeZone: 'Asia/Tokyo', channel: 'pos' });
    // 13:20 there; 13:20 UTC is 22:20 there, and 23:00 UTC is 08:00
    expect(usualOf(page)).not.toHaveProperty('daypart');
  });
});
