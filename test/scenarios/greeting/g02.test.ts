import { describe, expect, it } from 'vitest';
import { createDevice } from '../../support/device.js';
import { at, line, signedIn } from './guest.js';
import { everyWord, FORBIDDEN, greetingOf, settled } from './words.js';

const house = {
  id: 'web:1',
  at: at('2026-03-02 08:14'),
  lines: [{ ...line('House Blend'), quantity: 2, unitPrice: 1350 }],
};

describe('G02 returning', () => {
  it.each(Array.from({ length: 14 }, (_, day) => day))(
    'is welcomed back by name, with what was last time and no habit: day %i',
    async (day) => {
      const now = at('2026-03-20 09:00') + day * 86_400_000;
      const page = await signedIn(now, [house], {}, 'Maya', createDevice(now));
      await settled(page);
      const said = everyWord(page);
      expect(greetingOf(page)).toMatchObject({ kind: 'returning' });
      expect(greetingOf(page).text).toMatch(/\bback\b.*Maya/i);
      expect(greetingOf(page).text).toMatch(/Last time: 2 × House Blend/);
      expect(said).not.toMatch(/usual|habit/i);
      expect(said).not.toMatch(FORBIDDEN);
    },
  );

  it('loses the statement with the order it rests on', async () => {
    const page = await signedIn(at('2026-03-20 09:00'), [house], {}, 'Maya');
    page.shown(greetingOf(page).ref);
    expect(await page.rights.remove('web:1')).toMatchObject({ kind: 'held' });
    expect(greetingOf(page)).toMatchObject({ kind: 'first' });
    expect(everyWord(page)).not.toMatch(/back|again|house blend/i);
  });
});
