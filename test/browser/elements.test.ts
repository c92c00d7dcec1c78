import axe from 'axe-core';
import { afterEach, expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { indexedDbStorage } from '../../src/adapters/storage/indexed-db.js';
import { createRegulars } from '../../src/client/create-regulars.js';
import type { Regulars } from '../../src/client/types.js';
import {
  defineRemember,
  RegularsRememberElement,
  type RememberAnswer,
} from '../../src/elements/remember.js';

const clients: Regulars[] = [];
let shops = 0;

/** A started client with a database of its own, which nobody has answered yet. */
async function startedClient(retention: { remember?: number } = {}): Promise<Regulars> {
  const client = createRegulars({
    shop: `element-${++shops}`,
    storage: indexedDbStorage(),
    retention,
  });
  clients.push(client);
  await client.start();
  return client;
}

interface Shown {
  readonly element: RegularsRememberElement;
  readonly client: Regulars;
  readonly answers: RememberAnswer['answer'][];
}

/** The element on the page, with its client. */
async function show(
  html = '<regulars-remember shop="Blue Door"></regulars-remember>',
): Promise<Shown> {
  defineRemember();
  document.body.innerHTML = html;
  const element = document.querySelector('regulars-remember');
  if (element === null) throw new Error('no element in the markup');
  const answers: RememberAnswer['answer'][] = [];
  document.body.addEventListener(
    'regulars-remember-answered',
    (event) => answers.push((event as CustomEvent<RememberAnswer>).detail.answer),
    { signal: listening.signal },
  );
  const client = await startedClient();
  element.client = client;
  return { element, client, answers };
}

let listening = new AbortController();

const yes = page.getByRole('button', { name: 'Yes, remember me' });
const no = page.getByRole('button', { name: 'No, thanks' });
const question = page.getByRole('region', { name: /remember you on this device\?/ });

const part = (element: Element, name: string): HTMLElement => {
  const found = element.shadowRoot?.querySelector<HTMLElement>(`[part~="${name}"]`);
  if (!found) throw new Error(`no part ${name}`);
  return found;
};

afterEach(async () => {
  listening.abort();
  listening = new AbortController();
  for (const client of clients.splice(0)) {
    await client.rights.forget({ scope: 'device' });
    await client.stop();
  }
  document.body.replaceChildren();
  document.documentElement.removeAttribute('dir');
});

it('asks what, why and how long, with a yes and a no, once the client is ready', async () => {
  await show();
  await expect.element(question).toBeVisible();
  await expect
    .element(page.getByRole('heading', { name: 'May Blue Door remember you on this device?' }))
    .toBeVisible();
  for (const term of ['What', 'Why', 'How long'])
    await expect.element(page.getByText(term, { exact: true })).toBeVisible();
  await expect.element(yes).toBeVisible();
  await expect.element(no).toBeVisible();
});

it('shows nothing before the client has started', () => {
  defineRemember();
  const element = document.createElement('regulars-remember');
  element.client = createRegulars({ shop: 'not-started' });
  document.body.append(element);
  expect(element.getBoundingClientRect().height).toBe(0);
});

it('makes the yes and the no look the same', async () => {
  const { element } = await show();
  await expect.element(yes).toBeVisible();
  const [one, other] = [part(element, 'yes'), part(element, 'no')];
  const look = (button: HTMLElement): readonly string[] => {
    const style = getComputedStyle(button);
    return [
      style.color,
      style.backgroundColor,
      style.font,
      style.border,
      style.padding,
      style.opacity,
    ];
  };
  expect(look(one)).toEqual(look(other));
  expect(one.offsetWidth).toBe(other.offsetWidth);
  expect(one.offsetHeight).toBe(other.offsetHeight);
  expect(one.offsetHeight).toBeGreaterThanOrEqual(44);
});

it('grants what was asked for on a yes, and goes', async () => {
  const { client, answers } = await show();
  await yes.click();
  await expect.element(question).not.toBeInTheDocument();
  await vi.waitFor(() => expect(client.get().consent.remember).toBe('granted'));
  await vi.waitFor(() => expect(client.get().storage.kind).toBe('persistent'));
  expect(answers).toEqual(['granted']);
});

it('stores nothing on a no, and goes', async () => {
  const { client, answers } = await show();
  await no.click();
  await vi.waitFor(() => expect(client.get().consent.remember).toBe('denied'));
  await expect.element(question).not.toBeInTheDocument();
  expect(answers).toEqual(['denied']);
  expect(Object.keys(localStorage)).toEqual([]);
  expect((await indexedDB.databases()).map(({ name }) => name)).toEqual([]);
});

it('does nothing when the page vetoes the answer', async () => {
  const { element, client } = await show();
  element.addEventListener('regulars-remember-answered', (event) => event.preventDefault());
  await yes.click();
  await expect.element(question).toBeVisible();
  expect(client.get().consent.remember).toBe('ask');
});

it('is answered by the keyboard, and moves the focus only for who pressed', async () => {
  const { element } = await show(
    '<button>before</button><regulars-remember shop="Blue Door" manage></regulars-remember>',
  );
  await expect.element(question).toBeVisible();
  expect(document.activeElement).toBe(document.body);
  document.querySelector('button')?.focus();
  await userEvent.tab();
  expect(element.shadowRoot?.activeElement).toBe(part(element, 'yes'));
  await userEvent.keyboard('{Enter}');
  await vi.waitFor(() => expect(element.shadowRoot?.activeElement).toBe(part(element, 'forget')));
});

it('announces the question politely, into a status that was empty before', async () => {
  const { element } = await show();
  const status = part(element, 'status');
  expect(status.getAttribute('role')).toBe('status');
  expect(status.textContent).toBe('');
  await vi.waitFor(() =>
    expect(status.textContent).toBe('May Blue Door remember you on this device?'),
  );
});

it('forgets after a confirmation, leaves nothing and does not ask at once again', async () => {
  const { client, answers } = await show(
    '<regulars-remember shop="Blue Door" manage></regulars-remember>',
  );
  await yes.click();
  await client.record({ id: 'web:1', lines: [{ sku: 'latte' }] });
  await page.getByRole('button', { name: 'Forget me' }).click();
  const dialog = page.getByRole('dialog', { name: 'Forget you on this device?' });
  await expect.element(dialog).toBeVisible();
  await userEvent.keyboard('{Escape}');
  await expect.element(dialog).not.toBeInTheDocument();
  expect(client.get().consent.remember).toBe('granted');

  await page.getByRole('button', { name: 'Forget me' }).click();
  await dialog.getByRole('button', { name: 'Forget me' }).click();
  await vi.waitFor(() => expect(client.get().consent.remember).toBe('ask'));
  expect(answers).toEqual(['granted', 'forgotten']);
  await expect.element(question).not.toBeInTheDocument();
  expect(Object.keys(localStorage)).toEqual([]);
  expect((await indexedDB.databases()).map(({ name }) => name)).toEqual([]);
});

it('says so, and asks on, when the browser would not keep it', async () => {
  const { element, client } = await show();
  const refusing: Regulars = {
    ...client,
    rights: { ...client.rights, consent: async () => ({ kind: 'refused', reason: 'storage' }) },
  };
  element.client = refusing;
  await yes.click();
  await expect.element(page.getByText(/this browser refused/).first()).toBeVisible();
  await expect.element(question).toBeVisible();
});

it('takes up a client that was set before the class was there', async () => {
  const client = await startedClient();
  class Later extends RegularsRememberElement {}
  const element = document.createElement('late-remember') as RegularsRememberElement;
  element.client = client;
  document.body.append(element);
  customElements.define('late-remember', Later);
  await expect.element(question).toBeVisible();
  expect(Object.hasOwn(element, 'client')).toBe(false);
  expect(element.client).toBe(client);
});

it('lets two copies of the package define it', () => {
  defineRemember();
  const first = customElements.get('regulars-remember');
  expect(() => defineRemember()).not.toThrow();
  expect(customElements.get('regulars-remember')).toBe(first);
});

it('hears of no client after it has left the page', async () => {
  const { element, client } = await show();
  await expect.element(question).toBeVisible();
  element.remove();
  await client.rights.consent('remember', 'granted');
  expect(part(element, 'panel').hidden).toBe(false);
  document.body.append(element);
  expect(part(element, 'panel').hidden).toBe(true);
});

it('takes a hostile shop name as text and a script as no address', async () => {
  const name = '<img src=x onerror="globalThis.hacked = 1"> \u202E';
  const { element } = await show();
  element.setAttribute('shop', name);
  element.setAttribute('privacy', 'javascript:globalThis.hacked=1');
  await expect.element(question).toBeVisible();
  expect(element.shadowRoot?.querySelector('img')).toBeNull();
  expect(part(element, 'heading').querySelector('slot')?.textContent).toContain('<img src=x');
  expect(part(element, 'privacy').hidden).toBe(true);
  expect('hacked' in globalThis).toBe(false);
});

it('links the policy, and names the months that the client keeps to', async () => {
  const { element } = await show('<regulars-remember privacy="/privacy"></regulars-remember>');
  await expect
    .element(page.getByRole('link', { name: 'Privacy policy' }))
    .toHaveAttribute('href', '/privacy');
  await expect.element(page.getByText(/^24 months after your last visit/)).toBeVisible();
  element.client = await startedClient({ remember: 13 });
  await expect.element(page.getByText(/^13 months after your last visit/)).toBeVisible();
});

it('a yes covers the suggestions it names; an answer given before stands', async () => {
  const { client } = await show();
  await yes.click();
  await vi.waitFor(() =>
    expect(client.get().consent).toMatchObject({ remember: 'granted', suggest: 'granted' }),
  );
  const { client: other } = await show();
  await other.rights.consent('suggest', 'denied');
  await yes.click();
  await vi.waitFor(() => expect(other.get().consent.remember).toBe('granted'));
  expect(other.get().consent.suggest).toBe('denied');
});

it('speaks the words of the page where it gives them', async () => {
  const { element } = await show(`<regulars-remember lang="de">
    <span slot="heading">Dürfen wir Sie wiedererkennen?</span><span slot="yes">Ja</span><span slot="no">Nein</span>
  </regulars-remember>`);
  await expect
    .element(page.getByRole('region', { name: 'Dürfen wir Sie wiedererkennen?' }))
    .toBeVisible();
  await expect.element(page.getByRole('button', { name: 'Ja' })).toBeVisible();
  await vi.waitFor(() =>
    expect(part(element, 'status').textContent).toBe('Dürfen wir Sie wiedererkennen?'),
  );
});

it('follows the writing direction of the page', async () => {
  document.documentElement.dir = 'rtl';
  const { element } = await show();
  await expect.element(yes).toBeVisible();
  expect(part(element, 'yes').getBoundingClientRect().left).toBeGreaterThan(
    part(element, 'no').getBoundingClientRect().left,
  );
});

it('stays away when the page hides it', async () => {
  const { element } = await show('<regulars-remember hidden></regulars-remember>');
  await vi.waitFor(() => expect(part(element, 'panel').hidden).toBe(false));
  expect(element.getBoundingClientRect().height).toBe(0);
});

it('has its styles where stylesheets cannot be constructed', async () => {
  const replace = Object.getOwnPropertyDescriptor(CSSStyleSheet.prototype, 'replaceSync');
  if (replace === undefined) throw new Error('this engine constructs none');
  Reflect.deleteProperty(CSSStyleSheet.prototype, 'replaceSync');
  try {
    const { element } = await show();
    await expect.element(yes).toBeVisible();
    expect(part(element, 'yes').offsetHeight).toBeGreaterThanOrEqual(44);
  } finally {
    Object.defineProperty(CSSStyleSheet.prototype, 'replaceSync', replace);
  }
});

it.each(['light', 'dark'])('has no accessibility violations in %s colors', async (scheme) => {
  const { element } = await show(
    `<main><h1>Shop</h1><regulars-remember shop="Blue Door" privacy="/privacy" manage></regulars-remember></main>`,
  );
  document.documentElement.style.cssText = `color-scheme: ${scheme}; background: Canvas`;
  await expect.element(question).toBeVisible();
  const asked = await axe.run(element);
  expect(asked.violations).toEqual([]);
  await yes.click();
  await expect.element(page.getByRole('button', { name: 'Forget me' })).toBeVisible();
  expect((await axe.run(element)).violations).toEqual([]);
  document.documentElement.removeAttribute('style');
});
