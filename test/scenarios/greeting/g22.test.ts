import { describe, expect, it, vi } from 'vitest';
import { recommender } from '../../../src/recommend/recommender.js';
import { at, item, line, signedIn } from './guest.js';
import { everyWord, settled } from './words.js';

const NOW = at('2026-03-10 10:00');
const MENU = [
  item('Kettle', { category: 'kettles' }),
  item('Kettle filter', { category: 'kettle accessories' }),
  item('Tea', { category: 'tea' }),
  item('Cup', { category: 'cups' }),
];
const tea = [9, 19, 29].map((days) => ({
  id: `web:tea:${days}`,
  at: NOW - days * 86_400_000,
  lines: [line('Tea')],
}));
const gift = { id: 'web:gift', at: at('2026-03-05 10:00'), gift: true, lines: [line('Kettle')] };

describe('G22 gift', () => {
  it('feeds neither the usual nor an offer nor a reason, and counts as a visit', async () => {
    const page = await signedIn(
      NOW,
      [...tea, gift],
      { catalog: MENU, recommend: recommender() },
      'Maya',
    );
    await vi.waitFor(() => expect(page.recommend()).not.toMatchObject({ reason: 'not-ready' }));
    await settled(page);
    const said = everyWord(page);
    expect(said).toMatch(/Tea/);
    expect(said).not.toMatch(/kettle/i);
    expect(page.get().customer?.paidVisits).toBe(4);
    const offers = page.recommend({ limit: 20 });
    const reasons =
      offers.kind === 'items' ? JSON.stringify(offers.items.map(({ reasons: all }) => all)) : '';
    expect(reasons).not.toMatch(/kettle/i);
  });

  it('is the same where a page says afterwards that it was one', async () => {
    const page = await signedIn(
      NOW,
      [{ ...gift, gift: false }],
      { catalog: MENU, recommend: recommender() },
      'Maya',
    );
    const usual = page.usual();
    if (usual.kind === 'none') throw new Error('nothing to dismiss');
    expect(everyWord(page)).toMatch(/kettle/i);
    await page.dismiss(usual.ref, 'gift');
    expect(everyWord(page)).not.toMatch(/kettle\b/i);
  });
});
