import { afterEach, describe, expect, it, vi } from 'vitest';
import { indexedDbStorage } from '../../../src/adapters/storage/indexed-db.js';
import type { RegularsOptions } from '../../../src/client/types.js';
import { createDevice, type Device } from '../../support/device.js';
import { isTold, stopPages, toldOf } from '../../support/install.js';

const denied = (name = 'SecurityError'): never => {
  throw new DOMException('denied', name);
};

/** A browser that refuses every kind of storage; gives how often localStorage was asked. */
function refuse(how: 'property' | 'methods', open: () => unknown): { readonly asked: number } {
  const seen = { asked: 0 };
  const no = (): never => {
    seen.asked++;
    return denied();
  };
  Object.defineProperty(
    globalThis,
    'localStorage',
    how === 'property'
      ? { configurable: true, get: no }
      : { configurable: true, value: { getItem: no, setItem: no, removeItem: no } },
  );
  Object.defineProperty(globalThis, 'indexedDB', {
    configurable: true,
    writable: true,
    value: { open },
  });
  return seen;
}

/** A request that the browser answers with an error. */
function failing(): object {
  const request = Object.assign(new EventTarget(), {
    error: new DOMException('no', 'UnknownError'),
    result: undefined,
  });
  queueMicrotask(() => request.dispatchEvent(new Event('error')));
  return request;
}

/** Everything a visit does. None of it may throw or reject. */
async function visit(device: Device, options: Partial<RegularsOptions>): Promise<void> {
  const page = device.page({ storage: indexedDbStorage(), ...options });
  const rejections: unknown[] = [];
  const listen = (error: unknown): void => void rejections.push(error);
  process.on('unhandledRejection', listen);
  await page.start();
  expect(page.get().storage).toMatchObject({ kind: 'memory' });
  const before = await page.rights.consent('remember', 'granted');
  expect(before.kind).toBe('held');
  const { reason } = page.get().storage;
  expect(
    await page.recognize({ account: 'u_1' }, { verified: ['account'], name: 'Ana' }),
  ).toMatchObject({ kind: 'new', level: 'verified' });
  const order = { id: 'web:1', lines: [{ sku: 'latte', name: 'Latte' }] };
  expect(await page.record(order)).toEqual({ kind: 'held', reason });
  const greeting = page.greeting();
  expect(greeting.kind !== 'none' && greeting.text).toContain('Ana');
  expect(page.usual().kind).not.toBe('ask');
  expect((await page.rights.known()).facts).toMatchObject([{ key: 'name.given', value: 'Ana' }]);
  expect((await page.rights.export()).records.some(({ kind }) => kind === 'purchase')).toBe(true);
  expect(['unavailable', 'timeout']).toContain(reason);
  await page.rights.forget({ scope: 'device' });
  expect(JSON.stringify(page.get())).not.toContain('Ana');
  await page.notMe();
  await page.signOut();
  await page.endVisit();
  await page.stop();
  await new Promise((resolve) => setTimeout(resolve, 10));
  process.off('unhandledRejection', listen);
  expect(rejections).toEqual([]);
}

describe('V04 no storage at all', () => {
  afterEach(async () => {
    await stopPages();
    Reflect.deleteProperty(globalThis, 'localStorage');
  });

  it.each([
    ['opening throws', 'property', () => denied()],
    ['opening throws', 'methods', () => denied()],
    ['opening rejects', 'property', failing],
    ['opening rejects', 'methods', failing],
  ] as const)('%s, localStorage throws (%s): all works from memory', async (_, how, open) => {
    for (const remember of ['ask', 'granted'] as const) {
      const device = createDevice();
      const seen = refuse(how, open);
      await visit(device, { consent: { remember } });
      expect(seen.asked).toBeGreaterThan(0);
    }
  });

  it('says why, once, and forgets with the page', async () => {
    const device = createDevice();
    refuse('property', () => denied());
    const page = device.page({ consent: { remember: 'granted' } });
    await page.start();
    expect(page.get().storage).toEqual({ kind: 'memory', reason: 'unavailable' });
    for (let i = 0; i < 5; i++) await page.record({ id: `web:${i}`, lines: [{ sku: 'house' }] });
    await isTold(device, 'storage-memory');
    await page.stop();
    const next = device.page({ consent: { remember: 'granted' } });
    await next.start();
    expect(next.get().level).toBe('none');
    expect(next.usual().kind).toBe('none');
    await next.stop();
    await vi.waitFor(() => expect(toldOf(device)).toEqual(['storage-memory', 'storage-memory']));
  });
});
