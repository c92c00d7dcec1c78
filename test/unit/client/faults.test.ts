import { describe, expect, it, vi } from 'vitest';
import { memoryStorage } from '../../../src/adapters/storage/memory.js';
import { RegularsError } from '../../../src/kernel/errors.js';
import type { Regulars } from '../../../src/client/types.js';
import type { ProfileStorage } from '../../../src/profile/port.js';
import { recommender } from '../../../src/recommend/recommender.js';
import { createDevice, rows, type Device } from '../../support/device.js';

const told = (device: Device, code: string): Promise<void> =>
  vi.waitFor(() => expect(device.notices.map((notice) => notice.code)).toContain(code));
const ORDER = { id: 'web:1', lines: [{ sku: 'house', name: 'House Blend' }] };
const loaded = (page: Regulars): Promise<void> =>
  vi.waitFor(() => {
    const { catalog, model } = page.get().ready;
    expect([catalog, model]).not.toContain('loading');
    expect(page.recommend()).not.toMatchObject({ reason: 'not-ready' });
  });
const granted = { consent: { remember: 'granted' as const, suggest: 'granted' as const } };

/** A storage whose transactions fail with `error` while `on` says so. */
function failing(error: () => Error, on: { now: boolean }): ProfileStorage {
  const inner = memoryStorage();
  return {
    ...inner,
    name: 'failing',
    open: async (options) => ({ ...(await inner.open(options)), kind: 'persistent' }),
    transact: (mode, body, options) =>
      on.now ? Promise.reject(error()) : inner.transact(mode, body, options),
  };
}

describe('storage that fails', () => {
  it('no storage at all: everything works from memory, and says so (V04)', async () => {
    const device = createDevice();
    Object.defineProperty(globalThis, 'localStorage', {
      configurable: true,
      get: () => {
        throw new DOMException('denied', 'SecurityError');
      },
    });
    Object.assign(globalThis, {
      indexedDB: {
        open: () => {
          throw new DOMException('denied', 'SecurityError');
        },
      },
    });
    const page = device.page(granted);
    await page.start();
    expect(page.get().storage).toEqual({ kind: 'memory', reason: 'unavailable' });
    await told(device, 'storage-memory');
    await page.recognize({ account: 'a' }, { verified: ['account'], name: 'Ana' });
    expect(await page.record(ORDER)).toEqual({ kind: 'held', reason: 'unavailable' });
    const greeting = page.greeting();
    expect(greeting.kind !== 'none' && greeting.text).toContain('Ana');
    Reflect.deleteProperty(globalThis, 'localStorage');
  });

  it('a connection that dies for good: the write goes on in memory (V05)', async () => {
    const device = createDevice();
    const on = { now: false };
    const page = device.page({
      ...granted,
      storage: failing(() => new RegularsError('ERR_STORAGE_FAILED', 'gone'), on),
    });
    await page.start();
    on.now = true;
    expect(await page.record(ORDER)).toEqual({ kind: 'held', reason: 'lost' });
    expect(page.get().storage).toEqual({ kind: 'memory', reason: 'lost' });
    expect(await page.record({ ...ORDER, id: 'web:2' })).toMatchObject({ kind: 'held' });
  });

  it('a full disk refuses the order with its reason, and nothing else breaks', async () => {
    const device = createDevice();
    const on = { now: false };
    const page = device.page({
      ...granted,
      storage: failing(
        () => new RegularsError('ERR_STORAGE_QUOTA', 'full', { retryable: true }),
        on,
      ),
    });
    await page.start();
    on.now = true;
    expect(await page.record(ORDER)).toEqual({ kind: 'refused', reason: 'quota' });
    on.now = false;
    expect(await page.record(ORDER)).toEqual({ kind: 'kept' });
  });

  it('a damaged card is computed anew from its records (V06)', async () => {
    const device = createDevice();
    const page = device.page(granted);
    await page.start();
    await page.record(ORDER);
    await page.stop();
    await rows('regulars:blue-door', 'cards', () => ({ v: 1, sum: 1, text: '{"damaged' }));
    const next = device.page(granted);
    await next.start();
    expect(next.greeting()).toMatchObject({ kind: 'returning' });
    await told(device, 'storage-corrupt');
  });

  it('data of a newer version is read-only for this page, and is not overwritten (V06)', async () => {
    const device = createDevice();
    const page = device.page(granted);
    await page.start();
    await page.record(ORDER);
    await page.stop();
    await rows('regulars:blue-door', 'meta', (value, key) =>
      key === 'log' ? { ...(value as object), v: 99 } : value,
    );
    const before = await device.bytes();
    const old = device.page(granted);
    await old.start();
    expect(await old.record({ ...ORDER, id: 'web:2' })).toEqual({
      kind: 'refused',
      reason: 'read-only',
    });
    expect(old.get().storage.readOnly).toBe(true);
    const strip = (text: string): string => text.replace(/"at\\*":\d+/g, '');
    expect(strip(await device.bytes())).toBe(strip(before));
  });

  it('an emptied database is told of; the id returns, the history does not', async () => {
    const device = createDevice();
    const page = device.page(granted);
    await page.start();
    await page.record(ORDER);
    await page.stop();
    const { device: id } = JSON.parse(device.localStorage.get('regulars:blue-door') ?? '{}');
    await new Promise(
      (resolve) => (indexedDB.deleteDatabase('regulars:blue-door').onsuccess = resolve),
    );
    const next = device.page(granted);
    await next.start();
    await told(device, 'storage-evicted');
    expect(JSON.parse(device.localStorage.get('regulars:blue-door') ?? '{}').device).toBe(id);
    expect(next.greeting()).not.toMatchObject({ kind: 'returning' });
  });
});

describe('what comes from the shop', () => {
  it.each([
    ['rejects', () => Promise.reject(new Error('503'))],
    ['is another shape', () => Promise.resolve({ items: 1 } as never)],
  ])('a catalog that %s is told of, and the page goes on', async (_, catalog) => {
    const device = createDevice();
    const page = device.page({ ...granted, catalog, recommend: recommender() });
    await page.start();
    await loaded(page);
    expect(page.get().ready.catalog).toBe('failed');
    await told(device, 'catalog-failed');
    await page.recognize({ account: 'a' }, { verified: ['account'] });
    await page.record(ORDER);
    expect(page.recommend()).toMatchObject({
      kind: 'items',
      items: [{ sku: 'house', source: 'again' }],
    });
  });

  it('a model that never comes keeps nobody waiting: own history recommends', async () => {
    const device = createDevice();
    const page = device.page({
      ...granted,
      recommend: recommender({ model: () => new Promise(() => undefined) }),
    });
    await page.start();
    await page.recognize({ account: 'a' }, { verified: ['account'] });
    await page.record(ORDER);
    await vi.waitFor(() => expect(page.recommend()).toMatchObject({ kind: 'items' }));
    expect(page.get().ready.model).toBe('loading');
  });

  it.each([
    ['rejects', () => Promise.reject(new Error('offline'))],
    ['is not a model', () => Promise.resolve(new Uint8Array([1, 2, 3]))],
  ])('a model that %s is told of, and own history still recommends', async (_, model) => {
    const device = createDevice();
    const page = device.page({ ...granted, recommend: recommender({ model }) });
    await page.start();
    await loaded(page);
    expect(page.get().ready.model).toBe('failed');
    await page.recognize({ account: 'a' }, { verified: ['account'] });
    await page.record(ORDER);
    expect(page.recommend()).toMatchObject({ kind: 'items' });
  });

  it.each([
    '<img src=x onerror=alert(1)>',
    '__proto__',
    'x'.repeat(10_000),
    '\u202egnp.exe',
    'constructor',
  ])('the hostile name %j is text, wherever it turns up', async (name) => {
    const device = createDevice();
    const page = device.page(granted);
    await page.start();
    await page.recognize({ account: 'a' }, { verified: ['account'], name });
    await page.rights.remember({ key: name.slice(0, 100), value: name.slice(0, 1_000) });
    expect(
      await page.record({
        id: name,
        lines: [{ sku: name, name, modifiers: [{ group: name, name }] }],
      }),
    ).toEqual({ kind: 'kept' });
    const greeting = page.greeting();
    expect(greeting.kind).toBe('returning');
    if (greeting.kind !== 'none') {
      expect(greeting.text.length).toBeLessThan(400);
      expect(greeting.text).not.toContain('\u202e');
    }
    const known = await page.rights.known();
    expect(known.purchases).toMatchObject({ ok: true });
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(device.errors).toEqual([]);
  });

  it('a host whose handlers and rules throw still gets its page', async () => {
    const device = createDevice();
    const boom = (): never => {
      throw new Error('host');
    };
    const page = device.page({
      ...granted,
      onNotice: boom,
      onError: boom,
      greetingRules: [{ name: 'boom', choose: boom }],
      messages: { greeting: boom },
    });
    await page.start();
    page.on('customer-recognized', boom);
    expect(await page.recognize({ account: 7 }, { verified: ['account'] })).toMatchObject({
      kind: 'new',
    });
    expect(page.greeting().kind).toBe('neutral');
  });
});
