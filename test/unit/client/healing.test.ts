import { describe, expect, it, vi } from 'vitest';
import { indexedDbStorage } from '../../../src/adapters/storage/indexed-db.js';
import type { Regulars } from '../../../src/client/types.js';
import { RegularsError } from '../../../src/kernel/errors.js';
import type { ProfileStorage } from '../../../src/profile/port.js';
import { createDevice, rows, type Device } from '../../support/device.js';

const DATABASE = 'regulars:blue-door';
const order = (id: string): { id: string; lines: { sku: string; name: string }[] } => ({
  id,
  lines: [{ sku: 'house', name: 'House Blend' }],
});
const codes = (device: Device): string[] => device.notices.map(({ code }) => code);
const marker = (device: Device): { card: string; generation: string } =>
  JSON.parse(device.localStorage.get(DATABASE) ?? 'null') as { card: string; generation: string };

/** A returning customer with one order. */
async function regular(device: Device): Promise<void> {
  const page = device.page();
  await page.start();
  await page.rights.consent('remember', 'granted');
  await page.record(order('web:1'));
  await page.rights.remember({ key: 'name.given', value: 'Ana' });
  await page.stop();
}

/** IndexedDB that answers as one does that another page holds, while `on` says so. */
function held(on: { now: boolean }): ProfileStorage {
  const inner = indexedDbStorage();
  let memory = false;
  return {
    ...inner,
    name: 'held',
    open: async (options) => {
      memory = on.now;
      return memory ? { kind: 'memory', reason: 'blocked' } : inner.open(options);
    },
    close: async () => {
      if (!memory) await inner.close();
    },
  };
}

/** IndexedDB whose connection fails for good, while `on` says so. */
function breaking(on: { now: boolean }): ProfileStorage {
  const inner = indexedDbStorage();
  return {
    ...inner,
    transact: (mode, body, options) =>
      on.now
        ? Promise.reject(new RegularsError('ERR_STORAGE_FAILED', 'gone'))
        : inner.transact(mode, body, options),
  };
}

/** Waits until the client has the database again. */
const isBack = (device: Device, page: Regulars): Promise<void> =>
  vi.waitFor(() => {
    device.clock.advance(60_000);
    expect(page.get().storage).toMatchObject({ kind: 'persistent' });
  });

const orders = async (page: Regulars): Promise<string[]> =>
  (await page.rights.export()).records.flatMap((record) =>
    record.kind === 'purchase' ? [record.data.id] : [],
  );
const purchases = (page: Regulars): number | undefined => page.get().customer?.paidVisits;

describe('a storage that another page holds', () => {
  it('is tried again by itself, and what was held moves in', async () => {
    const device = createDevice();
    await regular(device);
    device.clock.advance(86_400_000);
    const on = { now: true };
    const page = device.page({ storage: held(on) });
    await page.start();
    expect(page.get().storage).toEqual({ kind: 'memory', reason: 'blocked' });
    expect(await page.record(order('web:2'))).toEqual({ kind: 'held', reason: 'blocked' });
    on.now = false;
    await isBack(device, page);
    await vi.waitFor(() => expect(purchases(page)).toBe(2));
    expect(page.get().customer?.name).toBe('Ana');
    expect(await page.record(order('web:3'))).toEqual({ kind: 'kept' });
    await page.stop();
    const next = device.page();
    await next.start();
    expect(await orders(next)).toEqual(['web:1', 'web:2', 'web:3']);
  });

  it('is tried again when something is recorded, without waiting for the timer', async () => {
    const device = createDevice();
    await regular(device);
    const on = { now: true };
    const page = device.page({ storage: held(on) });
    await page.start();
    on.now = false;
    expect(await page.record(order('web:2'))).toMatchObject({ kind: 'held' });
    await vi.waitFor(() => expect(page.get().storage).toMatchObject({ kind: 'persistent' }));
    expect(await page.record(order('web:3'))).toEqual({ kind: 'kept' });
  });

  it('takes in what was kept before a yes, once both are there', async () => {
    const device = createDevice();
    const on = { now: true };
    const page = device.page({ storage: held(on) });
    await page.start();
    await page.record(order('web:1'));
    expect(await page.rights.consent('remember', 'granted')).toEqual({
      kind: 'held',
      reason: 'blocked',
    });
    on.now = false;
    await isBack(device, page);
    await page.stop();
    const next = device.page();
    await next.start();
    expect(next.get()).toMatchObject({ level: 'device', customer: { paidVisits: 1 } });
  });

  it.each(['stop', 'no'] as const)('is let go of where a %s comes while it opens', async (what) => {
    const device = createDevice();
    await regular(device);
    const on = { now: true };
    const inner = held(on);
    const seen: string[] = [];
    const pass: (() => void)[] = [];
    const page = device.page({
      storage: {
        ...inner,
        open: async (options) => {
          if (!on.now) await new Promise<void>((resolve) => pass.push(resolve));
          seen.push('open');
          return inner.open(options);
        },
        close: async () => {
          seen.push('close');
          await inner.close();
        },
      },
    });
    await page.start();
    on.now = false;
    await vi.waitFor(() => {
      device.clock.advance(5_000);
      expect(pass).toHaveLength(1);
    });
    await (what === 'stop' ? page.stop() : page.rights.consent('remember', 'denied'));
    pass[0]?.();
    await vi.waitFor(() => expect(seen).toEqual(['open', 'close', 'open', 'close']));
  });

  it('is not opened behind the back of a customer who has said no meanwhile', async () => {
    const device = createDevice();
    await regular(device);
    const on = { now: true };
    const page = device.page({ storage: held(on) });
    await page.start();
    on.now = false;
    await page.rights.consent('remember', 'denied');
    for (let i = 0; i < 10; i++) {
      device.clock.advance(60_000);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    expect(page.get().storage.kind).toBe('memory');
    expect(device.localStorage.size).toBe(0);
  });

  it('is not opened after a no, though the host had said yes for the customer', async () => {
    const device = createDevice();
    const on = { now: true };
    const page = device.page({ storage: held(on), consent: { remember: 'granted' } });
    await page.start();
    expect(page.get().storage).toMatchObject({ reason: 'blocked' });
    await page.rights.consent('remember', 'denied');
    on.now = false;
    await page.record(order('web:1'));
    device.clock.advance(600_000);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(page.get().storage.kind).toBe('memory');
    expect(await device.databases()).toEqual([]);
  });

  it('is left alone after stop()', async () => {
    const device = createDevice();
    await regular(device);
    const on = { now: true };
    const page = device.page({ storage: held(on) });
    await page.start();
    await page.stop();
    on.now = false;
    device.clock.advance(600_000);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(page.get().storage.kind).toBe('memory');
  });
});

describe('a connection that failed for good', () => {
  it('comes back, with the order that was made meanwhile, once', async () => {
    const device = createDevice();
    await regular(device);
    const on = { now: false };
    const page = device.page({ storage: breaking(on) });
    await page.start();
    on.now = true;
    expect(await page.record(order('web:2'))).toEqual({ kind: 'held', reason: 'lost' });
    on.now = false;
    await isBack(device, page);
    expect(await page.record(order('web:2'))).toEqual({ kind: 'kept' });
    expect(await orders(page)).toEqual(['web:1', 'web:2']);
  });

  it('comes back with what was recorded for somebody else, whose order was late', async () => {
    const device = createDevice();
    await regular(device);
    const on = { now: false };
    const page = device.page({ storage: breaking(on), consent: { remember: 'granted' } });
    await page.start();
    on.now = true;
    const named = { ids: [{ kind: 'email', value: 'kim@example.com' }] };
    expect(await page.record({ ...order('web:2'), customer: named })).toMatchObject({
      kind: 'held',
    });
    on.now = false;
    await isBack(device, page);
    await page.stop();
    expect(await device.bytes()).toContain('web:2');
  });

  it('stays away when a newer page took over: only a reload helps', async () => {
    const device = createDevice();
    await regular(device);
    let opened = 0;
    const inner = indexedDbStorage();
    const page = device.page({
      storage: {
        ...inner,
        open: (options) => (opened++, inner.open(options)),
        transact: () => Promise.reject(new RegularsError('ERR_STORAGE_SUPERSEDED', 'reload')),
      },
    });
    await page.start();
    const before = opened;
    for (let i = 0; i < 5; i++) {
      device.clock.advance(60_000);
      await page.record(order(`web:${i}`));
    }
    expect(opened).toBe(before);
    expect(page.get().storage).toMatchObject({ reason: 'superseded' });
  });
});

describe('a database that is emptied under an open page', () => {
  const empty = (): Promise<unknown> =>
    new Promise((resolve) => (indexedDB.deleteDatabase(DATABASE).onsuccess = resolve));

  it('is told of: the id stays, the history is gone, and the next order is kept', async () => {
    const device = createDevice();
    await regular(device);
    const page = device.page();
    await page.start();
    const before = marker(device);
    await empty();
    await vi.waitFor(() => {
      device.clock.advance(1_000);
      expect(codes(device)).toContain('storage-evicted');
    });
    await vi.waitFor(() => expect(marker(device).generation).not.toBe(before.generation));
    expect(marker(device).card).toBe(before.card);
    expect(page.get()).toMatchObject({ level: 'device', storage: { kind: 'persistent' } });
    expect(page.get().customer?.name).toBeUndefined();
    expect(await page.record(order('web:2'))).toEqual({ kind: 'kept' });
    expect(await orders(page)).toEqual(['web:2']);
  });

  it('together with the marker, as a person does who clears the data of a site, leaves nobody', async () => {
    const device = createDevice();
    await regular(device);
    const page = device.page();
    await page.start();
    device.localStorage.clear();
    await empty();
    await vi.waitFor(() => expect(page.get().level).toBe('none'));
    expect(JSON.stringify(page.get())).not.toContain('Ana');
    expect(device.localStorage.size).toBe(0);
    expect(await device.databases()).toEqual([]);
  });

  it('and the marker a moment later, as browsers do it, leaves nobody too', async () => {
    const device = createDevice();
    await regular(device);
    const page = device.page();
    await page.start();
    await empty();
    await vi.waitFor(() => expect(codes(device)).toContain('storage-lost'));
    device.localStorage.clear();
    await vi.waitFor(() => {
      device.clock.advance(1_000);
      expect(page.get().level).toBe('none');
    });
    expect(device.localStorage.size).toBe(0);
    expect(await device.databases()).toEqual([]);
  });
});

it('an encrypted storage without its key is left as it is, and the page is neutral', async () => {
  const device = createDevice();
  await regular(device);
  const locked = { locked: 1, iv: new Uint8Array(12), box: new Uint8Array(40) };
  for (const store of ['meta', 'cards', 'records']) await rows(DATABASE, store, () => locked);
  const before = await device.bytes();
  const page = device.page();
  await page.start();
  expect(page.get()).toMatchObject({
    level: 'none',
    storage: { kind: 'memory', reason: 'locked' },
  });
  await vi.waitFor(() => expect(codes(device)).toContain('storage-locked'));
  expect(await page.record(order('web:2'))).toEqual({ kind: 'held', reason: 'locked' });
  device.clock.advance(600_000);
  await page.stop();
  expect(await device.bytes()).toBe(before);
});
