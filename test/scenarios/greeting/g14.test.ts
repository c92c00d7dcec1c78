import { describe, expect, it } from 'vitest';
import { at, DAY, line, signedIn } from './guest.js';
import { everyWord, greetingOf, handOver } from './words.js';

const NOW = at('2026-03-20 09:00');
const orders = [{ id: 'web:1', at: NOW - 30 * DAY, lines: [line('Tea')] }];

describe('G14 birthday of an import', () => {
  it.each([
    ['imported', { source: 'import', purpose: 'remember' }],
    ['of the shop itself', { source: 'host', purpose: 'remember' }],
    ['written down by the staff', { source: 'staff', purpose: 'remember' }],
    ['given for something else', { source: 'customer', purpose: 'share' }],
    ['given until yesterday', { source: 'customer', purpose: 'remember', expiresAt: NOW - DAY }],
  ] as const)('is not wished: %s', async (_, more) => {
    const page = await signedIn(
      NOW,
      orders,
      { consent: { remember: 'granted', suggest: 'granted', share: 'granted' } },
      'Maya',
    );
    const data = { key: 'birthday', value: '03-20', at: NOW - 2 * DAY, ...more };
    await handOver(page, 'fact', data, NOW - DAY).catch(() => undefined);
    expect(greetingOf(page).kind).toBe('returning');
    expect(everyWord(page)).not.toMatch(/birthday/i);
  });

  it('is wished once the customer says it themselves: their own word is theirs', async () => {
    const page = await signedIn(NOW, orders, {}, 'Maya');
    const data = {
      key: 'birthday',
      value: '03-20',
      at: NOW - DAY,
      source: 'import',
      purpose: 'remember',
    } as const;
    await handOver(page, 'fact', data, NOW - DAY);
    expect(greetingOf(page).kind).toBe('returning');
    await page.rights.correct('birthday', '03-20');
    expect(greetingOf(page).kind).toBe('birthday');
  });
});
