import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Card } from '../../src/profile/types.js';
import { chromiumPath, launchChromium, profileFolder } from '../support/browser.js';
import {
  holdDatabase,
  openPage,
  serveFaults,
  watchTrouble,
  type Site,
  type Trouble,
} from '../support/storage-site.js';

/** Bounded, not timed: a busy machine is no bug. */
const SOON = { timeout: 15_000, polling: 20 };
const NAME = 'regulars:blue-door';

let site: Site;
let profile: Awaited<ReturnType<typeof profileFolder>>;
let browser: BrowserContext;
let trouble: Trouble;

const open = (path: string): Promise<Page> => openPage(browser, site, path);
const names = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, i) => String(from + i).padStart(3, '0'));

/** Puts a row by the connection that a page holds and never lets go of. */
const putByHand = (page: Page, key: string): Promise<number> =>
  page.evaluate(
    (row) =>
      new Promise<number>((done, fail) => {
        const { heldOpen } = globalThis as unknown as { readonly heldOpen: IDBDatabase };
        const transaction = heldOpen.transaction('records', 'readwrite');
        transaction.objectStore('records').put({ by: 'hand' }, row);
        const count = transaction.objectStore('records').count();
        transaction.oncomplete = () => done(count.result);
        transaction.onabort = () => fail(transaction.error ?? new Error('aborted'));
      }),
    key,
  );

describe.skipIf(chromiumPath === undefined)('several tabs, some of them old', () => {
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

  /** A first page that made the database and has gone; then one that holds on to it. */
  async function oldTab(make: 'port' | 'client' = 'port'): Promise<Page> {
    const first = await open(make);
    if (make === 'client') await first.evaluate(() => order(0));
    else
      await first.evaluate(async (name) => {
        await storage.open({ name });
        await put({ a: 1, b: 2 });
      }, NAME);
    await first.close();
    const old = await open('empty');
    await holdDatabase(old, NAME);
    return old;
  }

  it('S01 a tab that does not step aside: the new one says within 5 s what can be done, the old one works on, and both end with all data', async () => {
    const old = await oldTab();
    const late = await open('later-port');
    const began = Date.now();
    const refused = await late.evaluate((name) => {
      const strict = makeStorage({ otherwise: 'reject' });
      Object.assign(globalThis, { strict });
      return outcomeOf(strict.open({ name }));
    }, NAME);
    expect(Date.now() - began).toBeLessThan(5_000);
    expect(refused).toEqual({
      code: 'ERR_STORAGE_BLOCKED',
      message: 'Another page holds the database; close the other pages of this site.',
      retryable: true,
    });
    expect(await putByHand(old, 'c')).toBe(3);
    expect(await late.evaluate((name) => storage.open({ name }), NAME)).toMatchObject({
      kind: 'memory',
      // the second is queued behind the first, which still waits: it hears nothing at all
      reason: expect.stringMatching(/blocked|timeout/) as string,
    });
    await late.evaluate(() => put({ inMemory: 1 }));
    expect(await putByHand(old, 'd')).toBe(4);

    await old.close();
    const opened = await late.evaluate(async (name) => {
      await storage.close();
      const { strict } = globalThis as unknown as { readonly strict: typeof storage };
      return [await strict.open({ name }), await storage.open({ name }), await keys()];
    }, NAME);
    expect(opened).toEqual([{ kind: 'persistent' }, { kind: 'persistent' }, ['a', 'b', 'c', 'd']]);
  });

  it('S01 at the client: it says why it remembers in memory, and moves what memory held once the old tab has gone', async () => {
    const old = await oldTab('client');
    const late = await open('later-client');
    await late.waitForFunction(() => regulars.get().storage.reason === 'blocked', undefined, SOON);
    expect(await late.evaluate(() => regulars.get().storage.kind)).toBe('memory');
    expect(await late.evaluate(() => order(1))).toEqual({ kind: 'held', reason: 'blocked' });
    expect(await late.evaluate(() => [notices, errors])).toEqual([
      ['storage-memory'],
      ['ERR_STORAGE_BLOCKED'],
    ]);
    await old.close();
    await late.waitForFunction(() => regulars.get().storage.kind === 'persistent', undefined, {
      ...SOON,
      timeout: 40_000,
    });
    expect(await late.evaluate(() => order(2))).toEqual({ kind: 'kept' });
    expect(await late.evaluate(() => orders())).toEqual(['web:0', 'web:1', 'web:2']);
    await late.reload();
    await late.getByText('ready').waitFor();
    expect(await late.evaluate(() => orders())).toEqual(['web:0', 'web:1', 'web:2']);
  });

  it('a third tab, queued behind the blocked one, hears nothing from the browser and is told all the same', async () => {
    const old = await oldTab();
    const [second, third] = [await open('later-port'), await open('later-port')];
    const [blocked, queued] = await Promise.all(
      [second, third].map((page) =>
        page.evaluate(
          (name) => outcomeOf(makeStorage({ otherwise: 'reject' }).open({ name, timeoutMs: 3000 })),
          NAME,
        ),
      ),
    );
    expect([blocked, queued].map((result) => (result as { code: string }).code).sort()).toEqual([
      'ERR_STORAGE_BLOCKED',
      'ERR_STORAGE_TIMEOUT',
    ]);
    await old.close();
    for (const page of [second, third])
      expect(await page.evaluate((name) => storage.open({ name }), NAME)).toEqual({
        kind: 'persistent',
      });
  });

  it('S02 an old tab of ours steps aside within 2 s, says so, and a write that was under way has one of two ends', async () => {
    const old = await open('port');
    await old.evaluate(async (name) => {
      await storage.open({ name });
      await put({ a: 1 });
    }, NAME);
    const writing = old.evaluate(async () => {
      const ends: [string, string][] = [];
      for (let i = 0; i < 500; i++) {
        const key = String(i).padStart(3, '0');
        const end = await outcomeOf(put({ [key]: i }));
        ends.push([key, 'code' in end ? end.code : 'written']);
        if ('code' in end) break;
      }
      return ends;
    });
    const late = await open('later-port');
    const took = await late.evaluate(async (name) => {
      const began = performance.now();
      await storage.open({ name });
      return performance.now() - began;
    }, NAME);
    expect(took).toBeLessThan(2_000);
    const ends = await writing;
    expect(ends.at(-1)?.[1]).toBe('ERR_STORAGE_SUPERSEDED');
    const written = ends.filter(([, end]) => end === 'written').map(([key]) => key);
    expect(await late.evaluate(() => keys())).toEqual([...written, 'a']);
    expect(await old.evaluate(() => outcomeOf(keys()))).toMatchObject({
      code: 'ERR_STORAGE_SUPERSEDED',
      message: expect.stringContaining('reload') as string,
    });
    expect(await old.evaluate(() => told)).toEqual(['superseded']);
    expect(await old.evaluate((name) => outcomeOf(storage.open({ name })), NAME)).toMatchObject({
      code: 'ERR_STORAGE_SUPERSEDED',
    });
  });

  it('S02 at the client: the old page goes on in memory and stays there until it is loaded anew', async () => {
    const old = await open('client');
    expect(await old.evaluate(() => order(1))).toEqual({ kind: 'kept' });
    const late = await open('later-client');
    expect(await late.evaluate(() => orders())).toEqual(['web:1']);
    await old.waitForFunction(
      () => regulars.get().storage.reason === 'superseded',
      undefined,
      SOON,
    );
    expect(await old.evaluate(() => order(2))).toEqual({ kind: 'held', reason: 'superseded' });
    expect(await old.evaluate(() => notices)).toEqual(['storage-lost']);
    // and whatever wakes a page up does not bring it back beside the new one
    await old.evaluate(() => {
      for (const wake of ['focus', 'pageshow', 'visibilitychange']) dispatchEvent(new Event(wake));
    });
    expect(await old.evaluate(() => order(3))).toEqual({ kind: 'held', reason: 'superseded' });
    expect(await late.evaluate(() => order(4))).toEqual({ kind: 'kept' });
    expect(await late.evaluate(() => orders())).toEqual(['web:1', 'web:4']);
  });

  it('S08 two tabs append 100 orders each as fast as they can: 200 orders, and visits and spend that agree with them', async () => {
    const [a, b] = [await open('client'), await open('client')];
    const run = (tab: Page, from: number): Promise<readonly string[]> =>
      tab.evaluate(async (first) => {
        const day = Date.UTC(2026, 0, 1);
        const all = Array.from({ length: 100 }, (_, i) =>
          regulars.record({
            id: `web:${first + i}`,
            at: day + (first + i) * 86_400_000,
            currency: 'EUR',
            total: first + i,
            lines: [{ sku: 'house', name: 'House', quantity: 1, unitPrice: first + i }],
          }),
        );
        return (await Promise.all(all)).map(({ kind }) => kind);
      }, from);
    const outcomes = (await Promise.all([run(a, 100), run(b, 200)])).flat();
    expect(outcomes).toEqual(Array.from({ length: 200 }, () => 'kept'));
    // by the back door: what is in the database, whatever the tabs say
    const kept = (await a.evaluate(() => recordsKept())).filter(({ kind }) => kind === 'purchase');
    const purchases = kept.map(({ data }) => data as { id: string; total: number });
    expect(purchases.map(({ id }) => id).sort()).toEqual(names(100, 300).map((n) => `web:${n}`));
    const spend = purchases.reduce((sum, { total }) => sum + total, 0);
    expect(spend).toBe(((100 + 299) * 200) / 2);
    const cards = await a.evaluate(async () =>
      (await rowsOf('cards')).map(
        ({ value }) => JSON.parse((value as { text: string }).text) as Card,
      ),
    );
    expect(cards).toHaveLength(1);
    expect(cards[0]).toMatchObject({
      paidVisits: 200,
      olderPurchases: 150,
      items: [{ purchases: 200 }],
    });
    // of the newest 50 the card has the lines, and so what was spent
    expect(cards[0]?.purchases.map(({ id }) => id)).toEqual(
      names(250, 300)
        .reverse()
        .map((n) => `web:${n}`),
    );
    expect(cards[0]?.purchases.reduce((sum, { total }) => sum + (total ?? 0), 0)).toBe(
      ((250 + 299) * 50) / 2,
    );
    await b.waitForFunction(() => regulars.get().customer?.paidVisits === 200, undefined, SOON);
  });
});
