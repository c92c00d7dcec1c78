import { describe, expect, it, vi } from 'vitest';
import { indexedDbStorage } from '../../../src/adapters/storage/indexed-db.js';
import type { Regulars } from '../../../src/client/types.js';
import { createDevice, rows, type Device } from '../../support/device.js';

const KEY = new Uint8Array(32).fill(1);
const OTHER = new Uint8Array(32).fill(2);
const granted = { consent: { remember: 'granted' as const, suggest: 'granted' as const } };
const ORDER = { id: 'web:1', lines: [{ sku: 'house-blend', name: 'House Blend' }] };

type Key = Uint8Array | (() => Uint8Array | undefined);
const pageWith = (device: Device, key: Key): Regulars =>
  device.page({ ...granted, storage: indexedDbStorage({ encryption: { key } }) });

/** A device on which Shep has bought something, encrypted under KEY; the page is closed. */
async function remembering(device: Device): Promise<void> {
  const page = pageWith(device, KEY);
  await page.start();
  await page.recognize({ account: 'u-42' }, { verified: ['account'], name: 'Shep' });
  expect(await page.record(ORDER)).toEqual({ kind: 'kept' });
  await page.signOut();
  await page.recognize({ account: 'u-42' }, { verified: ['account'] });
  await page.stop();
}

const greets = (page: Regulars): string => {
  const greeting = page.greeting();
  return greeting.kind === 'none' ? '' : greeting.text;
};
const told = (device: Device, code: string): Promise<void> =>
  vi.waitFor(() => expect(device.notices.map((notice) => notice.code)).toContain(code));

describe('a client with an encrypted storage', () => {
  it('greets by name after a restart with the key, and nothing of it can be read on the disk', async () => {
    const device = createDevice();
    await remembering(device);
    const bytes = await device.bytes();
    for (const word of ['Shep', 'house-blend', 'House Blend', 'u-42'])
      expect(bytes).not.toContain(word);
    const page = pageWith(device, KEY);
    await page.start();
    expect(page.get().storage).toMatchObject({ kind: 'persistent' });
    await page.recognize({ account: 'u-42' }, { verified: ['account'] });
    expect(greets(page)).toContain('Shep');
    expect(page.get().customer?.paidVisits).toBe(1);
    await page.stop();
  });

  it('is neutral with another key, says locked, and changes nothing; the right key finds all', async () => {
    const device = createDevice();
    await remembering(device);
    const before = await device.bytes();
    for (const key of [OTHER, () => undefined]) {
      const locked = pageWith(device, key);
      await locked.start();
      expect(locked.get().storage).toMatchObject({ kind: 'memory', reason: 'locked' });
      expect(greets(locked)).not.toContain('Shep');
      expect(locked.get().customer?.name).toBeUndefined();
      await told(device, 'storage-locked');
      expect(await locked.record({ ...ORDER, id: 'web:2' })).toEqual({
        ...{ kind: 'held', reason: 'locked' },
      });
      await locked.stop();
    }
    expect(await device.bytes()).toBe(before);
    const page = pageWith(device, KEY);
    await page.start();
    await page.recognize({ account: 'u-42' }, { verified: ['account'] });
    expect(greets(page)).toContain('Shep');
    await page.stop();
  });

  it('goes on with the data when the key comes later: stop, start', async () => {
    const device = createDevice();
    await remembering(device);
    let key: Uint8Array | undefined;
    const page = pageWith(device, () => key);
    await page.start();
    expect(page.get().storage.reason).toBe('locked');
    key = KEY;
    await page.stop();
    await page.start();
    expect(page.get().storage).toMatchObject({ kind: 'persistent' });
    await page.recognize({ account: 'u-42' }, { verified: ['account'] });
    expect(greets(page)).toContain('Shep');
    await page.stop();
  });

  it('is locked without the option too, and writes nothing beside what is encrypted', async () => {
    const device = createDevice();
    await remembering(device);
    const before = await device.bytes();
    const plain = device.page(granted);
    await plain.start();
    expect(plain.get().storage).toMatchObject({ kind: 'memory', reason: 'locked' });
    await told(device, 'storage-locked');
    expect(await plain.record({ ...ORDER, id: 'web:2' })).toMatchObject({ kind: 'held' });
    await plain.stop();
    expect(await device.bytes()).toBe(before);
  });

  it('takes over what was remembered before encryption was turned on', async () => {
    const device = createDevice();
    const plain = device.page(granted);
    await plain.start();
    await plain.recognize({ account: 'u-42' }, { verified: ['account'], name: 'Shep' });
    await plain.record(ORDER);
    await plain.stop();
    expect(await device.bytes()).toContain('House Blend');
    const page = pageWith(device, KEY);
    await page.start();
    await page.recognize({ account: 'u-42' }, { verified: ['account'] });
    expect(greets(page)).toContain('Shep');
    await vi.waitFor(async () => expect(await device.bytes()).not.toContain('House Blend'));
    await page.stop();
  });

  it('computes a card anew that was damaged', async () => {
    const device = createDevice();
    await remembering(device);
    await rows('regulars:blue-door', 'cards', (value) => ({
      ...(value as object),
      box: new Uint8Array(60),
    }));
    const page = pageWith(device, KEY);
    await page.start();
    await page.recognize({ account: 'u-42' }, { verified: ['account'] });
    expect(greets(page)).toContain('Shep');
    await told(device, 'storage-corrupt');
    await page.stop();
  });

  it('forgets with the key and without it', async () => {
    for (const key of [KEY, OTHER]) {
      const device = createDevice();
      await remembering(device);
      const page = pageWith(device, key);
      await page.start();
      await page.rights.forget({ scope: 'device' });
      await page.stop();
      expect(await device.databases()).toEqual([]);
    }
  });
});
