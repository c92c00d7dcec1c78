import { describe, expect, it, vi } from 'vitest';
import { recommender } from '../../../src/recommend/recommender.js';
import type { Regulars, Recommendations } from '../../../src/client/types.js';
import { at, item, line, signedIn } from './guest.js';

const SHOP = [
  item('Filters', { category: 'Filters' }),
  item('Paper'),
  item('Secret', { sensitive: true }),
];
const bought = (name: string, ...days: readonly string[]): Parameters<typeof signedIn>[1] =>
  days.map((day) => ({ id: `web:${name}:${day}`, at: at(`${day} 10:00`), lines: [line(name)] }));
const FILTERS = bought('Filters', '2026-01-05', '2026-02-04', '2026-03-06');

async function pageAt(
  now: string,
  history = FILTERS,
  options: Parameters<typeof signedIn>[2] = {},
): Promise<Regulars> {
  const page = await signedIn(at(now), history, {
    catalog: SHOP,
    recommend: recommender(),
    ...options,
  });
  await vi.waitFor(() => expect(page.recommend()).not.toMatchObject({ reason: 'not-ready' }));
  return page;
}
const due = (page: Regulars): Recommendations => page.recommend({ kinds: ['due'] });
const silent = { kind: 'none', reason: 'nothing' };

describe('G21 refill due', () => {
  it.each(['2026-04-03 10:00', '2026-04-02 09:00', '2026-05-04 10:00'])(
    'says that they may be running low, and why, at %s',
    async (now) => {
      const page = await pageAt(now);
      const found = due(page);
      if (found.kind === 'none') throw new Error(found.reason);
      const [first] = found.items;
      expect(first).toMatchObject({ sku: 'filters', source: 'due' });
      expect(first?.text).toMatch(/filters may be running low/i);
      expect(first?.text).not.toMatch(/ran out|you need|late|\d/i);
      const why = page.why(first?.ref ?? '');
      expect(why?.text).toMatch(/30/);
      expect(why?.evidence).toContainEqual(expect.objectContaining({ kind: 'purchases' }));
      expect(page.recommend()).toMatchObject({ items: [{ sku: 'filters', source: 'due' }] });
    },
  );

  it.each(['2026-03-07 10:00', '2026-04-01 10:00', '2026-05-06 10:00', '2027-01-01 10:00'])(
    'is silent at %s',
    async (now) => {
      const page = await pageAt(now);
      expect(due(page)).toEqual(silent);
      expect(JSON.stringify(page.recommend())).not.toMatch(/running low/);
    },
  );

  it.each([
    ['two purchases', bought('Filters', '2026-02-04', '2026-03-06')],
    ['no rhythm', bought('Filters', '2025-01-05', '2025-01-07', '2025-11-01', '2026-03-06')],
    [
      'a gift among them',
      [...FILTERS.slice(0, 2), ...FILTERS.slice(2).map((one) => ({ ...one, gift: true }))],
    ],
    [
      'a refund among them',
      [
        ...FILTERS.slice(0, 2),
        ...FILTERS.slice(2).map((one) => ({ ...one, status: 'refunded' as const })),
      ],
    ],
    ['something sensitive', bought('Secret', '2026-01-05', '2026-02-04', '2026-03-06')],
    [
      'the same day thrice',
      bought('Filters', '2026-03-04').flatMap((one) =>
        [1, 2, 3].map((n) => ({ ...one, id: `${one.id}${n}` })),
      ),
    ],
  ])('is silent of %s', async (_, history) => {
    expect(due(await pageAt('2026-04-03 10:00', history))).toEqual(silent);
  });

  it.each(['stop', 'gift', 'not-now'] as const)('is silent after "%s"', async (reason) => {
    const page = await pageAt('2026-04-03 10:00');
    const found = due(page);
    await page.dismiss(found.kind === 'none' ? '' : (found.items[0]?.ref ?? ''), reason);
    expect(JSON.stringify(page.recommend())).not.toContain('filters');
  });

  it('takes a "stop" for the whole category', async () => {
    const catalog = [...SHOP, item('Filters large', { category: 'Filters' })];
    const history = [
      ...FILTERS,
      ...bought('Filters large', '2026-01-06', '2026-02-05', '2026-03-07'),
    ];
    const page = await pageAt('2026-04-03 10:00', history, { catalog });
    await page.dismiss('i:filters', 'stop');
    expect(JSON.stringify(page.recommend())).not.toContain('filters');
  });

  it('is not configured without the recommender', async () => {
    const page = await signedIn(at('2026-04-03 10:00'), FILTERS, { catalog: SHOP });
    expect(due(page)).toEqual({ kind: 'none', reason: 'not-configured' });
  });
});
