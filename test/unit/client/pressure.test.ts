import { afterEach, describe, expect, it, vi } from 'vitest';
import { indexedDbStorage } from '../../../src/adapters/storage/indexed-db.js';
import { RegularsError } from '../../../src/kernel/errors.js';
import type { Regulars, RegularsOptions } from '../../../src/client/types.js';
import type { PurchaseInput } from '../../../src/profile/types.js';
import type { ProfileStorage } from '../../../src/profile/port.js';
import { createDevice, rows, type Device } from '../../support/device.js';

const AT = Date.UTC(2025, 0, 1, 9);

const order = (i: number): PurchaseInput => ({
  id: `web:${i}`,
  at: AT + i * 7 * 3_600_000,
  total: 960,
  lines: ['latte', `bun-${i % 12}`].map((sku) => ({
    ...{ sku, name: `The ${sku}`, quantity: 1, unitPrice: 480, category: 'café' },
    modifiers: [{ group: 'milk', name: 'Oat milk', quantity: 1 }],
  })),
});

const granted = { consent: { remember: 'granted', suggest: 'granted' } } as const;

/** What lies in a store, by the back door. */
async function rowsIn(store: string): Promise<ReadonlyMap<string, unknown>> {
  const found = new Map<string, unknown>();
  await rows('regulars:blue-door', store, (value, key) => {
    found.set(key, value);
    return value;
  });
  return found;
}

async function bytesHere(): Promise<number> {
  const texts = [...(await rowsIn('records')).values()].map(
    (row) => (row as { text: string }).text,
  );
  return texts.reduce((sum, text) => sum + text.length, 0);
}

const codes = (device: Device): readonly string[] => device.notices.map(({ code }) => code);
const paidVisits = (page: Regulars): unknown => page.get().customer?.paidVisits;

async function opened(device: Device, options: Partial<RegularsOptions> = {}): Promise<Regulars> {
  const page = device.page({ ...granted, ...options });
  await page.start();
  await page.recognize({ account: 'a' }, { verified: ['account'], name: 'Ana' });
  return page;
}

/** A disk with so much room for records: what would take more is refused as browsers do it, late and whole. */
function smallDisk(bytes: () => number): ProfileStorage {
  const inner = indexedDbStorage();
  return {
    ...inner,
    transact: (mode, body, options) =>
      inner.transact(
        mode,
        async (tx) => {
          const result = await body(tx);
          if (mode === 'readonly') return result;
          const texts = (await tx.list('records')).map(
            ({ value }) => (value as { text: string }).text,
          );
          if (texts.reduce((sum, text) => sum + text.length, 0) > bytes())
            throw new RegularsError('ERR_STORAGE_QUOTA', 'no room');
          return result;
        },
        options,
      ),
  };
}

/** The browser's storage manager. */
function browser(manager: object | undefined): void {
  vi.stubGlobal('navigator', manager === undefined ? {} : { storage: manager });
}

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('the limit of a device', () => {
  it('holds whatever is recorded; numbers stay, one notice a visit, and the status counts', async () => {
    const device = createDevice();
    const page = await opened(device, { limits: { bytes: 60_000 } });
    for (let i = 0; i < 300; i++) {
      expect(await page.record(order(i))).toEqual({ kind: 'kept' });
      expect(await bytesHere()).toBeLessThanOrEqual(60_000);
    }
    expect(paidVisits(page)).toBe(300);
    const { dropped } = page.get().storage;
    expect(dropped?.delivered).toBe(0);
    expect(dropped?.unsent).toBeGreaterThan(150);
    expect((await rowsIn('meta')).get('drops')).toEqual(dropped);
    await vi.waitFor(() => expect(codes(device)).toContain('storage-full'));
    expect(codes(device).filter((code) => code === 'storage-full')).toHaveLength(1);
    expect(device.errors).toEqual([]);
    // what was dropped and comes again is known
    expect(await page.record(order(2))).toEqual({ kind: 'kept' });
    expect(paidVisits(page)).toBe(300);

    await page.endVisit();
    await page.recognize({ account: 'a' }, { verified: ['account'] });
    for (let i = 300; i < 500; i++) await page.record(order(i));
    expect(paidVisits(page)).toBe(500);
    expect(codes(device).filter((code) => code === 'storage-full')).toHaveLength(2);
    await page.stop();

    const next = await opened(device);
    await vi.waitFor(() => expect(next.get().storage.dropped?.unsent).toBeGreaterThan(300));
    expect(paidVisits(next)).toBe(500);
  });

  it('leaves what belongs to others on the site alone', async () => {
    const device = createDevice();
    device.localStorage.set('cart', 'theirs');
    const page = await opened(device, { limits: { bytes: 40_000 } });
    for (let i = 0; i < 120; i++) await page.record(order(i));
    expect(page.get().storage.dropped).toBeDefined();
    expect(device.localStorage.get('cart')).toBe('theirs');
    expect(await device.databases()).toEqual(['regulars:blue-door']);
  });

  it('refuses an order only when nothing is left to drop, and keeps nothing of it', async () => {
    const device = createDevice();
    const page = await opened(device, { limits: { bytes: 4_000 } });
    const outcomes = [];
    for (let i = 0; i < 40; i++) outcomes.push((await page.record(order(i))).kind);
    expect(outcomes[0]).toBe('kept');
    expect(outcomes.at(-1)).toBe('refused');
    expect(await page.record(order(99))).toEqual({ kind: 'refused', reason: 'quota' });
    expect(paidVisits(page)).toBe(outcomes.filter((kind) => kind === 'kept').length);
    expect(await bytesHere()).toBeLessThanOrEqual(4_000);
    expect(await device.bytes()).not.toContain('web:99');
  });

  it('is no matter while things wait in memory', async () => {
    const page = await opened(createDevice(), { consent: {}, limits: { bytes: 10 } });
    expect(await page.record(order(1))).toMatchObject({ kind: 'held' });
  });

  it.each([0, -1, Number.NaN, 'many'])('cannot be %s', (bytes) => {
    expect(() => createDevice().page({ limits: { bytes: bytes as number } })).toThrow(
      /limits\.bytes must be above 0/,
    );
  });
});

describe('a full disk', () => {
  it('makes room and records; when the disk has none at all it says so, and the next order finds the room that came', async () => {
    const device = createDevice();
    let room = Infinity;
    const page = await opened(device, { storage: smallDisk(() => room) });
    for (let i = 0; i < 120; i++) await page.record(order(i));
    room = await bytesHere();
    expect(await page.record(order(120))).toEqual({ kind: 'kept' });
    expect(await bytesHere()).toBeLessThan(room * 0.8);
    expect(paidVisits(page)).toBe(121);
    expect(page.get().storage.dropped?.unsent).toBeGreaterThan(20);
    expect(device.errors).toEqual([]);

    room = 0;
    expect(await page.record(order(121))).toEqual({ kind: 'refused', reason: 'quota' });
    expect(paidVisits(page)).toBe(121);
    expect(device.errors).toMatchObject([{ code: 'ERR_STORAGE_QUOTA' }]);
    room = Infinity;
    expect(await page.record(order(121))).toEqual({ kind: 'kept' });
    expect(paidVisits(page)).toBe(122);
  });

  it('is told once, however many orders come at the same moment, and all of them are kept', async () => {
    const device = createDevice();
    const page = await opened(device, { limits: { bytes: 60_000 } });
    for (let i = 0; i < 80; i++) await page.record(order(i));
    const outcomes = await Promise.all(
      Array.from({ length: 40 }, (_, i) => page.record(order(80 + i))),
    );
    expect(outcomes.every(({ kind }) => kind === 'kept')).toBe(true);
    expect(paidVisits(page)).toBe(120);
    await vi.waitFor(() => expect(codes(device)).toContain('storage-full'));
    expect(codes(device).filter((code) => code === 'storage-full')).toHaveLength(1);
  });
});

describe('asking the browser to keep it', () => {
  it('comes right after a yes, never at start, and ends in the status', async () => {
    const persist = vi.fn<() => Promise<boolean>>(() => Promise.resolve(true));
    browser({ persist, persisted: () => Promise.resolve(false) });
    const device = createDevice();
    const page = device.page();
    await page.start();
    await page.recognize({ account: 'a' }, { verified: ['account'] });
    expect(persist).not.toHaveBeenCalled();
    expect(page.get().storage.persisted).toBeUndefined();
    await page.rights.consent('suggest', 'granted');
    expect(persist).not.toHaveBeenCalled();
    await page.rights.consent('remember', 'granted');
    await vi.waitFor(() => expect(page.get().storage.persisted).toBe(true));
    expect(persist).toHaveBeenCalledTimes(1);
    await page.stop();

    browser({ persist, persisted: () => Promise.resolve(true) });
    const next = device.page();
    await next.start();
    await vi.waitFor(() => expect(next.get().storage.persisted).toBe(true));
    expect(persist).toHaveBeenCalledTimes(1);
  });

  it('holds nothing up where the browser waits for the person, and asks no second time meanwhile', async () => {
    const waiting: ((kept: boolean) => void)[] = [];
    const persist = vi.fn<() => Promise<boolean>>(
      () => new Promise((resolve) => waiting.push(resolve)),
    );
    browser({ persist });
    const device = createDevice();
    const page = device.page();
    await page.start();
    for (let i = 0; i < 3; i++)
      expect(await page.rights.consent('remember', 'granted')).toEqual({ kind: 'kept' });
    await vi.waitFor(() => expect(persist).toHaveBeenCalledTimes(1));
    expect(await page.record(order(1))).toEqual({ kind: 'kept' });
    await page.stop();
    // an answer after the end of the page's client is nobody's any more
    waiting[0]?.(true);
    await Promise.resolve();
    expect(page.get().storage.persisted).toBeUndefined();
    expect(device.errors).toEqual([]);
  });

  it.each([
    ['no storage manager', undefined],
    ['one that cannot persist', { estimate: () => Promise.resolve({}) }],
    [
      'one that throws',
      {
        persist: () => {
          throw new TypeError('not here');
        },
      },
    ],
    ['one that rejects', { persist: () => Promise.reject(new TypeError('not here')) }],
  ])('is no error where there is %s', async (_, manager) => {
    browser(manager);
    const device = createDevice();
    const page = device.page();
    await page.start();
    expect(await page.rights.consent('remember', 'granted')).toEqual({ kind: 'kept' });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(page.get().storage).toEqual({ kind: 'persistent' });
    expect(device.errors).toEqual([]);
  });
});
