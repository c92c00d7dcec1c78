import { describe, expect, it } from 'vitest';
import { createDevice } from '../../support/device.js';
import { at, DAY, line } from './guest.js';
import { everyWord, greetingOf } from './words.js';

const NOW = at('2026-03-20 08:05');

describe('G17 not you', () => {
  it('takes name, history and offers away at once, in every tab, and on the next page', async () => {
    const device = createDevice(NOW);
    const options = { consent: { remember: 'granted', suggest: 'granted' } } as const;
    const first = device.page(options);
    await first.start();
    await first.rights.remember({ key: 'name.given', value: 'Ana' });
    for (const day of [1, 2, 3, 4, 5])
      await first.record({ id: `web:${day}`, at: NOW - day * DAY, lines: [line('Latte')] });
    await first.stop();

    const page = device.page(options);
    const other = device.page(options);
    await page.start();
    await other.start();
    expect(everyWord(page)).toMatch(/Ana[\s\S]*usual[\s\S]*Latte/i);
    page.shown(greetingOf(page).ref);
    const heard: string[] = [];
    page.listen(() => heard.push(everyWord(page)));
    await page.notMe();
    expect(greetingOf(page)).toMatchObject({ kind: 'neutral', text: 'Welcome.' });
    expect(everyWord(page)).not.toMatch(/Ana|latte|usual|back/i);
    expect(heard.at(-1)).not.toMatch(/Ana|latte/i);
    expect(page.recommend()).toMatchObject({ kind: 'none' });
    for (let turn = 0; turn < 40; turn++) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(everyWord(other)).not.toMatch(/Ana|latte/i);
    await page.stop();
    await other.stop();

    const next = device.page(options);
    await next.start();
    expect(everyWord(next)).not.toMatch(/Ana|latte|usual|back/i);
    expect(greetingOf(next).kind).toBe('neutral');
    await next.stop();
  });
});
