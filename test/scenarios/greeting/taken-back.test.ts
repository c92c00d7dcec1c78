import { describe, expect, it } from 'vitest';
import type { PurchaseInput } from '../../../src/profile/types.js';
import type { Regulars } from '../../../src/client/types.js';
import { at, DAY, line, orders, signedIn } from './guest.js';
import { everyWord, greetingOf, settled } from './words.js';

const now = at('2026-03-20 09:00');
const lattes = orders(now, [2, 5, 9, 12, 16, 20], () => ['Latte(milk:oat)', 'Croissant']);

/** Somebody who has seen the words that name what they have. */
async function greeted(history: readonly PurchaseInput[], names: RegExp): Promise<Regulars> {
  const page = await signedIn(now, history);
  await settled(page);
  const { text, ref } = greetingOf(page);
  expect(text).toMatch(names);
  page.shown(ref);
  return page;
}

const refOf = (page: Regulars): string => {
  const usual = page.usual();
  return 'ref' in usual ? usual.ref : '';
};

describe('what was shown and is taken back in the same visit', () => {
  it('names nothing any more once "suggest" is refused', async () => {
    const page = await greeted(lattes, /Latte/);
    await page.rights.consent('suggest', 'denied');
    expect(everyWord(page)).toMatch(/Shep/);
    expect(everyWord(page)).not.toMatch(/latte|croissant|usual/i);
  });

  it.each(['stop', 'wrong', 'gift', 'not-now'] as const)(
    'names it no more after "%s" of the usual',
    async (reason) => {
      const page = await greeted(lattes, /Latte/);
      await page.dismiss(refOf(page), reason);
      expect(everyWord(page)).toMatch(/Shep/);
      expect(everyWord(page)).not.toMatch(/latte|croissant|usual/i);
    },
  );

  it('names an order no more that was removed, though as many visits are left', async () => {
    const page = await greeted(
      [
        { id: 'tea', at: now - 3 * DAY, lines: [line('Tea')] },
        { id: 'pills', at: now - 3 * DAY + 3_600_000, lines: [line('Pills')] },
      ],
      /Pills/,
    );
    await page.rights.remove('pills');
    expect(everyWord(page)).not.toMatch(/pills/i);
    expect(greetingOf(page).text).toMatch(/Tea/);
  });

  it('names it no more when something else was bought meanwhile', async () => {
    const page = await greeted(
      [{ id: 'pills', at: now - 3 * DAY, lines: [line('Pills')] }],
      /Pills/,
    );
    await page.record({ id: 'bread', lines: [line('Bread')] });
    // what was shown stays, whatever is bought
    expect(greetingOf(page).text).toMatch(/Pills/);
    page.shown(greetingOf(page).ref);
    await page.rights.remove('pills');
    expect(everyWord(page)).not.toMatch(/pills/i);
  });
});
