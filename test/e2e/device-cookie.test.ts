import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { launchChromium, profileFolder } from '../support/browser.js';

let server: Server;
let url: string;
let profile: Awaited<ReturnType<typeof profileFolder>>;
let browser: BrowserContext;

beforeAll(async () => {
  ({ server } = await import('../../examples/device-cookie/server.mjs'));
  server.listen(0, 'localhost');
  await once(server, 'listening');
  url = `http://localhost:${(server.address() as AddressInfo).port}`;
  profile = await profileFolder();
  browser = await launchChromium(profile.folder);
});
afterAll(async () => {
  await browser.close();
  server.closeAllConnections();
  server.close();
  await profile.remove();
});
beforeEach(async () => {
  for (const page of browser.pages().slice(1)) await page.close();
  const page = await browser.newPage();
  const session = await browser.newCDPSession(page);
  await session.send('Storage.clearDataForOrigin', { origin: url, storageTypes: 'all' });
  await page.close();
});

async function open(): Promise<Page> {
  const page = await browser.newPage();
  await page.goto(url);
  await page.locator('#yes:visible, #no:visible').waitFor();
  return page;
}

const cookie = async (): Promise<string | undefined> =>
  (await browser.cookies(url)).find(({ name }) => name === '__Host-regulars')?.value;

/** The id of the device by the marker, once the page has the one of the cookie. */
async function deviceIn(page: Page): Promise<string> {
  await expect.poll(cookie, { timeout: 10_000 }).toBeDefined();
  const read = (): Promise<string> =>
    page.evaluate(
      () =>
        (JSON.parse(localStorage.getItem('regulars:blue-door') ?? '{}') as { device: string })
          .device,
    );
  await expect.poll(read, { timeout: 10_000 }).toBe(await cookie());
  return read();
}

/** What Safari does after seven days: everything that scripts can store is gone. */
async function wipe(page: Page): Promise<void> {
  await page.goto('about:blank');
  const session = await browser.newCDPSession(page);
  const storageTypes =
    'indexeddb,local_storage,cache_storage,service_workers,websql,file_systems,shared_storage';
  await session.send('Storage.clearDataForOrigin', { origin: url, storageTypes });
  await page.close();
}

it('a device that lost all that scripts can store has its old id after the next yes, and says that it was emptied', async () => {
  const first = await open();
  expect(await cookie()).toBeUndefined();
  await first.click('#yes');
  const id = await deviceIn(first);
  expect(id).toMatch(/^[0-9a-f]{32}$/);
  const [kept] = (await browser.cookies(url)).filter(({ name }) => name === '__Host-regulars');
  expect(kept).toMatchObject({ httpOnly: true, secure: true, sameSite: 'Lax', path: '/' });
  expect((kept?.expires ?? 0) * 1000 - Date.now()).toBeGreaterThan(390 * 86_400_000);
  expect(await first.evaluate(() => document.cookie)).toBe('');
  await wipe(first);
  expect(await cookie()).toBe(id);

  const next = await open();
  expect(
    await next.evaluate(async () => [localStorage.length, (await indexedDB.databases()).length]),
  ).toEqual([0, 0]);
  expect(await next.locator('#lost').isVisible()).toBe(false);
  await next.click('#yes');
  expect(await deviceIn(next)).toBe(id);
  await next.locator('#lost').waitFor();
  await next.close();

  const after = await open();
  expect(await deviceIn(after)).toBe(id);
  expect(await after.locator('#lost').isVisible()).toBe(false);
});

it('a no takes the cookie away; the next yes makes another id', async () => {
  const page = await open();
  await page.click('#yes');
  const id = await deviceIn(page);
  await page.click('#no');
  await expect.poll(cookie, { timeout: 10_000 }).toBeUndefined();
  await page.reload();
  await page.click('#yes');
  expect(await deviceIn(page)).not.toBe(id);
});

it('nothing is asked of the server before a yes', async () => {
  const page = await browser.newPage();
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await page.goto(url);
  await page.locator('#yes:visible').waitFor();
  await page.waitForTimeout(300);
  expect(asked).not.toContain('/regulars/device');
});

it('the server takes an id from nobody but its own page', async () => {
  const send = async (init: RequestInit): Promise<readonly [number, string | null]> => {
    const response = await fetch(`${url}/regulars/device`, init);
    return [response.status, response.headers.get('set-cookie')];
  };
  const json = { 'content-type': 'application/json' };
  const id = '0123456789abcdef'.repeat(2);
  expect(await send({ method: 'POST', headers: json, body: JSON.stringify(id) })).toEqual([
    200,
    `__Host-regulars=${id}; Path=/; Max-Age=34560000; HttpOnly; Secure; SameSite=Lax`,
  ]);
  for (const init of [
    { method: 'GET' },
    { method: 'POST', body: JSON.stringify(id) },
    { method: 'POST', headers: json, body: id },
    { method: 'POST', headers: json, body: JSON.stringify(`${id}; Domain=x`) },
    { method: 'POST', headers: json, body: JSON.stringify(id.toUpperCase()) },
    { method: 'POST', headers: json },
  ])
    expect(await send(init)).toEqual([400, null]);
});
