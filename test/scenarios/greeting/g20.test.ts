import { describe, expect, it } from 'vitest';
import { createDevice } from '../../support/device.js';
import { at } from './guest.js';
import { everyWord, greetingOf } from './words.js';

const NOW = at('2026-03-20 08:05');

describe('G20 consent refused', () => {
  it('is welcomed like everybody; nothing of ours is written, and nothing but the marker read', async () => {
    const device = createDevice(NOW);
    const reads: string[] = [];
    const { localStorage } = globalThis as unknown as {
      localStorage: { getItem: (key: string) => string | null };
    };
    const getItem = localStorage.getItem.bind(localStorage);
    localStorage.getItem = (key) => {
      reads.push(key);
      return getItem(key);
    };
    device.localStorage.set('other-tool', 'customer=4711');
    const page = device.page({ consent: { remember: 'denied', suggest: 'denied' } });
    await page.start();
    page.shown(greetingOf(page).ref);
    await page.record({ id: 'web:1', lines: [{ sku: 'latte', name: 'Latte' }] });
    expect(greetingOf(page)).toMatchObject({ kind: 'neutral', text: 'Welcome.' });
    expect(everyWord(page)).not.toMatch(/back|again|remember|usual/i);
    await page.stop();
    expect([...device.localStorage.keys()]).toEqual(['other-tool']);
    expect(await device.databases()).toEqual([]);
    expect(new Set(reads).size).toBeLessThanOrEqual(1);
    expect(reads.every((key) => key.startsWith('regulars:'))).toBe(true);
  });

  it('says nothing more to somebody who takes a yes back', async () => {
    const device = createDevice(NOW);
    const page = device.page({ consent: { remember: 'ask' } });
    await page.start();
    await page.rights.consent('remember', 'granted');
    await page.rights.remember({ key: 'name.given', value: 'Maya' });
    await page.record({ id: 'web:1', lines: [{ sku: 'latte', name: 'Latte' }] });
    expect(everyWord(page)).toMatch(/Maya/);
    page.shown(greetingOf(page).ref);
    await page.rights.consent('remember', 'denied');
    expect(everyWord(page)).not.toMatch(/Maya|latte|back/i);
    await page.stop();
  });
});
