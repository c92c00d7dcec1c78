import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import {
  bundleScript,
  chromiumPath,
  launchChromium,
  profileFolder,
  servePage,
  spawnChromium,
} from '../support/browser.js';

const SCRIPT = `
import { indexedDbStorage } from './src/adapters/storage/indexed-db.js';
const storage = indexedDbStorage();
// Chromium compresses what repeats itself before it counts the room
const noise = (length) => Array.from({ length }, () => String.fromCharCode(33 + Math.random() * 90)).join('');
const ready = storage.open({ name: 'regulars:shop' });
Object.assign(window, {
  opened: () => ready,
  put: async (key, length) => {
    try {
      await storage.transact('readwrite', async (transaction) => {
        transaction.put('records', key, { text: noise(length) });
        transaction.put('cards', 'card', { last: key });
      }, { durability: 'strict' });
      return 'written';
    } catch (error) {
      return [error.code, error.retryable].join(' ');
    }
  },
  state: () => storage.transact('readonly', async (transaction) => ({
    records: (await transaction.list('records')).map(({ key, value }) => key + ' ' + value.text.length),
    card: await transaction.get('cards', 'card'),
  })),
});
`;

let page: { readonly url: string; readonly close: () => Promise<void> };
let profile: { readonly folder: string; readonly remove: () => Promise<void> };

/** Calls what the page offers. */
const call = (on: Page, name: string, ...args: readonly (string | number)[]): Promise<unknown> =>
  on.evaluate(
    ([method, values]) =>
      (window as unknown as Record<string, (...given: unknown[]) => unknown>)[method]?.(...values),
    [name, [...args]] as const,
  );

describe.skipIf(chromiumPath === undefined)('what was written to IndexedDB', () => {
  beforeAll(async () => {
    page = await servePage(await bundleScript(SCRIPT));
  });
  afterAll(() => page.close());
  beforeEach(async () => {
    profile = await profileFolder();
  });
  afterEach(() => profile.remove());

  it('is there after a reload of the page and after a restart of the browser', async () => {
    const kept = { records: ['a 10', 'b 20'], card: { last: 'b' } };
    const before = await launchChromium(profile.folder);
    const first = await before.newPage();
    await first.goto(page.url);
    expect(await call(first, 'opened')).toEqual({ kind: 'persistent' });
    expect(await call(first, 'state')).toEqual({ records: [] });
    expect(await call(first, 'put', 'a', 10)).toBe('written');
    expect(await call(first, 'put', 'b', 20)).toBe('written');
    await first.reload();
    expect(await call(first, 'state')).toEqual(kept);
    await before.close();

    const after = await launchChromium(profile.folder);
    const second = await after.newPage();
    await second.goto(page.url);
    expect(await call(second, 'state')).toEqual(kept);
    await after.close();
  });

  it('is there after the browser was killed right after the writes resolved', async () => {
    const before = await spawnChromium(profile.folder);
    await before.page.goto(page.url);
    for (let i = 0; i < 20; i++)
      expect(await call(before.page, 'put', String(i).padStart(2, '0'), i)).toBe('written');
    await before.kill();

    const after = await launchChromium(profile.folder);
    const again = await after.newPage();
    await again.goto(page.url);
    expect(await call(again, 'state')).toEqual({
      records: Array.from({ length: 20 }, (_, i) => `${String(i).padStart(2, '0')} ${i}`),
      card: { last: '19' },
    });
    await after.close();
  });

  it('stays when the disk is full: the write that has no room is refused whole, and works once there is room', async () => {
    const context = await launchChromium(profile.folder);
    const tab = await context.newPage();
    const cdp = await context.newCDPSession(tab);
    const origin = new URL(page.url).origin;
    // before opening: Chromium remembers for a while how much room an open database has
    await tab.goto(`${page.url}empty`);
    await cdp.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 300_000 });
    await tab.goto(page.url);
    expect(await call(tab, 'put', 'old', 10)).toBe('written');
    expect(await call(tab, 'put', 'big', 3_000_000)).toBe('ERR_STORAGE_QUOTA true');
    expect(await call(tab, 'state')).toEqual({ records: ['old 10'], card: { last: 'old' } });
    expect(await call(tab, 'put', 'small', 10)).toBe('written');
    await cdp.send('Storage.overrideQuotaForOrigin', { origin });
    await tab.goto(`${page.url}empty`);
    await tab.goto(page.url);
    expect(await call(tab, 'put', 'big', 3_000_000)).toBe('written');
    expect(await call(tab, 'state')).toEqual({
      records: ['big 3000000', 'old 10', 'small 10'],
      card: { last: 'big' },
    });
    await context.close();
  });
});
