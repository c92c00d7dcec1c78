import { describe, expect, it } from 'vitest';
import { createDevice } from '../../support/device.js';
import { at, DAY, orders, signedIn } from './guest.js';
import { everyWord, greetingOf, issue, settled } from './words.js';

const now = at('2026-03-20 09:00');
const nine = orders(now, [12, 24, 36, 48, 60, 72, 84, 96, 108], () => ['Latte(milk:oat)']);

describe('several occasions at once', () => {
  it('speaks of what went wrong first, then each in its order, each once', async () => {
    const device = createDevice(now);
    const page = await signedIn(now, nine, { contact: 'the counter' }, 'Ines', device);
    await page.rights.remember({ key: 'birthday', value: '1990-03-20' });
    await issue(page, 'open', now - 2 * DAY);
    await settled(page);
    expect(greetingOf(page).kind).toBe('recovery');
    expect(greetingOf(page).text).toMatch(/Ana is looking after it.*the counter/);
    expect(everyWord(page)).not.toMatch(/birthday|10th|!/i);

    await issue(page, 'resolved', now - 2 * DAY, now - DAY);
    const heard: string[] = [];
    for (let visit = 0; visit < 5; visit++) {
      const { kind, ref } = greetingOf(page);
      expect(page.why(ref)?.text).not.toBe('');
      page.shown(ref);
      heard.push(kind);
      await page.endVisit();
      device.clock.advance(2 * 3_600_000);
      await page.recognize({ account: 'u_42' }, { verified: ['account'] });
    }
    expect(heard).toEqual(['follow-up', 'birthday', 'milestone', 'regular', 'regular']);
  });

  it('says nothing of it once nothing may be remembered, in the middle of the visit', async () => {
    const page = await signedIn(now, nine, {}, 'Ines');
    await page.rights.remember({ key: 'birthday', value: '03-20' });
    await settled(page);
    const { ref } = greetingOf(page);
    page.shown(ref);
    await page.rights.consent('remember', 'denied');
    expect(everyWord(page)).not.toMatch(/Ines|birthday|latte|back|usual/i);
    expect(page.why(ref)).toBeUndefined();
  });

  it('speaks again where a clock that was a year ahead had dismissed it', async () => {
    const device = createDevice(now);
    const page = await signedIn(now, nine, {}, 'Ines', device);
    await page.dismiss(greetingOf(page).ref, 'not-now');
    expect(page.greeting()).toEqual({ kind: 'none', reason: 'dismissed' });
    await page.endVisit();
    device.clock.advance(-365 * DAY);
    await page.recognize({ account: 'u_42' }, { verified: ['account'] });
    expect(page.greeting().kind).not.toBe('none');
  });
});
