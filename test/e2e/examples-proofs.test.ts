import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  nothingStored,
  openExamples,
  storedCounts,
  type Examples,
  type Visitor,
} from '../support/examples-server.js';

const SHEP = '(425) 555-0100';
const MARIA = '(425) 555-0142';
const NOBODY = '(425) 555-0199';
/** What of the customers the screen may show to nobody without a proof. */
const SECRETS = ['Pine Street', 'Harbor Lane', 'Maria', 'Miso corn', 'Curry udon', '555', '$13.20'];

let examples: Examples;

beforeAll(async () => {
  examples = await openExamples();
});
afterAll(() => examples.close());

async function open(
  options?: Parameters<Examples['visitor']>[0],
): Promise<{ readonly visitor: Visitor; readonly page: Page }> {
  const visitor = await examples.visitor({ reducedMotion: 'reduce', ...options });
  const page = await visitor.open('proofs/');
  await page.getByRole('heading', { name: 'Your phone number?' }).waitFor();
  return { visitor, page };
}

/** The screen of the shop, without what its phone beside it shows; typed values count as well. */
const screenText = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const screen = document.getElementById('screen');
    const values = [...(screen?.querySelectorAll('input') ?? [])].map(({ value }) => value);
    for (const field of screen?.querySelectorAll('[placeholder]') ?? [])
      field.removeAttribute('placeholder');
    return JSON.stringify([screen?.outerHTML, values, location.href, document.title]);
  });

async function type(page: Page, number: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Phone number' }).fill(number);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('heading', { name: 'Is it you?' }).waitFor();
}

async function askForCode(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Send me a code' }).click();
  await page.getByRole('heading', { name: 'The code on your phone?' }).waitFor();
}

async function readCode(page: Page): Promise<string> {
  return (await page.locator('.message .digits').last().textContent()) ?? '';
}

async function enter(page: Page, code: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Code' }).fill(code);
  await page.getByRole('button', { name: 'Check' }).click();
}

const proved = (page: Page): Promise<void> =>
  page.getByRole('heading', { name: 'It is you.' }).waitFor();

const guest = (page: Page, name: RegExp): Promise<void> =>
  page.getByRole('radio', { name }).check();

async function leave(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'I am done' }).click();
  await page.getByRole('heading', { name: 'Your phone number?' }).waitFor();
}

async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const result = await page.evaluate(() =>
    (globalThis as unknown as { axe: { run: () => Promise<axe.AxeResults> } }).axe.run(),
  );
  return result.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

it('shows name, address and orders after the code that came to the phone, and nothing once the guest has gone', async () => {
  const { visitor, page } = await open();
  await guest(page, /^Maria/);
  await type(page, MARIA);
  expect(await page.locator('#fields dd').allTextContents()).toEqual(
    Array(3).fill('after a proof'),
  );
  expect(await screenText(page)).not.toMatch(/Maria|Harbor|Miso/);
  await askForCode(page);
  await enter(page, await readCode(page));
  await proved(page);
  const [name, address, orders] = await page.locator('#fields dd').allTextContents();
  expect([name, address]).toEqual(['Maria', '27 Harbor Lane, Kirkland']);
  expect(orders).toMatch(/Curry udon.*\$12\.60.*Miso corn/);

  await leave(page);
  const left = await screenText(page);
  for (const secret of [...SECRETS, 'Shep']) expect(left).not.toContain(secret);
  expect(await storedCounts(page)).toEqual(nothingStored);
  expect(visitor.trouble).toEqual([]);
  await visitor.context.close();
});

it('takes a yes on the phone for a QR, without a number', async () => {
  const { visitor, page } = await open();
  await page.getByRole('button', { name: 'Use my phone instead' }).click();
  await page.getByRole('img', { name: /QR code/ }).waitFor();
  expect(await screenText(page)).not.toContain('slurp.example');
  await page.getByRole('button', { name: /Camera/ }).click();
  await page.getByRole('button', { name: 'Yes, that is me' }).click();
  await proved(page);
  expect(await page.locator('#fields').textContent()).toContain('1 Pine Street');
  expect(await page.getByRole('img', { name: /QR code/ }).count()).toBe(0);
  await leave(page);
  for (const secret of [...SECRETS, 'Shep']) expect(await screenText(page)).not.toContain(secret);
  expect(visitor.trouble).toEqual([]);
  await visitor.context.close();
});

it('makes the one who said yes the guest, whatever number was typed', async () => {
  const { visitor, page } = await open();
  await type(page, SHEP);
  expect(await page.locator('#fields dd').first().textContent()).toBe('Shep');
  await page.getByRole('button', { name: 'Show a QR' }).click();
  await guest(page, /^Maria/);
  await page.getByRole('button', { name: /Camera/ }).click();
  await page.getByRole('button', { name: 'Yes, that is me' }).click();
  await proved(page);
  const shown = await screenText(page);
  expect(shown).toContain('Harbor Lane');
  for (const other of ['Shep', 'Pine Street', 'Tantan']) expect(shown).not.toContain(other);
  await visitor.context.close();
});

it('shows nothing after a no on the phone, and lets the guest try again', async () => {
  const { visitor, page } = await open();
  await type(page, MARIA);
  await page.getByRole('button', { name: 'Show a QR' }).click();
  await guest(page, /^Maria/);
  await page.getByRole('button', { name: /Camera/ }).click();
  await page.getByRole('button', { name: 'No', exact: true }).click();
  await page.getByText('The phone said no.').waitFor();
  await page.getByRole('heading', { name: 'Is it you?' }).waitFor();
  expect(await screenText(page)).not.toMatch(/Maria|Harbor|Miso/);
  await page.getByRole('button', { name: /Camera/ }).click();
  await page.getByText('There is no QR to read.').waitFor();
  expect(visitor.trouble).toEqual([]);
  await visitor.context.close();
});

it('has a phone without an account say no and nothing else', async () => {
  const { visitor, page } = await open();
  await guest(page, /^Somebody/);
  await page.getByRole('button', { name: 'Use my phone instead' }).click();
  await page.getByRole('button', { name: /Camera/ }).click();
  await page.getByText('You have no account at Slurp').waitFor();
  expect(await page.getByRole('button', { name: 'Yes, that is me' }).count()).toBe(0);
  await page.getByRole('button', { name: 'No', exact: true }).click();
  await page.getByRole('heading', { name: 'Your phone number?' }).waitFor();
  await visitor.context.close();
});

it('counts wrong codes, and asks for a new one after five', async () => {
  const { visitor, page } = await open();
  await type(page, SHEP);
  await askForCode(page);
  const code = await readCode(page);
  const wrong = code === '000000' ? '000001' : '000000';
  for (const left of [4, 3, 2, 1]) {
    await enter(page, wrong);
    await page.getByText(`That is not the code. Tries left: ${left}.`).waitFor();
  }
  await enter(page, wrong);
  await page.getByText('Please ask for a new one.').waitFor();
  expect(await page.locator('#fields').textContent()).not.toContain('Pine Street');
  await askForCode(page);
  const second = await readCode(page);
  await enter(page, `${second.slice(0, 3)} ${second.slice(3)}`);
  await proved(page);
  await visitor.context.close();
});

it('looks the same for a number of a customer and for one that nobody has', async () => {
  const { visitor, page } = await open();
  const looks: string[] = [];
  for (const number of [MARIA, NOBODY]) {
    await type(page, number);
    const typed = await screenText(page);
    await askForCode(page);
    looks.push(typed + (await screenText(page)).replace(/\d:\d\d/g, 'm:ss'));
    await leave(page);
  }
  expect(looks[0]).toBe(looks[1]);
  await visitor.context.close();
});

it('greets by the number whoever allowed it, and still keeps address and orders back', async () => {
  const { visitor, page } = await open();
  await type(page, SHEP);
  expect(await page.locator('#greeting').textContent()).toContain('Shep');
  const fields = await page.locator('#fields dd').allTextContents();
  expect(fields).toEqual(['Shep', 'after a proof', 'after a proof']);
  expect(await screenText(page)).not.toMatch(/Pine Street|\$13\.20/);
  await visitor.context.close();
});

it.each(['0000000000', '12'])('asks to look again at %s, which is no number', async (number) => {
  const { visitor, page } = await open();
  await page.getByRole('textbox', { name: 'Phone number' }).fill(number);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByText('That is not a whole phone number.').waitFor();
  await visitor.context.close();
});

it('ends a QR that nobody answers, and does not read out every second', async () => {
  const visitor = await examples.visitor({ reducedMotion: 'reduce' });
  const page = await visitor.context.newPage();
  await page.clock.install();
  await page.goto(examples.url('proofs/'));
  await page.getByRole('button', { name: 'Use my phone instead' }).click();
  await page.getByRole('img', { name: /QR code/ }).waitFor();
  await page.getByRole('button', { name: /Camera/ }).click();
  await page.evaluate(() => {
    const said: string[] = [];
    Object.assign(globalThis, { said });
    for (const region of document.querySelectorAll('[role=status], [role=alert]'))
      new MutationObserver(() => said.push(region.textContent)).observe(region, {
        ...{ childList: true, characterData: true, subtree: true },
      });
  });
  // somebody stays, and touches the screen now and then
  for (let passed = 0; passed < 300; passed += 30) {
    await page.keyboard.press('Shift');
    await page.clock.runFor(30_000);
  }
  await page.getByText('The time is over.').waitFor();
  expect(await page.getByRole('img', { name: /QR code/ }).count()).toBe(0);
  const said = await page.evaluate(() => (globalThis as unknown as { said: string[] }).said);
  expect(said.filter((text) => /left/.test(text))).toEqual([
    'One minute left.',
    'Ten seconds left.',
  ]);
  // too late on the phone
  await page.getByRole('button', { name: 'Yes, that is me' }).click();
  await page.getByText('This QR is over.').waitFor();
  expect(await page.locator('#fields').textContent()).not.toContain('Pine Street');
  await visitor.context.close();
});

it('forgets a guest who has walked away from what a proof has shown', async () => {
  const visitor = await examples.visitor({ reducedMotion: 'reduce' });
  const page = await visitor.context.newPage();
  await page.clock.install();
  await page.goto(examples.url('proofs/'));
  await page.getByRole('button', { name: 'Use my phone instead' }).click();
  await page.getByRole('button', { name: /Camera/ }).click();
  await page.getByRole('button', { name: 'Yes, that is me' }).click();
  await proved(page);
  await page.clock.runFor(46_000);
  await page.getByRole('alert').filter({ hasText: 'Still there?' }).waitFor();
  await page.clock.runFor(15_000);
  await page.getByRole('heading', { name: 'Your phone number?' }).waitFor();
  for (const secret of [...SECRETS, 'Shep']) expect(await screenText(page)).not.toContain(secret);
  await visitor.context.close();
});

it('proves by keyboard alone', async () => {
  const { visitor, page } = await open();
  const press = async (...keys: readonly string[]): Promise<void> => {
    for (const key of keys) await page.keyboard.press(key);
  };
  await page.getByRole('textbox', { name: 'Phone number' }).focus();
  await page.keyboard.type('4255550100');
  await press('Enter');
  await page.getByRole('heading', { name: 'Is it you?' }).waitFor();
  await press('Tab', 'Enter');
  await page.getByRole('heading', { name: 'The code on your phone?' }).waitFor();
  await page.keyboard.type(await readCode(page));
  await press('Enter');
  await proved(page);
  await press('Tab', 'Enter');
  await page.getByRole('heading', { name: 'Your phone number?' }).waitFor();
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('typed');
  await visitor.context.close();
});

it.each(['light', 'dark'] as const)(
  'has no accessibility violations at any step in %s colors, in either direction, at 360 px',
  async (colorScheme) => {
    const { visitor, page } = await open({ colorScheme, viewport: { width: 360, height: 780 } });
    const steps: { readonly [step: string]: () => Promise<unknown> } = {
      number: () => type(page, SHEP),
      prove: () => askForCode(page),
      code: () => page.getByRole('button', { name: 'Another way' }).click(),
      again: () => page.getByRole('button', { name: 'Show a QR' }).click(),
      qr: () => page.getByRole('button', { name: /Camera/ }).click(),
      asked: () => page.getByRole('button', { name: 'Yes, that is me' }).click(),
      proved: () => proved(page),
    };
    for (const [step, next] of Object.entries(steps)) {
      expect(await violations(page), step).toEqual([]);
      for (const dir of ['rtl', 'ltr']) {
        const wide = await page.evaluate((to) => {
          document.documentElement.dir = to;
          return document.documentElement.scrollWidth;
        }, dir);
        expect(wide, `${step} ${dir}`).toBeLessThanOrEqual(360);
      }
      await next();
    }
    expect(visitor.trouble).toEqual([]);
    await visitor.context.close();
  },
);
