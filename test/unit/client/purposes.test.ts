import { afterEach, describe, expect, it, vi } from 'vitest';
import { memoryStorage } from '../../../src/adapters/storage/memory.js';
import type { ConsentAnswers, ConsentSource } from '../../../src/profile/port.js';
import { recommender } from '../../../src/recommend/recommender.js';
import type { Regulars } from '../../../src/client/types.js';
import { createDevice, type Device } from '../../support/device.js';

const MONTH = (365.25 / 12) * 86_400_000;
const order = (id: string | number, at?: number) => ({
  ...{ id: `web:${id}`, lines: [{ sku: 'latte', name: 'Latte' }] },
  ...(at !== undefined && { at }),
});

afterEach(() => void vi.unstubAllGlobals());

/** Ana, remembered, with three orders. */
async function ana(device: Device, options: Parameters<Device['page']>[0] = {}): Promise<Regulars> {
  const page = device.page(options);
  await page.start();
  await page.recognize({ account: 'ana' }, { verified: ['account'], name: 'Ana' });
  await page.rights.consent('remember', 'granted');
  for (let i = 0; i < 3; i++) await page.record(order(i, device.clock.now() - i * 86_400_000));
  return page;
}

/** A consent platform that the test answers. */
function platform(
  first: ConsentAnswers,
): ConsentSource & { say: (answers: ConsentAnswers) => void } {
  let answers = first;
  const listeners = new Set<() => void>();
  return {
    get: () => answers,
    listen: (changed) => {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
    say: (next) => {
      answers = next;
      for (const changed of listeners) changed();
    },
  };
}

describe('purposes stand apart (P2)', () => {
  it('a no to suggest silences the usual and the suggestions, and not the greeting', async () => {
    const device = createDevice();
    const page = await ana(device, { recommend: recommender() });
    await vi.waitFor(() => expect(page.recommend().kind).toBe('items'));
    expect(page.usual().kind).not.toBe('none');
    await page.rights.consent('suggest', 'denied');
    expect(page.usual().kind).toBe('none');
    expect(page.recommend()).toEqual({ kind: 'none', reason: 'no-consent' });
    const greeting = page.greeting();
    expect(greeting).toMatchObject({ kind: expect.not.stringMatching(/none|neutral/) });
    expect(JSON.stringify(greeting)).toContain('Ana');
    expect(JSON.stringify(greeting)).not.toMatch(/latte/i);
    await page.rights.consent('suggest', 'granted');
    expect(page.usual().kind).not.toBe('none');
  });

  it.each([
    ['granted', 'granted', true],
    ['granted', 'ask', true],
    ['granted', 'denied', false],
    ['ask', 'granted', true],
    ['ask', 'ask', false],
  ] as const)(
    'what was shown is written: suggest %s, measure %s: %s',
    async (suggest, measure, is) => {
      const device = createDevice();
      const page = await ana(device, {
        ...{ recommend: recommender(), consent: { suggest } },
      });
      if (measure !== 'ask') await page.rights.consent('measure', measure);
      await vi.waitFor(() => expect(page.recommend().kind).toBe('items'));
      const offered = page.recommend();
      page.shown(offered.kind === 'items' ? offered.items.map(({ ref }) => ref) : []);
      await page.stop();
      expect(/kind\\*":\\*"exposure\\*"/.test(await device.bytes())).toBe(is);
    },
  );

  it('a fact for health waits in memory for a yes to that, and goes with a no', async () => {
    const device = createDevice();
    const page = await ana(device, { consent: { health: 'granted' } });
    expect(page.get().consent.health).toBe('ask');
    const fact = { key: 'allergy', value: 'peanut', purpose: 'health' } as const;
    expect(await page.rights.remember(fact)).toEqual({ kind: 'held', reason: 'no-consent' });
    expect(page.get().customer?.name).toBe('Ana');
    expect(await device.bytes()).not.toContain('peanut');
    expect(await page.rights.consent('health', 'granted')).toEqual({ kind: 'kept' });
    expect(await device.bytes()).toContain('peanut');
    expect(page.reveal('sensitive')).toMatchObject({ ok: true, value: [{ value: 'peanut' }] });
    await page.rights.consent('health', 'denied');
    expect(await device.bytes()).not.toContain('peanut');
    expect(page.reveal('sensitive')).toMatchObject({ ok: true, value: [] });
    expect(await page.rights.remember(fact)).toEqual({ kind: 'refused', reason: 'no-consent' });
    expect(await device.bytes()).toContain('web:0');
    expect(device.errors).toEqual([]);
  });

  it.each([
    ['a storage that lasts', () => ({})],
    ['memoryStorage()', () => ({ storage: memoryStorage() })],
    ['no storage', () => ({ storage: undefined })],
  ])(
    'with %s an allergy that waits for a yes is heeded on this page until a no, and nothing else of the customer is lost',
    async (_, given) => {
      const catalog = [
        {
          sku: 'cake',
          name: 'Cake',
          available: false,
          substitutes: [{ sku: 'pie', difference: '' }],
        },
        { sku: 'pie', name: 'Pie', allergens: ['peanut'] },
      ];
      const page = await ana(createDevice(), { ...given(), catalog });
      expect(await page.lookFor('Cake')).toMatchObject({ kind: 'substitute' });
      await page.rights.remember({ key: 'allergy', value: 'peanut', purpose: 'health' });
      expect(page.get().customer).toMatchObject({ name: 'Ana', paidVisits: 3 });
      expect(await page.lookFor('Cake')).toMatchObject({ kind: 'none' });
      await page.record(order(9));
      expect(await page.lookFor('Cake')).toMatchObject({ kind: 'none' });
      await page.rights.consent('health', 'denied');
      expect(await page.lookFor('Cake')).toMatchObject({ kind: 'substitute' });
      await page.stop();
    },
  );

  it('what waits for a yes to health is gone with a no, though a yes follows', async () => {
    const device = createDevice();
    const page = await ana(device);
    await page.rights.remember({ key: 'allergy', value: 'peanut', purpose: 'health' });
    await page.rights.consent('health', 'denied');
    await page.rights.consent('health', 'granted');
    expect(await device.bytes()).not.toContain('peanut');
  });

  it('keeps no year of a birthday; under 16 nothing is suggested and measured (P18)', async () => {
    const device = createDevice();
    const page = await ana(device);
    await page.rights.remember({ key: 'birthday', value: '1990-03-21' });
    expect(page.get().consent).toMatchObject({ suggest: 'ask', measure: 'ask' });
    await page.rights.remember({ key: 'birthday', value: '2015-04-22' });
    expect(page.get().consent).toMatchObject({ suggest: 'denied', measure: 'denied' });
    expect(page.reveal('birthday')).toEqual({ ok: true, value: '04-22' });
    expect(await device.bytes()).not.toMatch(/1990-03|2015-04/);
    expect(await page.rights.remember({ key: 'age', value: 11 })).toEqual({ kind: 'kept' });
    expect(await device.bytes()).not.toContain('\\"age\\"');
  });
});

describe('a consent platform (P5)', () => {
  it('without an answer nothing is stored or read, though a marker is there', async () => {
    const device = createDevice();
    const before = await ana(device);
    await before.stop();
    const marker = device.localStorage.get('regulars:blue-door');
    const says = platform({ remember: 'ask' });
    const page = device.page({ consent: says });
    await page.start();
    expect(page.get()).toMatchObject({ level: 'none', storage: { reason: 'no-consent' } });
    await page.record(order('waits'));
    expect(device.localStorage.get('regulars:blue-door')).toBe(marker);
    says.say({ remember: 'granted' });
    await vi.waitFor(() => expect(page.get().customer?.name).toBe('Ana'));
    await vi.waitFor(async () => expect(await device.bytes()).toContain('web:waits'));
  });

  it('its no wipes at once, later or at the next start', async () => {
    for (const later of [true, false]) {
      const device = createDevice();
      const says = platform({ remember: 'granted', suggest: 'granted' });
      const first = device.page({ consent: says });
      await first.start();
      expect(await first.record(order(1))).toEqual({ kind: 'kept' });
      if (!later) await first.stop();
      says.say({ remember: 'denied', suggest: 'denied' });
      const page = later ? first : device.page({ consent: says });
      await page.start();
      await vi.waitFor(() => expect(device.localStorage.size).toBe(0));
      await vi.waitFor(async () => expect(await device.databases()).toEqual([]));
      expect(await page.rights.consent('remember', 'granted')).toEqual({
        ...{ kind: 'refused', reason: 'no-consent' },
      });
      expect(page.get()).toMatchObject({ level: 'none', consent: { remember: 'denied' } });
    }
  });

  it('that throws is one without an answer', async () => {
    const device = createDevice();
    const page = device.page({
      consent: {
        get: () => {
          throw new Error('theirs');
        },
        listen: () => () => undefined,
      },
    });
    await page.start();
    expect(page.get().consent.remember).toBe('ask');
    expect(device.errors.length).toBeGreaterThan(0);
  });
});

describe('what is kept ends (P9)', () => {
  it('25 months without a visit: all of it is gone before anything is shown', async () => {
    const device = createDevice();
    await (await ana(device)).stop();
    device.clock.advance(25 * MONTH);
    const page = device.page();
    await page.start();
    expect(page.get()).toMatchObject({ level: 'none', consent: { remember: 'ask' } });
    expect(await device.databases()).toEqual([]);
    expect(device.localStorage.size).toBe(0);
  });

  it('a clock that is 30 years ahead, and right again, wipes nothing', async () => {
    const device = createDevice();
    await (await ana(device)).stop();
    device.clock.advance(360 * MONTH);
    const page = device.page();
    await page.start();
    expect(page.get().level).toBe('none');
    await page.stop();
    expect(await device.bytes()).toContain('web:0');
  });

  it('each of several customers has an end of their own', async () => {
    const device = createDevice();
    const page = await ana(device);
    device.clock.advance(20 * MONTH);
    await page.recognize({ account: 'ben' }, { verified: ['account'], name: 'Ben' });
    await page.rights.consent('remember', 'granted');
    await page.record(order('ben'));
    await page.stop();
    device.clock.advance(5 * MONTH);
    const next = device.page();
    await next.start();
    await vi.waitFor(async () => expect(await device.bytes()).not.toContain('web:0'));
    const bytes = await device.bytes();
    expect(bytes).not.toContain('Ana');
    expect(bytes).toContain('web:ben');
    expect(next.get().customer?.name).toBe('Ben');
  });

  it('a visit without an order counts; orders older than 13 months leave only what they count', async () => {
    const device = createDevice();
    await (await ana(device)).stop();
    for (let i = 0; i < 2; i++) {
      device.clock.advance(20 * MONTH);
      const page = device.page();
      await page.start();
      expect(page.get().customer?.name).toBe('Ana');
      await vi.waitFor(async () => expect(await device.bytes()).not.toContain('web:0'));
      expect(page.get().customer?.paidVisits).toBe(3);
      await page.stop();
    }
    expect(device.errors).toEqual([]);
  });

  it('a fact says nothing from the moment it expires, on a page that stays open and on the next', async () => {
    const device = createDevice();
    const page = device.page({ consent: { remember: 'granted' } });
    await page.start();
    const expiresAt = device.clock.now() + 1_000;
    await page.rights.remember({ key: 'name.given', value: 'Tempo', expiresAt });
    await page.stop();
    const next = device.page({ consent: { remember: 'granted' } });
    await next.start();
    expect(next.greeting()).toMatchObject({ text: expect.stringContaining('Tempo') as string });
    device.clock.advance(1_000);
    next.setContext({ basket: [] });
    expect(JSON.stringify([next.get(), next.reveal('name')])).not.toContain('Tempo');
    await next.stop();
    // looked at today already: nothing is pruned before it is shown
    const last = device.page({ consent: { remember: 'granted' } });
    await last.start();
    expect(JSON.stringify([last.get(), last.reveal('name')])).not.toContain('Tempo');
    await last.stop();
  });

  it('whoever comes and buys nothing has visited, also where several come', async () => {
    const device = createDevice();
    const visit = async (account: string, name?: string): Promise<void> => {
      const page = device.page({ mode: 'shared' });
      await page.start();
      await page.recognize(
        { account },
        { verified: ['account'], ...(name !== undefined && { name }) },
      );
      if (name !== undefined) await page.rights.consent('remember', 'granted');
      // what is noted, nobody waits for
      await new Promise((resolve) => setTimeout(resolve, 20));
      await page.stop();
    };
    await visit('a', 'Shep');
    await visit('b', 'Maria');
    device.clock.advance(20 * 30.5 * 86_400_000);
    await visit('b');
    device.clock.advance(5 * 30.5 * 86_400_000);
    await visit('b');
    const bytes = await device.bytes();
    expect(bytes).not.toContain('Shep');
    expect(bytes).toContain('Maria');
  });

  it('a fact that expired is gone from card and storage, also an older one of its key', async () => {
    const device = createDevice();
    const page = await ana(device);
    await page.rights.remember({ key: 'diet', value: 'vegan' });
    const expiresAt = device.clock.now() + 1000;
    await page.rights.remember({ key: 'diet', value: 'keto', expiresAt });
    await page.stop();
    device.clock.advance(2 * 86_400_000);
    const next = device.page();
    await next.start();
    await vi.waitFor(async () => expect(await device.bytes()).not.toMatch(/keto|vegan/));
    expect(next.get().customer?.name).toBe('Ana');
  });
});
