import type { BrowserContext, Page } from 'playwright-core';
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
const openPort = (page: Page): Promise<unknown> =>
  page.evaluate((name) => storage.open({ name }), NAME);

describe.skipIf(chromiumPath === undefined)('a transaction that has no room, or ends badly', () => {
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

  /** What the browser has room for; from before the page opens its database. */
  async function withQuota(
    path: string,
    quotaSize: number,
  ): Promise<{ readonly page: Page; readonly lift: () => Promise<void> }> {
    const page = await open('empty');
    const cdp = await browser.newCDPSession(page);
    await cdp.send('Storage.overrideQuotaForOrigin', { origin: site.origin, quotaSize });
    await page.goto(site.url(path));
    await page.getByText('ready').waitFor();
    return {
      page,
      lift: async () =>
        void (await cdp.send('Storage.overrideQuotaForOrigin', { origin: site.origin })),
    };
  }

  it('S05 no room left: typed, whole, nothing else is lost, and it works when something was removed', async () => {
    const { page } = await withQuota('port', 900_000);
    await openPort(page);
    // Chromium compresses what repeats itself before it counts the room
    await page.evaluate(() => {
      const noise = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));
      Object.assign(globalThis, { noise });
    });
    const big = (key: string): Promise<unknown> =>
      page.evaluate(async (name) => {
        const { noise } = globalThis as unknown as { noise: (length: number) => Uint8Array };
        const parts = Array.from({ length: 10 }, () => noise(50_000));
        return outcomeOf(put({ [`${name}:order`]: parts, [`${name}:card`]: 'small' }));
      }, key);
    expect(await big('first')).toEqual({ value: undefined });
    expect(await big('second')).toEqual({
      code: 'ERR_STORAGE_QUOTA',
      message: 'This site has no disk space left; remove something and try again.',
      retryable: true,
    });
    expect(await page.evaluate(() => keys())).toEqual(['first:card', 'first:order']);
    expect(await page.evaluate(() => outcomeOf(put({ tiny: 1 })))).toEqual({ value: undefined });
    await page.evaluate(() =>
      storage.transact('readwrite', async (transaction) =>
        transaction.remove('records', 'first:order'),
      ),
    );
    // the browser counts what was removed when it has tidied up
    await expect.poll(() => big('second'), SOON).toEqual({ value: undefined });
    expect(await page.evaluate(() => keys())).toEqual([
      'first:card',
      'second:card',
      'second:order',
      'tiny',
    ]);
  });

  it('S11 a transaction that ends badly after its last request succeeded was never acknowledged', async () => {
    const { page } = await withQuota('port', 300_000);
    await openPort(page);
    await page.evaluate(() => put({ a: 1 }));
    // this is how Chromium does it: each request succeeds, and the room is looked at in the end
    const raw = await page.evaluate(
      (name) =>
        new Promise<readonly string[]>((done) => {
          const heard: string[] = [];
          const request = indexedDB.open(name);
          request.onsuccess = () => {
            const transaction = request.result.transaction('records', 'readwrite');
            const writing = transaction
              .objectStore('records')
              .put(crypto.getRandomValues(new Uint8Array(60_000)), 'raw0');
            for (let i = 1; i < 10; i++)
              transaction
                .objectStore('records')
                .put(crypto.getRandomValues(new Uint8Array(60_000)), 'raw' + i);
            writing.onsuccess = () => heard.push('success');
            transaction.oncomplete = () => heard.push('complete');
            transaction.onabort = () => {
              heard.push(`abort ${transaction.error?.name}`);
              request.result.close();
              done(heard);
            };
          };
        }),
      NAME,
    );
    expect(raw).toEqual(['success', 'abort QuotaExceededError']);
    const ours = await page.evaluate(() =>
      outcomeOf(
        put(
          Object.fromEntries(
            Array.from({ length: 10 }, (_, n) => [
              `order${n}`,
              crypto.getRandomValues(new Uint8Array(60_000)),
            ]),
          ),
        ),
      ),
    );
    expect(ours).toMatchObject({ code: 'ERR_STORAGE_QUOTA' });
    await page.reload();
    await page.getByText('ready').waitFor();
    await openPort(page);
    expect(await page.evaluate(() => keys())).toEqual(['a']);
  });

  /** Makes the next so many transactions end badly when everything in them has succeeded. */
  const abortCommits = (page: Page, count: number): Promise<void> =>
    page.evaluate((times) => {
      const commit = Reflect.get(IDBTransaction.prototype, 'commit');
      let left = times;
      IDBTransaction.prototype.commit = function (this: IDBTransaction) {
        if (left-- > 0) this.abort();
        else commit.call(this);
      };
    }, count);

  it('S11 nor one that is aborted at its commit: it is run once more, and else refused', async () => {
    const page = await open('port');
    await openPort(page);
    await page.evaluate(() => put({ a: 1 }));
    await abortCommits(page, 1);
    expect(await page.evaluate(() => outcomeOf(put({ b: 1 })))).toEqual({ value: undefined });
    await abortCommits(page, 2);
    expect(await page.evaluate(() => outcomeOf(put({ c: 1 })))).toEqual({
      code: 'ERR_STORAGE_FAILED',
      message: 'The connection to the database was lost.',
      retryable: true,
    });
    await page.reload();
    await page.getByText('ready').waitFor();
    await openPort(page);
    expect(await page.evaluate(() => keys())).toEqual(['a', 'b']);
  });

  it('S11 at the client: an order that could not be committed waits in memory, says so, and is kept once the database is back', async () => {
    const page = await open('client');
    expect(await page.evaluate(() => order(1))).toEqual({ kind: 'kept' });
    await abortCommits(page, 2);
    expect(await page.evaluate(() => order(2))).toEqual({ kind: 'held', reason: 'lost' });
    await page.waitForFunction(() => regulars.get().storage.kind === 'persistent', undefined, SOON);
    expect(await page.evaluate(() => orders())).toEqual(['web:1', 'web:2']);
    expect(await page.evaluate(() => order(3))).toEqual({ kind: 'kept' });
    expect(await page.evaluate(() => orders())).toEqual(['web:1', 'web:2', 'web:3']);
    expect(await page.evaluate(() => notices.filter((code) => code !== 'storage-lost'))).toEqual(
      [],
    );
  });

  it('S05 at the client: an order that has no room is refused whole, and kept when the host has made some', async () => {
    const { page, lift } = await withQuota('client', 600_000);
    expect(await page.evaluate(() => order(1))).toEqual({ kind: 'kept' });
    // a database of the host's own takes all the room there is
    await page.evaluate(
      () =>
        new Promise<void>((done, fail) => {
          const request = indexedDB.open('host');
          request.onupgradeneeded = () => request.result.createObjectStore('rows');
          request.onerror = () => fail(request.error ?? new Error('refused'));
          request.onsuccess = () => {
            let [size, n] = [64_000, 0];
            const fill = (): void => {
              const transaction = request.result.transaction('rows', 'readwrite');
              const noise = crypto.getRandomValues(new Uint8Array(size));
              transaction.objectStore('rows').put(noise, n++);
              transaction.oncomplete = fill;
              transaction.onabort = () => {
                size = Math.floor(size / 2);
                if (size > 500) return fill();
                request.result.close();
                done();
              };
            };
            fill();
          };
        }),
    );
    const big = (id: string): Promise<unknown> =>
      page.evaluate((name) => {
        const noise = (): string =>
          Array.from(crypto.getRandomValues(new Uint8Array(30)), (n) => n.toString(36)).join('');
        const lines = Array.from({ length: 150 }, () => ({ sku: noise(), name: noise() }));
        return regulars.record({ id: name, lines });
      }, id);
    expect(await big('web:2')).toEqual({ kind: 'refused', reason: 'quota' });
    expect(await page.evaluate(() => orders())).toEqual(['web:1']);
    expect(await page.evaluate(() => regulars.get().storage.kind)).toBe('persistent');
    expect(await page.evaluate(() => errors)).toContain('ERR_STORAGE_QUOTA');
    expect(await page.evaluate(() => notices)).toEqual(['storage-full']);
    await page.evaluate(() => void indexedDB.deleteDatabase('host'));
    await lift();
    await expect.poll(() => big('web:2'), SOON).toEqual({ kind: 'kept' });
    expect(await page.evaluate(() => orders())).toEqual(['web:1', 'web:2']);
  });
});
