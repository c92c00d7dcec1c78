import { describe, expect, it } from 'vitest';
import { explainItem, reasonText } from '../../../src/greeting/explain.js';
import { en } from '../../../src/greeting/locales/en.js';
import type { Recommended, RecommendReason } from '../../../src/recommend/types.js';
import { card, context, DAY, line, NOW, order } from './guests.js';

const offer = (...reasons: RecommendReason[]): Recommended => ({
  sku: 'filters',
  score: 1,
  source: 'again',
  reasons,
});
const names = (sku: string): string => ({ kettle: 'Kettle' })[sku] ?? sku;

describe('the reason of a recommendation', () => {
  it.each([
    [{ kind: 'bought', times: 3, visits: 6 }, 'You bought this on 3 of your last 6 visits.'],
    [{ kind: 'bought', times: 1, visits: 1 }, 'You bought this on your last visit.'],
    [
      { kind: 'together', sku: 'kettle', inBasket: false },
      'Customers who buy Kettle often buy this too.',
    ],
    [
      { kind: 'together', sku: 'kettle', inBasket: true },
      'Goes with Kettle, which is in your basket.',
    ],
    [{ kind: 'popular', rank: 4 }, 'Popular in this shop.'],
  ] as const)('%j is "%s"', (reason, text) => {
    expect(reasonText(offer(reason), names, en)).toBe(text);
    expect(explainItem(offer(reason), names, undefined, context(), en).text).toBe(text);
  });

  it('is empty where there is none', () => {
    expect(reasonText(offer(), names, en)).toBe('');
  });

  it('shows the purchases behind it, and lets them be called a gift', () => {
    const guest = card([
      order(NOW - DAY, [line('Filters')]),
      order(NOW - 2 * DAY, [line('Filters')], { gift: true }),
      order(NOW - 3 * DAY, [line('Kettle')]),
    ]);
    const why = explainItem(
      offer({ kind: 'bought', times: 1, visits: 2 }),
      names,
      guest,
      context(),
      en,
    );
    expect(why.evidence[1]).toMatchObject({ kind: 'purchases', ats: [NOW - DAY] });
    expect(why.controls).toContain('gift');
    const popular = explainItem(offer({ kind: 'popular', rank: 1 }), names, guest, context(), en);
    expect(popular.controls).toEqual(['not-now', 'stop']);
    expect(popular.evidence).toEqual([{ kind: 'popular', rank: 1 }]);
  });
});

describe('English evidence', () => {
  const date = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
  it('names at most three days', () => {
    const ats = [0, 1, 2, 3, 4].map((days) => NOW - days * DAY);
    expect(en.evidence({ kind: 'purchases', ids: [], ats }, date)).toBe(
      'You ordered this on 2026-03-20, 2026-03-19, 2026-03-18 and 2 more days.',
    );
    expect(en.evidence({ kind: 'purchases', ids: [], ats: ats.slice(0, 2) }, date)).toBe(
      'You ordered this on 2026-03-20 and 2026-03-19.',
    );
  });

  it('holds no night up to anybody', () => {
    const text = en.evidence(
      { kind: 'share', share: 1, of: 3, daypart: 'night', weekend: true },
      date,
    );
    expect(text).toBe('You ordered this on 3 of your last 3 visits at this time of day.');
  });
});
