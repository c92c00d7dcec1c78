import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../../scripts/prepare.mjs';
import { chromiumPath, launchChromium, profileFolder } from '../support/browser.js';
import { blocksOf, fileOf } from '../support/docs.js';

const START = 'docs/guides/getting-started.md';
const KIOSK = 'docs/guides/kiosk.md';
const TESTING = 'docs/guides/testing-your-page.md';
const STORAGE = 'docs/guides/write-a-storage.md';
const SYNC = 'docs/guides/sync.md';

/** Code of a page, built as an application would build it: the package by its name, from dist. */
async function bundle(code: string, platform: 'browser' | 'node' = 'browser'): Promise<string> {
  const result = await build({
    stdin: { contents: code, resolveDir: root, loader: 'ts' },
    bundle: true,
    platform,
    format: 'esm',
    target: 'es2022',
    write: false,
    logLevel: 'silent',
  });
  return result.outputFiles[0]?.text ?? '';
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'regulars-docs-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs code of a page in Node and gives what it printed. */
async function runInNode(page: string, name: string): Promise<string> {
  const file = join(folder, `${name}.mjs`);
  writeFileSync(file, await bundle(fileOf(page, name), 'node'));
  return execFileSync(process.execPath, [file], { cwd: folder, encoding: 'utf8' });
}

/** Everything that lies in this page's origin, by the back door. */
const stored = (page: Page): Promise<readonly string[]> =>
  page.evaluate(async () => [
    ...Array.from({ length: localStorage.length }, (_, n) => localStorage.key(n) ?? ''),
    ...(await indexedDB.databases()).map(({ name }) => name ?? ''),
    ...(document.cookie === '' ? [] : [document.cookie]),
  ]);

const says = (page: Page, text: string | RegExp): Promise<void> =>
  page.locator('#greeting').filter({ hasText: text }).waitFor();

describe('the code of the guides for Node', () => {
  it('of "test your page" greets a regular', async () => {
    expect(await runInNode(TESTING, 'page.test.ts')).toMatch(/Maya\. The usual: Latte \(oat\)/);
    expect(await runInNode(TESTING, 'own.test.ts')).toContain('no-consent');
  });

  it('of "write a storage" is a storage that keeps the contract, and whose test can fail', async () => {
    expect(await runInNode(STORAGE, 'file-storage.ts')).toBe('failed: []\nunnoticed: []\n');
  });
});

describe.runIf(chromiumPath !== undefined)('in a browser', () => {
  let context: BrowserContext;
  let profile: Awaited<ReturnType<typeof profileFolder>>;
  const trouble: string[] = [];
  beforeAll(async () => {
    profile = await profileFolder();
    context = await launchChromium(profile.folder);
    context.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) trouble.push(message.text());
    });
    context.on('weberror', (error) => trouble.push(String(error.error())));
  });
  afterAll(async () => {
    await context.close();
    await profile.remove();
  });

  it('the example of the README works when pasted, opened as a file', async () => {
    mkdirSync(join(folder, 'dist'));
    cpSync(join(root, 'dist/regulars.global.js'), join(folder, 'dist/regulars.global.js'));
    writeFileSync(join(folder, 'page.html'), fileOf('README.md', 'page.html'));
    const page = await context.newPage();
    await page.goto(pathToFileURL(join(folder, 'page.html')).href);

    await says(page, /^Welcome\.$/);
    const yes = page.getByRole('button', { name: 'Yes, remember me' });
    await yes.waitFor();
    await page.getByRole('button', { name: 'Buy an oat latte' }).click();
    expect(await stored(page)).toEqual([]);
    await page.reload();
    await says(page, /^Welcome\.$/);

    await yes.click();
    const forget = page.getByRole('button', { name: 'Forget me' });
    await forget.waitFor();
    await page.getByRole('button', { name: 'Buy an oat latte' }).click();
    await says(page, 'Last time: Latte (oat).');
    await page.reload();
    await says(page, 'Last time: Latte (oat).');
    for (let order = 2; order <= 3; order++) {
      await page.waitForTimeout(5); // its id is the time
      await page.getByRole('button', { name: 'Buy an oat latte' }).click();
    }
    await says(page, 'The usual: Latte (oat)?');
    expect(await stored(page)).toEqual(['regulars:blue-door', 'regulars:blue-door']);

    await forget.click();
    await page.getByRole('dialog').getByRole('button', { name: 'Forget me' }).click();
    await says(page, /^Welcome\.$/);
    expect(await stored(page)).toEqual([]);
    expect(trouble).toEqual([]);
    await page.close();
  });

  describe('served', () => {
    let server: Server;
    const files = new Map<string, string | Uint8Array>();
    const address = (path: string): string =>
      `http://127.0.0.1:${(server.address() as AddressInfo).port}/${path}`;
    const html = (body: string, script: string): string =>
      `<!doctype html><html lang="en"><meta charset="utf-8"><title>The Blue Door</title><link rel="icon" href="data:,"><body>${body}<script type="module" src="${script}"></script></body></html>`;

    beforeAll(async () => {
      const customers = Array.from({ length: 30 }, () => ({
        visits: [{ items: ['latte', 'croissant'] }, { items: ['latte', 'soup'] }],
      }));
      writeFileSync(join(folder, 'orders.json'), JSON.stringify(customers));
      const train = blocksOf(START).find(({ name }) => name === 'train.mjs')?.text ?? '';
      writeFileSync(join(folder, 'train.mjs'), await bundle(train, 'node'));
      execFileSync(process.execPath, ['train.mjs'], { cwd: folder });

      const index = fileOf(START, 'index.html');
      files.set('/', html(index, 'shop.js'));
      files.set('/shop.js', await bundle(fileOf(START, 'shop.ts')));
      files.set('/model.bin', readFileSync(join(folder, 'model.bin')));
      files.set('/kiosk', html('<dialog></dialog>', 'kiosk.js'));
      files.set(
        '/kiosk.js',
        `${await bundle(fileOf(KIOSK, 'kiosk.ts'))}\nglobalThis.kiosk = { typed, pay };`,
      );
      files.set('/sync', html('', 'sync.js'));
      files.set('/sync.js', `${await bundle(fileOf(SYNC, 'orders.ts'))}\nglobalThis.shop = shop;`);
      const items = [{ code: 'LAT-12', title: 'Latte', qty: '2' }];
      const orders = ['2026-09-01T09:14:55Z', '2026-09-08T09:10:02Z'].map((created, n) => ({
        ...{ order_id: 1007 + n, created, items },
      }));
      files.set('/orders.php', JSON.stringify(orders));
      server = createServer((request, response) => {
        const found = files.get(request.url?.split('?')[0] ?? '');
        response.statusCode = found === undefined ? 404 : 200;
        const isScript = request.url?.endsWith('.js');
        response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
        response.end(found);
      });
      await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    });
    afterAll(() => {
      server.closeAllConnections();
      server.close();
    });

    it('the storefront of ten minutes asks, remembers, greets, offers, says why and forgets', async () => {
      const page = await context.newPage();
      await page.goto(address(''));
      const told = page.locator('#told');
      const buy = page.getByRole('button', { name: /^Buy/ });
      await says(page, /^Welcome\.$/);
      const yes = page.getByRole('button', { name: 'Yes, remember me' });
      await yes.waitFor();
      await buy.click();
      await told.filter({ hasText: 'held' }).waitFor();
      expect(await stored(page)).toEqual([]);

      await yes.click();
      await page.getByRole('button', { name: 'Forget me' }).waitFor();
      for (let order = 2; order <= 3; order++) {
        await told.evaluate((output) => (output.textContent = ''));
        await buy.click();
        await told.filter({ hasText: 'kept' }).waitFor();
      }
      await page
        .locator('#usual')
        .filter({ hasText: 'Again: Latte (oat) and Croissant' })
        .waitFor();

      await page.reload();
      await says(page, 'The usual: Latte (oat) and Croissant?');
      await page.locator('#usual').click();
      await told.filter({ hasText: 'In the basket: 1 × Latte, 1 × Croissant' }).waitFor();

      const offers = page.locator('#offers li');
      await offers.first().waitFor();
      const offered = await offers.allInnerTexts();
      expect(offered.join()).toContain('Soup of the day'); // others buy it: the model knows
      expect(offered.join()).toContain('Latte');
      await offers.first().getByRole('button', { name: 'Why?' }).click();
      await told.filter({ hasText: /You bought this/ }).waitFor();
      await page.getByRole('button', { name: 'No more Soup of the day' }).click();
      await offers.filter({ hasText: 'Soup' }).first().waitFor({ state: 'detached' });

      await page.getByRole('button', { name: 'What do you know' }).click();
      await told.filter({ hasText: /Latte \d ×/ }).waitFor();
      await page.locator('#not-me').click();
      await says(page, /^Welcome\.$/);
      await page.reload();
      await says(page, /^Welcome\.$/);
      expect(trouble).toEqual([]);
      await page.close();
    });

    it('the first recipe of sync has the orders of whoever is signed in', async () => {
      const before = trouble.length;
      const page = await context.newPage();
      await page.goto(address('sync'));
      const read = (): Promise<unknown> =>
        page.evaluate(() => {
          const { shop } = globalThis as unknown as {
            shop?: { get: () => { readonly customer?: { readonly paidVisits: number } } };
          };
          return shop?.get().customer?.paidVisits;
        });
      await expect.poll(read, { timeout: 10_000 }).toBe(2);
      expect(trouble.slice(before)).toEqual([]);
      await page.close();
    });

    it('the kiosk says one sentence, holds the order in memory and leaves nothing', async () => {
      const before = trouble.length;
      const page = await context.newPage();
      await page.goto(address('kiosk'));
      await page.waitForFunction(() => 'kiosk' in globalThis);
      const results = await page.evaluate(async () => {
        const { kiosk } = globalThis as unknown as {
          kiosk: {
            typed: (phone: string) => Promise<string>;
            pay: (sku: string, paid: Promise<unknown>) => Promise<void>;
          };
        };
        const answers = [await kiosk.typed('(425) 555-0100'), await kiosk.typed('425 555 0199')];
        const wrong = await kiosk.typed('12');
        await kiosk.pay('ramen', Promise.resolve());
        return { answers, wrong };
      });
      expect(new Set(results.answers)).toEqual(
        new Set(['Thank you. Your order is kept with the number you typed.']),
      );
      expect(results.wrong).toContain('not a whole number');
      expect(trouble.slice(before)).toEqual([]);
      expect((await stored(page)).filter((name) => name.includes('slurp'))).toEqual([]);
      await page.close();
    });
  });
});
