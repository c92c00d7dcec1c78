import { readdir, readFile, truncate, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startChromium } from '../support/bare-chromium.js';
import { bundleScript, chromiumPath, launchChromium, profileFolder } from '../support/browser.js';
import {
  CLIENT_SCRIPT,
  openPage,
  PORT_SCRIPT,
  serveSite,
  watchTrouble,
  type Site,
} from '../support/storage-site.js';

/** Bounded, not timed: a busy machine is no bug. */
const SOON = { timeout: 20_000, polling: 20 };
const NAME = 'regulars:blue-door';

/** A till's page: what it pulls, and how far it has come, change in one transaction. */
const TILL_SCRIPT = `${CLIENT_SCRIPT}
import { appendRecords } from './src/profile/log.ts';
import { nextStamp } from './src/kernel/stamp.ts';
const SERVER = Array.from({ length: 500 }, (_, i) => ({
  id: 'r' + i, subject: 'customer' + i, kind: 'purchase', by: 'source:pos',
  stamp: nextStamp(undefined, Date.UTC(2026, 0, 1) + i, 'f'.repeat(32)),
  data: {
    id: 'pos:' + i, at: Date.UTC(2026, 0, 1) + i, status: 'paid', currency: 'EUR', total: 350,
    place: null, channel: 'pos', gift: false, refs: [],
    lines: [{ sku: 'house', name: 'House Blend', quantity: 1, unitPrice: 350, modifiers: [] }],
  },
}));
const store = indexedDbStorage();
globalThis.pull = async () => {
  await store.open({ name: 'regulars:blue-door' });
  return store.transact('readwrite', async (transaction) => {
    const from = (await transaction.get('meta', 'cursor')) ?? 0;
    const { appended } = await appendRecords(transaction, SERVER.slice(from), {
      shop: 'blue-door', device: 'f'.repeat(32), now: Date.now(), remote: true,
    });
    transaction.put('meta', 'cursor', SERVER.length);
    return { from, appended: appended.length };
  });
};
`;

declare global {
  var pull: () => Promise<{ readonly from: number; readonly appended: number }>;
}

let site: Site;
let profile: Awaited<ReturnType<typeof profileFolder>>;

/** Enough of the host's own for Chromium to make tables of its log; all databases of an origin share them. */
const fillTables = (page: Page): Promise<void> =>
  page.evaluate(
    () =>
      new Promise<void>((done) => {
        const request = indexedDB.open('host');
        request.onupgradeneeded = () => request.result.createObjectStore('rows');
        request.onsuccess = () => {
          const transaction = request.result.transaction('rows', 'readwrite');
          for (let i = 0; i < 150; i++)
            transaction.objectStore('rows').put(crypto.getRandomValues(new Uint8Array(60_000)), i);
          transaction.oncomplete = () => {
            request.result.close();
            done();
          };
        };
      }),
  );

/** The files that Chromium keeps the databases of this origin in. */
async function filesOf(ending: RegExp): Promise<readonly string[]> {
  const folder = join(profile.folder, 'Default', 'IndexedDB');
  const [origin] = (await readdir(folder)).filter((name) => name.endsWith('.leveldb'));
  const names = await readdir(join(folder, origin ?? ''));
  const found = names.filter((name) => ending.test(name));
  if (found.length === 0) throw new Error(`nothing to damage among ${names.join(' ')}`);
  return found.map((name) => join(folder, origin ?? '', name));
}

const damages: Readonly<Record<string, () => Promise<void>>> = {
  'CURRENT emptied': async () => {
    for (const file of await filesOf(/^CURRENT$/)) await truncate(file, 0);
  },
  'the log flipped': async () => {
    for (const file of await filesOf(/\.log$/)) {
      const bytes = await readFile(file);
      await writeFile(
        file,
        bytes.map((byte) => byte ^ 0x5a),
      );
    }
  },
  'tables cut': async () => {
    for (const file of await filesOf(/\.ldb$/)) await truncate(file, 100);
  },
};

/** One life of the browser: nothing may go wrong in its pages. */
async function life<T>(run: (browser: BrowserContext) => Promise<T>): Promise<T> {
  const browser = await launchChromium(profile.folder);
  const trouble = watchTrouble(browser);
  try {
    return await run(browser);
  } finally {
    await browser.close();
    trouble.refuse();
  }
}
const till = (browser: BrowserContext): Promise<Page> => openPage(browser, site, 'till');

describe.skipIf(chromiumPath === undefined)('files of the browser that were damaged', () => {
  beforeAll(async () => {
    const [port, page] = await Promise.all([bundleScript(PORT_SCRIPT), bundleScript(TILL_SCRIPT)]);
    site = await serveSite({ port, till: page });
  });
  afterAll(() => site.close());
  beforeEach(async () => {
    profile = await profileFolder();
  });
  afterEach(() => profile.remove());

  it.each(Object.entries(damages))(
    'S07 %s: an empty database is noticed, the id stays, all is fetched again and nothing is deleted elsewhere',
    async (_, damage) => {
      const device = await life(async (browser) => {
        const page = await till(browser);
        expect(await page.evaluate(() => pull())).toEqual({ from: 0, appended: 500 });
        expect(await page.evaluate(() => order(1))).toEqual({ kind: 'kept' });
        await fillTables(page);
        return page.evaluate(() => localStorage.getItem('regulars:blue-door') ?? '');
      });
      await life(async (browser) => {
        const page = await till(browser);
        expect(await page.evaluate(() => pull())).toEqual({ from: 500, appended: 0 });
        expect(await page.evaluate(() => order(2))).toEqual({ kind: 'kept' });
      });
      await damage();
      await life(async (browser) => {
        const page = await till(browser);
        await page.waitForFunction(() => notices.length > 0, undefined, SOON);
        expect(await page.evaluate(() => notices)).toEqual(['storage-evicted']);
        expect(await page.evaluate(() => regulars.get().storage)).toMatchObject({
          kind: 'persistent',
        });
        expect(await page.evaluate(() => recordsKept())).toEqual([]);
        const now = await page.evaluate(() => localStorage.getItem('regulars:blue-door') ?? '');
        const [before, after] = [device, now].map(
          (text) => JSON.parse(text) as Record<string, unknown>,
        );
        expect(after?.['device']).toBe(before?.['device']);
        expect(after?.['generation']).not.toBe(before?.['generation']);

        expect(await page.evaluate(() => pull())).toEqual({ from: 0, appended: 500 });
        // nothing goes out: what was fetched came from there, and nobody was erased
        expect(await page.evaluate(() => rowsOf('outbox'))).toEqual([]);
        expect(await page.evaluate(() => order(3))).toEqual({ kind: 'kept' });
        const kinds = (await page.evaluate(() => recordsKept())).map(({ kind }) => kind);
        expect(new Set(kinds)).toEqual(new Set(['purchase']));
        expect(kinds).toHaveLength(501);
        expect(await page.evaluate(() => rowsOf('cards'))).toHaveLength(501);
      });
      await life(async (browser) => {
        const page = await till(browser);
        expect(await page.evaluate(() => notices)).toEqual([]);
        expect(await page.evaluate(() => pull())).toEqual({ from: 500, appended: 0 });
      });
    },
  );

  it('MANIFEST gone: memory, with localStorage as it was; only the site itself can clear it away, and we never do', async () => {
    const marker = await life(async (browser) => {
      const page = await till(browser);
      await page.evaluate(() => order(1));
      return page.evaluate(() => localStorage.getItem('regulars:blue-door'));
    });
    for (const file of await filesOf(/^MANIFEST/)) await unlink(file);
    await life(async (browser) => {
      const port = await openPage(browser, site, 'port');
      const opened = await port.evaluate(
        async (name) => [
          await outcomeOf(makeStorage({ otherwise: 'reject' }).open({ name })),
          await outcomeOf(storage.open({ name })),
        ],
        NAME,
      );
      expect(opened).toMatchObject([
        { code: 'ERR_STORAGE_FAILED', message: 'The database is damaged; clear the site data.' },
        { value: { kind: 'memory', reason: 'corrupt' } },
      ]);
      expect(await port.evaluate(() => put({ a: 1 }).then(() => keys()))).toEqual(['a']);

      const page = await till(browser);
      expect(await page.evaluate(() => regulars.get().storage)).toEqual({
        kind: 'memory',
        reason: 'corrupt',
      });
      expect(await page.evaluate(() => order(2))).toEqual({ kind: 'held', reason: 'corrupt' });
      expect(await page.evaluate(() => notices)).toEqual(['storage-memory']);
      expect(await page.evaluate(() => localStorage.getItem('regulars:blue-door'))).toBe(marker);
      await page.reload();
      await page.getByText('ready').waitFor();
      expect(await page.evaluate(() => regulars.get().storage.reason)).toBe('corrupt');
      expect(site.requests.filter((url) => url.includes('clear'))).toEqual([]);

      // the shop's own page asks its server to clear the site: everything begins anew
      await page.evaluate(() => fetch('/clear').then(() => undefined));
      await page.reload();
      await page.getByText('ready').waitFor();
      expect(await page.evaluate(() => order(3))).toEqual({ kind: 'kept' });
      expect(await page.evaluate(() => orders())).toEqual(['web:3']);
    });
  });

  /** Changes a row by the back door. */
  const spoil = (page: Page, store: string, value: unknown): Promise<void> =>
    page.evaluate(
      ([into, spoilt]) =>
        new Promise<void>((done) => {
          const request = indexedDB.open('regulars:blue-door');
          request.onsuccess = () => {
            const transaction = request.result.transaction(into as string, 'readwrite');
            const cursor = transaction.objectStore(into as string).openCursor();
            cursor.onsuccess = () => {
              const row = cursor.result?.value as { text: string } | undefined;
              cursor.result?.update(
                spoilt === 'text' ? { ...row, text: row?.text.replace('House', 'Other') } : spoilt,
              );
            };
            transaction.oncomplete = () => {
              request.result.close();
              done();
            };
          };
        }),
      [store, value],
    );

  it.each(['text', 'nonsense', null, { v: 1, sum: 0, text: '{"__proto__":' }])(
    'a card changed by the back door (%j) is computed anew from its records',
    async (value) => {
      await life(async (browser) => {
        const page = await till(browser);
        await page.evaluate(() => order(1));
        await spoil(page, 'cards', value);
        await page.reload();
        await page.getByText('ready').waitFor();
        await page.waitForFunction(() => notices.length > 0, undefined, SOON);
        expect(await page.evaluate(() => notices)).toEqual(['storage-corrupt']);
        expect(await page.evaluate(() => regulars.get().customer?.paidVisits)).toBe(1);
        expect(await page.evaluate(() => order(2))).toEqual({ kind: 'kept' });
        await page.reload();
        await page.getByText('ready').waitFor();
        expect(await page.evaluate(() => [notices, errors])).toEqual([[], []]);
        expect(await page.evaluate(() => orders())).toEqual(['web:1', 'web:2']);
      });
    },
  );

  it('a record changed by the back door is left out of what is computed, and left where it is', async () => {
    await life(async (browser) => {
      const page = await till(browser);
      await page.evaluate(() => order(1).then(() => order(2)));
      await spoil(page, 'records', 'text');
      await spoil(page, 'cards', 'text');
      await page.reload();
      await page.getByText('ready').waitFor();
      await page.waitForFunction(() => notices.length > 0, undefined, SOON);
      expect(await page.evaluate(() => notices)).toEqual(['storage-corrupt']);
      expect(await page.evaluate(() => regulars.get().customer?.paidVisits)).toBe(1);
      expect(await page.evaluate(() => order(3))).toEqual({ kind: 'kept' });
      expect(await page.evaluate(() => rowsOf('records'))).toHaveLength(3);
    });
  });

  it('a browser killed inside a transaction of 60,000 rows leaves none of them, and all from before', async () => {
    const browser = startChromium(profile.folder);
    const page = await browser.open(site.url('port'));
    await page.evaluate(async (name) => {
      await storage.open({ name });
      await put({ before: 1 });
      const rows = Array.from({ length: 60_000 }, (_, i) => [
        `row${i}`,
        { i, text: 'x'.repeat(100) },
      ]);
      const big = put(Object.fromEntries(rows) as Record<string, unknown>);
      Object.assign(globalThis, { isWritten: false });
      void big.then(() => Object.assign(globalThis, { isWritten: true }));
    }, NAME);
    expect(await page.evaluate(() => Reflect.get(globalThis, 'isWritten') as unknown)).toBe(false);
    await browser.kill();
    await life(async (again) => {
      const after = await openPage(again, site, 'port');
      expect(await after.evaluate((name) => storage.open({ name }), NAME)).toEqual({
        kind: 'persistent',
      });
      expect(await after.evaluate(() => keys())).toEqual(['before']);
      expect(await after.evaluate(() => put({ after: 1 }).then(() => keys()))).toEqual([
        'after',
        'before',
      ]);
    });
  });
});
