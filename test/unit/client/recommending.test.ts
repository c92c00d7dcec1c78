import { describe, expect, it, vi } from 'vitest';
import { memoryStorage } from '../../../src/adapters/storage/memory.js';
import type { ProfileStorage } from '../../../src/profile/port.js';
import type { RecommendOptions, Recommendations, Regulars } from '../../../src/client/types.js';
import { encodeModel } from '../../../src/model/encode-model.js';
import { assignArm } from '../../../src/recommend/assign-arm.js';
import { recommender } from '../../../src/recommend/recommender.js';
import type { Item } from '../../../src/recommend/types.js';
import { cafeModel } from '../recommend/shop.js';
import { createDevice, type Device } from '../../support/device.js';

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 2, 10, 9);
const model = await cafeModel();
const bytes = encodeModel(model);
const MENU: readonly Item[] = [
  { sku: 'tea', name: 'Tea', category: 'drinks', aliases: ['tea-old'] },
  { sku: 'coffee', name: 'Coffee', category: 'drinks', allergens: [] },
  { sku: 'scone', name: 'Scone', category: 'cakes', allergens: ['gluten'] },
  { sku: 'honey', name: 'Honey', category: 'spreads' },
  { sku: 'jam', name: 'Jam', category: 'spreads' },
  {
    sku: 'oat-cake',
    name: 'Oat cake',
    category: 'cakes',
    available: false,
    substitutes: [{ sku: 'scone', difference: 'with wheat.' }],
  },
];
const granted = { remember: 'granted', suggest: 'granted' } as const;

async function atTheShop(
  device: Device,
  options: Parameters<Device['page']>[0] = {},
): Promise<Regulars> {
  const page = device.page({
    ...{ catalog: MENU, recommend: recommender({ model }), consent: granted },
    ...options,
  });
  await page.start();
  await page.recognize({ account: 'shep' }, { verified: ['account'] });
  for (const day of [21, 14, 7])
    await page.record({
      id: `web:${day}`,
      at: NOW - day * DAY,
      lines: [{ sku: day === 21 ? 'tea-old' : 'tea', name: 'Tea' }],
    });
  await vi.waitFor(() => expect(page.get().ready.model).toBe('ready'));
  return page;
}

const itemsOf = (asked: Recommendations) => (asked.kind === 'items' ? asked.items : []);
const skusOf = (asked: Recommendations): string[] => itemsOf(asked).map(({ sku }) => sku);

describe('a question of the page', () => {
  it.each<[RecommendOptions, string, RegExp]>([
    [{ question: 'buy-again' }, 'tea', /may be running low/],
    [{ question: 'due-now' }, 'tea', /may be running low/],
    [{ question: 'goes-with', basket: ['tea'] }, 'scone', /^Goes with Tea, which is in your bas/],
    [{ question: 'similar', sku: 'oat-cake' }, 'scone', /^Close to it: Scone \(with wheat\)\.$/],
    [{ question: 'popular' }, 'coffee', /^Popular in this shop\.$/],
  ])('%j is answered with a reason, and with a why', async (options, sku, reason) => {
    const page = await atTheShop(createDevice(NOW));
    const [first] = itemsOf(page.recommend(options));
    expect(first).toMatchObject({ sku });
    expect(first?.text).toMatch(reason);
    expect(page.why(first?.ref ?? '')?.text).toMatch(/\w/);
  });

  it('is answered in the language of the page', async () => {
    const { de } = await import('../../../src/greeting/locales/de.js');
    const page = await atTheShop(createDevice(NOW), { locales: [de], locale: 'de' });
    const text = (options: RecommendOptions) => itemsOf(page.recommend(options))[0]?.text;
    expect(text({ question: 'goes-with', basket: ['tea'] })).toContain('in deinem Warenkorb');
    expect(text({ question: 'similar', sku: 'oat-cake' })).toBe(
      'Dem kommt nahe: Scone (with wheat).',
    );
  });

  it('has a why that names the purchases, also those under an older key, and those of what it goes with', async () => {
    const page = await atTheShop(createDevice(NOW));
    const purchases = (options: RecommendOptions, sku: string) => {
      const found = itemsOf(page.recommend({ limit: 20, ...options })).find(
        (one) => one.sku === sku,
      );
      const evidence = page
        .why(found?.ref ?? '')
        ?.evidence.find(({ kind }) => kind === 'purchases');
      return evidence?.kind === 'purchases' ? [...evidence.ids].sort() : [];
    };
    const all = ['web:14', 'web:21', 'web:7'];
    expect(purchases({ question: 'buy-again' }, 'tea')).toEqual(all);
    expect(purchases({}, 'honey')).toEqual(all);
  });

  it('takes basket, stock and rules of the call, and is unharmed by those that throw', async () => {
    const errors: unknown[] = [];
    const page = await atTheShop(createDevice(NOW), { onError: (error) => errors.push(error) });
    const popular = (options: RecommendOptions) =>
      skusOf(page.recommend({ question: 'popular', limit: 20, perCategory: Infinity, ...options }));
    expect(popular({ available: (sku) => sku !== 'coffee' })).not.toContain('coffee');
    expect(popular({ basket: ['coffee'] })).not.toContain('coffee');
    expect(popular({ rules: [({ sku }) => (sku === 'jam' ? Infinity : 1)] })[0]).toBe('jam');
    expect(errors).toEqual([]);
    const broken = (): never => {
      throw new Error('no stock service');
    };
    expect(popular({ rules: [broken] })).toEqual(popular({}));
    expect(popular({ available: broken })).toEqual([]);
    expect(errors.length).toBeGreaterThan(0);
  });

  it('offers nothing instead that may hold an allergen the guest gave (D10)', async () => {
    const page = await atTheShop(createDevice(NOW));
    await page.rights.consent('health', 'granted');
    expect(
      await page.rights.remember({ key: 'allergies', value: ['gluten'], purpose: 'health' }),
    ).toEqual({ kind: 'kept' });
    expect(skusOf(page.recommend({ question: 'similar', sku: 'oat-cake' }))).toEqual([]);
  });

  it('never offers or names what a catalog that is asked item by item says is sensitive, and what it has not', async () => {
    const shelf = MENU.map((item) => (item.sku === 'tea' ? { ...item, sensitive: true } : item));
    const page = await atTheShop(createDevice(NOW), {
      catalog: {
        get: (skus) =>
          Promise.resolve(shelf.filter(({ sku }) => sku !== 'honey' && skus.includes(sku))),
      },
    });
    const all = () => [
      page.recommend({ limit: 20 }),
      page.recommend({ question: 'popular', limit: 20 }),
      page.recommend({ question: 'goes-with', basket: ['tea', 'coffee'], limit: 20 }),
    ];
    // from the first answer on, which is that nothing is told yet
    expect(all().map((asked) => asked.kind === 'none' && asked.reason)).toContain('not-ready');
    await vi.waitFor(() => {
      expect(JSON.stringify(all())).not.toMatch(/tea|honey/i);
      expect(JSON.stringify(all())).toContain('Coffee');
    });
    expect(JSON.stringify(all())).not.toMatch(/tea|honey/i);
  });

  it('tells a page when to ask again where the catalog is asked item by item, also one that fails for a while', async () => {
    let isOff = true;
    let asked = 0;
    const page = await atTheShop(createDevice(NOW), {
      onError: () => undefined,
      catalog: {
        get: (skus) => {
          asked++;
          if (isOff) return Promise.reject(new Error('offline'));
          return Promise.resolve(MENU.filter(({ sku }) => skus.includes(sku)));
        },
      },
    });
    const seen: Recommendations[] = [];
    const draw = () => seen.push(page.recommend({ question: 'popular', limit: 20 }));
    page.subscribe(draw);
    await vi.waitFor(() => expect(page.get().ready.catalog).toBe('failed'));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(asked).toBeLessThan(10);
    expect(seen.at(-1)).toEqual({ kind: 'none', reason: 'not-ready' });
    isOff = false;
    draw();
    await vi.waitFor(() => expect(seen.flatMap(skusOf)).toContain('coffee'));
    expect(page.get().ready.catalog).toBe('ready');
  });

  it('says nothing while a catalog that is asked item by item does not answer', async () => {
    const page = await atTheShop(createDevice(NOW), {
      catalog: { get: () => new Promise<never>(() => undefined) },
    });
    for (let times = 0; times < 3; times++)
      expect(page.recommend({ limit: 20 })).toEqual({ kind: 'none', reason: 'not-ready' });
    expect(page.greeting().kind).not.toBe('none');
  });

  it('offers nothing instead of a sensitive thing: the offer would name it', async () => {
    const shelf = MENU.map((item) => ({ ...item, sensitive: item.sku === 'oat-cake' }));
    const page = await atTheShop(createDevice(NOW), { catalog: shelf });
    const asked = page.recommend({ question: 'similar', sku: 'oat-cake' });
    expect(asked).toEqual({ kind: 'none', reason: 'nothing' });
  });

  it('is not kept from what a clock a year ahead has seen shown, or dismissed for now', async () => {
    const device = createDevice(NOW + 365 * DAY);
    const page = await atTheShop(device);
    const popular = () => page.recommend({ question: 'popular', limit: 20, perCategory: Infinity });
    const refOf = (sku: string) => itemsOf(popular()).find((one) => one.sku === sku)?.ref ?? '';
    page.shown(Array.from({ length: 3 }, () => refOf('honey')));
    await page.dismiss(refOf('jam'), 'not-now');
    await page.endVisit();
    await page.recognize({ account: 'shep' }, { verified: ['account'] });
    expect(skusOf(popular())).not.toEqual(expect.arrayContaining(['honey']));
    expect(skusOf(popular())).not.toEqual(expect.arrayContaining(['jam']));
    device.clock.setWall(NOW);
    expect(skusOf(popular())).toEqual(expect.arrayContaining(['honey', 'jam']));
  });

  it.each(['again', 'due', 'together', 'popular', 'new'] as const)(
    'that asks for nothing but what is "%s" has an answer with a reason',
    async (kind) => {
      const page = await atTheShop(createDevice(NOW));
      const items = itemsOf(page.recommend({ kinds: [kind], limit: 20 }));
      expect(new Set(items.map(({ source }) => source))).toEqual(new Set([kind]));
      for (const { text, ref } of items) expect(text && page.why(ref)?.text).toMatch(/\w/);
    },
  );

  it('finds nothing similar to nothing', async () => {
    const page = await atTheShop(createDevice(NOW));
    expect(page.recommend({ question: 'similar' })).toEqual({ kind: 'none', reason: 'nothing' });
  });
});

describe('an arm of an experiment', () => {
  it('is drawn by the id alone, about evenly, and anew for another experiment', () => {
    const drawn = Array.from({ length: 4000 }, (_, n) => assignArm(`c-${n}`, 'shelf', ['a', 'b']));
    const share = drawn.filter((arm) => arm === 'a').length / drawn.length;
    expect(Math.abs(share - 0.5)).toBeLessThan(0.03);
    const other = drawn.filter((arm, n) => arm === assignArm(`c-${n}`, 'page', ['a', 'b']));
    expect(Math.abs(other.length / drawn.length - 0.5)).toBeLessThan(0.03);
    expect(assignArm('c-1', 'shelf', ['a', 'b'])).toBe(drawn[1]);
  });

  it('is counted in the record of what was shown, beside the item, and is part of no dismissal', async () => {
    const page = await atTheShop(createDevice(NOW));
    const [first] = itemsOf(page.recommend({ question: 'popular', arm: 'shelf:b' }));
    page.shown(first?.ref ?? '');
    page.accepted(first?.ref ?? '');
    await page.dismiss(first?.ref ?? '', 'not-now');
    await page.endVisit();
    await page.recognize({ account: 'shep' }, { verified: ['account'] });
    const { records } = await page.rights.export();
    const exposure = records.find(({ kind }) => kind === 'exposure');
    expect(exposure?.data).toMatchObject({
      items: {
        coffee: { shown: 1, accepted: 1, ignored: 0, viewed: 0 },
        'arm:shelf:b': { shown: 1, accepted: 1 },
      },
    });
    const dismissal = records.find(({ kind }) => kind === 'dismissal');
    expect(dismissal?.data).toMatchObject({ target: { sku: 'coffee', category: 'drinks' } });
    expect(JSON.stringify(dismissal)).not.toContain('shelf');
  });
});

describe('the last good model', () => {
  const fileIn = (storage: ProfileStorage): Promise<unknown> =>
    storage.transact('readonly', (transaction) => transaction.get('meta', 'file:model'));
  const serving = (): ReturnType<typeof recommender> =>
    recommender({
      model: () => Promise.resolve(new Response(bytes.slice(), { headers: { etag: '"one"' } })),
    });
  const offline = (): ReturnType<typeof recommender> =>
    recommender({ model: () => Promise.reject(new Error('offline')) });

  it('serves the next page without a network, once the customer has said yes', async () => {
    const device = createDevice(NOW);
    const first = await atTheShop(device, { recommend: serving() });
    await first.stop();
    const page = device.page({ catalog: MENU, recommend: offline(), consent: granted });
    await page.start();
    await vi.waitFor(() => expect(page.get().ready.model).toBe('ready'));
    expect(skusOf(page.recommend({ question: 'popular' }))[0]).toBe('coffee');
    expect(JSON.stringify(await page.rights.audit())).toContain('file:model');
  });

  it('is not kept where nobody has said yes', async () => {
    const device = createDevice(NOW);
    const page = device.page({ catalog: MENU, recommend: serving() });
    await page.start();
    await vi.waitFor(() => expect(page.get().ready.model).toBe('ready'));
    await page.stop();
    const next = device.page({ catalog: MENU, recommend: offline(), consent: granted });
    await next.start();
    await vi.waitFor(() => expect(next.get().ready.model).toBe('failed'));
  });

  it("is kept by a kiosk, whatever its visitors say: it is the shop's", async () => {
    const memory = memoryStorage();
    // what a kiosk closes is still there when it opens it again
    const storage: ProfileStorage = {
      ...memory,
      open: async (options) => ({ ...(await memory.open(options)), kind: 'persistent' }),
      close: () => Promise.resolve(),
    };
    const device = createDevice(NOW);
    const page = device.page({ mode: 'kiosk', storage, catalog: MENU, recommend: serving() });
    await page.start();
    await vi.waitFor(async () => expect(await fileIn(storage)).toMatchObject({ etag: '"one"' }));
    const next = device.page({ mode: 'kiosk', storage, catalog: MENU, recommend: offline() });
    await next.start();
    await vi.waitFor(() => expect(next.get().ready.model).toBe('ready'));
  });

  it('knows what things are called, also where the catalog cannot be had: without price and stock', async () => {
    const device = createDevice(NOW);
    const first = await atTheShop(device, { recommend: serving() });
    await vi.waitFor(async () =>
      expect(JSON.stringify(await first.rights.audit())).toContain('file:catalog'),
    );
    await first.stop();
    const page = device.page({
      ...{ recommend: offline(), consent: granted },
      catalog: () => Promise.reject(new Error('offline')),
    });
    await page.start();
    await vi.waitFor(() =>
      expect(itemsOf(page.recommend({ question: 'popular' }))[0]).toMatchObject({
        sku: 'coffee',
        name: 'Coffee',
      }),
    );
    expect(itemsOf(page.recommend({ question: 'popular' }))[0]).not.toHaveProperty('item');
    expect(page.get().ready.catalog).toBe('failed');
  });
});
