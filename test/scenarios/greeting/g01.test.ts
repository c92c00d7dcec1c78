import { expect, describe, it } from 'vitest';
import { createDevice } from '../../support/device.js';
import { everyWord, greetingOf, settled } from './words.js';

describe('G01 first visit', () => {
  it('is welcomed plainly, and leaves nothing on the device', async () => {
    const device = createDevice();
    const page = device.page({ catalog: [{ sku: 'latte', name: 'Latte' }] });
    expect(greetingOf(page).text).toBe('Welcome.');
    await page.start();
    await settled(page);
    expect(greetingOf(page)).toMatchObject({ kind: 'neutral', text: 'Welcome.', ref: 'g:neutral' });
    page.shown(greetingOf(page).ref);
    expect(everyWord(page)).not.toMatch(/back|again|remember|usual|latte/i);
    expect(page.get()).toMatchObject({ level: 'none', customer: null });
    await page.stop();
    expect(device.localStorage.size).toBe(0);
    expect(await device.databases()).toEqual([]);
    expect(device.errors).toEqual([]);
  });

  it('is the same for whoever comes at any hour, in any channel, with any cart', async () => {
    const device = createDevice();
    const page = device.page();
    await page.start();
    const before = page.greeting();
    for (let hour = 0; hour < 24; hour += 5) {
      device.clock.advance(5 * 3_600_000);
      page.setContext({
        basket: ['latte'],
        table: String(hour),
        channel: hour % 2 ? 'pos' : 'web',
      });
      expect(page.greeting()).toEqual(before);
    }
  });
});
