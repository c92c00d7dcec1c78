import axe from 'axe-core';
import { afterEach, expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { memoryStorage } from '../../src/adapters/storage/memory.js';
import { createRegulars } from '../../src/client/create-regulars.js';
import { knownPage } from '../../src/client/known-page.js';
import type { Regulars } from '../../src/client/types.js';
import { defineKnown, type RegularsKnownElement } from '../../src/elements/known.js';

const clients: Regulars[] = [];
let shops = 0;

/** A customer with a proof and three orders; the element shows what is known of them. */
async function show(html = '<regulars-known></regulars-known>'): Promise<{
  readonly element: RegularsKnownElement;
  readonly client: Regulars;
}> {
  defineKnown();
  document.body.innerHTML = html;
  const element = document.querySelector('regulars-known');
  if (element === null) throw new Error('no element in the markup');
  const client = createRegulars({
    shop: `known-${++shops}`,
    storage: memoryStorage(),
    consent: { remember: 'granted', suggest: 'granted' },
  });
  clients.push(client);
  await client.start();
  await client.recognize({ account: 'a' }, { verified: ['account'], name: 'Shep' });
  for (const day of [1, 2, 3])
    await client.record({
      id: `web:${day}`,
      at: Date.now() - day * 86_400_000,
      lines: [{ sku: 'latte', name: 'Latte <b>' }],
    });
  element.client = client;
  await expect.element(page.getByRole('region', { name: 'What we know about you' })).toBeVisible();
  return { element, client };
}

const button = (name: RegExp | string): ReturnType<typeof page.getByRole> =>
  page.getByRole('button', { name });
const focused = (element: Element): string => element.shadowRoot?.activeElement?.textContent ?? '';

afterEach(async () => {
  for (const client of clients.splice(0)) await client.stop();
  document.body.replaceChildren();
  document.documentElement.removeAttribute('dir');
  document.documentElement.style.colorScheme = '';
});

it('shows facts, orders, identifiers and the usual with its reason, and nothing of a customer in attributes', async () => {
  const { element } = await show();
  for (const text of ['Shep', 'account', 'Your usual'])
    await expect.element(page.getByText(text).first()).toBeVisible();
  const markup = element.shadowRoot?.innerHTML ?? '';
  for (const tag of markup.match(/<[a-z][^>]*>/g) ?? []) expect(tag).not.toMatch(/Shep|Latte|web:/);
  expect(markup).not.toMatch(/ style=| title=/);
  await page.getByText('Why?').click();
  await expect.element(page.getByText(/ordered/)).toBeVisible();
});

it('says keys as a person reads them, in other words where it is given some', async () => {
  const { element } = await show();
  await expect.element(page.getByText('First name').first()).toBeVisible();
  expect(element.shadowRoot?.textContent).not.toContain('name.given');
  element.words = { 'name.given': 'Vorname' };
  await expect.element(page.getByText('Vorname').first()).toBeVisible();
});

it('corrects a fact by the keyboard, and goes on where that was', async () => {
  const { element, client } = await show();
  await button(/^Correct/).click();
  expect(element.shadowRoot?.activeElement?.tagName).toBe('INPUT');
  await userEvent.keyboard('herd{Enter}');
  await expect.element(page.getByText(/Shepherd|herd/).first()).toBeVisible();
  await expect.poll(() => client.get().customer?.name).toMatch(/herd/);
  await expect.element(page.getByText('Done.')).toBeInTheDocument();
  await button(/^Correct/).click();
  await button('Cancel').click();
  expect(focused(element)).toBe('Correct');
});

it('removes and brings back: facts, and orders that were not theirs', async () => {
  const { element, client } = await show();
  await button(/^Remove/).click();
  await expect.poll(() => client.get().customer?.name).toBeUndefined();
  await expect.poll(() => focused(element)).toBe('Undo');
  await userEvent.keyboard('{Enter}');
  await expect.poll(() => client.get().customer?.name).toBe('Shep');
  await button(/^Not mine/)
    .first()
    .click();
  await expect.poll(() => client.get().customer?.paidVisits).toBe(2);
  await expect.poll(() => focused(element)).toBe('Undo');
  await userEvent.keyboard('{Enter}');
  await expect.poll(() => client.get().customer?.paidVisits).toBe(3);
});

it('asks before it forgets, and shows nothing of them afterwards', async () => {
  const { element, client } = await show();
  await button('Forget me').click();
  await expect.element(page.getByRole('dialog')).toBeVisible();
  await userEvent.keyboard('{Escape}');
  expect(focused(element)).toBe('Forget me');
  await button('Forget me').click();
  await button('Forget me everywhere').click();
  await expect.poll(() => client.get().level).toBe('none');
  await expect.element(page.getByText('Done.')).toBeInTheDocument();
  expect(element.shadowRoot?.textContent).not.toMatch(/Shep|Latte/);
});

it('shows nothing of the one before when somebody else comes', async () => {
  const { element, client } = await show();
  await client.recognize({ account: 'b' }, { verified: ['account'], name: 'Maria' });
  await expect.element(page.getByText('Maria')).toBeVisible();
  expect(element.shadowRoot?.textContent).not.toContain('Shep');
  await client.notMe();
  await expect.poll(() => element.shadowRoot?.textContent).not.toContain('Maria');
});

it.each([
  ['ltr', 'light', 360],
  ['rtl', 'dark', 360],
  ['rtl', 'light', 900],
])('is accessible and fits: %s, %s, %i px', async (dir, scheme, width) => {
  await page.viewport(width, 900);
  document.documentElement.dir = dir;
  document.documentElement.style.colorScheme = scheme;
  const { element } = await show();
  element.words = dir === 'rtl' ? { Remove: 'إزالة', 'About you': 'عنك' } : {};
  await expect.poll(() => element.shadowRoot?.querySelectorAll('li').length).toBeGreaterThan(3);
  await button(/^Not mine/)
    .first()
    .click();
  await expect.element(button(/^Undo/)).toBeVisible();
  const { violations } = await axe.run(document.body, { rules: { region: { enabled: false } } });
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(width);
});

it('the readable page is an accessible document', async () => {
  const { client } = await show();
  const frame = document.createElement('iframe');
  frame.title = 'page';
  frame.style.cssText = 'inline-size:100%;block-size:800px';
  frame.srcdoc = knownPage(await client.rights.known());
  document.body.replaceChildren(frame);
  await new Promise((resolve) => (frame.onload = resolve));
  const inside = frame.contentDocument;
  if (!inside) throw new Error('no document');
  // asked from outside, these two look at this page instead of that
  const elsewhere = {
    'landmark-one-main': { enabled: false },
    'page-has-heading-one': { enabled: false },
  };
  expect([inside.querySelectorAll('main').length, inside.querySelectorAll('h1').length]).toEqual([
    1, 1,
  ]);
  const { violations } = await axe.run({ include: [['iframe', 'body']] } as never, {
    rules: elsewhere,
  });
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  expect(inside.body.textContent).toContain('Latte <b>');
});
