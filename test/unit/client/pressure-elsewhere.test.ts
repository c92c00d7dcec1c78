import { describe, expect, it, vi } from 'vitest';
import { indexedDbStorage } from '../../../src/adapters/storage/indexed-db.js';
import { RegularsError } from '../../../src/kernel/errors.js';
import type { ProfileStorage } from '../../../src/profile/port.js';
import type { PurchaseInput } from '../../../src/profile/types.js';
import { createDevice, rows } from '../../support/device.js';

const order = (i: number | string): PurchaseInput => ({
  id: `web:${i}`,
  at: Date.UTC(2025, 0, 1) + (Number(i) || 0) * 7 * 3_600_000,
  total: 960,
  lines: ['latte', 'bun'].map((sku) => ({ sku, name: `The ${sku}`, quantity: 1, unitPrice: 480 })),
});

async function bytesHere(): Promise<number> {
  let bytes = 0;
  await rows('regulars:blue-door', 'records', (value) => {
    bytes += (value as { text: string }).text.length;
    return value;
  });
  return bytes;
}

/** A disk with so much room for records, that another page may hold. */
function disk(on: { readonly room: number; readonly held: boolean }): ProfileStorage {
  const inner = indexedDbStorage();
  let memory = false;
  return {
    ...inner,
    name: 'disk',
    open: async (o) => {
      memory = on.held;
      return memory ? { kind: 'memory', reason: 'blocked' } : inner.open(o);
    },
    close: async () => {
      if (!memory) await inner.close();
    },
    transact: (mode, body, options) =>
      inner.transact(
        mode,
        async (tx) => {
          const result = await body(tx);
          if (mode === 'readonly') return result;
          const t = (await tx.list('records')).reduce(
            (s, { value }) => s + (value as { text: string }).text.length,
            0,
          );
          if (t > on.room) throw new RegularsError('ERR_STORAGE_QUOTA', 'no room');
          return result;
        },
        options,
      ),
  };
}

describe('room', () => {
  it('is made for what waits in memory when the storage comes back', async () => {
    const device = createDevice();
    const on = { room: Infinity, held: false };
    const a = device.page({
      storage: disk(on),
    });
    await a.start();
    await a.rights.consent('remember', 'granted');
    for (let i = 0; i < 120; i++) await a.record(order(i));
    await a.stop();
    on.held = true;
    const b = device.page({
      storage: disk(on),
    });
    await b.start();
    expect(await b.record(order(500))).toEqual({ kind: 'held', reason: 'blocked' });
    on.room = await bytesHere();
    on.held = false;
    await vi.waitFor(() => {
      device.clock.advance(5000);
      expect(b.get().storage).toMatchObject({ kind: 'persistent' });
    });
    expect(await device.bytes()).toContain('web:500');
    await b.stop();
  });
  it('is waited for where there is none: what waits in memory moves in once there is some', async () => {
    const device = createDevice();
    const on = { room: Infinity, held: false };
    const a = device.page({
      storage: disk(on),
    });
    await a.start();
    await a.rights.consent('remember', 'granted');
    await a.record(order(1));
    await a.stop();
    on.held = true;
    const b = device.page({
      storage: disk(on),
    });
    await b.start();
    await b.record(order(500));
    on.room = 0;
    on.held = false;
    await vi.waitFor(() => {
      device.clock.advance(5000);
      expect(device.notices.map(({ code }) => code)).toContain('storage-full');
    });
    for (let i = 0; i < 20; i++) {
      device.clock.advance(5000);
      await new Promise((r) => setTimeout(r, 5));
    }
    expect(b.get().storage).toMatchObject({ kind: 'memory' });
    on.room = Infinity;
    await vi.waitFor(() => {
      device.clock.advance(60000);
      expect(b.get().storage).toMatchObject({ kind: 'persistent' });
    });
    expect(await device.bytes()).toContain('web:500');
    await b.stop();
  });
  it('is made at the limit for what waited in memory, before anything else is written', async () => {
    const device = createDevice();
    const on = { room: Infinity, held: false };
    const limits = { bytes: 40_000 };
    const a = device.page({ storage: disk(on), limits });
    await a.start();
    await a.rights.consent('remember', 'granted');
    for (let i = 0; (await bytesHere()) < 38_000; i++) await a.record(order(i));
    await a.stop();
    on.held = true;
    const b = device.page({ storage: disk(on), limits });
    await b.start();
    for (let i = 500; i < 530; i++) await b.record(order(i));
    on.held = false;
    await vi.waitFor(() => {
      device.clock.advance(5000);
      expect(b.get().storage).toMatchObject({ kind: 'persistent' });
    });
    expect(await bytesHere()).toBeLessThanOrEqual(limits.bytes);
    expect(await device.bytes()).toContain('web:529');
    await b.stop();
  });
  it('is made for an export that is brought along', async () => {
    const device = createDevice();
    const on = { room: Infinity, held: false };
    const a = device.page({
      storage: disk(on),
    });
    await a.start();
    await a.rights.consent('remember', 'granted');
    for (let i = 0; i < 60; i++) await a.record(order(i));
    const taken = await a.rights.export();
    await a.rights.forget({ scope: 'device' });
    await a.rights.consent('remember', 'granted');
    for (let i = 100; i < 220; i++) await a.record(order(i));
    on.room = await bytesHere();
    expect(await a.rights.import(taken)).toMatchObject({ kind: 'imported' });
  });
  it('is made for it at the limit too, and every number stays', async () => {
    const device = createDevice();
    const a = device.page({ limits: { bytes: 40_000 } });
    const src = device.page({ storage: indexedDbStorage() });
    await src.start();
    await src.rights.consent('remember', 'granted');
    for (let i = 0; i < 150; i++) await src.record(order(i));
    const taken = await src.rights.export();
    await src.rights.forget({ scope: 'device' });
    await src.stop();
    await a.start();
    await a.rights.consent('remember', 'granted');
    expect(await a.rights.import(taken)).toMatchObject({ kind: 'imported' });
    expect(await bytesHere()).toBeLessThanOrEqual(40_000);
    expect(a.get().customer?.paidVisits).toBe(150);
  });
});
