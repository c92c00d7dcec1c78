import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  nothingStored,
  openExamples,
  storedCounts,
  type Examples,
} from '../support/examples-server.js';

let examples: Examples;

beforeAll(async () => {
  examples = await openExamples();
});
afterAll(() => examples.close());

const lines = (page: Page): Promise<string[]> =>
  page.locator('#cart-lines .cart-what').allInnerTexts();

/** A guest who said yes and lived through the week of mornings. */
async function regular(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Yes, remember me' }).click();
  await page.getByRole('button', { name: 'A week of mornings' }).click();
  await page.getByRole('region', { name: 'The usual?' }).waitFor();
}

it('puts the usual into the order in one tap, to the last modifier', async () => {
  const visitor = await examples.visitor();
  const page = await visitor.open('restaurant/?table=12');
  expect(await page.locator('#table').innerText()).toBe('12');
  await regular(page);
  await page.reload();
  const usual = page.getByRole('region', { name: 'The usual?' });
  expect(await usual.innerText()).toMatch(/latte.*oat.*extra hot.*croissant/i);
  expect(await page.locator('#greeting').innerText()).toMatch(/usual.*latte/is);
  await usual.getByRole('button', { name: /Yes, please/ }).click();
  await expect.poll(() => lines(page)).toEqual(['Latte\noat, extra hot', 'Almond croissant']);
  expect(await page.locator('#cart-total').innerText()).toBe('€8.00');

  await page.getByRole('button', { name: 'Send to the kitchen' }).click();
  await page.getByText('The kitchen has your order for table 12.').waitFor();
  expect(visitor.trouble).toEqual([]);
  await visitor.context.close();
});

it('asks when the oat milk has run out, and adds nothing before the answer', async () => {
  const visitor = await examples.visitor();
  const page = await visitor.open('restaurant/?table=7');
  await regular(page);
  await page.getByRole('link', { name: 'Run out of oat milk' }).click();
  const usual = page.getByRole('region', { name: 'The usual?' });
  // Nobody is offered first what cannot be had: the question is there at once.
  const question = usual.getByRole('group', { name: /oat is not available/i });
  await question.waitFor();
  expect(await lines(page)).toEqual([]);
  expect(await question.getByRole('radio').count()).toBe(2);

  // No choice, no order: the browser asks for one.
  await usual.getByRole('button', { name: 'Add to the order' }).click();
  expect(await lines(page)).toEqual([]);
  await question.getByLabel('soy').check();
  await usual.getByRole('button', { name: 'Add to the order' }).click();
  await expect.poll(() => lines(page)).toEqual(['Latte\nextra hot, soy', 'Almond croissant']);
  expect(await page.locator('#cart-total').innerText()).toBe('€7.90');
  expect(visitor.trouble).toEqual([]);
  await visitor.context.close();
});

it('asks about what was never the same twice', async () => {
  const visitor = await examples.visitor();
  const page = await visitor.open('restaurant/');
  await page.getByRole('button', { name: 'Yes, remember me' }).click();
  for (const milk of ['oat', 'soy', 'oat', 'soy']) {
    await page.getByRole('button', { name: 'Choose Flat white' }).click();
    await page.getByRole('dialog').getByLabel(milk).check();
    await page.getByRole('dialog').getByRole('button', { name: /^Add/ }).click();
    await page.getByRole('button', { name: 'Send to the kitchen' }).click();
    await page.getByText('The kitchen has your order').waitFor();
  }
  await page.reload();
  const usual = page.getByRole('region', { name: 'The usual?' });
  await usual.getByRole('radio').first().waitFor();
  expect(await usual.getByRole('button', { name: /Yes, please/ }).count()).toBe(0);
  expect(await lines(page)).toEqual([]);
  await usual.getByLabel('oat').check();
  await usual.getByRole('button', { name: 'Add to the order' }).click();
  await expect.poll(() => lines(page)).toEqual(['Flat white\noat']);
  await visitor.context.close();
});

it('keeps nothing of a guest who does not answer', async () => {
  const visitor = await examples.visitor();
  const page = await visitor.open('restaurant/');
  await page.getByRole('button', { name: 'A week of mornings' }).click();
  await page.getByText(/say yes at the top/).waitFor();
  expect(await storedCounts(page)).toEqual(nothingStored);
  await page.reload();
  await page.locator('.dish').first().waitFor();
  expect(await page.locator('#usual').isVisible()).toBe(false);
  expect(await page.locator('#greeting').innerText()).not.toMatch(/back|usual/i);
  expect(visitor.trouble).toEqual([]);
  await visitor.context.close();
});

it('takes a table from the address only if it looks like one', async () => {
  const visitor = await examples.visitor();
  const page = await visitor.open(
    `restaurant/?table=${encodeURIComponent('<img src=x onerror=alert(1)>')}`,
  );
  expect(await page.locator('#table').innerText()).toBe('7');
  expect(visitor.trouble).toEqual([]);
  await visitor.context.close();
});
