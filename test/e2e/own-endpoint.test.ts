import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchChromium, profileFolder } from '../support/browser.js';

let server: Server;
let url: string;
const ends: (() => Promise<void>)[] = [];

beforeAll(async () => {
  ({ server } = await import('../../examples/own-endpoint/server.mjs'));
  server.listen(0, 'localhost');
  await once(server, 'listening');
  url = `http://localhost:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  for (const end of ends) await end();
  server.closeAllConnections();
  server.close();
});

/** A browser of its own, signed in. */
async function device(user: string): Promise<Page> {
  const profile = await profileFolder();
  const browser: BrowserContext = await launchChromium(profile.folder);
  ends.push(async () => {
    await browser.close();
    await profile.remove();
  });
  const page = await browser.newPage();
  await page.goto(url);
  await page.fill('[name=user]', user);
  await page.click('#sign-in button');
  await expect.poll(() => page.textContent('#sync')).toBe('idle, 0 waiting');
  return page;
}
const orders = (page: Page): Promise<string | null> => page.textContent('#orders');

it('a shop’s own endpoint keeps two browsers of a customer the same, and a stranger’s apart', async () => {
  const [phone, laptop, stranger] = [
    await device('shep'),
    await device('shep'),
    await device('bo'),
  ];
  await phone.click('#buy');
  await expect.poll(() => orders(phone), { timeout: 10_000 }).toBe('1');
  // poked: nothing is reloaded
  await expect.poll(() => orders(laptop), { timeout: 10_000 }).toBe('1');
  expect(await orders(stranger)).toBe('0');

  await laptop.click('#forget');
  await expect.poll(() => orders(laptop), { timeout: 10_000 }).toBe('0');
  await expect.poll(() => orders(phone), { timeout: 10_000 }).toBe('0');
});
