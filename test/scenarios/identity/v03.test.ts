import { afterEach, describe, expect, it } from 'vitest';
import { createDevice, type Device } from '../../support/device.js';
import {
  changeMarker,
  isTold,
  markerOf,
  openPage,
  stopPages,
  settle,
  shelves,
  toldOf,
  type Shelf,
} from '../../support/install.js';

const OTHER = 'f'.repeat(32);
const DAY = 86_400_000;

async function regular(device: Device, shelf: Shelf): Promise<string> {
  const page = await openPage(device, shelf);
  await page.rights.consent('remember', 'granted');
  await page.rights.remember({ key: 'name.given', value: 'Ana' });
  await page.stop();
  return markerOf(device)?.device ?? '';
}

/** Reloads, writing something each time: nothing flips back, nothing more is told. */
async function stays(device: Device, shelf: Shelf, id: string): Promise<void> {
  for (let reload = 0; reload < 3; reload++) {
    device.clock.advance(DAY + 1);
    const page = await openPage(device, shelf);
    await page.record({ id: `web:${reload}`, lines: [{ sku: 'house' }] });
    await page.stop();
    expect([(await shelf.row())?.id, markerOf(device)?.device]).toEqual([id, id]);
  }
  await settle();
  expect(toldOf(device)).toEqual(['storage-disagreed']);
}

afterEach(stopPages);

describe.each(shelves)('V03 stores disagree, %s', (_, makeShelf) => {
  it('the marker was written later: its id stands, and the database is overwritten', async () => {
    const device = createDevice();
    const shelf = makeShelf();
    await regular(device, shelf);
    changeMarker(device, { device: OTHER, at: device.clock.now() + 1 });
    const page = await openPage(device, shelf);
    expect([(await shelf.row())?.id, markerOf(device)?.device]).toEqual([OTHER, OTHER]);
    expect(page.get().customer?.name).toBe('Ana');
    await isTold(device, 'storage-disagreed');
    await page.stop();
    await stays(device, shelf, OTHER);
  });

  it.each([0, 1, DAY])(
    'the database was written later, by %s ms: its id stands, and the marker is overwritten',
    async (earlier) => {
      const device = createDevice();
      const shelf = makeShelf();
      const id = await regular(device, shelf);
      const { at = 0 } = (await shelf.row()) ?? {};
      changeMarker(device, { device: OTHER, at: at - earlier });
      const page = await openPage(device, shelf);
      expect([(await shelf.row())?.id, markerOf(device)?.device]).toEqual([id, id]);
      expect(page.get().customer?.name).toBe('Ana');
      await isTold(device, 'storage-disagreed');
      await page.stop();
      await stays(device, shelf, id);
    },
  );

  it('a marker of an older install, put back with a backup, brings nobody of that install back', async () => {
    const device = createDevice();
    const shelf = makeShelf();
    await regular(device, shelf);
    const old = device.localStorage.get('regulars:blue-door') ?? '';
    const page = await openPage(device, shelf);
    await page.rights.forget({ scope: 'device' });
    await page.stop();
    device.clock.advance(DAY);
    const next = await openPage(device, shelf);
    await next.rights.consent('remember', 'granted');
    await next.rights.remember({ key: 'name.given', value: 'Ben' });
    await next.stop();
    const { device: id = '' } = markerOf(device) ?? {};
    device.localStorage.set('regulars:blue-door', old);
    const after = await openPage(device, shelf);
    expect(after.get().customer?.name).toBe('Ben');
    await isTold(device, 'storage-disagreed');
    await after.stop();
    await stays(device, shelf, id);
  });

  it('a later marker that remembers somebody else, or nobody, is followed in that too', async () => {
    for (const card of [null, 'e'.repeat(32)]) {
      const device = createDevice();
      const shelf = makeShelf();
      await regular(device, shelf);
      const ana = markerOf(device)?.card;
      changeMarker(device, { device: OTHER, card, at: device.clock.now() + 1 });
      const page = await openPage(device, shelf);
      expect(page.get().customer?.name).toBeUndefined();
      expect(JSON.stringify(page.get())).not.toContain('Ana');
      const { customer } = (await shelf.row())?.current ?? {};
      if (card === null) expect(customer).not.toBe(ana);
      else expect(customer).toBe(card);
      await page.stop();
    }
  });

  it('two tabs that meet the disagreement agree with each other', async () => {
    const device = createDevice();
    const shelf = makeShelf();
    await regular(device, shelf);
    changeMarker(device, { device: OTHER, at: device.clock.now() + 1 });
    const [a, b] = await Promise.all([openPage(device, shelf), openPage(device, shelf)]);
    await settle();
    expect([(await shelf.row())?.id, markerOf(device)?.device]).toEqual([OTHER, OTHER]);
    for (const page of [a, b]) {
      await page.rights.remember({ key: 'name.given', value: 'Bea' });
      await page.stop();
    }
    expect([(await shelf.row())?.id, markerOf(device)?.device]).toEqual([OTHER, OTHER]);
  });
});
