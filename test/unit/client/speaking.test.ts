import { describe, expect, it, vi } from 'vitest';
import { recommender } from '../../../src/recommend/recommender.js';
import type { Item } from '../../../src/recommend/types.js';
import type { Regulars } from '../../../src/client/types.js';
import { createDevice, type Device } from '../../support/device.js';

const DAY = 86_400_000;
const milk = {
  id: 'milk',
  name: 'Milk',
  options: [
    { id: 'whole', name: 'whole', default: true },
    { id: 'oat', name: 'oat', price: 50 },
  ],
};
const MENU: readonly Item<{ cart: string }>[] = [
  { sku: 'latte', name: 'Latte', price: 380, modifierGroups: [milk], ref: { cart: 'l-1' } },
  { sku: 'croissant', name: 'Croissant', price: 260 },
  { sku: 'soup', name: 'Soup', price: 650 },
  { sku: 'gone', name: 'Gone', price: 100, available: false },
];
const MORNING = [
  {
    sku: 'latte',
    name: 'Latte',
    unitPrice: 380,
    modifiers: [{ group: 'Milk', id: 'oat', name: 'oat' }],
  },
  { sku: 'croissant', name: 'Croissant', unitPrice: 260 },
];

async function regular(
  device: Device,
  options: Parameters<Device['page']>[0] = {},
  who: { account: string } = { account: 'shep' },
): Promise<Regulars> {
  const page = device.page({
    catalog: MENU,
    recommend: recommender(),
    consent: { remember: 'granted', suggest: 'granted' },
    ...options,
  });
  await page.start();
  await page.recognize(who, { verified: ['account'], name: 'Shep' });
  for (const day of [1, 2, 3, 5, 8, 9])
    await page.record({ id: `pos:${day}`, at: device.clock.now() - day * DAY, lines: MORNING });
  await vi.waitFor(() => expect(page.recommend()).not.toMatchObject({ reason: 'not-ready' }));
  return page;
}

describe('a regular', () => {
  it('hears the usual, to the modifier, and why (G03)', async () => {
    const page = await regular(createDevice(Date.UTC(2026, 2, 5, 8, 5)));
    const greeting = page.greeting();
    expect(greeting.kind).toBe('regular');
    if (greeting.kind === 'none') throw new Error('no greeting');
    for (const word of ['Shep', 'usual', 'Latte', 'oat', 'Croissant'])
      expect(greeting.text.toLowerCase()).toContain(word.toLowerCase());
    expect(page.why(greeting.ref)?.text).toMatch(/\w/);
    const usual = page.usual();
    expect(usual.kind).toBe('usual');
    expect(usual.kind !== 'none' && page.why(usual.ref)?.evidence.length).toBeGreaterThan(0);
    expect(page.why('made-up')).toBeUndefined();
  });

  it('orders the usual in one tap: the cart is the order, to the last modifier, at the price of today', async () => {
    const page = await regular(createDevice(Date.UTC(2026, 2, 5, 8, 5)));
    const usual = page.usual();
    const again = await page.reorder(usual.kind === 'none' ? '' : usual.ref);
    expect(again.ready).toBe(true);
    expect(again.cart).toMatchObject([
      {
        item: { sku: 'latte', ref: { cart: 'l-1' } },
        quantity: 1,
        modifiers: [{ name: 'oat' }],
        unitPrice: 430,
      },
      { item: { sku: 'croissant' }, quantity: 1, unitPrice: 260 },
    ]);
  });

  it('a modifier that is gone keeps the cart empty and is asked about (G07)', async () => {
    const catalog = MENU.map((item) =>
      item.modifierGroups
        ? { ...item, modifierGroups: [{ ...milk, options: milk.options.slice(0, 1) }] }
        : item,
    );
    const page = await regular(createDevice(Date.UTC(2026, 2, 5, 8, 5)), { catalog });
    const usual = page.usual();
    const again = await page.reorder(usual.kind === 'none' ? '' : usual.ref);
    expect(again).toMatchObject({ ready: false, cart: [], changed: [{ kind: 'modifier-gone' }] });
  });

  it('an unknown ref reorders nothing', async () => {
    const page = await regular(createDevice());
    expect(await page.reorder('made-up')).toMatchObject({ ready: false, lines: [] });
  });

  it('the words that were shown stay for the visit; before that they follow what is known (D8)', async () => {
    const device = createDevice(Date.UTC(2026, 2, 5, 8, 5));
    const page = await regular(device);
    const greeting = page.greeting();
    if (greeting.kind === 'none') throw new Error('no greeting');
    page.shown(greeting.ref);
    device.clock.advance(20 * 60_000);
    await page.record({ id: 'pos:now', lines: [{ sku: 'soup', name: 'Soup' }] });
    expect(page.greeting()).toEqual(greeting);
  });
});

describe('recommendations', () => {
  it('are what this customer buys, with reason and why, and never what is in the basket or cannot be bought', async () => {
    const page = await regular(createDevice());
    const offered = page.recommend({ limit: 3 });
    if (offered.kind === 'none') throw new Error(offered.reason);
    expect(offered.items[0]).toMatchObject({ source: 'again', item: { sku: expect.any(String) } });
    expect(offered.items[0]?.text).toMatch(/\w/);
    expect(page.why(offered.items[0]?.ref ?? '')?.text).toMatch(/\w/);
    page.setContext({ basket: ['latte'] });
    const rest = page.recommend();
    expect(JSON.stringify(rest)).not.toContain('"sku":"latte"');
    expect(JSON.stringify(rest)).not.toContain('"sku":"gone"');
  });

  it('answer not-configured without an engine, and no-consent after a no', async () => {
    const device = createDevice();
    const page = device.page();
    await page.start();
    expect(page.recommend()).toEqual({ kind: 'none', reason: 'not-configured' });
    const other = await regular(createDevice());
    await other.rights.consent('suggest', 'denied');
    expect(other.recommend()).toEqual({ kind: 'none', reason: 'no-consent' });
    expect(other.greeting()).toMatchObject({ kind: 'regular' });
  });

  it('without an answer rest only on what this visit has seen', async () => {
    const device = createDevice();
    const first = await regular(device, { consent: { remember: 'granted' } });
    expect(first.recommend()).toMatchObject({ kind: 'none' });
    await first.record({ id: 'web:now', lines: [{ sku: 'soup', name: 'Soup' }] });
    const offered = first.recommend();
    expect(offered).toMatchObject({ kind: 'items', items: [{ sku: 'soup' }] });
  });

  it('a dismissed item stays away, after a reload too', async () => {
    const device = createDevice();
    const page = await regular(device);
    const offered = page.recommend();
    if (offered.kind === 'none') throw new Error(offered.reason);
    const [top] = offered.items;
    expect(await page.dismiss(top?.ref ?? '', 'stop')).toEqual({ kind: 'kept' });
    expect(JSON.stringify(page.recommend())).not.toContain(`"sku":"${top?.sku}"`);
    await page.stop();
    const again = await regular(device);
    expect(JSON.stringify(again.recommend())).not.toContain(`"sku":"${top?.sku}"`);
    expect(await page.dismiss('made-up', 'stop')).toMatchObject({ kind: 'refused' });
  });

  it('an item shown on three visits without a click rests (D8)', async () => {
    const device = createDevice();
    let sku = '';
    for (let visit = 0; visit < 3; visit++) {
      const page = await regular(device);
      const offered = page.recommend({ limit: 1 });
      if (offered.kind === 'none') throw new Error(offered.reason);
      sku ||= offered.items[0]?.sku ?? '';
      expect(offered.items[0]?.sku).toBe(sku);
      page.shown(offered.items.map(({ ref }) => ref));
      await page.stop();
      device.clock.advance(3_600_000);
    }
    const page = await regular(device);
    expect(JSON.stringify(page.recommend())).not.toContain(`"sku":"${sku}"`);
  });

  it('an item that has rested is offered again, and rests only after three more; a click counts anew', async () => {
    const device = createDevice();
    const DAY = 86_400_000;
    /** A visit at which the first item was shown, and perhaps taken: what is offered first. */
    const visit = async (act: 'look' | 'show' | 'take'): Promise<string | undefined> => {
      const page = await regular(device);
      const offered = page.recommend({ limit: 1 });
      const refs = offered.kind === 'none' ? [] : offered.items.map(({ ref }) => ref);
      if (act !== 'look') page.shown(refs);
      if (act === 'take') page.accepted(refs[0] ?? '');
      await page.stop();
      device.clock.advance(3_600_000);
      return offered.kind === 'none' ? undefined : offered.items[0]?.sku;
    };
    const top = await visit('take');
    for (const act of ['show', 'show', 'show'] as const) expect(await visit(act)).toBe(top);
    expect(await visit('look')).not.toBe(top);
    device.clock.advance(31 * DAY);
    for (const act of ['show', 'show', 'take', 'show', 'show', 'show'] as const)
      expect(await visit(act)).toBe(top);
    expect(await visit('look')).not.toBe(top);
  });

  it('a dismissed greeting is silent for the visit', async () => {
    const page = await regular(createDevice());
    const greeting = page.greeting();
    await page.dismiss(greeting.kind === 'none' ? '' : greeting.ref, 'not-now');
    expect(page.greeting()).toEqual({ kind: 'none', reason: 'dismissed' });
  });

  it('a catalog that is fetched by sku is asked only for what is shown', async () => {
    const asked: string[] = [];
    const get = async (skus: readonly string[]): Promise<readonly Item[]> => {
      asked.push(...skus);
      return MENU.filter(({ sku }) => skus.includes(sku));
    };
    const page = await regular(createDevice(), { catalog: { get } });
    page.recommend({ limit: 2 });
    await vi.waitFor(() => {
      const offered = page.recommend({ limit: 2 });
      expect(offered).toMatchObject({ items: [{ item: { name: expect.any(String) } }, {}] });
    });
    expect(asked).not.toContain('soup');
    expect(new Set(asked).size).toBe(asked.length);
  });
});

describe('rights', () => {
  it('known and export hold everything; correct outranks; remove removes', async () => {
    const page = await regular(createDevice());
    await page.rights.correct('name.given', 'Shepherd');
    expect(page.get().customer?.name).toBe('Shepherd');
    await page.recognize({ account: 'shep' }, { verified: ['account'], name: 'Shep' });
    expect(page.get().customer?.name).toBe('Shepherd');
    const known = await page.rights.known();
    expect(known.purchases).toMatchObject({ ok: true });
    expect(known.facts).toMatchObject([{ key: 'name.given', value: 'Shepherd' }]);
    const taken = await page.rights.export();
    expect(taken.records.filter(({ kind }) => kind === 'purchase')).toHaveLength(6);
    expect(JSON.parse(JSON.stringify(taken))).toEqual(taken);
    await page.rights.remove('name.given');
    expect(page.get().customer?.name).toBeUndefined();
  });

  it('an address in an order never gets in', async () => {
    const page = await regular(createDevice());
    await page.record({
      id: 'web:address',
      lines: [{ sku: 'soup', name: 'Soup', note: 'ring at 12 Elm St' }],
      shipping_address: { street: '12 Elm St' },
    } as never);
    expect(JSON.stringify(await page.rights.export())).not.toContain('Elm');
  });
});
