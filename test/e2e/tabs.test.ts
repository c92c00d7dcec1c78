import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Regulars } from '../../src/client/types.js';
import { bundleScript, launchChromium, profileFolder, servePage } from '../support/browser.js';

declare global {
  var regulars: Regulars;
}

const SCRIPT = `
import { createRegulars } from './src/client/create-regulars.ts';
import { indexedDbStorage } from './src/adapters/storage/indexed-db.ts';
globalThis.regulars = createRegulars({ shop: 'blue-door', storage: indexedDbStorage() });
await regulars.start();
document.body.append('started');
`;
/** Bounded, not timed: a busy machine is no bug. By the page's own timers, since a tab behind another draws no frames. */
const SOON = { timeout: 10_000, polling: 20 };

let served: Awaited<ReturnType<typeof servePage>>;
let profile: Awaited<ReturnType<typeof profileFolder>>;
let browser: BrowserContext;

beforeAll(async () => {
  [served, profile] = await Promise.all([bundleScript(SCRIPT).then(servePage), profileFolder()]);
  browser = await launchChromium(profile.folder);
});
afterAll(async () => {
  await browser.close();
  await served.close();
  await profile.remove();
});

async function openTab(): Promise<Page> {
  const tab = await browser.newPage();
  await tab.goto(served.url);
  await tab.getByText('started').waitFor();
  return tab;
}

const name = (tab: Page): Promise<string | undefined> =>
  tab.evaluate(() => regulars.get().customer?.name);

beforeEach(async () => {
  for (const tab of browser.pages().slice(1)) await tab.close();
  const tab = await openTab();
  await tab.evaluate(async () => {
    await regulars.rights.forget({ scope: 'device' });
    await regulars.rights.consent('remember', 'granted');
    await regulars.rights.remember({ key: 'name.given', value: 'Ana' });
  });
  await tab.close();
});

it('a no in one tab turns the other neutral, and leaves nothing (P3)', async () => {
  const [a, b] = [await openTab(), await openTab()];
  expect([await name(a), await name(b)]).toEqual(['Ana', 'Ana']);
  await a.evaluate(() => regulars.rights.consent('remember', 'denied'));
  await b.waitForFunction(() => regulars.get().level === 'none', undefined, SOON);
  expect(await b.evaluate(() => JSON.stringify(regulars.get()))).not.toContain('Ana');
  expect(await b.evaluate(() => indexedDB.databases())).toEqual([]);
  expect(await b.evaluate(() => localStorage.length)).toBe(0);
});

it('an order in one tab is known in the other', async () => {
  const [a, b] = [await openTab(), await openTab()];
  await a.evaluate(() =>
    regulars.record({ id: 'web:1', lines: [{ sku: 'house', name: 'House Blend' }] }),
  );
  await b.waitForFunction(() => regulars.get().customer?.paidVisits === 1, undefined, SOON);
});

it('two tabs that record as fast as they can lose nothing', async () => {
  const [a, b] = [await openTab(), await openTab()];
  const run = (tab: Page, prefix: string): Promise<unknown> =>
    tab.evaluate(async (of) => {
      const all = Array.from({ length: 40 }, (_, i) =>
        regulars.record({ id: `${of}:${i}`, lines: [{ sku: 'house', name: 'House' }] }),
      );
      return (await Promise.all(all)).map(({ kind }) => kind);
    }, prefix);
  const outcomes = await Promise.all([run(a, 'a'), run(b, 'b')]);
  expect(new Set(outcomes.flat())).toEqual(new Set(['kept']));
  const { purchases, items } = await a.evaluate(async () => {
    const { records, derived } = await regulars.rights.export();
    const card = derived as unknown as { items: { purchases: number }[] };
    return {
      purchases: records.filter(({ kind }) => kind === 'purchase').length,
      items: card.items[0]?.purchases,
    };
  });
  expect([purchases, items]).toEqual([80, 80]);
});

it('a sign-out in one tab ends the proof in the other', async () => {
  const [a, b] = [await openTab(), await openTab()];
  for (const tab of [a, b])
    await tab.evaluate(() => regulars.recognize({ account: 'u_1' }, { verified: ['account'] }));
  expect(await b.evaluate(() => regulars.get().level)).toBe('verified');
  await a.evaluate(() => regulars.signOut());
  await b.waitForFunction(() => regulars.get().level === 'device', undefined, SOON);
});

it('"not you" in one tab takes the name away in the other', async () => {
  const [a, b] = [await openTab(), await openTab()];
  await a.evaluate(() => regulars.notMe());
  await b.waitForFunction(() => regulars.get().customer === null, undefined, SOON);
});
