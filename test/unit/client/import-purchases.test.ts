import { beforeEach, describe, expect, it } from 'vitest';
import { memoryStorage } from '../../../src/adapters/storage/memory.js';
import { createRegulars } from '../../../src/client/create-regulars.js';
import { importPurchases } from '../../../src/client/import-purchases.js';
import { inspectStorage } from '../../../src/profile/inspect-log.js';
import type { ProfileStorage } from '../../../src/profile/port.js';
import type { PurchaseInput } from '../../../src/profile/types.js';
import { createFakeClock, seededRandom } from '../../../src/testing/fake-clock.js';
import { contents } from '../../support/profile/histories.js';

const shop = 'blue-door';
const clock = createFakeClock(Date.UTC(2026, 2, 20, 9));
const options = { shop, region: 'US', currency: 'USD', clock, random: seededRandom(5) };

type Ids = readonly (readonly [kind: string, value: string])[];
const order = (id: string, ids: Ids, more: Partial<PurchaseInput> = {}): PurchaseInput => ({
  id,
  at: '2026-03-01T08:00:00Z',
  lines: [{ sku: 'latte' }],
  customer: { ids: ids.map(([kind, value]) => ({ kind, value })) },
  ...more,
});

let storage: ProfileStorage;
beforeEach(async () => {
  storage = memoryStorage();
  await storage.open({ name: `regulars:${shop}` });
});

const customers = async (): Promise<readonly (readonly string[])[]> => {
  const { cards } = await contents(storage);
  return cards
    .map(({ value }) => {
      const card = JSON.parse((value as { text: string }).text) as {
        purchases: readonly { id: string }[];
      };
      return card.purchases.map(({ id }) => id).sort();
    })
    .sort((a, b) => String(a).localeCompare(String(b)));
};

describe('importing purchases', () => {
  it('puts them under their customers, and the same file again appends nothing', async () => {
    const orders = [
      order('a1', [['external', '17850']]),
      order('b1', [['phone', '(425) 555-0100']]),
      order('a2', [['external', '17850']]),
      order('b2', [['phone', '+1 425 555 0100']]),
    ];
    expect(await importPurchases(storage, orders, options)).toMatchObject({
      ...{ done: 4, share: 1, appended: 4, duplicates: 0, skipped: 0, newCustomers: 2 },
    });
    expect(await customers()).toEqual([
      ['a1', 'a2'],
      ['b1', 'b2'],
    ]);
    const before = await contents(storage);
    expect(await importPurchases(storage, orders, options)).toMatchObject({
      ...{ appended: 0, duplicates: 4, newCustomers: 0 },
    });
    expect(await contents(storage)).toEqual(before);
  });

  it('takes an order that changed for the same order', async () => {
    await importPurchases(storage, [order('a1', [['email', 'a@b.co']])], options);
    const changed = order('a1', [['email', 'a@b.co']], { status: 'refunded', revision: 2 });
    await importPurchases(storage, [changed], options);
    expect(await customers()).toEqual([['a1']]);
    expect(await inspectStorage(storage)).toMatchObject({ customers: 1, records: { purchase: 2 } });
  });

  it("gives nobody the orders of another account of the same family's e-mail", async () => {
    const email = ['email', 'family@home.example'] as const;
    await importPurchases(storage, [order('guest', [email])], options);
    await importPurchases(
      storage,
      [
        order('mum', [['account', '1'], email]),
        order('son', [['account', '2'], email]),
        order('mum again', [['account', '1']]),
      ],
      options,
    );
    expect(await customers()).toEqual([['guest', 'mum', 'mum again'], ['son']]);
  });

  it("tells people by a visitor's id only where nothing else names them", async () => {
    await importPurchases(
      storage,
      [
        order('x', [['anonymous', 'cookie'], ['account', '1']]), // prettier-ignore
        order('y', [['anonymous', 'cookie'], ['account', '2']]), // prettier-ignore
        order('z', [['anonymous', 'other']]),
        order('z2', [['anonymous', 'other']]),
      ],
      options,
    );
    expect(await customers()).toEqual([['x'], ['y'], ['z', 'z2']]);
  });

  it('sets aside what is no purchase, has no time or no customer, and goes on', async () => {
    const hostile = [
      null,
      42,
      {},
      order('no lines', [['account', '1']], { lines: [] }),
      order('price', [['account', '1']], { total: 9.8 }),
      order('never', [['account', '1']], { at: Number.NaN }),
      order('later', [['account', '1']], { at: null }),
      order('nobody', []),
      order('placeholder', [['phone', '0000000000']]),
      order('odd', [], { customer: { ids: 'x' as never } }),
      order('odder', [], { customer: { ids: [null, { kind: 7, value: {} }] as never } }),
      order('no type', [['__proto__', 'x'.repeat(100)]]),
      order('good', [['constructor', 'x'.repeat(100)]]),
    ] as readonly PurchaseInput[];
    const told = await importPurchases(storage, hostile, options);
    expect(told).toMatchObject({ done: 13, appended: 1, skipped: 12 });
    expect(told.setAside.map(({ index, reason }) => `${index} ${reason}`)).toEqual([
      ...[0, 1, 2, 3, 4, 5].map((index) => `${index} invalid`),
      ...['6 no-time', '7 no-customer', '8 no-customer', '9 no-customer', '10 no-customer'],
      '11 no-customer',
    ]);
    expect(await customers()).toEqual([['good']]);
  });

  it('takes what a source calls a customer for an account of that source', async () => {
    const orders = [
      order('shopify:1', [['external', '7']]),
      order('woocommerce:1', [['external', '7']]),
      order('Shopify:2', [['account:shopify', '7']]),
      order('till 3', [['external', '7']]),
      order('till 4', [['account', '7']]),
      // one person may have an account with each; with one source nobody has two
      order('shopify:5', [['external', '8'], ['email', 'jane@example.com']]),
      order('ga4:5', [['external', 'u1'], ['email', 'jane@example.com']]),
      order('shopify:6', [['external', '9'], ['email', 'jane@example.com']]),
    ]; // prettier-ignore
    expect(await importPurchases(storage, orders, options)).toMatchObject({ appended: 8 });
    expect(await customers()).toEqual([
      ['ga4:5', 'shopify:5'],
      ['Shopify:2', 'shopify:1'],
      ['shopify:6'],
      ['till 3', 'till 4'],
      ['woocommerce:1'],
    ]);
  });

  it('holds cards to the rules of the shop', async () => {
    const orders = [
      order('a', [['loyalty', '7992-7398-713']]),
      order('b', [['loyalty', '79927398710']]),
    ];
    const told = await importPurchases(storage, orders, { ...options, loyalty: { check: 'luhn' } });
    expect(told).toMatchObject({ appended: 1, setAside: [{ index: 1, reason: 'no-customer' }] });
  });

  it('stops where the plans of the world cannot be loaded', async () => {
    const phone = { load: () => Promise.reject(new Error('offline')) };
    const told = importPurchases(storage, [order('a', [['phone', '1']])], { ...options, phone });
    await expect(told).rejects.toThrow('offline');
    expect((await contents(storage)).records).toEqual([]);
  });

  it('can be stopped and run again, and no order is without its customer', async () => {
    const orders = Array.from({ length: 500 }, (_, i) =>
      order(`order:${i}`, [['account', `account-${i % 50}`]], { at: 1_700_000_000_000 + i }),
    );
    const stop = new AbortController();
    await expect(
      importPurchases(storage, orders, {
        ...options,
        signal: stop.signal,
        onProgress: ({ done }) => done > 100 && stop.abort(new Error('cancel')),
      }),
    ).rejects.toThrow('cancel');
    const half = await inspectStorage(storage);
    expect(half.records['purchase']).toBeLessThan(500);
    expect(await importPurchases(storage, orders, options)).toMatchObject({ done: 500 });
    const seen = await inspectStorage(storage);
    expect(seen).toMatchObject({ customers: 50, records: { purchase: 500, link: 50 } });
  });

  it('knows a customer at the till by what the import said of them', async () => {
    const customer = {
      ids: [{ kind: 'phone', value: '425 555 0100' }],
      name: { given: 'Shep' },
    };
    await importPurchases(storage, [order('a1', [], { customer })], options);
    const regulars = createRegulars({
      ...{ shop, storage, region: 'US', clock, random: seededRandom(6) },
      consent: { remember: 'granted' },
    });
    await regulars.start();
    const found = await regulars.recognize({ phone: '+14255550100' }, { verified: ['phone'] });
    expect(found).toMatchObject({ kind: 'found', level: 'verified' });
    expect(regulars.get().customer?.name).toBe('Shep');
    await regulars.stop();
  });
});
