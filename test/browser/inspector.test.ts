import axe from 'axe-core';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { memoryStorage } from '../../src/adapters/storage/memory.js';
import { importPurchases } from '../../src/client/import-purchases.js';
import { defineInspector, type RegularsInspectorElement } from '../../src/elements/inspector.js';
import { exportStorage } from '../../src/profile/export-log.js';
import type { ProfileStorage } from '../../src/profile/port.js';
import type { PurchaseInput } from '../../src/profile/types.js';

const shop = 'blue-door';
const HOSTILE = '<img src=x onerror="window.hacked=1">';

async function shopWith(customers: number): Promise<ProfileStorage> {
  const storage = memoryStorage();
  await storage.open({ name: `regulars:${shop}` });
  const orders = Array.from({ length: customers * 2 }, (_, i): PurchaseInput => ({
    id: `pos:${i}`,
    at: 1_700_000_000_000 + i,
    lines: [{ sku: HOSTILE, name: HOSTILE }],
    customer: {
      ids: [{ kind: 'account', value: `account-${i % customers}` }],
      name: { given: HOSTILE },
    },
  }));
  await importPurchases(storage, orders, { shop });
  return storage;
}

async function show(storage?: ProfileStorage): Promise<RegularsInspectorElement> {
  defineInspector();
  document.body.innerHTML = `<main><h1>Inspector</h1><regulars-inspector shop="${shop}"></regulars-inspector></main>`;
  const element = document.querySelector('regulars-inspector') as RegularsInspectorElement;
  if (storage) element.storage = storage;
  await vi.waitFor(() => expect(said(element)).toMatch(/customers|Nothing|No storage/));
  return element;
}

const said = (element: Element): string =>
  element.shadowRoot?.querySelector('[role=status]')?.textContent ?? '';
const focusIn = (element: Element): string | undefined =>
  element.shadowRoot?.activeElement?.textContent ?? undefined;
const customersIn = (element: Element): readonly HTMLButtonElement[] => [
  ...(element.shadowRoot?.querySelectorAll<HTMLButtonElement>('[aria-pressed]') ?? []),
];
/** Not by `toBeVisible`: in WebKit Vitest takes the summary of a closed <details> for hidden. */
const expectSummary = (text: RegExp): Promise<void> =>
  vi.waitFor(() => expect(page.getByText(text).element().checkVisibility()).toBe(true));

beforeEach(() => void (document.documentElement.lang = 'en'));
afterEach(() => {
  document.body.replaceChildren();
  document.documentElement.removeAttribute('dir');
  document.documentElement.removeAttribute('style');
});

it('says that there is nothing: without a storage, and with an empty one', async () => {
  const element = await show();
  expect(said(element)).toBe('No storage was given.');
  const storage = memoryStorage();
  await storage.open({ name: shop });
  element.storage = storage;
  await vi.waitFor(() => expect(said(element)).toBe('Nothing is stored (memory).'));
});

it('takes a storage that was given before the element was registered', async () => {
  const storage = await shopWith(1);
  const early = document.createElement('regulars-inspector');
  early.storage = storage;
  document.body.append(early);
  defineInspector();
  await vi.waitFor(() => expect(said(early)).toContain('1 customers'));
});

it('shows numbers, customers in pages, a card and its records', async () => {
  const element = await show(await shopWith(30));
  expect(said(element)).toMatch(/^30 customers, \d+ rows \(memory\)\.$/);
  await expect.element(page.getByRole('row', { name: 'purchase 60' })).toBeVisible();
  expect(customersIn(element)).toHaveLength(25);
  await page
    .getByRole('region', { name: 'Customers' })
    .getByRole('button', { name: 'More' })
    .click();
  await vi.waitFor(() => expect(customersIn(element)).toHaveLength(30));
  const [first] = customersIn(element);
  await userEvent.click(first as Element);
  await expect.element(page.getByRole('heading', { name: first?.textContent ?? '' })).toBeVisible();
  expect(first?.getAttribute('aria-pressed')).toBe('true');
  await page.getByText(/^card \{/).click();
  await expectSummary(/^purchases \[2\]/);
  expect(element.shadowRoot?.textContent).toContain('paidVisits');
});

it('shows what is stored as text, whatever it says', async () => {
  const element = await show(await shopWith(1));
  await userEvent.click(customersIn(element)[0] as Element);
  const open = async (): Promise<void> => {
    for (const one of element.shadowRoot?.querySelectorAll('details:not([open])') ?? [])
      (one as HTMLDetailsElement).open = true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  };
  await vi.waitFor(() => expect(element.shadowRoot?.querySelector('h3')).not.toBeNull());
  for (let i = 0; i < 6; i++) await open();
  expect(element.shadowRoot?.textContent).toContain('onerror');
  expect(element.shadowRoot?.querySelector('img')).toBeNull();
  expect('hacked' in window).toBe(false);
});

it('shows the rows of each store as they lie', async () => {
  const element = await show(await shopWith(1));
  await userEvent.selectOptions(page.getByRole('combobox', { name: 'Store' }), 'meta');
  await expectSummary(/^device \{/);
  expect(element.shadowRoot?.querySelector('select')?.value).toBe('meta');
});

it('imports a file with progress, and stops where it is told to', async () => {
  const pieces: string[] = [];
  for await (const piece of exportStorage(await shopWith(40), { shop })) pieces.push(piece);
  const storage = memoryStorage();
  await storage.open({ name: shop });
  const element = await show(storage);
  const input = element.shadowRoot?.querySelector('input') as HTMLInputElement;
  await userEvent.upload(input, new File(pieces, 'export.jsonl'));
  await vi.waitFor(() => expect(said(element)).toContain('Imported 160, known before 0'), 5000);
  await vi.waitFor(() => expect(customersIn(element)).toHaveLength(25));
  await vi.waitFor(() =>
    expect(element.shadowRoot?.querySelector('table')?.textContent).toContain('records160'),
  );

  await userEvent.upload(input, new File(['hello'], 'other.txt'));
  await vi.waitFor(() => expect(said(element)).toContain('no export of a storage'));

  let goOn = (): void => undefined;
  const waiting = new Promise<void>((resolve) => (goOn = resolve));
  element.storage = {
    ...storage,
    transact: async (mode, body, options) => {
      await waiting;
      return storage.transact(mode, body, options);
    },
  };
  await page.getByRole('button', { name: 'Cancel' }).click();
  goOn();
  await vi.waitFor(() => expect(said(element)).toBe('Reading: stopped'));
  await vi.waitFor(() => expect(focusIn(element)).toBe('Refresh'));
  await expect.element(page.getByRole('button', { name: 'Cancel' })).not.toBeInTheDocument();
});

it('exports to a file', async () => {
  const element = await show(await shopWith(2));
  const clicked: HTMLAnchorElement[] = [];
  const click = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (
    this: HTMLAnchorElement,
  ) {
    clicked.push(this);
  });
  await page.getByRole('button', { name: 'Export' }).click();
  await vi.waitFor(() => expect(said(element)).toBe('Exported 8 lines.'));
  click.mockRestore();
  const [link] = clicked;
  expect(link?.download).toBe('regulars-blue-door.jsonl');
  const text = await (await fetch(link?.href ?? '')).text();
  expect(text.trim().split('\n')).toHaveLength(10);
});

it.each(['light', 'dark'])(
  'leaves axe nothing to say in a %s page, from right to left too',
  async (scheme) => {
    document.documentElement.style.cssText = `color-scheme: ${scheme}; background: Canvas`;
    document.documentElement.dir = scheme === 'dark' ? 'rtl' : 'ltr';
    const element = await show(await shopWith(3));
    await userEvent.click(customersIn(element)[0] as Element);
    await vi.waitFor(() => expect(element.shadowRoot?.querySelector('h3')).not.toBeNull());
    const { violations } = await axe.run(document.body);
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  },
);

it('can be used by the keyboard alone', async () => {
  const element = await show(await shopWith(2));
  await userEvent.tab();
  expect(focusIn(element)).toBe('Refresh');
  await userEvent.keyboard('{Enter}');
  await vi.waitFor(() => expect(said(element)).toContain('2 customers'));
  await vi.waitFor(() => expect(focusIn(element)).toBe('Refresh'));
});
