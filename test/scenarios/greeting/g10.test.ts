import { describe, expect, it } from 'vitest';
import { at, DAY, line, signedIn } from './guest.js';
import { everyWord, FORBIDDEN, greetingOf, settled } from './words.js';

const LAST = at('2025-10-01 10:00');
const orders = Array.from({ length: 8 }, (_, index) => ({
  id: `web:${index}`,
  at: LAST - index * 12 * DAY,
  lines: [line('Tea')],
}));

describe('G10 lapsed', () => {
  it.each(Array.from({ length: 8 }, (_, day) => day))(
    'is greeted by name and gladly, without a reproach, a count or a discount: day %i',
    async (day) => {
      const page = await signedIn(at('2026-03-01 10:00') + day * DAY, orders, {}, 'Ines');
      await settled(page);
      const { kind, text, ref } = greetingOf(page);
      expect(kind).toBe('lapsed');
      expect(text).toMatch(/^(Good to see you|How nice to see you again), Ines\./);
      const why = page.why(ref);
      expect(why?.rule).toBe('lapsed');
      expect(why?.evidence).toMatchObject([
        { kind: 'rhythm' },
        { kind: 'visits', count: 8 },
        { kind: 'purchases', ids: orders.map(({ id }) => id) },
      ]);
      for (const said of [everyWord(page), JSON.stringify(why?.text)]) {
        expect(said).not.toMatch(FORBIDDEN);
        expect(said).not.toMatch(/discount|off|miss|absen|away|151/i);
      }
    },
  );

  it('is no matter of a number of days: who comes every two months is not missed after two', async () => {
    const rare = orders.map((order, index) => ({ ...order, at: LAST - index * 60 * DAY }));
    const page = await signedIn(LAST + 65 * DAY, rare, {}, 'Ines');
    expect(greetingOf(page).kind).toBe('returning');
    const often = await signedIn(LAST + 65 * DAY, orders, {}, 'Ines');
    expect(greetingOf(often).kind).toBe('lapsed');
  });

  it('is by the rhythm of the trade, where the host names one', async () => {
    const weekly = orders
      .slice(0, 4)
      .map((order, index) => ({ ...order, at: LAST - index * 7 * DAY }));
    const now = LAST + 30 * DAY;
    const shop = await signedIn(now, weekly, { prior: 'shop' });
    const cafe = await signedIn(now, weekly, { prior: 'cafe' });
    expect([shop, cafe].map((page) => greetingOf(page).kind)).toEqual(['returning', 'lapsed']);
  });

  it('is over with the next order, and with the history it rests on', async () => {
    const page = await signedIn(at('2026-03-01 10:00'), orders, {}, 'Ines');
    for (const { id } of orders) await page.rights.remove(id);
    expect(greetingOf(page).kind).toBe('first');
    const other = await signedIn(at('2026-03-01 10:00'), orders, {}, 'Ines');
    await other.record({ id: 'web:now', lines: [line('Tea')] });
    expect(greetingOf(other).kind).toBe('returning');
  });
});
