import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { layoutShift, openExamples, type Examples } from '../support/examples-server.js';

let examples: Examples;

beforeAll(async () => {
  examples = await openExamples();
});
afterAll(() => examples.close());

/** Ready to be looked at: who is here is known, and what is to be shown is shown. */
const settled: Readonly<Record<string, string>> = {
  '': 'h1',
  'storefront/': '#products .card',
  'restaurant/': '.table-top:not([aria-busy])',
  'kiosk/': '#begin',
  'proofs/': '#fields dd',
};
const pages = Object.keys(settled);

async function open(
  path: string,
  options: Parameters<Examples['visitor']>[0] = {},
): Promise<{
  readonly page: Page;
  readonly trouble: readonly string[];
  readonly close: () => Promise<void>;
}> {
  const visitor = await examples.visitor({ reducedMotion: 'reduce', ...options });
  const page = await visitor.open(path);
  await page
    .locator(settled[path] ?? 'body')
    .first()
    .waitFor();
  await page.waitForTimeout(200);
  return { page, trouble: visitor.trouble, close: () => visitor.context.close() };
}

/** Ids of the rules that axe finds broken. The page's policy allows no script of others, so it is handed in by the debugger. */
async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const result = await page.evaluate(() =>
    (globalThis as unknown as { axe: { run: () => Promise<axe.AxeResults> } }).axe.run(),
  );
  return result.violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html}`));
}

describe.each(pages)('the page "%s"', (path) => {
  it.each(['light', 'dark'] as const)(
    'has no accessibility violations in %s colors',
    async (colorScheme) => {
      const { page, trouble, close } = await open(path, { colorScheme });
      expect(await violations(page)).toEqual([]);
      expect(trouble).toEqual([]);
      await close();
    },
  );

  it.each([360, 768, 1440])(
    'needs no sideways scrolling at %i px, and does not jump',
    async (width) => {
      const { page, close } = await open(path, { viewport: { width, height: 780 } });
      await page.waitForTimeout(400);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(
        width,
      );
      expect(await layoutShift(page)).toBeLessThanOrEqual(0.02);
      await close();
    },
  );

  it('keeps its script names to itself', async () => {
    const { page, close } = await open(path);
    const names = await page.evaluate(() => {
      const frame = document.createElement('iframe');
      document.body.append(frame);
      const usual = new Set(Object.getOwnPropertyNames(frame.contentWindow ?? {}));
      frame.remove();
      return Object.getOwnPropertyNames(globalThis).filter(
        (name) => !usual.has(name) && !/^\d+$/.test(name),
      );
    });
    expect(names.filter((name) => name !== 'layout' && !name.startsWith('__'))).toEqual([]);
    await close();
  });
});

it('does not jump when it greets somebody it knows', async () => {
  const visitor = await examples.visitor();
  const first = await visitor.open('storefront/');
  await first.getByRole('button', { name: 'Yes, remember me' }).click();
  await first.locator('#products .add').first().click();
  await first.getByRole('button', { name: /Basket/ }).click();
  await first.getByRole('button', { name: 'Place the order' }).click();
  await first.getByText('Your order is placed.').waitFor();
  await first.close();
  const page = await visitor.open('storefront/');
  await page.locator('#again .card').first().waitFor();
  await page.waitForTimeout(400);
  expect(await layoutShift(page)).toBeLessThanOrEqual(0.02);
  await visitor.context.close();
});

/** Tabs to what has this name, as somebody without a mouse does. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let step = 0; step < 80; step++) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(() => {
      let at = document.activeElement;
      while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
      if (at === null) return '';
      const slot = at.querySelector('slot');
      const shown = slot
        ?.assignedNodes({ flatten: true })
        .map((node) => node.textContent)
        .join('');
      return at.getAttribute('aria-label') ?? shown ?? at.textContent ?? '';
    });
    if (name.test(focused.trim())) return;
  }
  throw new Error(`nothing named ${name.source} is reached by the Tab key`);
}

it('sells by keyboard alone', async () => {
  const { page, close } = await open('storefront/');
  await tabTo(page, /^Skip to the shop$/);
  await page.keyboard.press('Enter');
  await tabTo(page, /^Add .* to the basket$/);
  await page.keyboard.press('Enter');
  await page.keyboard.press('Home');
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await tabTo(page, /^Basket/);
  await page.keyboard.press('Enter');
  await tabTo(page, /^Place the order$/);
  await page.keyboard.press('Enter');
  await page.getByText('Your order is placed.').waitFor();
  await page.keyboard.press('Escape');
  expect(await page.locator('#cart').isVisible()).toBe(false);
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('open-cart');
  await close();
});

it('takes an order at the table by keyboard alone', async () => {
  const { page, close } = await open('restaurant/');
  await tabTo(page, /^Yes, remember me$/);
  await page.keyboard.press('Enter');
  await tabTo(page, /^Choose Latte$/);
  await page.keyboard.press('Enter');
  await page.getByRole('dialog', { name: 'Latte' }).waitFor();
  await tabTo(page, /^Add ·/);
  await page.keyboard.press('Enter');
  await tabTo(page, /^Send to the kitchen$/);
  await page.keyboard.press('Enter');
  await page.getByText('The kitchen has your order').waitFor();
  await close();
});

it('serves at the kiosk by keyboard alone', async () => {
  const { page, close } = await open('kiosk/');
  await tabTo(page, /^Touch to order$/);
  await page.keyboard.press('Enter');
  await tabTo(page, /^5$/);
  await page.keyboard.press('Enter');
  await tabTo(page, /^Without a number$/);
  await page.keyboard.press('Enter');
  await tabTo(page, /^Shoyu ramen/);
  await page.keyboard.press('Enter');
  await tabTo(page, /^Pay$/);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: /Your number is/ }).waitFor();
  await tabTo(page, /^Done$/);
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Touch to order' }).waitFor();
  await close();
});

it('gives a thumb room enough at the kiosk', async () => {
  const { page, close } = await open('kiosk/');
  await page.getByRole('button', { name: 'Touch to order' }).click();
  const small = async (): Promise<readonly string[]> =>
    page.evaluate(() =>
      [...document.querySelectorAll<HTMLElement>('button, input')]
        .filter(
          (each) => each.offsetParent !== null && (each.offsetHeight < 44 || each.offsetWidth < 44),
        )
        .map((each) => each.outerHTML),
    );
  expect(await small()).toEqual([]);
  await page.getByRole('button', { name: 'Without a number' }).click();
  await page.getByRole('button', { name: /Miso corn/ }).click();
  expect(await small()).toEqual([]);
  await close();
});
