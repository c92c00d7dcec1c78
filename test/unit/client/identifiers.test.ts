import { describe, expect, it, vi } from 'vitest';
import { worldPhones } from '../../../src/adapters/phone/world.js';
import { memoryStorage } from '../../../src/adapters/storage/memory.js';
import type { Regulars, RegularsOptions } from '../../../src/client/types.js';
import { isRegularsError } from '../../../src/kernel/errors.js';
import { createDevice, type Device } from '../../support/device.js';

const lines = [{ sku: 'house' }];
const granted = { consent: { remember: 'granted' as const } };

async function started(device: Device, options: Partial<RegularsOptions> = {}) {
  const page = device.page({ ...granted, ...options });
  await page.start();
  return page;
}
const blocked = (reason: string, type = 'loyalty') => ({
  kind: 'blocked',
  blocked: [{ type, reason }],
});
/** Lets what a notice is loaded with come in. */
const told = (device: Device) =>
  vi.waitFor(() => expect(device.notices.length).toBeGreaterThan(0)).then(() => device.notices);

describe('an account', () => {
  it('that is given as a number is its text, and the page is told so once (V09)', async () => {
    const device = createDevice();
    const page = await started(device);
    const vouched = { verified: ['account'] };
    expect(await page.recognize({ account: 42 }, vouched)).toMatchObject({ kind: 'new' });
    const { customer } = page.get();
    expect(await page.recognize({ account: '42' }, vouched)).toMatchObject({ kind: 'found' });
    expect(page.get().customer).toEqual(customer);
    await page.recognize({ account: 42 }, vouched);
    await page.recognize({ loyalty: 4_006_381 });
    expect((await told(device)).map(({ code }) => code)).toEqual(['identifier-converted']);
    expect(JSON.stringify(device.notices)).not.toContain('42');
    const second = await started(device);
    await second.recognize({ account: 42 }, vouched);
    await vi.waitFor(() => expect(device.notices).toHaveLength(2)); // each page anew
  });

  it('of a source is found by what the source calls it in an order', async () => {
    const device = createDevice();
    const page = await started(device);
    await page.recognize({ 'account:shopify': '7' }, { verified: ['account:shopify'] });
    const customer = { ids: [{ kind: 'external', value: '7' }] };
    await page.record({ id: 'shopify:1001', lines, customer });
    await page.record({ id: 'magento:1001', lines, customer });
    const orders = page.reveal('orders');
    expect(orders.ok && JSON.stringify(orders.value)).toContain('shopify:1001');
    expect(orders.ok && JSON.stringify(orders.value)).not.toContain('magento:1001');
  });
});

describe('a loyalty card', () => {
  it('is held to the rules of the shop wherever it is given', async () => {
    const page = await started(createDevice(), { loyalty: { check: 'luhn', pattern: /^79/ } });
    expect(await page.recognize({ loyalty: '79927398710' })).toEqual(blocked('check-digit'));
    expect(await page.recognize({ loyalty: '49927398716' })).toEqual(blocked('invalid'));
    expect(await page.recognize({ loyalty: '7992-7398 713' })).toMatchObject({ kind: 'new' });
    expect(await page.recognize({ Loyalty: '79927398713' })).toEqual(
      blocked('bad-type', 'Loyalty'),
    );
  });

  it('of another spelling is blocked at a kiosk too, and nothing is claimed by it', async () => {
    const page = await started(createDevice(), { mode: 'kiosk', loyalty: { check: 'gs1' } });
    expect(await page.recognize({ loyalty: '4006381333930' })).toEqual(blocked('check-digit'));
    expect(page.get().level).toBe('none');
  });
});

it('an address that Gmail delivers to the same person is somebody else: it only suggests', async () => {
  const device = createDevice();
  const page = await started(device);
  await page.recognize({ email: 'jane.doe@gmail.com' }, { verified: ['email'] });
  expect(await page.recognize({ email: 'janedoe@gmail.com' })).toMatchObject({ kind: 'new' });
  await page.recognize({ email: 'jane.doe@gmail.com' }, { verified: ['email'] });
  const ids = [{ kind: 'email', value: 'janedoe+shop@gmail.com' }];
  await page.record({ id: 'web:1', lines, customer: { ids } });
  const orders = page.reveal('orders');
  expect(orders.ok && JSON.stringify(orders.value)).not.toContain('web:1');
});

describe('orders handed over for an account, before its log-in', () => {
  const sold = [{ sku: 'house', name: 'House Blend', quantity: 1, unitPrice: 900 }];
  const handOver = (page: Regulars, account: string) =>
    page.record({
      id: `old:${account}`,
      at: Date.UTC(2025, 1, 1),
      lines: sold,
      customer: { ids: [{ kind: 'account', value: account }] },
    });
  const logIn = (page: Regulars, account: string) =>
    page.recognize({ account }, { verified: ['account'] });

  it('are there after it, and stay, where this device had said yes without a name', async () => {
    const device = createDevice();
    const page = device.page();
    await page.start();
    await page.rights.consent('remember', 'granted');
    expect(await handOver(page, 'ana')).toMatchObject({ kind: 'held' });
    expect(await logIn(page, 'ana')).toMatchObject({ kind: 'found', level: 'verified' });
    expect(page.get().customer?.paidVisits).toBe(1);
    await page.stop();
    expect(await device.bytes()).toContain('old:ana');
  });

  it.each([
    ['a storage that lasts', () => ({})],
    ['memoryStorage()', () => ({ storage: memoryStorage() })],
    ['no storage', () => ({ storage: undefined })],
  ])('are there after it with %s, with a yes and without', async (_, given) => {
    for (const answer of ['granted', 'ask'] as const) {
      const page = createDevice().page({ ...given(), consent: { remember: answer } });
      await page.start();
      await handOver(page, 'ana');
      await logIn(page, 'ana');
      expect(page.get().customer?.paidVisits, answer).toBe(1);
      await page.stop();
    }
    const page = createDevice().page(given());
    await page.start();
    await page.rights.consent('remember', 'granted');
    await handOver(page, 'ana');
    await logIn(page, 'ana');
    expect(page.get().customer?.paidVisits).toBe(1);
    const { records } = await page.rights.export();
    expect(JSON.stringify(records)).toContain('old:ana');
    await page.stop();
  });

  it.each([
    ['before a yes', false],
    ['after a yes', true],
  ])(
    'are what the live greeting goes by, %s: nothing is said in between that stays',
    async (_, yes) => {
      const page = createDevice().page();
      const said: string[] = [];
      page.subscribe(({ status, level, greeting }) => {
        if (status !== 'ready' || greeting.kind === 'none') return;
        page.shown(greeting.ref);
        if (level === 'verified') said.push(greeting.kind);
      });
      await page.start();
      if (yes) await page.rights.consent('remember', 'granted');
      await handOver(page, 'ana');
      await logIn(page, 'ana');
      expect(new Set(said)).toEqual(new Set(['returning']));
      expect(page.greeting().kind).toBe('returning');
      await page.stop();
    },
  );

  it('wait for a yes of their own, where it was somebody else who said it', async () => {
    const device = createDevice();
    const page = device.page();
    await page.start();
    await logIn(page, 'ana');
    await page.rights.consent('remember', 'granted');
    await handOver(page, 'ben');
    await logIn(page, 'ben');
    expect(page.get().customer?.paidVisits).toBe(1);
    await page.stop();
    expect(await device.bytes()).not.toContain('old:ben');
  });
});

it('rules that are none are told at creation', () => {
  const wrong = (given: object) => () => createDevice().page(given);
  const all = { phone: worldPhones, loyalty: { check: 'lunh', pattern: '^9' } };
  expect(wrong(all)).toThrow(/phone must be .*loyalty must be/);
  expect(wrong({ loyalty: { pattern: '^9' } })).toThrow(/loyalty must be/);
  expect(wrong({ loyalty: { check: 'none', pattern: /^9/ }, phone: worldPhones() })).not.toThrow();
});

describe('phone numbers of the world', () => {
  const options = { region: 'SE' };

  it('are read by a plug, which is loaded with the first of them', async () => {
    const phone = worldPhones();
    const load = vi.spyOn(phone, 'load');
    const page = await started(createDevice(), { ...options, phone });
    await page.recognize({ account: 'a1' });
    expect(load).not.toHaveBeenCalled();
    expect(await page.recognize({ phone: '070-174 06 05' })).toMatchObject({ kind: 'new' });
    expect(await page.recognize({ phone: '+46 70 174 06 05' })).toMatchObject({ kind: 'found' });
    expect(await page.recognize({ phone: '+46 1' })).toEqual(blocked('invalid', 'phone'));
  });

  it('are read by our own table where the plug cannot be loaded, and the page is told once', async () => {
    const device = createDevice();
    const failure = new Error('offline');
    const load = vi.fn<() => Promise<never>>(() => Promise.reject(failure));
    const page = await started(device, { ...options, phone: { load } });
    expect(await page.recognize({ phone: '+46 70 174 06 05' })).toMatchObject({ kind: 'new' });
    expect(await page.recognize({ phone: '070-174 06 05' })).toEqual(blocked('no-region', 'phone'));
    expect(load).toHaveBeenCalledTimes(2); // the network may be back
    expect(device.errors).toEqual([failure]);
  });

  it('are not waited for longer than 2 s, and a plug that throws is as good as none', async () => {
    const device = createDevice();
    const late = await started(device, {
      ...options,
      phone: { load: () => new Promise(() => {}) },
    });
    const waiting = late.recognize({ phone: '+46 70 174 06 05' });
    await vi.waitFor(async () => {
      device.clock.advance(2_000);
      expect(await Promise.race([waiting, Promise.resolve(undefined)])).toBeDefined();
    });
    expect(await waiting).toMatchObject({ kind: 'new' });
    const load = (): never => {
      throw new Error('broken');
    };
    const broken = await started(device, { ...options, phone: { load } });
    expect(await broken.recognize({ phone: '+46 70 174 06 05' })).toMatchObject({ kind: 'found' });
  });

  it('are spaced while they are typed, once the library is there', async () => {
    const phones = worldPhones();
    expect(phones.formatAsTyped('4255550100', 'US')).toBe('4255550100');
    const read = await phones.load();
    expect(phones.formatAsTyped('4255550100', 'us')).toBe('(425) 555-0100');
    expect(phones.formatAsTyped('+46701740605')).toBe('+46 70 174 06 05');
    expect(phones.formatAsTyped('42555', 'ZZ')).toBe('42555');
    for (const odd of ['', 'x'.repeat(10_000), '\ud800', '<b>', '__proto__'])
      expect(typeof phones.formatAsTyped(odd, 'US')).toBe('string');
    expect(read('5550100', 'US')).toBeUndefined();
    expect(read('4255550100;ext=2', 'US')).toBeUndefined();
    expect(read('4255550100', 'ZZ')).toBeUndefined();
    expect(await phones.load()).toBe(read);
  });

  it('need a package, and say how to get it', async () => {
    vi.resetModules();
    vi.doMock('libphonenumber-js/min', () => {
      throw new Error('Cannot find package');
    });
    const { worldPhones: without } = await import('../../../src/adapters/phone/world.js');
    const phones = without();
    const failed = await phones.load().catch((error: unknown) => error);
    expect(isRegularsError(failed) && failed.code).toBe('ERR_OPTIONS_INVALID');
    expect(String(failed)).toContain('npm install libphonenumber-js');
    vi.doUnmock('libphonenumber-js/min');
    expect((await phones.load())('+14255550100', undefined)).toBe('+14255550100');
    vi.resetModules();
  });
});
