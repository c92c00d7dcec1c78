import axe from 'axe-core';
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

/** A regular with both names, whose welcome speaks this language. */
async function welcomed(page: Page, lang: string): Promise<void> {
  await page.getByRole('button', { name: 'Yes, remember me' }).click();
  await page.getByRole('button', { name: 'Add Fresh mint tea' }).click();
  await page.getByLabel('First name').fill('Jana');
  await page.getByLabel('Last name').fill('Köhler');
  await page.getByRole('button', { name: 'Send to the kitchen' }).click();
  await page.getByText('The kitchen has your order').waitFor();
  await page.getByRole('button', { name: 'A week of mornings' }).click();
  await page.getByRole('region', { name: 'The usual?' }).waitFor();
  await page.reload();
  await page.getByLabel('Language').selectOption(lang);
}

/** What is seen, without the marks that only turn it: from right to left where the line is so. */
const bare = (text: string): string => text.replace(/[\u2066-\u2069]/g, '');

const greetingOf = async (page: Page): Promise<string> =>
  bare(await page.locator('#greeting').innerText()).replace(/\s+/g, ' ');

it('welcomes in the language that is chosen, and keeps the choice in the address only', async () => {
  const visitor = await examples.visitor();
  const page = await visitor.open('restaurant/?table=12');
  const language = page.getByLabel('Language');
  await language.focus();
  await page.keyboard.type('Deutsch (S'); // the native control is one for the keyboard, too
  await page.keyboard.press('Enter');
  await expect.poll(() => page.url()).toMatch(/\?table=12&lang=de-x-formal$/);
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('language');
  await expect.poll(() => greetingOf(page)).toMatch(/^(Willkommen|Guten)/);
  expect(await page.locator('#welcome').getAttribute('lang')).toBe('de-x-formal');
  expect(await storedCounts(page)).toEqual(nothingStored);
  await page.reload();
  await expect.poll(() => greetingOf(page)).toMatch(/^(Willkommen|Guten)/);
  expect(await page.getByLabel('Sprache').inputValue()).toBe('de-x-formal');
  expect(await page.getByRole('link', { name: /oat/ }).getAttribute('href')).toBe(
    '?table=12&lang=de-x-formal&out=oat',
  );
  await page.getByLabel('Sprache').selectOption('en');
  expect(page.url()).toMatch(/\?table=12$/);
  expect(await page.locator('#welcome').getAttribute('lang')).toBe('en');
  expect(await storedCounts(page)).toEqual(nothingStored);
  expect(visitor.trouble).toEqual([]);
  await visitor.context.close();
});

it('takes a language from the address only if it is one', async () => {
  const visitor = await examples.visitor();
  const page = await visitor.open('restaurant/?lang=__proto__');
  await page.locator('#greeting[lang]').waitFor();
  expect(await page.getByLabel('Language').inputValue()).toBe('en');
  expect(await page.locator('#welcome').getAttribute('lang')).toBe('en');
  expect(visitor.trouble).toEqual([]);
  await visitor.context.close();
});

it('calls each guest as each language does, and its screen reader hears it once', async () => {
  const visitor = await examples.visitor({ viewport: { width: 360, height: 780 } });
  const page = await visitor.open('restaurant/?table=12');
  await welcomed(page, 'en');
  await page.getByRole('region', { name: 'The usual?' }).waitFor();
  await page.evaluate(() => {
    const line = document.querySelector('#greeting');
    const changes = { count: 0 };
    Object.assign(globalThis, { changes });
    if (line)
      new MutationObserver(() => changes.count++).observe(line, { childList: true, subtree: true });
  });
  const names: Readonly<Record<string, RegExp>> = {
    'de-x-formal': /Jana Köhler/,
    ja: /^Köhler様/,
    ko: /Jana Köhler님/,
    'zh-Hans': /Jana Köhler/,
  };
  const langs = await page
    .locator('#language option')
    .evaluateAll((all) => all.map((option) => (option as HTMLOptionElement).value));
  expect(langs.length).toBe(13);
  const said = new Set<string>();
  for (const lang of langs) {
    await page.locator('#language').selectOption(lang);
    await page.locator(`#welcome[lang="${lang}"] #greeting[lang="${lang}"]`).waitFor();
    const text = await greetingOf(page);
    said.add(text);
    expect(text, lang).toMatch(names[lang] ?? /Jana(?! Köhler)/);
    expect(text, lang).toMatch(/Latte.*oat.*extra hot.*Almond croissant/);
    expect(await page.locator('#usual-title').innerText(), lang).not.toBe('');
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    const dish = page.locator('#greeting .said-item').first();
    expect(await dish.evaluate((each) => each.closest('[lang]')?.getAttribute('lang'))).toMatch(
      /^en/,
    );
  }
  expect(said.size).toBe(13);
  const heard = await page.evaluate(
    () => (globalThis as unknown as { changes: { count: number } }).changes.count,
  );
  expect(heard).toBe(langs.length - 1); // English was there already
  expect(visitor.trouble).toEqual([]);
  await visitor.context.close();
});

it('reads from right to left in Arabic, with names and dishes in their places', async () => {
  const visitor = await examples.visitor();
  const page = await visitor.open('restaurant/?table=12');
  await welcomed(page, 'ar');
  const welcome = page.locator('#welcome[dir="rtl"][lang="ar"]');
  await welcome.locator('#greeting .said-item').first().waitFor();
  expect(await page.evaluate(() => document.documentElement.lang)).toBe('en-IE');

  // Where each piece begins, in the order in which it is read.
  const lefts = await welcome
    .locator('#usual-title, .usual-yes')
    .first()
    .evaluate(() => {
      const all = [...document.querySelectorAll('#greeting .greeting-more bdi')];
      return all.map((each) => {
        const { right, top } = each.getBoundingClientRect();
        return { right, top, text: each.textContent ?? '' };
      });
    });
  expect(lefts.map(({ text }) => text)).toEqual(['Latte', 'oat', 'extra hot', 'Almond croissant']);
  for (const [at, { right, top }] of lefts.entries()) {
    const before = lefts[at - 1];
    if (before) expect(top > before.top + 4 || right < before.right).toBe(true);
  }
  // The card with the usual stands on the left, as everything that comes second.
  const greeting = await page.locator('#greeting').boundingBox();
  const usual = await page.locator('#usual').boundingBox();
  expect((usual?.x ?? 0) + (usual?.width ?? 0)).toBeLessThanOrEqual(greeting?.x ?? 0);
  // Marks that turn the text come in pairs, and take no room: no box is drawn for one.
  const marks = await page.evaluate(() => {
    const text = document.querySelector('.usual-text')?.textContent ?? '';
    const widthOf = (words: string): number => {
      const probe = document.createElement('span');
      probe.textContent = words;
      document.querySelector('.usual-text')?.append(probe);
      const { width } = probe.getBoundingClientRect();
      probe.remove();
      return width;
    };
    return {
      begin: text.split('\u2068').length,
      end: text.split('\u2069').length,
      extra: widthOf('Latte\u2068\u2069') - widthOf('Latte'),
    };
  });
  expect(marks.begin).toBeGreaterThan(1);
  expect(marks.end).toBe(marks.begin);
  expect(marks.extra).toBe(0);

  await page.evaluate(axe.source);
  const found = await page.evaluate(() =>
    (globalThis as unknown as { axe: { run: () => Promise<axe.AxeResults> } }).axe.run(),
  );
  expect(found.violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  expect(visitor.trouble).toEqual([]);
  await visitor.context.close();
});

it('says in Arabic what has run out in a sentence that its first word does not turn', async () => {
  const visitor = await examples.visitor();
  const page = await visitor.open('restaurant/?table=12');
  await welcomed(page, 'ar');
  await page.getByRole('link', { name: 'Run out of oat milk' }).click();
  const change = page.locator('#greeting .said-change');
  await change.waitFor();
  expect(bare(await change.innerText())).toMatch(/^oat .*Latte/);
  // "oat" is the first word of it: nothing of the sentence stands to its right on that line.
  const room = await change.evaluate((each) => {
    const range = document.createRange();
    const text = each.firstChild;
    if (!(text instanceof Text)) throw new Error('no text');
    const at = text.data.indexOf('oat');
    range.setStart(text, at);
    range.setEnd(text, at + 3);
    const { right, top } = range.getBoundingClientRect();
    range.selectNodeContents(each);
    const sameLine = [...range.getClientRects()].filter((rect) => Math.abs(rect.top - top) < 8);
    return Math.max(...sameLine.map((rect) => rect.right)) - right;
  });
  expect(room).toBeLessThan(4);
  await page.locator('#usual').getByLabel('soy').check();
  await page.locator('#usual').getByRole('button', { name: 'إضافة إلى الطلب' }).click();
  await expect.poll(() => lines(page)).toEqual(['Latte\nextra hot, soy', 'Almond croissant']);
  expect(visitor.trouble).toEqual([]);
  await visitor.context.close();
});
