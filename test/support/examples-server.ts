import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import {
  chromium,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Page,
} from 'playwright-core';
import sirv from 'sirv';
import { findBrowser } from '../../scripts/browsers.mjs';

/** The built example pages, served, and a browser to open them with. */
export interface Examples {
  readonly browser: Browser;
  readonly url: (path: string) => string;
  /** A visitor's browser: nothing in it, as on the first visit. */
  readonly visitor: (options?: BrowserContextOptions) => Promise<Visitor>;
  readonly close: () => Promise<void>;
}

/** A browser profile, and what went wrong on its pages. */
export interface Visitor {
  readonly context: BrowserContext;
  /** Errors in the console, uncaught ones, refusals of the content security policy, requests to anybody else. */
  readonly trouble: readonly string[];
  readonly open: (path: string) => Promise<Page>;
}

export async function openExamples(): Promise<Examples> {
  const server = createServer(sirv(resolve('examples/dist'), { dev: true }));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const executablePath = await findBrowser('chromium');
  const browser = await chromium.launch({
    ...(executablePath === undefined ? {} : { executablePath }),
    args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), '--disable-gpu'],
  });
  return {
    browser,
    url: (path) => `${origin}/${path}`,
    visitor: async (options = {}) => {
      const context = await browser.newContext({
        viewport: { width: 1280, height: 900 },
        ...options,
      });
      const trouble: string[] = [];
      context.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning')
          trouble.push(message.text());
      });
      context.on('weberror', (error) => trouble.push(String(error.error())));
      context.on('request', (request) => {
        const address = request.url();
        if (!address.startsWith(origin) && !address.startsWith('blob:')) trouble.push(address);
      });
      await context.addInitScript(countShifts);
      return {
        context,
        trouble,
        open: async (path) => {
          const page = await context.newPage();
          await page.goto(`${origin}/${path}`);
          return page;
        },
      };
    },
    close: async () => {
      await browser.close();
      await new Promise((done) => server.close(done));
    },
  };
}

/** Runs in the page: adds up what moved without the visitor having done anything. */
function countShifts(): void {
  const total = { shift: 0 };
  Object.assign(globalThis, { layout: total });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const { value, hadRecentInput } = entry as unknown as {
        readonly value: number;
        readonly hadRecentInput: boolean;
      };
      if (!hadRecentInput) total.shift += value;
    }
  }).observe({ type: 'layout-shift', buffered: true });
}

/** What moved so far: 0 is a page that stands still. */
export const layoutShift = (page: Page): Promise<number> =>
  page.evaluate(() => (globalThis as unknown as { layout: { shift: number } }).layout.shift);

/** Everything this origin keeps in the browser, as one text to search in: read by the back door, not by the package. */
export function storedText(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const parts: unknown[] = [
      Object.entries(localStorage),
      Object.entries(sessionStorage),
      document.cookie,
    ];
    parts.push(await caches.keys());
    for (const { name } of await indexedDB.databases()) {
      const database = await new Promise<IDBDatabase>((done, fail) => {
        const request = indexedDB.open(name ?? '');
        request.onsuccess = () => done(request.result);
        request.onerror = () => fail(request.error ?? new Error('refused'));
      });
      for (const store of database.objectStoreNames) {
        const rows = await new Promise<unknown[]>((done, fail) => {
          const request = database.transaction(store).objectStore(store).getAll();
          request.onsuccess = () => done(request.result as unknown[]);
          request.onerror = () => fail(request.error ?? new Error('refused'));
        });
        parts.push({ name, store, rows });
      }
      database.close();
    }
    return JSON.stringify(parts);
  });
}

/** How many things of each kind this origin keeps. */
export function storedCounts(page: Page): Promise<Readonly<Record<string, number>>> {
  return page.evaluate(async () => ({
    databases: (await indexedDB.databases()).length,
    localStorage: localStorage.length,
    sessionStorage: sessionStorage.length,
    cookies: document.cookie.length,
    caches: (await caches.keys()).length,
  }));
}

/** Nothing of any kind. */
export const nothingStored: Readonly<Record<string, number>> = {
  databases: 0,
  localStorage: 0,
  sessionStorage: 0,
  cookies: 0,
  caches: 0,
};
