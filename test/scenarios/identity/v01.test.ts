import { afterEach, describe, expect, it } from 'vitest';
import { createDevice } from '../../support/device.js';
import { markerOf, openPage, stopPages, shelves } from '../../support/install.js';

afterEach(stopPages);

describe.each(shelves)('V01 first visit, %s', (_, makeShelf) => {
  it.each(['the host has the yes already', 'the customer says yes'])(
    'starts at none, is the device at the next start, and one id is made: %s',
    async (who) => {
      const device = createDevice();
      const shelf = makeShelf();
      const consent = who.startsWith('the host') ? { remember: 'granted' as const } : {};
      const first = await openPage(device, shelf, { consent });
      expect(first.get().level).toBe('none');
      await first.rights.consent('remember', 'granted');
      await first.stop();
      const { device: id } = markerOf(device) ?? {};
      expect(id).toMatch(/^[0-9a-f]{32}$/);
      expect((await shelf.row())?.id).toBe(id);

      for (let reload = 0; reload < 3; reload++) {
        const next = await openPage(device, shelf, { consent });
        expect(next.get().level).toBe('device');
        await next.stop();
        expect(markerOf(device)?.device).toBe(id);
        expect((await shelf.row())?.id).toBe(id);
      }
    },
  );

  it('makes no id that outlives the page before a yes', async () => {
    const device = createDevice();
    const shelf = makeShelf();
    for (let reload = 0; reload < 2; reload++) {
      const page = await openPage(device, shelf);
      await page.record({ id: `web:${reload}`, lines: [{ sku: 'house' }] });
      expect(page.get().level).toBe('none');
      await page.stop();
    }
    expect(device.localStorage.size).toBe(0);
    expect(await shelf.row()).toBeUndefined();
  });

  it('gives two devices two ids', async () => {
    const ids = new Set<string | undefined>();
    for (let i = 0; i < 5; i++) {
      const device = createDevice();
      const page = await openPage(device, makeShelf(), { consent: { remember: 'granted' } });
      ids.add(markerOf(device)?.device);
      await page.stop();
    }
    expect(ids.size).toBe(5);
  });
});
