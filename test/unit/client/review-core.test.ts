import { describe, expect, it } from 'vitest';
import { indexedDbStorage } from '../../../src/adapters/storage/indexed-db.js';
import { createClient } from '../../../src/client/create-client.js';
import type { Item } from '../../../src/recommend/types.js';
import { seededRandom } from '../../../src/testing/fake-clock.js';
import { createDevice, rows } from '../../support/device.js';

const order = (id: string) => ({ id, lines: [{ sku: 'house', name: 'House Blend' }] });
const granted = { consent: { remember: 'granted' as const } };
const vouched = { verified: ['account'] as const };

describe('whose it is', () => {
  it('a new account with the e-mail of a known one is another person (rule 4.3: one account each)', async () => {
    const page = createDevice().page(granted);
    const both = { verified: ['account', 'email'] as const };
    await page.start();
    await page.recognize({ account: 'u1', email: 'fam@example.com' }, { ...both, name: 'Ana' });
    await page.record(order('1'));
    await page.notMe();
    await page.recognize({ account: 'u2', email: 'fam@example.com' }, both);
    expect(page.get().customer?.name).toBeUndefined();
    expect(page.reveal('orders')).toEqual({ ok: true, value: [] });
  });
  it('a payment that comes late belongs to the visit it was made in, though somebody else is here', async () => {
    const page = createDevice().page();
    await page.start();
    await page.recognize({ account: 'A' }, vouched);
    const visit = page.get().visit ?? '';
    await page.recognize({ account: 'B' }, vouched);
    await page.record(order('late'), { visit });
    expect(page.get().customer?.paidVisits).toBe(0);
  });
  it('a yes moves in what its giver did, and nothing of who was here before', async () => {
    const device = createDevice();
    const page = device.page();
    await page.start();
    await page.recognize({ account: 'A' }, { ...vouched, name: 'Zachary' });
    await page.recognize({ account: 'B' }, vouched);
    await page.rights.consent('remember', 'granted');
    expect(await device.bytes()).not.toContain('Zachary');
    await page.stop();
  });
  it('an order recorded while the storage opens is of whom the device remembers', async () => {
    const device = createDevice();
    const before = device.page(granted);
    await before.start();
    await before.record({ ...order('1'), at: device.clock.now() - 86_400_000 });
    await before.stop();
    const options = {
      shop: 'blue-door',
      storage: indexedDbStorage(),
      clock: device.clock,
      random: seededRandom(99),
      ...granted,
    };
    const page = createClient(
      options,
      async (core, life, markers) => {
        await new Promise((resolve) => setTimeout(resolve, 50));
        return (await import('../../../src/client/acts.js')).createActs(core, life, markers);
      },
      async () => (await import('../../../src/client/speech.js')).createSpeech,
    );
    const started = page.start();
    await page.record(order('2'));
    await started;
    expect(page.get().customer?.paidVisits).toBe(2);
    await page.stop();
  });
  it('half an hour of silence loses no order that waits for a yes', async () => {
    const device = createDevice();
    const page = device.page();
    await page.start();
    device.clock.advance(31 * 60_000);
    await page.record(order('1'));
    await page.rights.consent('remember', 'granted');
    expect(page.get().customer?.paidVisits).toBe(1);
    await page.stop();
  });
  it('a yes in another tab takes nothing away here', async () => {
    const device = createDevice();
    const [here, there] = [device.page(), device.page()];
    await here.start();
    await there.start();
    await here.recognize({ account: 'A' }, { ...vouched, name: 'Ana' });
    await there.rights.consent('remember', 'granted');
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(here.get().customer?.name).toBe('Ana');
    await Promise.all([here.stop(), there.stop()]);
  });
});

describe('what may be seen', () => {
  it('contact and points are masked at claimed, and health is not there', async () => {
    const page = createDevice().page(granted);
    await page.start();
    await page.recognize({ account: 'A', phone: '4255550123' }, { verified: ['account', 'phone'] });
    await page.rights.remember({ key: 'email', value: 'ana@example.com' });
    await page.rights.remember({ key: 'points', value: 120 });
    await page.rights.remember({ key: 'diet', value: 'halal', purpose: 'health' });
    await page.notMe();
    await page.recognize({ phone: '4255550123' });
    expect(page.get().level).toBe('claimed');
    const seen = JSON.stringify([
      page.reveal('contact'),
      page.reveal('points'),
      await page.rights.known(),
    ]);
    for (const secret of ['ana@', '120', 'halal']) expect(seen).not.toContain(secret);
    await page.stop();
  });
});

describe('forgetting', () => {
  it('leaves nothing in a storage that this page may only read', async () => {
    const device = createDevice();
    const before = device.page(granted);
    await before.start();
    await before.recognize({ account: 'A' }, { ...vouched, name: 'Zoltan' });
    await before.stop();
    await rows('regulars:blue-door', 'meta', (value, key) =>
      key === 'log' ? { ...(value as object), v: 99 } : value,
    );
    const page = device.page();
    await page.start();
    await page.record(order('x'));
    await page.rights.forget({ scope: 'device' });
    expect(await device.bytes()).not.toContain('Zoltan');
  });
});

describe('bad input', () => {
  const hostile: readonly [string, unknown][] = [
    ['groups of another shape', { sku: 'latte', name: 'Latte', modifierGroups: [null] }],
    [
      'groups without options',
      { sku: 'latte', name: 'Latte', modifierGroups: [{ id: 'm', name: 'Milk' }] },
    ],
    [
      'a getter that throws',
      {
        sku: 'latte',
        name: 'Latte',
        get category(): string {
          throw new Error('x');
        },
      },
    ],
  ];
  it.each(hostile)(
    'a catalog item with %s keeps no customer from being greeted',
    async (_, item) => {
      const device = createDevice();
      const before = device.page(granted);
      await before.start();
      await before.record({
        id: '1',
        lines: [{ sku: 'latte', name: 'Latte', modifiers: [{ group: 'milk', name: 'oat' }] }],
      });
      await before.stop();
      const page = device.page({ ...granted, catalog: [item as Item] });
      await page.start();
      expect(page.get().greeting).toMatchObject({ kind: 'returning' });
      await page.stop();
    },
  );
  it('a message of the host that throws keeps nobody from being greeted', async () => {
    const device = createDevice();
    const items = (): never => {
      throw new Error('x');
    };
    const page = device.page({ ...granted, messages: { items } });
    await page.start();
    await page.recognize({ account: 'A' }, vouched);
    await page.record(order('1'));
    expect(page.get().greeting).toMatchObject({ kind: 'returning' });
  });
  it('a setContext of junk changes nothing', async () => {
    const page = createDevice().page({
      ...granted,
      catalog: [{ sku: 'house', name: 'H', price: 500 }],
    });
    await page.start();
    await page.recognize({ account: 'A' }, vouched);
    await page.record({ id: '1', lines: [{ sku: 'house', unitPrice: 300 }] });
    page.setContext({
      locale: 'not a locale!',
      currency: 'EURO',
      basket: 'x',
      person: null,
    } as never);
    expect(await page.reorder('1')).toMatchObject({ ready: true });
    expect(page.recommend()).toMatchObject({ kind: 'none' });
  });
  it.each([[5], ['x'], [{}]])(
    'a device row that is %j is made anew; who is remembered stays',
    async (junk) => {
      const device = createDevice();
      const before = device.page(granted);
      await before.start();
      await before.recognize({ account: 'A' }, { ...vouched, name: 'Ana' });
      await before.stop();
      await rows('regulars:blue-door', 'meta', (value, key) => (key === 'device' ? junk : value));
      const page = device.page(granted);
      await page.start();
      expect(page.get().customer?.name).toBe('Ana');
      expect(await page.record(order('2'))).toEqual({ kind: 'kept' });
      await page.stop();
    },
  );
  it('a lazy catalog that is still answering, or failed once, does not make an order "gone"', async () => {
    let fail = true;
    const get = (skus: readonly string[]): Promise<Item[]> =>
      fail
        ? Promise.reject(new Error('x'))
        : Promise.resolve(skus.map((sku) => ({ sku, name: sku })));
    const page = createDevice().page({ ...granted, catalog: { get } });
    await page.start();
    await page.recognize({ account: 'A' }, vouched);
    await page.record(order('1'));
    await page.reorder('1');
    fail = false;
    expect(await page.reorder('1')).toMatchObject({ ready: true });
  });
});
