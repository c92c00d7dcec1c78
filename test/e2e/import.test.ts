import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import {
  bundleScript,
  chromiumPath,
  launchChromium,
  profileFolder,
  servePage,
  spawnChromium,
} from '../support/browser.js';

const ORDERS = 10_000;
const CUSTOMERS = 1000;

const SCRIPT = `
import { indexedDbStorage } from './src/adapters/storage/indexed-db.js';
import { importPurchases } from './src/client/import-purchases.js';
import { exportStorage, importStorage, inspectStorage } from './src/profile/index.js';

const shop = 'blue-door';
function* orders(count) {
  for (let i = 0; i < count; i++)
    yield {
      id: 'pos:' + i,
      at: Date.UTC(2025, 0, 1) + i * 600_000,
      currency: 'EUR',
      total: 780,
      lines: [
        { sku: 'sku-' + (i % 40), name: 'Coffee ' + (i % 40), quantity: 1 + (i % 2), unitPrice: 390, modifiers: [{ group: 'milk', name: 'oat' }] },
        { sku: 'sku-' + (i % 7), name: 'Cake ' + (i % 7), quantity: 1, unitPrice: 390 },
      ],
      customer: { ids: [{ kind: 'external', value: 'account-' + ((i * 7919) % ${CUSTOMERS}) }], name: { given: 'Shep' } },
    };
}
const storage = indexedDbStorage();
const open = () => storage.open({ name: 'regulars:' + shop });
let done = 0;

/** The longest stretch in which the page could not answer, ms. */
const watchTasks = () => {
  let longest = 0;
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) longest = Math.max(longest, duration);
  });
  observer.observe({ entryTypes: ['longtask'] });
  return () => {
    for (const { duration } of observer.takeRecords()) longest = Math.max(longest, duration);
    return Math.round(longest);
  };
};
const timed = async (act) => {
  const longest = watchTasks();
  const startedAt = performance.now();
  const result = await act();
  const ms = Math.round(performance.now() - startedAt);
  await new Promise((resolve) => setTimeout(resolve, 200));
  return { ...result, ms, longestTask: longest() };
};

Object.assign(window, {
  done: () => done,
  run: async () => {
    await open();
    return timed(() =>
      importPurchases(storage, [...orders(${ORDERS})], { shop, onProgress: (progress) => (done = progress.done) }),
    );
  },
  inspect: async () => {
    await open();
    return inspectStorage(storage);
  },
  orphans: async () => {
    await open();
    return storage.transact('readonly', async (tx) => {
      const rows = await tx.list('records');
      const records = rows.map(({ value }) => JSON.parse(value.text));
      const linked = new Set(records.filter(({ kind }) => kind === 'link').map(({ subject }) => subject));
      const ids = records.filter(({ kind }) => kind === 'purchase').map(({ data }) => data.id);
      const cards = new Set((await tx.list('cards')).map(({ key }) => key));
      return {
        purchases: ids.length,
        different: new Set(ids).size,
        without: records.filter(({ subject }) => !linked.has(subject) || !cards.has(subject)).length,
      };
    });
  },
  transfer: async () => {
    await open();
    let pieces = [];
    const exported = await timed(async () => {
      for await (const piece of exportStorage(storage, { shop })) pieces.push(piece);
      return { megabytes: Math.round(pieces.join('').length / 1e5) / 10 };
    });
    const file = new Blob(pieces);
    pieces = [];
    const other = indexedDbStorage();
    await other.open({ name: 'regulars:other' });
    const imported = await timed(() => importStorage(other, file, { shop }));
    const again = await timed(() => importStorage(other, file, { shop }));
    return { exported, imported, again };
  },
});
`;

let page: { readonly url: string; readonly close: () => Promise<void> };

const call = <T>(on: Page, name: string): Promise<T> =>
  on.evaluate(
    (method) => (window as unknown as Record<string, () => unknown>)[method]?.(),
    name,
  ) as Promise<T>;

describe.skipIf(chromiumPath === undefined)('an import of 10,000 orders', () => {
  beforeAll(async () => {
    page = await servePage(await bundleScript(SCRIPT));
  });
  afterAll(() => page.close());

  it('S09: killed half way with the browser and run again: each order once, none without its customer', async () => {
    const profile = await profileFolder();
    const first = await spawnChromium(profile.folder);
    await first.page.goto(page.url);
    const running = call(first.page, 'run').catch(() => undefined);
    await first.page.waitForFunction(
      (half) => (window as unknown as { done: () => number }).done() >= half,
      ORDERS / 2,
      { polling: 20 },
    );
    await first.kill();
    await running;

    const again = await launchChromium(profile.folder);
    const tab = await again.newPage();
    await tab.goto(page.url);
    const half = await call<{ purchases: number; without: number }>(tab, 'orphans');
    expect(half.purchases).toBeGreaterThanOrEqual(ORDERS / 2 - 600);
    expect(half.purchases).toBeLessThan(ORDERS);
    expect(half.without).toBe(0);
    const told = await call<{ appended: number; duplicates: number }>(tab, 'run');
    expect(told).toMatchObject({ appended: ORDERS - half.purchases, duplicates: half.purchases });
    expect(await call(tab, 'orphans')).toEqual({
      ...{ purchases: ORDERS, different: ORDERS, without: 0 },
    });
    expect(await call(tab, 'inspect')).toMatchObject({
      ...{ customers: CUSTOMERS, records: { purchase: ORDERS, link: CUSTOMERS, fact: CUSTOMERS } },
    });
    await again.close();
    await profile.remove();
  }, 180_000);

  it('and its export and import keep the page free', async () => {
    const profile = await profileFolder();
    const browser = await launchChromium(profile.folder);
    const tab = await browser.newPage();
    await tab.goto(page.url);
    const purchases = await call<object>(tab, 'run');
    const moved = await call<{
      imported: { complete: boolean; appended: number };
      again: { appended: number };
    }>(tab, 'transfer');
    expect(moved.imported).toMatchObject({ complete: true, appended: ORDERS + 2 * CUSTOMERS });
    expect(moved.again).toMatchObject({ appended: 0 });
    if (process.env['FIGURES'])
      process.stdout.write(`${JSON.stringify({ purchases, moved }, null, 1)}\n`);
    await browser.close();
    await profile.remove();
  }, 180_000);
});
