import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Regulars } from '../../../src/client/types.js';
import { createDevice, type Device } from '../../support/device.js';
import { recommender } from '../../../src/recommend/recommender.js';

const order = (id: string, sku = 'latte') => ({ id: `web:${id}`, lines: [{ sku, name: sku }] });
const catalog = ['latte', 'bun', 'tea'].map((sku) => ({ sku, name: sku }));
const MARKER = 'regulars:blue-door';

afterEach(() => void vi.unstubAllGlobals());

/** Global Privacy Control, as the browser says it. */
function signal(on: boolean): void {
  vi.stubGlobal('navigator', { globalPrivacyControl: on });
}

/** Signs somebody in. */
const signIn = (page: Regulars, account: string, name?: string) =>
  page.recognize({ account }, { verified: ['account'], ...(name !== undefined && { name }) });

/** Nothing at all is on the device. */
async function isUntouched(device: Device): Promise<void> {
  expect(device.localStorage.size).toBe(0);
  expect(await device.databases()).toEqual([]);
}

describe('V07 consent refused', () => {
  it.each(['denied', 'ask'] as const)(
    'writes nothing whatever happens, and each load starts at none (%s)',
    async (remember) => {
      const device = createDevice();
      for (let load = 0; load < 2; load++) {
        const page = device.page({ consent: { remember }, recommend: recommender(), catalog });
        await page.start();
        expect(page.get().level).toBe('none');
        if (remember === 'ask') await page.rights.consent('remember', 'denied');
        await signIn(page, 'u_1', 'Ana');
        for (const id of ['1', '2', '3']) await page.record(order(id));
        await page.rights.remember({ key: 'diet', value: 'vegan' });
        await vi.waitFor(() =>
          expect(JSON.stringify(page.recommend({ kinds: ['again'] }))).toContain('latte'),
        );
        await page.stop();
        await isUntouched(device);
      }
      expect(device.errors).toEqual([]);
    },
  );

  it('a no against a host that says yes for everybody stands over a reload, and leaves one word', async () => {
    const device = createDevice();
    const consent = { remember: 'granted' } as const;
    const first = device.page({ consent });
    await first.start();
    await first.record(order('1'));
    await first.rights.consent('remember', 'denied');
    await first.record(order('2'));
    await first.stop();
    expect(device.localStorage.get(MARKER)).toBe('{"refused":true}');
    const next = device.page({ consent });
    await next.start();
    expect(next.get()).toMatchObject({ level: 'none', consent: { remember: 'denied' } });
    expect(await next.record(order('3'))).toEqual({ kind: 'held', reason: 'no-consent' });
    expect(await device.databases()).toEqual([]);
    await next.rights.consent('remember', 'granted');
    await next.stop();
    expect(await device.bytes()).toContain('web:3');
    const last = device.page({ consent });
    await last.start();
    expect(last.get().consent.remember).toBe('granted');
  });

  it('the signal of the browser stops measuring and sharing, not remembering', async () => {
    const device = createDevice();
    signal(true);
    const page = device.page({ consent: { share: 'granted', measure: 'granted' } });
    await page.start();
    expect(page.get().consent).toMatchObject({
      ...{ remember: 'ask', suggest: 'ask', measure: 'denied', share: 'denied' },
    });
    expect(await page.rights.consent('remember', 'granted')).toEqual({ kind: 'kept' });
    expect(page.get().consent.remember).toBe('granted');
    // what the customer says here themselves stands against it
    await page.rights.consent('measure', 'granted');
    expect(page.get().consent).toMatchObject({ measure: 'granted', share: 'denied' });
    signal(false);
    page.setContext({ table: '1' });
    expect(page.get().consent.share).toBe('granted');
  });
});

describe('a yes is a person’s own', () => {
  it('another account that signs in is not written; it moves in with its own yes, in its own time', async () => {
    const device = createDevice();
    const page = device.page();
    await page.start();
    await signIn(page, 'ana', 'Ana');
    await page.rights.consent('remember', 'granted');
    await page.record(order('ana'));
    await signIn(page, 'ben', 'Ben');
    expect(page.get().consent.remember).toBe('ask');
    const at = device.clock.now();
    expect(await page.record(order('ben'))).toEqual({ kind: 'held', reason: 'no-consent' });
    expect(page.get().customer?.name).toBe('Ben');
    expect(await device.bytes()).not.toMatch(/web:ben|Ben/);
    device.clock.advance(60_000);
    expect(await page.rights.consent('remember', 'granted')).toEqual({ kind: 'kept' });
    const { records } = await page.rights.export();
    const orders = records.flatMap((one) => (one.kind === 'purchase' ? [one.data] : []));
    expect(orders).toMatchObject([{ id: 'web:ben', at }]);
    expect(await device.bytes()).toMatch(/web:ana[^]*web:ben|web:ben[^]*web:ana/);
    expect(device.errors).toEqual([]);
  });

  it.each(['a no', 'signOut', 'endVisit', 'notMe'] as const)(
    'what is held of them vanishes with %s, and nothing of the other goes',
    async (how) => {
      const device = createDevice();
      const page = device.page();
      await page.start();
      await signIn(page, 'ana', 'Ana');
      await page.rights.consent('remember', 'granted');
      await page.record(order('ana'));
      await signIn(page, 'ben', 'Ben');
      await page.record(order('ben'));
      if (how === 'a no') await page.rights.consent('remember', 'denied');
      else await page[how]();
      expect(JSON.stringify(page.get())).not.toContain('Ben');
      await signIn(page, 'ben');
      expect(page.get().customer?.name).toBeUndefined();
      await page.rights.consent('remember', 'granted');
      const bytes = await device.bytes();
      expect(bytes).not.toContain('web:ben');
      expect(bytes).toContain('web:ana');
    },
  );

  it('a no of one leaves the other remembered on the next page', async () => {
    const device = createDevice();
    const page = device.page();
    await page.start();
    await signIn(page, 'ana', 'Ana');
    await page.rights.consent('remember', 'granted');
    await signIn(page, 'ben', 'Ben');
    await page.rights.consent('remember', 'denied');
    await page.stop();
    const next = device.page();
    await next.start();
    expect(next.get()).toMatchObject({ level: 'device', customer: { name: 'Ana' } });
  });

  it('who said yes before is written at once, with what was done before they signed in', async () => {
    const device = createDevice();
    const page = device.page();
    await page.start();
    await signIn(page, 'ben', 'Ben');
    await page.rights.consent('remember', 'granted');
    await page.notMe();
    await page.stop();
    const next = device.page();
    await next.start();
    await next.record(order('before'));
    await signIn(next, 'ana', 'Ana');
    await next.rights.consent('remember', 'granted');
    await next.signOut();
    await signIn(next, 'ben');
    expect(next.get().consent.remember).toBe('granted');
    expect(await next.record(order('ben'))).toEqual({ kind: 'kept' });
    expect(next.get().customer?.name).toBe('Ben');
  });

  it('an order that names a customer who has not said yes waits in memory', async () => {
    const device = createDevice();
    const page = device.page();
    await page.start();
    await page.rights.consent('remember', 'granted');
    const customer = { ids: [{ kind: 'email', value: 'kim@example.com' }] };
    expect(await page.record({ ...order('kim'), customer })).toEqual({
      ...{ kind: 'held', reason: 'no-consent' },
    });
    expect(await device.bytes()).not.toContain('web:kim');
  });
});
