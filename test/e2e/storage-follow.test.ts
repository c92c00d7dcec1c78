import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startChromium, type BareChromium, type BareTab } from '../support/bare-chromium.js';
import { chromiumPath, launchChromium, profileFolder } from '../support/browser.js';
import {
  openPage,
  serveFaults,
  watchTrouble,
  type Site,
  type Trouble,
} from '../support/storage-site.js';

/** A change is to be seen within a second; a busy machine may take a few. */
const SECONDS = { timeout: 10_000, polling: 20 };

let site: Site;
let profile: Awaited<ReturnType<typeof profileFolder>>;

/** What a page of either browser can do. */
interface Runs {
  readonly evaluate: (run: (day: number) => Promise<unknown>, day: number) => Promise<unknown>;
}

/** Orders on different days: each is a visit of its own. */
const orderOn = (page: Runs, day: number): Promise<unknown> =>
  page.evaluate(
    (n) =>
      regulars.record({
        id: `web:${n}`,
        at: Date.UTC(2026, 0, n),
        lines: [{ sku: 'house', name: 'House Blend' }],
      }),
    day,
  );

beforeAll(async () => {
  site = await serveFaults();
});
afterAll(() => site.close());
beforeEach(async () => {
  profile = await profileFolder();
});
afterEach(() => profile.remove());

describe.skipIf(chromiumPath === undefined)('a tab that was away', () => {
  let browser: BareChromium;

  beforeEach(async () => {
    browser = startChromium(profile.folder);
    await orderOn(await open(), 1);
  });
  afterEach(() => browser.close());

  async function open(path = 'client'): Promise<BareTab> {
    const tab = await browser.open(site.url(path));
    await tab.until(() => document.body.textContent.includes('ready'));
    // no browser freezes a page in its first moments, in which it looks around in its storage
    await new Promise((resolve) => setTimeout(resolve, 700));
    await tab.evaluate(() => {
      const seen = { froze: 0, persisted: 0, trouble: [] as string[] };
      Object.assign(globalThis, { seen });
      document.addEventListener('freeze', () => seen.froze++);
      addEventListener('pageshow', ({ persisted }) => (seen.persisted += Number(persisted)));
      addEventListener('error', ({ message }) => seen.trouble.push(message));
      addEventListener('unhandledrejection', ({ reason }) => seen.trouble.push(String(reason)));
    });
    return tab;
  }
  /** Freezes a page as the browser does with one in the background. */
  const freeze = (tab: BareTab): Promise<unknown> =>
    tab.send('Page.setWebLifecycleState', { state: 'frozen' });
  const seen = (tab: BareTab): Promise<unknown> =>
    tab.evaluate(() => Reflect.get(globalThis, 'seen') as unknown);
  const thaw = async (tab: BareTab): Promise<void> => {
    await tab.send('Page.setWebLifecycleState', { state: 'active' });
    // it really was frozen
    expect(await seen(tab)).toMatchObject({ froze: 1 });
  };
  const showsVisits = (tab: BareTab, count: number): Promise<void> =>
    tab.until((wanted) => regulars.get().customer?.paidVisits === wanted, count);

  it('sees what it missed when it is frozen no more', async () => {
    const [away, here] = [await open(), await open()];
    await showsVisits(away, 1);
    await freeze(away);
    for (const day of [2, 3, 4]) expect(await orderOn(here, day)).toEqual({ kind: 'kept' });
    await thaw(away);
    await showsVisits(away, 4);
    expect(await orderOn(away, 5)).toEqual({ kind: 'kept' });
    await showsVisits(here, 5);
    expect(await seen(away)).toMatchObject({ trouble: [] });
  });

  it('sees what it missed although nobody could tell it', async () => {
    const [away, here] = [await open(), await open()];
    // a page with another channel, as one whose messages were dropped while it was frozen
    await here.evaluate(() => {
      BroadcastChannel.prototype.postMessage = () => undefined;
      Storage.prototype.setItem = () => undefined;
    });
    await freeze(away);
    await orderOn(here, 2);
    await thaw(away);
    await showsVisits(away, 2);
  });

  it('cannot hold up a forgetting while it is frozen, and shows nothing of it when it comes back', async () => {
    const [away, here] = [await open(), await open()];
    await freeze(away);
    await here.evaluate(() => regulars.rights.forget({ scope: 'device' }).then(() => 0));
    expect(await here.evaluate(() => recordsKept())).toEqual([]);
    expect(await here.evaluate(() => localStorage.length)).toBe(0);
    await thaw(away);
    await away.until(() => regulars.get().level === 'none');
    expect(await away.evaluate(() => recordsKept())).toEqual([]);
    expect(await seen(away)).toMatchObject({ trouble: [] });
  });

  it('is not in the way of others while it is frozen, whatever it was writing, and loses nothing of that', async () => {
    const [away, here] = [await open(), await open()];
    await away.evaluate(() => {
      const writing = Array.from({ length: 60 }, (_, i) => order(100 + i));
      Object.assign(globalThis, { writing: Promise.all(writing) });
    });
    await freeze(away);
    for (const day of [2, 3, 4]) expect(await orderOn(here, day)).toEqual({ kind: 'kept' });
    await thaw(away);
    const outcomes = await away.evaluate(
      () => Reflect.get(globalThis, 'writing') as Promise<readonly { kind: string }[]>,
    );
    expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(['kept']));
    const kept = await here.evaluate(() => orders());
    expect(kept).toHaveLength(64);
    expect(new Set(kept).size).toBe(64);
    expect(await away.evaluate(() => notices)).toEqual([]);
  });

  it('is not in the way of a newer release while it is frozen', async () => {
    const away = await open();
    await freeze(away);
    const late = await open('later-client');
    // `start` settles after 2 s, whatever a busy machine's database does
    await late.until(() => regulars.get().storage.kind === 'persistent');
    expect(await orderOn(late, 2)).toEqual({ kind: 'kept' });
    await thaw(away);
    await away.until(() => regulars.get().storage.kind === 'memory');
    expect(await seen(away)).toMatchObject({ trouble: [] });
  });

  it('sees what it missed in the back/forward cache', async () => {
    const [away, here] = [await open(), await open()];
    await here.evaluate(() => {
      BroadcastChannel.prototype.postMessage = () => undefined;
    });
    await away.goto(site.url('empty'));
    await orderOn(here, 2);
    await away.evaluate(() => history.back());
    await away.until(() => Reflect.has(globalThis, 'seen'));
    await away.until(
      () => (Reflect.get(globalThis, 'seen') as { persisted: number }).persisted === 1,
    );
    await showsVisits(away, 2);
    expect(await orderOn(away, 3)).toEqual({ kind: 'kept' });
  });
});

describe.skipIf(chromiumPath === undefined)('a tab that cannot be told', () => {
  let browser: BrowserContext;
  let trouble: Trouble;

  const open = (): Promise<Page> => openPage(browser, site, 'client');
  beforeEach(async () => {
    browser = await launchChromium(profile.folder);
    trouble = watchTrouble(browser);
    await orderOn(await open(), 1);
  });
  afterEach(async () => {
    await browser.close();
    trouble.refuse();
  });

  it('without BroadcastChannel a change in one tab is seen in the other within a second', async () => {
    await browser.addInitScript(() => Reflect.deleteProperty(globalThis, 'BroadcastChannel'));
    const [a, b] = [await open(), await open()];
    expect(await a.evaluate(() => typeof BroadcastChannel)).toBe('undefined');
    // the time is taken inside of the page: what the test needs to ask for it is no part of it
    const seen = b.evaluate(
      () =>
        new Promise<number>((done) => {
          const stop = regulars.listen(() => {
            if (regulars.get().customer?.paidVisits !== 2) return;
            stop();
            done(Date.now());
          });
        }),
    );
    const began = await a.evaluate(() => Date.now());
    expect(await orderOn(a, 2)).toEqual({ kind: 'kept' });
    const written = await a.evaluate(() => Date.now());
    expect((await seen) - written, `${written - began} ms to write`).toBeLessThan(1_000);

    await a.evaluate(() => regulars.rights.consent('remember', 'denied'));
    await b.waitForFunction(() => regulars.get().level === 'none', undefined, SECONDS);
    expect(await b.evaluate(() => indexedDB.databases())).toEqual([]);
    // the host says yes for everybody: that this one said no is all that is left
    expect(await b.evaluate(() => Object.values(localStorage))).toEqual(['{"refused":true}']);
  });
});
