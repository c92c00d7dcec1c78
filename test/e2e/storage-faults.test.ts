import type { BrowserContext, CDPSession, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { chromiumPath, launchChromium, profileFolder } from '../support/browser.js';
import {
  openPage,
  serveFaults,
  watchTrouble,
  type Site,
  type Trouble,
} from '../support/storage-site.js';

/** Bounded, not timed: a busy machine is no bug. */
const SOON = { timeout: 20_000, polling: 20 };
const NAME = 'regulars:blue-door';

let site: Site;
let profile: Awaited<ReturnType<typeof profileFolder>>;
let browser: BrowserContext;
let trouble: Trouble;

const open = (path: string): Promise<Page> => openPage(browser, site, path);
const send = async (page: Page, method: string, params: object): Promise<void> => {
  const cdp: CDPSession = await browser.newCDPSession(page);
  await cdp.send(method as 'Storage.clearDataForOrigin', params as never);
  await cdp.detach();
};
const clear = (page: Page, storageTypes: string): Promise<void> =>
  send(page, 'Storage.clearDataForOrigin', { origin: site.origin, storageTypes });
const openPort = (page: Page): Promise<unknown> =>
  page.evaluate((name) => storage.open({ name }), NAME);

describe.skipIf(chromiumPath === undefined)('a database that goes wrong while it is in use', () => {
  beforeAll(async () => {
    site = await serveFaults();
  });
  afterAll(() => site.close());
  beforeEach(async () => {
    profile = await profileFolder();
    browser = await launchChromium(profile.folder);
    trouble = watchTrouble(browser);
  });
  afterEach(async () => {
    await browser.close();
    await profile.remove();
    trouble.refuse();
  });

  it('S03 a connection that the browser closed is made anew at the next call, and nobody notices', async () => {
    const page = await open('port');
    await openPort(page);
    await page.evaluate(() => put({ a: 1 }));
    await clear(page, 'indexeddb');
    expect(await page.evaluate(() => outcomeOf(keys()))).toEqual({ value: [] });
    expect(await page.evaluate(() => outcomeOf(put({ b: 2 })))).toEqual({ value: undefined });
    expect(await page.evaluate(() => keys())).toEqual(['b']);
    expect(await page.evaluate(() => told)).toEqual(['lost']);
  });

  it('S03 writes that were under way when the connection went are there once, or were never acknowledged', async () => {
    const page = await open('port');
    await openPort(page);
    const writing = page.evaluate(async () => {
      const began = Date.now();
      const ends: [string, boolean, number][] = [];
      for (let i = 0; Date.now() - began < 1_500; i++) {
        const key = String(i).padStart(5, '0');
        // a counter: a transaction that ran twice would count twice
        const outcome = await outcomeOf(
          storage.transact('readwrite', async (transaction) => {
            const count = (await transaction.get('meta', 'count')) as number | undefined;
            transaction.put('meta', 'count', (count ?? 0) + 1);
            transaction.put('records', key, i);
          }),
        );
        ends.push([key, 'value' in outcome, Date.now()]);
      }
      return { ends, told };
    });
    await page.waitForTimeout(500);
    await clear(page, 'indexeddb');
    const cleared = Date.now();
    const { ends } = await writing;
    const kept = await page.evaluate(() => keys());
    const count = await page.evaluate(() =>
      storage.transact('readonly', (transaction) => transaction.get('meta', 'count')),
    );
    expect(ends.filter(([, isWritten]) => !isWritten)).toEqual([]);
    // all that was acknowledged after the clearing, and nothing twice
    expect(count).toBe(kept.length);
    const after = ends.filter(([, , at]) => at > cleared).map(([key]) => key);
    expect(after.length).toBeGreaterThan(0);
    expect(kept.slice(-after.length)).toEqual(after);
    expect(kept.at(-1)).toBe(ends.at(-1)?.[0]);
  });

  it('site data cleared under a client: it goes neutral, and remembers anew from there', async () => {
    const first = await open('client');
    await first.evaluate(() => order(1));
    await first.close();
    const page = await open('client');
    expect(await page.evaluate(() => regulars.get().customer?.paidVisits)).toBe(1);
    await clear(page, 'all');
    await page.waitForFunction(() => regulars.get().customer === null, undefined, SOON);
    expect(await page.evaluate(() => JSON.stringify(regulars.get()))).not.toContain('House');
    expect(await page.evaluate(() => order(2))).toMatchObject({
      kind: expect.any(String) as string,
    });
  });

  it('only the database cleared under a client: the device keeps its id, says so, and goes on', async () => {
    const first = await open('client');
    await first.evaluate(() => order(1));
    await first.close();
    const page = await open('client');
    const device = await page.evaluate(() => localStorage.getItem('regulars:blue-door'));
    await clear(page, 'indexeddb');
    expect(await page.evaluate(() => order(2))).toEqual({ kind: 'kept' });
    await page.waitForFunction(() => notices.includes('storage-evicted'), undefined, SOON);
    expect(await page.evaluate(() => orders())).toEqual(['web:2']);
    expect(await page.evaluate(() => regulars.get().storage.kind)).toBe('persistent');
    const id = (text: string | null): unknown =>
      (JSON.parse(text ?? '{}') as { device: string }).device;
    expect(id(await page.evaluate(() => localStorage.getItem('regulars:blue-door')))).toBe(
      id(device),
    );
    expect(await page.evaluate(() => order(3))).toEqual({ kind: 'kept' });
    await page.reload();
    await page.getByText('ready').waitFor();
    expect(await page.evaluate(() => orders())).toEqual(['web:2', 'web:3']);
    expect(await page.evaluate(() => notices)).toEqual([]);
  });
});
