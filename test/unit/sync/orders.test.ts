import { describe, expect, it } from 'vitest';
import { syncOver } from '../../../src/client/sync.js';
import type { Purchase, PurchaseInput } from '../../../src/profile/types.js';
import type { OrdersTransport } from '../../../src/sync/port.js';
import {
  createFleet,
  NOON,
  ordersHere,
  rest,
  until,
  type FleetDevice,
} from '../../support/fleet.js';

const order = (id: string, at: number = NOON - 86_400_000): PurchaseInput => ({
  id,
  at,
  lines: [{ sku: 'latte', name: 'Latte' }],
});

/** A device of somebody who is signed in, over an API that lists, and has synced. */
async function listing(list: (since: number) => readonly PurchaseInput[]): Promise<FleetDevice> {
  const one = createFleet().device({
    sync: syncOver({
      ...{ name: 'orders', kind: 'orders' },
      list: async (_who, since = 0) => list(since),
    }),
  });
  await one.open();
  await one.signIn('u_1');
  await one.sync();
  return one;
}

describe('an order API alone', () => {
  it('what it lists of whoever is verified is remembered once, and asked for from a month before the newest on', async () => {
    const { device } = createFleet();
    const asked: unknown[] = [];
    const orders: PurchaseInput[] = [order('shop:1', NOON - 3 * 86_400_000), order('shop:2')];
    const api: OrdersTransport = {
      name: 'orders',
      kind: 'orders',
      list: async (who, since) => {
        asked.push([who, since]);
        return orders;
      },
    };
    const one = device({ sync: syncOver(api) });
    await one.open();
    await one.sync();
    expect(asked).toEqual([]);
    await one.signIn('u_1');
    for (let n = 0; n < 3; n++) await one.sync();
    expect(asked.slice(0, 2)).toEqual([
      [[{ type: 'account', value: 'u_1' }], undefined],
      [[{ type: 'account', value: 'u_1' }], NOON - 31 * 86_400_000],
    ]);
    expect(await ordersHere(one)).toEqual(['shop:1', 'shop:2']);
    expect(one.page.get().customer?.paidVisits).toBe(2);

    orders.push(
      { ...order('shop:2'), status: 'cancelled', revision: 2 },
      null as never,
      {} as never,
    );
    await one.sync();
    expect(one.page.get().customer?.paidVisits).toBe(1);
    expect(one.page.sync.status()).toMatchObject({ state: 'idle' });
    expect(one.errors).toMatchObject([
      {
        message: 'Of what the order API listed 2 of 5 are no orders.',
        cause: { code: 'ERR_PURCHASE_INVALID' },
      },
    ]);
  });

  it('is sent what was bought here, once each, and nothing else', async () => {
    const { device } = createFleet();
    const sent: Purchase[] = [];
    const one = device({
      sync: syncOver({
        name: 'orders',
        kind: 'orders',
        list: async () => [order('shop:1')],
        send: async (purchase) => void sent.push(purchase),
      }),
    });
    await one.open();
    await one.signIn('u_1');
    await one.page.rights.remember({ key: 'milk', value: 'oat' });
    await one.buy('web:1');
    for (let n = 0; n < 2; n++) await one.sync();
    expect(sent.map(({ id }) => id)).toEqual(['web:1']);
    expect(one.page.sync.status()).toMatchObject({ state: 'idle', waiting: 0 });
  });

  it('is asked so that what comes late is seen, and what lies ahead hides nothing', async () => {
    const rows = [order('shop:2'), order('shop:wrong-clock', NOON + 1_000 * 86_400_000)];
    const one = await listing((since) => rows.filter(({ at }) => Number(at) > since));
    rows.push(order('shop:1', NOON - 20 * 86_400_000), order('shop:3', NOON - 1));
    await one.sync();
    expect(await ordersHere(one)).toEqual(['shop:1', 'shop:2', 'shop:3', 'shop:wrong-clock']);
  });

  it('says what an order is now, also where it is again what it was before', async () => {
    let status: 'paid' | 'cancelled' = 'paid';
    let revision: number | undefined;
    const one = await listing(() => [
      { ...order('shop:1'), status, ...(revision !== undefined && { revision }) },
    ]);
    const records = async (): Promise<number> => {
      const exported = await one.page.rights.export();
      return exported.records.filter(({ kind }) => kind === 'purchase').length;
    };
    const visits = async (): Promise<number | undefined> => {
      for (let n = 0; n < 2; n++) await one.sync();
      return one.page.get().customer?.paidVisits;
    };
    for (const [next, count] of [
      ['cancelled', 0],
      ['paid', 1],
      ['cancelled', 0],
      ['paid', 1],
    ] as const) {
      status = next;
      expect(await visits()).toBe(count);
    }
    expect(await records()).toBe(5);
    // an older revision is old news, however often it is listed
    [status, revision] = ['cancelled', 7];
    expect(await visits()).toBe(0);
    [status, revision] = ['paid', 6];
    for (let n = 0; n < 3; n++) expect(await visits()).toBe(0);
    expect(await records()).toBe(7);
  });

  it('gives nobody what was listed for somebody else', async () => {
    let answer: () => void = () => undefined;
    const asked: string[] = [];
    const one = createFleet().device({
      sync: syncOver({
        name: 'orders',
        kind: 'orders',
        list: async ([who]) => {
          asked.push(who?.value ?? '');
          if (asked.length === 1) await new Promise<void>((resolve) => (answer = resolve));
          return [order(`shop:${who?.value}`)];
        },
      }),
    });
    await one.open();
    await one.signIn('u_1');
    const syncing = one.sync();
    await until(() => asked.length === 1);
    await one.page.signOut();
    await one.signIn('u_2');
    answer();
    await syncing;
    await one.sync();
    expect(await ordersHere(one)).toEqual(['shop:u_2']);
    await one.page.signOut();
    await one.signIn('u_1');
    await one.sync();
    expect(await ordersHere(one)).toEqual(['shop:u_1']);
  });

  it('is asked again when something happens, and not because it was asked', async () => {
    let asked = 0;
    const twice = [
      { ...order('shop:1'), status: 'cancelled' as const },
      { ...order('shop:1'), status: 'paid' as const },
    ];
    const one = await listing(() => {
      asked++;
      return [order('shop:2'), ...twice];
    });
    for (let turn = 0; turn < 20; turn++) {
      one.clock.advance(500);
      await rest();
    }
    // once more for what was written, and once for what that one found as it was
    expect(asked).toBeLessThan(5);
    expect(one.page.get().customer?.paidVisits).toBe(1);
  });

  it('that only lists lets nothing wait', async () => {
    const one = await listing(() => []);
    await one.buy('web:1');
    await one.sync();
    expect(one.page.sync.status()).toMatchObject({ state: 'idle', waiting: 0 });
  });
});
