import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Regulars } from '../../../src/client/types.js';
import { openTabs, type TabMessage } from '../../../src/client/tabs.js';
import { createMarkerStore } from '../../../src/client/marker.js';
import { createDevice, type Device } from '../../support/device.js';
import {
  markerOf,
  openPage,
  settle,
  SHOP,
  shelves,
  stopPages,
  type Shelf,
} from '../../support/install.js';

const account = (page: Regulars, id: string, until?: number): Promise<unknown> =>
  page.recognize(
    { account: id },
    { verified: ['account'], name: id, ...(until !== undefined && { until }) },
  );
const seen = (page: Regulars): readonly [string | undefined, string] => {
  const { customer, level } = page.get();
  return [customer?.name, level];
};
/** Orders by customer, from the log itself. */
async function ownersOf(shelf: Shelf): Promise<ReadonlyMap<string, string>> {
  const storage = shelf.storage();
  await storage.open({ name: SHOP });
  const rows = await storage.transact('readonly', (tx) => tx.list('records'));
  const records = rows.map(
    ({ value }) =>
      JSON.parse((value as { text: string }).text) as {
        kind: string;
        subject: string;
        data: { id: string };
      },
  );
  return new Map(
    records
      .filter(({ kind }) => kind === 'purchase')
      .map(({ data, subject }) => [data.id, subject]),
  );
}

afterEach(stopPages);

describe.each(shelves)('two tabs, %s', (_, makeShelf) => {
  async function open(): Promise<{ device: Device; shelf: Shelf; a: Regulars; b: Regulars }> {
    const device = createDevice();
    const shelf = makeShelf();
    const consent = { remember: 'granted' } as const;
    const [a, b] = [
      await openPage(device, shelf, { consent }),
      await openPage(device, shelf, { consent }),
    ];
    return { device, shelf, a, b };
  }

  it('somebody verified in one is verified in the other', async () => {
    const { a, b, device } = await open();
    await account(a, 'Ana');
    await vi.waitFor(() => expect(seen(b)).toEqual(['Ana', 'verified']));
    expect(b.get().customer?.id).toBe(a.get().customer?.id);
    expect(markerOf(device)?.card).toBe(a.get().customer?.id);
  });

  it('the later proof wins in both, and what each did before stays whose it was', async () => {
    const { a, b, shelf, device } = await open();
    await account(a, 'Ana');
    await vi.waitFor(() => expect(seen(b)).toEqual(['Ana', 'verified']));
    await a.record({ id: 'ana:1', lines: [{ sku: 'house' }] });
    device.clock.advance(5);
    await account(b, 'Ben');
    await b.record({ id: 'ben:1', lines: [{ sku: 'house' }] });
    await vi.waitFor(() => expect(seen(a)).toEqual(['Ben', 'verified']));
    expect(seen(b)).toEqual(['Ben', 'verified']);
    await a.record({ id: 'ben:2', lines: [{ sku: 'house' }] });
    await settle();
    const owners = await ownersOf(shelf);
    expect(owners.get('ben:1')).toBe(owners.get('ben:2'));
    expect(owners.get('ana:1')).not.toBe(owners.get('ben:1'));
    expect(a.get().customer?.id).toBe(b.get().customer?.id);
  });

  it.each(['a', 'b'])(
    'two proofs at the same moment, %s a little before: both tabs show the same one in the end, and so does a third',
    async (first) => {
      const { a, b, shelf, device } = await open();
      const [one, other] = first === 'a' ? [a, b] : [b, a];
      await Promise.all([account(one, 'Ana'), account(other, 'Ben')]);
      await vi.waitFor(() => {
        expect(seen(a)[1]).toBe('verified');
        expect(seen(a)).toEqual(seen(b));
      });
      await settle();
      expect(seen(a)).toEqual(seen(b));
      expect(markerOf(device)?.card).toBe(a.get().customer?.id);
      const c = await openPage(device, shelf);
      expect(c.get().customer?.id).toBe(a.get().customer?.id);
      expect(c.get().level).toBe('device');
    },
  );

  it('a proof that ends, ends in both at the same time', async () => {
    const { a, b, device } = await open();
    await account(a, 'Ana', device.clock.now() + 60_000);
    await vi.waitFor(() => expect(seen(b)).toEqual(['Ana', 'verified']));
    device.clock.advance(60_001);
    await vi.waitFor(() => expect([seen(a)[1], seen(b)[1]]).toEqual(['device', 'device']));
  });

  it('a sign-out, a "not you" and a no hold in both', async () => {
    for (const part of ['signOut', 'notMe', 'no'] as const) {
      const { a, b } = await open();
      await account(a, 'Ana');
      await vi.waitFor(() => expect(seen(b)[1]).toBe('verified'));
      if (part === 'no') await b.rights.consent('remember', 'denied');
      else await b[part]();
      const level = part === 'signOut' ? 'device' : 'none';
      await vi.waitFor(() => expect([seen(a)[1], seen(b)[1]]).toEqual([level, level]));
      await settle();
      expect([seen(a)[1], seen(b)[1]]).toEqual([level, level]);
      await stopPages();
    }
  });

  it('that remember nobody agree as well, in memory', async () => {
    const device = createDevice();
    const shelf = makeShelf();
    const [a, b] = [await openPage(device, shelf), await openPage(device, shelf)];
    await account(a, 'Ana');
    await vi.waitFor(() => expect(b.get().level).toBe('verified'));
    expect(b.get().customer?.id).toBe(a.get().customer?.id);
    expect(device.localStorage.size).toBe(0);
    expect(await shelf.row()).toBeUndefined();
  });
});

describe('without a BroadcastChannel', () => {
  const channel = globalThis.BroadcastChannel;
  afterEach(() => void Object.assign(globalThis, { BroadcastChannel: channel }));

  it('a marker rewritten for the day of the visit tells nothing; another person does, and what was said is heard', () => {
    const device = createDevice();
    Object.assign(globalThis, {
      BroadcastChannel: () => undefined, // what is no constructor throws
    });
    const target = new EventTarget();
    const listening = {
      addEventListener: target.addEventListener.bind(target),
      removeEventListener: target.removeEventListener.bind(target),
    };
    Object.assign(globalThis, listening);
    const heard: TabMessage[] = [];
    const markers = createMarkerStore('blue-door');
    const tabs = openTabs(SHOP, markers, (message) => heard.push(message));
    const marker = { device: 'a'.repeat(32), card: 'ana', generation: 'g', at: 1 };
    /** What a browser tells the other tabs. */
    const change = (act: () => void): void => {
      const oldValue = device.localStorage.get(SHOP) ?? null;
      act();
      const newValue = device.localStorage.get(SHOP) ?? null;
      if (oldValue !== newValue)
        target.dispatchEvent(
          Object.assign(new Event('storage'), { key: SHOP, oldValue, newValue }),
        );
    };
    change(() => markers.write(marker));
    change(() => markers.write({ ...marker, at: 86_400_002 }));
    expect(heard).toEqual(['person-changed']);
    change(() => tabs.tell('changed'));
    change(() => markers.write({ ...marker, at: 86_400_003 }));
    change(() => tabs.tell('signed-out'));
    expect(heard).toEqual(['person-changed', 'changed', 'signed-out']);
    change(() => markers.write({ ...marker, card: 'ben' }));
    change(() => tabs.tell({ kind: 'verified', subject: 's', customer: 'c', at: 1 }));
    change(() => markers.erase());
    expect(heard.slice(3)).toEqual(['person-changed', 'forgotten']);
    expect(device.localStorage.size).toBe(0);
    tabs.close();
    for (const name of Object.keys(listening)) Reflect.deleteProperty(globalThis, name);
  });
});
