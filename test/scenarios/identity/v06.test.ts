import { afterEach, describe, expect, it } from 'vitest';
import type { Regulars } from '../../../src/client/types.js';
import { createDevice, rows, type Device } from '../../support/device.js';
import {
  isTold,
  openPage,
  settle,
  SHOP,
  shelves,
  stopPages,
  toldOf,
  type Shelf,
} from '../../support/install.js';

const [, makeShelf] = shelves[1] ?? (() => expect.fail('no shelf'))();
afterEach(stopPages);

interface Row {
  readonly v: number;
  readonly sum: number;
  readonly text: string;
}

/** A returning customer with a name and three orders, two days apart. */
async function regular(): Promise<{ device: Device; shelf: Shelf }> {
  const device = createDevice();
  const shelf = makeShelf();
  const page = await openPage(device, shelf);
  await page.rights.consent('remember', 'granted');
  await page.rights.remember({ key: 'name.given', value: 'Ana' });
  for (const n of [1, 2, 3]) {
    await page.record({ id: `web:${n}`, lines: [{ sku: 'house', name: 'House Blend' }] });
    device.clock.advance(2 * 86_400_000);
  }
  await page.stop();
  return { device, shelf };
}

async function dump(store: string): Promise<ReadonlyMap<string, unknown>> {
  const all = new Map<string, unknown>();
  await rows(SHOP, store, (value, key) => {
    all.set(key, value);
    return value;
  });
  return all;
}

const damage: readonly (readonly [string, (row: Row) => unknown])[] = [
  ['cut off', (row) => ({ ...row, text: row.text.slice(0, -20) })],
  ['one character is another', (row) => ({ ...row, text: row.text.replace('h', 'x') })],
  ['not JSON', (row) => ({ ...row, text: '{corrupt' })],
  ['no text at all', () => 42],
  ['nothing', () => null],
];

describe('V06 corrupt data', () => {
  it.each(damage)('a card: %s: it is computed anew from its records', async (_, change) => {
    const { device, shelf } = await regular();
    const records = await dump('records');
    await rows(SHOP, 'cards', (value) => change(value as Row));
    const page = await openPage(device, shelf);
    expect(page.get().customer).toMatchObject({ name: 'Ana', paidVisits: 3 });
    await isTold(device, 'storage-corrupt');
    await page.stop();
    const after = await dump('records');
    for (const [key, row] of records) expect(after.get(key)).toEqual(row);
    const next = await openPage(device, shelf);
    expect(next.get().customer).toMatchObject({ name: 'Ana', paidVisits: 3 });
    await settle();
    expect(toldOf(device)).toEqual(['storage-corrupt']);
  });

  it.each(damage)(
    'a record: %s: it is set aside, readable, and no other is touched',
    async (_, change) => {
      const { device, shelf } = await regular();
      const before = await dump('records');
      const [victim = ''] =
        [...before].find(([, row]) => (row as Row).text.includes('"web:2"')) ?? [];
      const damaged = change(before.get(victim) as Row);
      await rows(SHOP, 'records', (row, key) => (key === victim ? damaged : row));
      await rows(SHOP, 'cards', () => 'damaged as well');

      const page: Regulars = await openPage(device, shelf);
      expect(page.get().customer).toMatchObject({ name: 'Ana', paidVisits: 2 });
      const { setAside } = await page.rights.audit();
      expect(setAside).toMatchObject([{ store: 'records', key: victim, why: 'damaged' }]);
      if (typeof damaged === 'object' && damaged !== null)
        expect(JSON.parse(setAside[0]?.text ?? '')).toEqual(damaged);
      // life goes on beside it
      await page.record({ id: 'web:4', lines: [{ sku: 'house' }] });
      expect(page.get().customer?.paidVisits).toBe(3);
      await page.stop();

      const after = await dump('records');
      expect(after.get(victim)).toEqual(damaged);
      for (const [key, row] of before) if (key !== victim) expect(after.get(key)).toEqual(row);
    },
  );

  it('data of a newer version: read only for this page, and it says so', async () => {
    for (const store of ['meta', 'cards']) {
      const { device, shelf } = await regular();
      await rows(SHOP, store, (value, key) =>
        store === 'meta' && key !== 'log' ? value : { ...(value as Row), v: 99 },
      );
      const before = await device.bytes();
      const page = await openPage(device, shelf);
      const outcome = await page.record({ id: 'web:9', lines: [{ sku: 'house' }] });
      expect(outcome).toEqual({ kind: 'refused', reason: 'read-only' });
      expect(page.get().storage).toMatchObject({ reason: 'newer', readOnly: true });
      await isTold(device, 'storage-newer');
      for (const act of [
        () => page.rights.remember({ key: 'name.given', value: 'Eve' }),
        () => page.rights.consent('suggest', 'granted'),
      ])
        expect(await act()).toEqual({ kind: 'refused', reason: 'read-only' });
      await page.stop();
      // the marker says when the device was last seen
      const strip = (text: string): string => text.replace(/"at\\*":\d+/g, '');
      expect(strip(await device.bytes())).toBe(strip(before));
    }
  });
});
