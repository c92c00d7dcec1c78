import { describe, expect, it } from 'vitest';
import { memoryStorage } from '../../../src/adapters/storage/memory.js';
import type { ProfileStorage } from '../../../src/profile/port.js';
import { createDevice } from '../../support/device.js';

const ORDER = { id: 'k:1', lines: [{ sku: 'ramen', name: 'Shoyu ramen' }] };
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

/** A storage whose answers wait until they are let go. */
function slow(): ProfileStorage & { hang: boolean; letGo: () => void } {
  const inner = memoryStorage();
  const waiting: (() => void)[] = [];
  const storage = {
    ...inner,
    hang: false,
    letGo: () => waiting.splice(0).forEach((go) => go()),
    transact: async (...given: Parameters<ProfileStorage['transact']>) => {
      if (storage.hang) await new Promise<void>((resolve) => waiting.push(resolve));
      return inner.transact(...given);
    },
  } as ProfileStorage & { hang: boolean; letGo: () => void };
  return storage;
}

describe('V17 late async write', () => {
  it('a write of A that is still pending changes nothing on screen when the visit has ended', async () => {
    const device = createDevice();
    const storage = slow();
    const till = device.page({ mode: 'staff', storage });
    await till.start();
    await till.recognize({ account: 'a' }, { verified: ['account'], name: 'Ana' });
    storage.hang = true;
    const late = till.record(ORDER);
    await settle();
    const ending = till.endVisit();
    storage.hang = false;
    storage.letGo();
    await Promise.all([late, ending]);
    await till.recognize({ account: 'b' }, { verified: ['account'], name: 'Ben' });
    await settle();
    expect(till.get().customer).toMatchObject({ name: 'Ben' });
    expect(till.get().customer?.paidVisits ?? 0).toBe(0);
    expect(JSON.stringify([till.get(), till.usual()])).not.toMatch(/Ana|ramen/);
  });

  it('at a kiosk a payment that is answered after the wipe brings nobody back', async () => {
    const device = createDevice();
    const kiosk = device.page({ mode: 'kiosk' });
    await kiosk.start();
    await kiosk.recognize({ phone: '(425) 555-0100' });
    await kiosk.rights.remember({ key: 'name.given', value: 'Shep' });
    const visit = kiosk.get().visit ?? '';
    await kiosk.endVisit();
    const empty = JSON.stringify(kiosk.get());
    expect(await kiosk.record(ORDER, { visit })).toMatchObject({ kind: 'held' });
    expect(JSON.stringify(kiosk.get())).toBe(empty);
    kiosk.keepAlive();
    expect(JSON.stringify(kiosk.get())).not.toMatch(/Shep|ramen/);
    expect(kiosk.get()).toMatchObject({ level: 'none', ready: { card: false } });
  });

  it('a recognition that is still under way when the visit ends is of that visit', async () => {
    const device = createDevice();
    const page = device.page({ mode: 'kiosk' });
    await page.start();
    const recognizing = page.recognize({ phone: '(425) 555-0100' });
    const ending = page.endVisit();
    await Promise.all([recognizing, ending]);
    expect(page.get()).toMatchObject({ level: 'none', visit: null, customer: null });
    expect((await page.rights.audit()).bytes.customer).toBe(0);
  });

  it('whoever is recognized right after the end has a visit of their own', async () => {
    const device = createDevice();
    const page = device.page({ mode: 'kiosk' });
    await page.start();
    page.keepAlive();
    const first = page.get().visit;
    const ending = page.endVisit();
    const recognizing = page.recognize({ phone: '(425) 555-0177' });
    await Promise.all([ending, recognizing]);
    expect(page.get()).toMatchObject({ level: 'claimed' });
    expect(page.get().visit).not.toBeNull();
    expect(page.get().visit).not.toBe(first);
    // and is watched
    let warned = 0;
    page.on('idle-warning', () => warned++);
    device.clock.advance(45_000);
    expect(warned).toBe(1);
  });

  it('an end that is interrupted is done before the next start shows anything', async () => {
    const device = createDevice();
    const storage = memoryStorage();
    const till = device.page({ mode: 'staff', storage });
    await till.start();
    await till.recognize({ account: 'a' }, { verified: ['account'], name: 'Ana' });
    await till.record(ORDER);
    till.on('visit-ending', ({ waitUntil }) => waitUntil(new Promise(() => undefined)));
    void till.endVisit();
    await settle();
    // the page is reloaded in the middle of it
    const next = device.page({ mode: 'staff', storage });
    const seen: unknown[] = [];
    next.subscribe((snapshot) => seen.push(snapshot.customer, snapshot.level));
    await next.start();
    await settle();
    expect(new Set(seen)).toEqual(new Set([null, 'none']));
  });

  it('a client that is stopped, for one of another mode, ends its visit and shows nobody', async () => {
    const device = createDevice();
    for (const mode of ['kiosk', 'staff', 'shared'] as const) {
      const page = device.page({ mode });
      await page.start();
      await page.recognize({ account: 'a', phone: '(425) 555-0100' });
      await page.rights.remember({ key: 'name.given', value: 'Shep' });
      const ended: string[] = [];
      page.on('visit-ended', ({ visit }) => ended.push(visit));
      await page.stop();
      expect(ended).toHaveLength(1);
      expect(page.get()).toMatchObject({ customer: null, level: 'none', visit: null });
      expect(JSON.stringify(page.get())).not.toContain('Shep');
    }
  });
});
