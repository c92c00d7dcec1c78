import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openExamples, storedText, type Examples } from '../support/examples-server.js';

const KNOWN = '4255550100';
const UNKNOWN = '4255550199';

let examples: Examples;

beforeAll(async () => {
  examples = await openExamples();
});
afterAll(() => examples.close());

async function typeNumber(page: Page, number: string): Promise<void> {
  await page.getByRole('button', { name: 'Touch to order' }).click();
  for (const digit of number) await page.getByRole('button', { name: digit, exact: true }).click();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('heading', { name: 'What may it be?' }).waitFor();
}

const onStart = (page: Page): Promise<void> =>
  page.getByRole('button', { name: 'Touch to order' }).waitFor();

/** All that a passer-by could find: the page with its hidden parts and typed values, the address, the title, the storage. */
async function traces(page: Page): Promise<string> {
  const inPage = await page.evaluate(() => {
    const values = [...document.querySelectorAll('input')].map((input) => input.value);
    const text = [document.documentElement.outerHTML, document.body.textContent];
    return JSON.stringify([values, text, location.href, document.title, history.state]);
  });
  return inPage + (await storedText(page));
}

it('warns an idle guest, lets them stay, and otherwise wipes all traces', async () => {
  const visitor = await examples.visitor();
  const page = await visitor.open('kiosk/?idle=1500');
  await typeNumber(page, KNOWN);
  await page.getByRole('button', { name: /Shoyu ramen/ }).click();

  const warning = page.getByRole('alertdialog', { name: 'Still there?' });
  await warning.waitFor();
  await warning.getByRole('button', { name: 'I am still here' }).click();
  await warning.waitFor({ state: 'hidden' });
  expect(await page.locator('#cart-lines li').count()).toBe(1);

  await warning.waitFor();
  await onStart(page);
  const secrets = [KNOWN, '555-0100', '+1425', 'kiosk:'];
  const left = await traces(page);
  for (const secret of secrets) expect(left).not.toContain(secret);
  expect(await page.locator('#cart-lines li').count()).toBe(0);
  expect(await page.locator('#claim').textContent()).toBe('');

  // Back and forward again: no earlier screen is behind this one.
  await page.goBack();
  await page.goForward();
  await onStart(page);
  const later = await traces(page);
  for (const secret of secrets) expect(later).not.toContain(secret);
  expect(visitor.trouble).toEqual([]);
  await visitor.context.close();
});

it('leaves no order on the disk after it was paid for', async () => {
  const visitor = await examples.visitor();
  const page = await visitor.open('kiosk/');
  await typeNumber(page, KNOWN);
  await page.getByRole('button', { name: /Tantan/ }).click();
  await page
    .getByRole('region', { name: /remember you while/ })
    .getByRole('button', { name: 'Yes' })
    .click();
  await page.getByRole('button', { name: 'Pay' }).click();
  await page.getByRole('heading', { name: /Your number is/ }).waitFor();
  await page.getByRole('button', { name: 'Done' }).click();
  await onStart(page);
  const stored = await storedText(page);
  for (const secret of [KNOWN, 'tantan', 'Tantan', 'kiosk:']) expect(stored).not.toContain(secret);

  // The next guest is asked anew: nobody's answer is theirs.
  await page.getByRole('button', { name: 'Touch to order' }).click();
  await page.getByRole('button', { name: 'Without a number' }).click();
  await page.getByRole('region', { name: /remember you while/ }).waitFor();
  expect(visitor.trouble).toEqual([]);
  await visitor.context.close();
});

it('shows the same to a number that has ordered here and to one that has not', async () => {
  const visitor = await examples.visitor();
  const page = await visitor.open('kiosk/');
  await typeNumber(page, KNOWN);
  await page.getByRole('button', { name: /Shoyu ramen/ }).click();
  await page.getByRole('button', { name: 'Pay' }).click();
  await page.getByRole('button', { name: 'Done' }).click();
  await onStart(page);

  const looks: string[] = [];
  for (const number of [KNOWN, UNKNOWN]) {
    await typeNumber(page, number);
    await page.waitForTimeout(300);
    looks.push(await page.locator('body').innerHTML());
    await page.getByRole('button', { name: 'Start over' }).click();
    await onStart(page);
  }
  expect(looks[0]).toBe(looks[1]);
  await visitor.context.close();
});

it.each(['0000000000', '12', '++++'])(
  'asks to look again at %s, which is no number',
  async (number) => {
    const visitor = await examples.visitor();
    const page = await visitor.open('kiosk/');
    await page.getByRole('button', { name: 'Touch to order' }).click();
    await page.getByRole('textbox', { name: 'Phone number' }).fill(number);
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByText('That is not a whole phone number.').waitFor();
    expect(await page.getByRole('heading', { name: 'Your phone number?' }).isVisible()).toBe(true);
    await visitor.context.close();
  },
);

it('sends nobody away while a card is read', async () => {
  const visitor = await examples.visitor();
  const page = await visitor.open('kiosk/?idle=600');
  await page.getByRole('button', { name: 'Touch to order' }).click();
  await page.getByRole('button', { name: 'Without a number' }).click();
  await page.getByRole('button', { name: /Gyoza/ }).click();
  await page.getByRole('button', { name: 'Pay' }).click();
  await page.waitForTimeout(2000); // longer than warning and end together
  expect(await page.getByRole('heading', { name: /Hold your card/ }).isVisible()).toBe(true);
  expect(await page.getByRole('alertdialog').isVisible()).toBe(false);
  await page.getByRole('heading', { name: /Your number is/ }).waitFor();
  await visitor.context.close();
});
