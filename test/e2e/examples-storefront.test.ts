import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  nothingStored,
  openExamples,
  storedCounts,
  storedText,
  type Examples,
} from '../support/examples-server.js';

let examples: Examples;

beforeAll(async () => {
  examples = await openExamples();
});
afterAll(() => examples.close());

const greeting = (page: Page): Promise<string> => page.locator('#greeting').innerText();
const ready = (page: Page): Promise<void> => page.locator('#products .card').first().waitFor();

async function order(page: Page, name?: string): Promise<string> {
  await ready(page);
  const card = page.locator('#products .card').first();
  const what = await card.locator('.card-name').innerText();
  await card.getByRole('button').click();
  await page.locator('#products .card').nth(1).getByRole('button').click();
  await page.getByRole('button', { name: /Basket/ }).click();
  if (name !== undefined) await page.getByLabel(/First name/).fill(name);
  await page.getByRole('button', { name: 'Place the order' }).click();
  await page.getByText('Your order is placed.').waitFor();
  await page.getByRole('button', { name: 'Close' }).click();
  return what;
}

it('greets and offers again after a yes, on the next visit and on that day', async () => {
  const visitor = await examples.visitor();
  const page = await visitor.open('storefront/');
  expect(await greeting(page)).toMatch(/^Welcome\b(?! back)/);
  await page.getByRole('button', { name: 'Yes, remember me' }).click();
  const bought = await order(page, 'Ana');
  await page.close();

  const next = await visitor.open('storefront/');
  await ready(next);
  expect(await greeting(next)).toContain('back');
  expect(await greeting(next)).toContain('Ana');
  const again = next.getByRole('region', { name: 'Buy again' });
  expect(await again.innerText()).toContain(bought);
  expect(
    await next.getByRole('region', { name: 'You may like' }).locator('.card').count(),
  ).toBeGreaterThan(0);
  expect(await next.getByRole('button', { name: 'Yes, remember me' }).count()).toBe(0);
  expect(visitor.trouble).toEqual([]);
  await visitor.context.close();
});

it.each(['says nothing', 'says no'])(
  'stores nothing of a visitor who %s, and is neutral next time',
  async (how) => {
    const visitor = await examples.visitor();
    const page = await visitor.open('storefront/');
    if (how === 'says no') await page.getByRole('button', { name: 'No, thanks' }).click();
    await order(page, 'Ana');
    expect(await storedCounts(page)).toEqual(nothingStored);
    await page.reload();
    await ready(page);
    expect(await greeting(page)).not.toMatch(/back|again|Ana/);
    expect(await page.getByRole('region', { name: 'Buy again' }).count()).toBe(0);
    expect(await storedCounts(page)).toEqual(nothingStored);
    expect(await visitor.context.cookies()).toEqual([]);
    expect(visitor.trouble).toEqual([]);
    await visitor.context.close();
  },
);

it('forgets at one word: nothing is left, and the next visit is the first', async () => {
  const visitor = await examples.visitor();
  const page = await visitor.open('storefront/');
  await page.getByRole('button', { name: 'Yes, remember me' }).click();
  await order(page, 'Ana');
  expect(await storedText(page)).toContain('Ana');
  await page.getByRole('button', { name: 'Forget me' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Forget me' }).click();
  await expect.poll(() => storedCounts(page)).toEqual(nothingStored);
  await expect.poll(() => greeting(page)).not.toContain('Ana');
  await page.reload();
  await ready(page);
  expect(await greeting(page)).not.toMatch(/back|Ana/);
  expect(visitor.trouble).toEqual([]);
  await visitor.context.close();
});

it('lets somebody else say "not you", and does not come back to it', async () => {
  const visitor = await examples.visitor();
  const page = await visitor.open('storefront/');
  await page.getByRole('button', { name: 'Yes, remember me' }).click();
  await order(page, 'Ana');
  await page.reload();
  await ready(page);
  await page.getByRole('button', { name: 'Not you?' }).click();
  await expect.poll(() => page.locator('body').innerText()).not.toContain('Ana');
  expect(await page.getByRole('region', { name: 'Buy again' }).count()).toBe(0);
  await page.reload();
  await ready(page);
  expect(await greeting(page)).not.toMatch(/back|Ana/);
  await visitor.context.close();
});

it('knows a real customer of the sample who signs in, says why, and forgets the proof at sign-out', async () => {
  const customers = JSON.parse(
    readFileSync('examples/.generated/customers.json', 'utf8'),
  ) as readonly { readonly id: string; readonly orders: number }[];
  const most = [...customers].sort((a, b) => b.orders - a.orders)[0];
  const visitor = await examples.visitor();
  const page = await visitor.open('storefront/');
  await ready(page);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByLabel('Customer').selectOption(most?.id ?? '');
  await page.getByRole('dialog').getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: 'Sign out' }).waitFor();
  const again = page.getByRole('region', { name: 'Buy again' });
  await again.getByRole('button', { name: /^Why/ }).first().click();
  const why = page.getByRole('dialog', { name: 'Why do I see this?' });
  expect(await why.innerText()).toMatch(/You (bought|ordered) this/);

  const name = await why.locator('.about').innerText();
  await why.getByRole('button', { name: 'It was a gift' }).click();
  await expect.poll(() => again.innerText()).not.toContain(name);

  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('button', { name: 'Sign in' }).waitFor();
  await expect.poll(() => again.count()).toBe(0);
  expect(await storedCounts(page)).toEqual(nothingStored);
  expect(visitor.trouble).toEqual([]);
  await visitor.context.close();
});

it('knows a customer who signs in after a yes, on this visit and on the next', async () => {
  const visitor = await examples.visitor();
  const page = await visitor.open('storefront/');
  await ready(page);
  await page.getByRole('button', { name: 'Yes, remember me' }).click();
  await page.getByText('Remembered on this device').waitFor();
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByLabel('Customer').selectOption({ index: 0 });
  await page.getByRole('dialog').getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('region', { name: 'Buy again' }).waitFor();
  await page.close();
  const next = await visitor.open('storefront/');
  await ready(next);
  expect(await greeting(next)).toContain('back');
  expect(visitor.trouble).toEqual([]);
  await visitor.context.close();
});

it('shows what is known, removes it, gives it along', async () => {
  const visitor = await examples.visitor({ acceptDownloads: true });
  const page = await visitor.open('storefront/');
  await page.getByRole('button', { name: 'Yes, remember me' }).click();
  await order(page, 'Ana');
  await page.getByRole('button', { name: 'What we know' }).click();
  const known = page.getByRole('dialog', { name: 'What we know about you' });
  expect(await known.innerText()).toContain('Ana');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    known.getByRole('button', { name: 'Download it all' }).click(),
  ]);
  const kept = JSON.parse(readFileSync(await download.path(), 'utf8')) as {
    readonly format: string;
  };
  expect(kept.format).toBe('regulars-export');
  await known.getByRole('button', { name: 'Remove First name' }).click();
  await expect.poll(() => known.innerText()).not.toContain('Ana');
  await page.keyboard.press('Escape');
  await page.reload();
  await ready(page);
  expect(await greeting(page)).toContain('back');
  expect(await greeting(page)).not.toContain('Ana');
  await visitor.context.close();
});

it('takes a hostile first name as text', async () => {
  const visitor = await examples.visitor();
  const page = await visitor.open('storefront/');
  await page.getByRole('button', { name: 'Yes, remember me' }).click();
  await order(page, '<img src=x onerror=alert(1)>');
  await page.reload();
  await ready(page);
  expect(await page.locator('#greeting img').count()).toBe(0);
  expect(visitor.trouble).toEqual([]);
  await visitor.context.close();
});

it('finds goods, changes quantities, and takes a removal back', async () => {
  const visitor = await examples.visitor();
  const page = await visitor.open('storefront/');
  await ready(page);
  await page.getByLabel('Search the shop').fill('lunch bag');
  const names = await page.locator('#products .card-name').allInnerTexts();
  expect(names.length).toBeGreaterThan(0);
  for (const name of names) expect(name.toLowerCase()).toContain('lunch bag');
  await page.locator('#products .add').first().click();
  await page.getByRole('button', { name: /Basket/ }).click();
  await page.getByRole('button', { name: /^One more/ }).click();
  expect(await page.locator('.cart-quantity').innerText()).toBe('2');
  const total = await page.locator('#cart-total').innerText();
  await page.getByRole('button', { name: /^Remove/ }).click();
  await page.getByRole('button', { name: 'Undo' }).click();
  expect(await page.locator('#cart-total').innerText()).toBe(total);
  await visitor.context.close();
});
