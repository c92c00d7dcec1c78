import { afterEach, describe, expect, it } from 'vitest';
import type { StorageOpenOptions } from '../../../src/profile/port.js';
import { createDevice, type Device } from '../../support/device.js';
import {
  isTold,
  markerOf,
  openPage,
  stopPages,
  settle,
  shelves,
  toldOf,
  type Shelf,
} from '../../support/install.js';

const order = (id: string): { id: string; lines: { sku: string }[] } => ({
  id,
  lines: [{ sku: 'house' }],
});

/** A returning customer with a name and an order; gives the id of the device. */
async function regular(device: Device, shelf: Shelf): Promise<string> {
  const page = await openPage(device, shelf);
  await page.rights.consent('remember', 'granted');
  await page.rights.remember({ key: 'name.given', value: 'Ana' });
  await page.record(order('web:1'));
  await page.stop();
  return markerOf(device)?.device ?? '';
}

afterEach(stopPages);

describe.each(shelves)('V02 self-healing copies, %s', (_, makeShelf) => {
  it('the database is wiped: the same id returns, the database is repaired before the next reload, and the page can say so', async () => {
    const device = createDevice();
    const shelf = makeShelf();
    const id = await regular(device, shelf);
    await shelf.wipe();
    const page = await openPage(device, shelf);
    expect((await shelf.row())?.id).toBe(id);
    expect(page.get()).toMatchObject({
      level: 'device',
      storage: { kind: 'persistent', reason: 'evicted' },
    });
    expect(page.get().customer?.name).toBeUndefined();
    await isTold(device, 'storage-evicted');
    expect(await page.record(order('web:2'))).toEqual({ kind: 'kept' });
    await page.stop();

    const next = await openPage(device, shelf);
    await settle();
    expect(markerOf(device)?.device).toBe(id);
    expect(next.get().storage).toEqual({ kind: 'persistent' });
    expect(next.get().customer?.paidVisits).toBe(1);
    expect(toldOf(device)).toEqual(['storage-evicted']);
    await next.stop();
  });

  it('is repaired although the page is left as soon as it has started', async () => {
    const device = createDevice();
    const shelf = makeShelf();
    const id = await regular(device, shelf);
    await shelf.wipe();
    const page = await openPage(device, shelf);
    await page.stop();
    expect((await shelf.row())?.id).toBe(id);
  });

  it('wiped again and again, the id stays', async () => {
    const device = createDevice();
    const shelf = makeShelf();
    const id = await regular(device, shelf);
    for (let i = 1; i < 4; i++) {
      await shelf.wipe();
      const page = await openPage(device, shelf);
      await page.stop();
      await isTold(device, ...Array.from({ length: i }, () => 'storage-evicted'));
      expect([(await shelf.row())?.id, markerOf(device)?.device]).toEqual([id, id]);
    }
  });

  it('the marker is wiped: nothing is opened and the level is none; a new yes takes the id up again, with the history', async () => {
    const device = createDevice();
    const shelf = makeShelf();
    const id = await regular(device, shelf);
    device.localStorage.clear();
    device.clock.advance(86_400_000);
    const inner = shelf.storage();
    let opened = 0;
    const storage = { ...inner, open: (o: StorageOpenOptions) => (opened++, inner.open(o)) };
    const page = await openPage(device, shelf, { storage });
    await page.record(order('web:2'));
    await settle();
    expect([opened, page.get().level, device.localStorage.size]).toEqual([0, 'none', 0]);

    await page.rights.consent('remember', 'granted');
    expect(markerOf(device)?.device).toBe(id);
    expect(page.get().customer).toMatchObject({ name: 'Ana', paidVisits: 2 });
    expect(toldOf(device)).toEqual([]);
    await page.stop();
  });

  it('both are wiped: a new device, and nothing to tell', async () => {
    const device = createDevice();
    const shelf = makeShelf();
    const id = await regular(device, shelf);
    await shelf.wipe();
    device.localStorage.clear();
    const page = await openPage(device, shelf);
    expect(page.get().level).toBe('none');
    await page.rights.consent('remember', 'granted');
    expect(markerOf(device)?.device).not.toBe(id);
    await settle();
    expect(toldOf(device)).toEqual([]);
    await page.stop();
  });

  it('the row of the device is damaged: the marker has the id, the history stays, and it is no eviction', async () => {
    const device = createDevice();
    const shelf = makeShelf();
    const id = await regular(device, shelf);
    await shelf.change({ id: 42 as never });
    const page = await openPage(device, shelf);
    expect((await shelf.row())?.id).toBe(id);
    expect(page.get().customer).toMatchObject({ name: 'Ana', paidVisits: 1 });
    await isTold(device, 'storage-corrupt');
    await page.stop();
  });

  it.each(['{', 'null', '"x"', '{"device":"no id"}', '{"device":{"__proto__":1}}', '[]'])(
    'a marker that somebody else wrote is none: %s',
    async (text) => {
      const device = createDevice();
      const shelf = makeShelf();
      const id = await regular(device, shelf);
      device.localStorage.set('regulars:blue-door', text);
      const page = await openPage(device, shelf);
      expect(page.get().level).toBe('none');
      await page.rights.consent('remember', 'granted');
      expect(markerOf(device)?.device).toBe(id);
      await page.stop();
    },
  );
});
