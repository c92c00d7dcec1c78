import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { memoryDatabase } from '../../src/adapters/database/memory.js';
import type { Regulars } from '../../src/client/types.js';
import { createRegularsServer } from '../../src/server/create-server.js';
import { startChromium, type BareTab } from '../support/bare-chromium.js';
import { bundleScript, launchChromium, profileFolder } from '../support/browser.js';

declare global {
  var regulars: Regulars;
}

/** What the backend was asked: by which tab, and when. */
interface Asked {
  readonly tab: string;
  readonly path: string;
  readonly bytes: number;
  readonly from: number;
  until: number;
}
const asked: Asked[] = [];
let failing = false;
let script = '';

const backend = createRegularsServer({
  database: memoryDatabase(),
  keys: () => ({ key: new Uint8Array(32).fill(7) }),
  authorize: () => ({ shop: 'blue-door', scope: 'self', account: 'u_1' }),
  limits: { requestsPerMinute: 100_000 },
});

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const body = Buffer.concat(parts);
  const path = request.url ?? '';
  if (!path.includes('/sync/v1/')) {
    const isScript = path === '/page.js';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    const html =
      '<!doctype html><meta charset="utf-8"><script type="module" src="/page.js"></script>';
    response.end(isScript ? script : html);
    return;
  }
  const from = Date.now();
  const tab = String(request.headers['authorization'] ?? '').replace('Bearer ', '');
  const isAsked = request.method !== 'OPTIONS' && !path.endsWith('/events');
  const entry: Asked = { tab, path, bytes: body.length, from, until: from };
  if (isAsked) asked.push(entry);
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  const init = {
    method: request.method ?? 'GET',
    headers: request.headers as never,
    signal: gone.signal,
  };
  if (failing && isAsked) {
    response.writeHead(500).end();
    return;
  }
  const answered = await backend.handle(
    new Request(`http://127.0.0.1${path}`, body.length > 0 ? { ...init, body } : init),
  );
  response.writeHead(answered.status, Object.fromEntries(answered.headers));
  const reader = answered.body?.getReader();
  for (let read = await reader?.read(); read && !read.done; read = await reader?.read())
    response.write(read.value);
  response.end();
  entry.until = Date.now();
}

const SCRIPT = `
import { createRegulars } from './src/client/create-regulars.ts';
import { syncOver } from './src/client/sync.ts';
import { httpTransport } from './src/adapters/transport/http.ts';
import { indexedDbStorage } from './src/adapters/storage/indexed-db.ts';
const tab = Math.random().toString(36).slice(2);
globalThis.tab = tab;
globalThis.regulars = createRegulars({
  shop: 'blue-door', storage: indexedDbStorage(), consent: { remember: 'granted' },
  sync: syncOver(httpTransport({ url: '/regulars', token: () => tab }), { pollMs: 60_000 }),
});
await regulars.start();
await regulars.recognize({ account: 'u_1' }, { verified: ['account'] });
document.body.append('started');
`;
const SOON = { timeout: 20_000, polling: 20 };

let api: ReturnType<typeof createServer>;
let url: string;
let profile: Awaited<ReturnType<typeof profileFolder>>;
let browser: BrowserContext;

beforeAll(async () => {
  api = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  api.listen(0, '127.0.0.1');
  await once(api, 'listening');
  const { port } = api.address() as AddressInfo;
  url = `http://127.0.0.1:${port}/`;
  [script, profile] = await Promise.all([bundleScript(SCRIPT), profileFolder()]);
  browser = await launchChromium(profile.folder);
}, 60_000);
afterAll(async () => {
  await browser.close();
  api.closeAllConnections();
  api.close();
  await profile.remove();
});

async function openTab(): Promise<Page> {
  const tab = await browser.newPage();
  await tab.goto(url);
  await tab.getByText('started').waitFor();
  return tab;
}

const idOf = (tab: Page): Promise<string> =>
  tab.evaluate(() => (globalThis as unknown as { readonly tab: string }).tab);
const record = (tab: Page, id: string): Promise<unknown> =>
  tab.evaluate((order) => regulars.record({ id: order, lines: [{ sku: 'house' }] }), id);
const ordersOf = (tab: Page): Promise<number> =>
  tab.evaluate(async () => {
    const { purchases } = await regulars.rights.known();
    return purchases.ok ? purchases.value.length : -1;
  });
const askers = (): ReadonlySet<string> => new Set(asked.map(({ tab }) => tab));

async function until(isSo: () => boolean, ms: number): Promise<void> {
  const end = Date.now() + ms;
  while (!isSo()) {
    if (Date.now() > end) throw new Error(`never: ${isSo.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

it('Y11 one tab syncs, another takes over when it is closed, and all are up to date', async () => {
  const tabs = [await openTab(), await openTab(), await openTab()];
  const [, second] = tabs as [Page, Page];
  await second.waitForFunction(() => regulars.sync.status().state === 'idle', undefined, SOON);
  await until(() => asked.length > 0, 10_000);
  asked.length = 0;
  for (const [n, tab] of tabs.entries()) await record(tab, `web:${n}`);
  for (const tab of tabs)
    await tab.waitForFunction(
      () => regulars.sync.status().waiting === 0 && regulars.sync.status().state === 'idle',
      undefined,
      SOON,
    );
  expect(askers().size).toBe(1);
  for (const [n, one] of asked.entries())
    for (const other of asked.slice(n + 1))
      expect(other.from).toBeGreaterThanOrEqual(one.until - 5);
  // each shows what another did, soon
  for (const tab of tabs)
    await tab.waitForFunction(
      async () => {
        const { purchases } = await regulars.rights.known();
        return purchases.ok && purchases.value.length === 3;
      },
      undefined,
      SOON,
    );
  // asking in any tab is asking the one that leads
  asked.length = 0;
  for (const tab of tabs) await tab.evaluate(() => regulars.sync.now());
  expect(askers().size).toBe(1);

  const [leader = ''] = askers();
  const ids = await Promise.all(tabs.map(idOf));
  const leading = tabs[ids.indexOf(leader)] as Page;
  const others = tabs.filter((tab) => tab !== leading);
  await leading.close();
  asked.length = 0;
  const at = Date.now();
  await record(others[0] as Page, 'web:9');
  await until(() => asked.some(({ path }) => path.endsWith('/push')), 10_000);
  expect(Date.now() - at).toBeLessThan(10_000);
  expect(askers().size).toBe(1);
  expect(askers().has(leader)).toBe(false);

  for (const tab of others) await tab.close();
}, 120_000);

it('Y11 a tab that is frozen while it leads is left, and notices when it wakes', async () => {
  const own = await profileFolder();
  const bare = startChromium(own.folder);
  try {
    const open = async (): Promise<BareTab> => {
      const tab = await bare.open(url);
      await tab.until(() => document.body.textContent.includes('started'));
      await tab.until(() => regulars.sync.status().state === 'idle');
      // no browser freezes a page in its first moments
      await new Promise((resolve) => setTimeout(resolve, 700));
      return tab;
    };
    const nameOf = (tab: BareTab): Promise<string> =>
      tab.evaluate(() => (globalThis as unknown as { readonly tab: string }).tab);
    const buy = (tab: BareTab, id: string): Promise<unknown> =>
      tab.evaluate((order) => regulars.record({ id: order, lines: [{ sku: 'house' }] }), id);
    const [away, here] = [await open(), await open()];
    asked.length = 0;
    await here.evaluate(() => regulars.sync.now());
    const leads = askers().has(await nameOf(away));
    const [frozen, awake] = leads ? [away, here] : [here, away];
    await frozen.send('Page.setWebLifecycleState', { state: 'frozen' });
    asked.length = 0;
    await buy(awake, 'web:20');
    await until(() => asked.some(({ path }) => path.endsWith('/push')), 20_000);
    expect(askers()).toEqual(new Set([await nameOf(awake)]));
    await frozen.send('Page.setWebLifecycleState', { state: 'active' });
    await new Promise((resolve) => setTimeout(resolve, 500));
    asked.length = 0;
    await buy(frozen, 'web:21');
    await until(() => asked.some(({ path }) => path.endsWith('/push')), 10_000);
    await awake.until(() => regulars.sync.status().waiting === 0);
    expect(askers()).toEqual(new Set([await nameOf(awake)]));
  } finally {
    await bare.close();
    await own.remove();
  }
}, 120_000);

it('V25 what waits leaves as the page is hidden, in requests of at most 60 kB; the rest goes with the next page', async () => {
  const tab = await openTab();
  await tab.waitForFunction(() => regulars.sync.status().state === 'idle', undefined, SOON);
  const before = await ordersOf(tab);
  failing = true;
  await tab.evaluate(() => regulars.sync.now());
  await tab.evaluate(async () => {
    const lines = [{ sku: 'house', name: 'x'.repeat(700) }];
    await Promise.all(
      Array.from({ length: 300 }, (_, n) => regulars.record({ id: `pos:${n}`, lines })),
    );
  });
  await tab.waitForFunction(() => regulars.sync.status().waiting === 300, undefined, SOON);
  // failing for long enough not to be tried again by itself in the next seconds
  await tab.evaluate(async () => {
    for (let n = 0; n < 12; n++) await regulars.sync.now();
  });
  failing = false;
  asked.length = 0;
  await tab.goto('about:blank');
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  const pushed = asked.filter(({ path }) => path.endsWith('/push'));
  expect(pushed.length).toBeGreaterThan(0);
  for (const { bytes } of pushed) expect(bytes).toBeLessThanOrEqual(61_000);

  const again = await openTab();
  await again.waitForFunction(
    () => regulars.sync.status().state === 'idle' && regulars.sync.status().waiting === 0,
    undefined,
    SOON,
  );
  expect(await ordersOf(again)).toBe(before + 300);
  const fresh = await again.evaluate(() => regulars.sync.status().refused);
  expect(fresh).toBe(0);
  await again.close();
}, 120_000);
