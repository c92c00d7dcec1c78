import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { bundleScript, profileFolder } from '../support/browser.js';
import { firefoxPath, launchFirefox, type FirefoxPreferences } from '../support/firefox.js';
import { showInWebKit, startWebKit, webkitPath, type WebKit } from '../support/webkit-driver.js';

/**
 * A shop's page. What it shows it also tells the server, and `?become=Ana` lets it remember a customer by itself:
 * for a browser that nobody drives.
 */
const SCRIPT = `
import { createRegulars } from './src/client/create-regulars.ts';
import { indexedDbStorage } from './src/adapters/storage/indexed-db.ts';

const query = new URLSearchParams(location.search);
if (query.has('without-channel')) delete globalThis.BroadcastChannel;
const regulars = createRegulars({ shop: 'blue-door', storage: indexedDbStorage() });
const heading = document.body.appendChild(document.createElement('h1'));
const seenAt = {};
const failures = [];
for (const type of ['error', 'unhandledrejection'])
  addEventListener(type, (event) => failures.push(String(event.reason ?? event.message)));
const shown = () => {
  const { kind, reason } = regulars.get().storage;
  return { greeting: heading.textContent, storage: kind, reason, seenAt, tab: query.get('tab') };
};
const rename = async (name) => {
  const { kind } = await regulars.rights.remember({ key: 'name.given', value: name });
  return { kind, at: Date.now() };
};
const become = async (name) => {
  await regulars.rights.consent('remember', 'granted');
  await rename(name);
  const { kind } = await regulars.record({ id: 'web:1', lines: [{ sku: 'house', name: 'House Blend' }] });
  return kind;
};
const databases = async () => (await indexedDB.databases()).map(({ name }) => name);
const ready = regulars.start();
const tell = () => fetch('/told', { method: 'POST', body: JSON.stringify(shown()) });
regulars.subscribe(({ greeting, customer }) => {
  heading.textContent = greeting.text ?? '';
  if (customer?.name) seenAt[customer.name] ??= Date.now();
});
Object.assign(window, { shown, rename, become, databases, ready, failures });
await ready;
if (query.has('become')) await become(query.get('become'));
regulars.subscribe(tell);
`;

interface Shown {
  readonly greeting: string;
  readonly storage: 'memory' | 'opening' | 'persistent';
  readonly reason?: string;
  readonly tab: string | null;
  /** When the page first saw each name. */
  readonly seenAt: Readonly<Record<string, number>>;
}

/** What a page offers on its window, called from outside. */
interface Tab {
  readonly ask: <T>(expression: string) => Promise<T>;
  readonly reload: () => Promise<void>;
}

let shop: { readonly url: string; readonly told: Shown[]; readonly close: () => Promise<void> };

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk;
  return text;
}

async function openShop(): Promise<typeof shop> {
  const script = await bundleScript(SCRIPT);
  const told: Shown[] = [];
  const server = createServer((request, response) => {
    if (request.method === 'POST')
      void textOf(request).then((text) => told.push(JSON.parse(text) as Shown));
    const isScript = request.url === '/page.js';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    response.end(
      isScript
        ? script
        : '<!doctype html><meta charset="utf-8"><script type="module" src="/page.js"></script>',
    );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    told,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const shown = async (tab: Tab): Promise<Shown> => tab.ask<Shown>('ready.then(shown)');

async function greetsAfterReload(tab: Tab, storage: Shown['storage']): Promise<void> {
  expect(await shown(tab)).toMatchObject({ storage: 'memory' });
  expect((await shown(tab)).greeting).not.toContain('Ana');
  expect(await tab.ask("ready.then(() => become('Ana'))")).toBe('kept');
  await tab.reload();
  expect(await shown(tab)).toMatchObject({ greeting: expect.stringContaining('Ana'), storage });
}

/** Asks of five changes, since one may meet a machine that is busy with something else. */
async function tellsOtherTabSoon(from: Tab, to: Tab): Promise<void> {
  await from.ask("ready.then(() => become('Ana'))");
  await to.reload();
  expect((await shown(to)).greeting).toContain('Ana');
  const delays: number[] = [];
  for (const name of ['Bea', 'Cleo', 'Dina', 'Emma', 'Fay']) {
    shop.told.length = 0;
    const { at } = await from.ask<{ readonly at: number }>(`rename('${name}')`);
    const seenAt = await vi.waitFor(
      () => {
        // the other tab tells by itself: looking at it would wake it up
        const other = shop.told.find((told) => told.tab === 'other' && name in told.seenAt);
        expect(other).toBeDefined();
        return other?.seenAt[name] ?? Infinity;
      },
      { timeout: 20_000, interval: 50 },
    );
    delays.push(seenAt - at);
  }
  expect(delays.toSorted((a, b) => a - b)[2]).toBeLessThan(1000);
}

/** What tabs tell each other by. */
const LINES: readonly (readonly [string, string])[] = [
  ['by BroadcastChannel', '?'],
  ['by the marker where there is none', '?without-channel'],
];

beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

describe.skipIf(firefoxPath === undefined)('in Firefox', () => {
  let profile: Awaited<ReturnType<typeof profileFolder>>;
  let firefox: BrowserContext | undefined;

  async function launch(preferences?: FirefoxPreferences): Promise<void> {
    await firefox?.close();
    firefox = undefined; // it may fail to come back
    firefox = await launchFirefox(profile.folder, preferences);
  }
  async function openTab(query = ''): Promise<Tab> {
    const page = await (firefox?.newPage() as Promise<Page>);
    await page.goto(shop.url + query);
    return {
      ask: (expression) => page.evaluate(expression),
      reload: async () => void (await page.reload()),
    };
  }

  beforeEach(async () => {
    profile = await profileFolder();
  });
  afterEach(async () => {
    await firefox?.close();
    firefox = undefined;
    await profile.remove();
  });

  it('a returning customer is greeted after a reload and after a restart of the browser', async () => {
    await launch();
    await greetsAfterReload(await openTab(), 'persistent');
    await launch();
    expect(await shown(await openTab())).toMatchObject({
      greeting: expect.stringContaining('Ana'),
      storage: 'persistent',
    });
  });

  it.each(LINES)(
    'a change in one tab is visible in the other within a second, %s',
    async (_, query) => {
      await launch();
      await tellsOtherTabSoon(await openTab(query), await openTab(`${query}&tab=other`));
    },
  );

  it('a private window remembers while it is open, and nothing afterwards', async () => {
    await launch({ 'browser.privatebrowsing.autostart': true });
    await greetsAfterReload(await openTab(), 'persistent');
    await launch({ 'browser.privatebrowsing.autostart': true });
    const tab = await openTab();
    expect((await shown(tab)).greeting).not.toContain('Ana');
    expect(await tab.ask('databases()')).toEqual([]);
  });

  it.each<readonly [string, FirefoxPreferences]>([
    ['all site data is refused', { 'network.cookie.cookieBehavior': 2 }],
    [
      'private windows have no database, as before Firefox 115',
      { 'browser.privatebrowsing.autostart': true, 'dom.indexedDB.privateBrowsing.enabled': false },
    ],
  ])('the page goes on in memory, and says so, where %s', async (_, preferences) => {
    await launch(preferences);
    const tab = await openTab();
    expect(await tab.ask("ready.then(() => become('Ana'))")).toBe('held');
    const { storage, reason } = await shown(tab);
    expect({ storage, reason }).toEqual({ storage: 'memory', reason: 'unavailable' });
    await tab.reload();
    expect((await shown(tab)).greeting).not.toContain('Ana');
    expect(await tab.ask('failures')).toEqual([]);
  });
});

describe.skipIf(webkitPath === undefined)('in WebKit', () => {
  let webkit: WebKit | undefined;

  async function openTab(query = '', options?: Parameters<typeof startWebKit>[0]): Promise<Tab> {
    const driver = (webkit ??= await startWebKit(options));
    const { handle } = await driver.send<{ readonly handle: string }>('POST', '/window/new', {
      type: 'tab',
    });
    const show = (): Promise<unknown> => driver.send('POST', '/window', { handle });
    await show();
    await driver.send('POST', '/url', { url: shop.url + query });
    return {
      ask: async (expression) => {
        await show();
        return driver.evaluate(`async () => ${expression}`);
      },
      reload: async () => {
        await show();
        await driver.send('POST', '/refresh', {});
      },
    };
  }

  afterEach(async () => {
    await webkit?.close();
    webkit = undefined;
  });

  it.each([true, false])(
    'a returning customer is greeted after a reload (navigator.storage: %s)',
    async (hasStorageApi) => {
      const tab = await openTab('', { hasStorageApi });
      expect(await tab.ask('navigator.storage !== undefined')).toBe(hasStorageApi);
      await greetsAfterReload(tab, 'persistent');
      expect(await tab.ask('failures')).toEqual([]);
    },
  );

  it.each(LINES)(
    'a change in one tab is visible in the other within a second, %s',
    async (_, query) => {
      await tellsOtherTabSoon(await openTab(query), await openTab(`${query}&tab=other`));
    },
  );

  it('a returning customer is greeted after a restart of the browser', async () => {
    const profile = await profileFolder();
    try {
      for (const query of ['?become=Ana', '']) {
        shop.told.length = 0;
        const end = await showInWebKit(profile.folder, shop.url + query);
        try {
          await vi.waitFor(
            () =>
              expect(shop.told.at(-1)).toMatchObject({
                greeting: expect.stringContaining('Ana'),
                storage: 'persistent',
              }),
            { timeout: 20_000, interval: 50 },
          );
          // WebKit writes localStorage, and with it the marker, to the disk half a second late
          await new Promise((resolve) => setTimeout(resolve, 2000));
        } finally {
          await end();
        }
      }
    } finally {
      await profile.remove();
    }
  });
});
