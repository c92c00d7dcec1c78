import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Regulars } from '../../../src/client/types.js';
import { createDevice, type Device } from '../../support/device.js';
import {
  isTold,
  openPage,
  SHOP,
  shelves,
  stopPages,
  toldOf,
  type Shelf,
} from '../../support/install.js';

const [, makeShelf] = shelves[1] ?? (() => expect.fail('no shelf'))();
const order = (n: number): { id: string; lines: { sku: string }[] } => ({
  id: `web:${n}`,
  lines: [{ sku: 'house' }],
});
const real = Object.getOwnPropertyDescriptor(IDBDatabase.prototype, 'transaction') ?? {};

afterEach(async () => {
  Object.defineProperty(IDBDatabase.prototype, 'transaction', real);
  await stopPages();
});

async function regular(): Promise<{ device: Device; shelf: Shelf; page: Regulars }> {
  const device = createDevice();
  const shelf = makeShelf();
  const page = await openPage(device, shelf);
  await page.rights.consent('remember', 'granted');
  await page.record(order(1));
  return { device, shelf, page };
}

/** The next `times` transactions fail the way browsers do. Gives how many were begun since. */
function fail(name: string, message: string, times: number): { begun: number } {
  const seen = { begun: 0 };
  IDBDatabase.prototype.transaction = function transaction(...given) {
    if (seen.begun++ < times) throw new DOMException(message, name);
    return (real.value as IDBDatabase['transaction']).apply(this, given);
  };
  return seen;
}

const orders = async (page: Regulars): Promise<readonly string[]> =>
  (await page.rights.export()).records.flatMap((record) =>
    record.kind === 'purchase' ? [record.data.id] : [],
  );

describe('V05 connection dies mid-session', () => {
  it.each([
    ['InvalidStateError', 'The database connection is closing.'],
    ['UnknownError', 'Connection to Indexed Database server lost. Refresh the page to try again'],
  ])('%s: the call reopens once and succeeds, and no write is lost', async (name, message) => {
    const { device, shelf, page } = await regular();
    const opened = vi.spyOn(indexedDB, 'open');
    fail(name, message, 1);
    expect(await page.record(order(2))).toEqual({ kind: 'kept' });
    expect(opened).toHaveBeenCalledTimes(1);
    opened.mockRestore();
    expect(page.get().storage).toEqual({ kind: 'persistent' });
    await isTold(device, 'storage-lost');
    await page.stop();
    const next = await openPage(device, shelf);
    expect(await orders(next)).toEqual(['web:1', 'web:2']);
  });

  it('many calls at the same moment: each is there once', async () => {
    const { device, shelf, page } = await regular();
    fail('InvalidStateError', 'closing', 1);
    const outcomes = await Promise.all(
      Array.from({ length: 12 }, (_, n) => page.record(order(n + 2))),
    );
    expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(['kept']));
    await page.stop();
    const next = await openPage(device, shelf);
    expect((await orders(next)).length).toBe(13);
    expect(new Set(await orders(next)).size).toBe(13);
  });

  it('the reopening fails: the session goes on in memory, the pending write is kept there, and moves in when the database is back', async () => {
    const { device, shelf, page } = await regular();
    fail('InvalidStateError', 'closing', Infinity);
    expect(await page.record(order(2))).toEqual({ kind: 'held', reason: 'lost' });
    expect(await page.record(order(3))).toMatchObject({ kind: 'held' });
    // it is tried again now and then
    await vi.waitFor(() => expect(page.get().storage).toEqual({ kind: 'memory', reason: 'lost' }));
    expect(await orders(page)).toEqual(['web:2', 'web:3']);
    expect(toldOf(device)).not.toContain('storage-evicted');
    Object.defineProperty(IDBDatabase.prototype, 'transaction', real);
    await vi.waitFor(() => {
      device.clock.advance(60_000);
      expect(page.get().storage).toEqual({ kind: 'persistent' });
    });
    expect(await orders(page)).toEqual(['web:1', 'web:2', 'web:3']);
    await page.stop();
    const next = await openPage(device, shelf);
    expect(await orders(next)).toEqual(['web:1', 'web:2', 'web:3']);
    expect(await device.databases()).toEqual([SHOP]);
  });
});
