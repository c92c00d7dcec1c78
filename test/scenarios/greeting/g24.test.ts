import { describe, expect, it } from 'vitest';
import { deFormal } from '../../../src/greeting/locales/de-formal.js';
import { de } from '../../../src/greeting/locales/de.js';
import { createDevice } from '../../support/device.js';
import type { Regulars, RegularsOptions } from '../../../src/client/types.js';
import { at, DAY, line, signedIn } from './guest.js';
import { everyWord, greetingOf, settled } from './words.js';

const NOW = at('2026-03-20 09:00');
const orders = [1, 8, 15, 22, 29].map((days) => ({
  id: `web:${days}`,
  at: NOW - days * DAY,
  lines: [line('Tee')],
}));
const GERMAN = { locale: 'de-DE-x-formal', locales: [deFormal, de] } as const;

async function koehler(options: Partial<RegularsOptions>, day = 0): Promise<Regulars> {
  const now = NOW + day * DAY;
  const page = await signedIn(now, orders, options, 'Jana', createDevice(now));
  for (const [key, value] of [
    ['name.family', 'Köhler'],
    ['name.title', 'Frau Dr.'],
  ] as const)
    await page.rights.remember({ key, value });
  await settled(page);
  return page;
}

describe('G24 language', () => {
  it.each(Array.from({ length: 6 }, (_, day) => day))(
    'says "Frau" and "Sie" where the shop does: day %i',
    async (day) => {
      const page = await koehler(GERMAN, day);
      const { kind, text } = greetingOf(page);
      expect(kind).toBe('regular');
      expect(text).toMatch(/Frau Dr\. Köhler/);
      expect(page.greeting()).toMatchObject({ lang: expect.stringMatching(/^de/), dir: 'ltr' });
      expect(text).not.toMatch(/Jana/);
      const why = page.why(greetingOf(page).ref)?.text ?? '';
      expect(`${text} ${why}`).not.toMatch(/\b(du|dich|dir|dein\w*)\b/i);
      expect(`${text} ${why}`).toMatch(/\b(Sie|Ihnen|Ihre?\w*)\b/);
    },
  );

  it.each(Array.from({ length: 6 }, (_, day) => day))(
    'says first name and "du" where the shop does: day %i',
    async (day) => {
      const page = await koehler({ locale: 'de-DE', locales: [deFormal, de] }, day);
      const { text, ref } = greetingOf(page);
      expect(text).toMatch(/Jana/);
      expect(everyWord(page)).not.toMatch(/Frau|\bSie\b|\bIhnen\b|Köhler/);
      expect(`${text} ${page.why(ref)?.text}`).toMatch(/\b(du|dich|dir|dein\w*)\b/i);
    },
  );

  it('has words for every occasion in both, and speaks to somebody without a family name', async () => {
    for (const locale of ['de-DE', 'de-DE-x-formal']) {
      const page = await signedIn(NOW, orders, { ...GERMAN, locale, contact: '030 1234' }, 'Jana');
      await page.rights.remember({ key: 'birthday', value: '03-20' });
      expect(greetingOf(page)).toMatchObject({ kind: 'birthday' });
      expect(greetingOf(page).text).toMatch(/Geburtstag/);
      expect(greetingOf(page).text).not.toMatch(/undefined|\{|Frau|, [.!?]/);
    }
  });
});
