import { describe, expect, it } from 'vitest';
import { syncOver } from '../../../src/client/sync.js';
import type { Purchase, PurchaseInput } from '../../../src/profile/types.js';
import type { OrdersTransport } from '../../../src/sync/port.js';
import { createFleet, NOON, ordersHere } from '../../support/fleet.js';

const order = (id: string, at: number = NOON - 86_400_000): PurchaseInput => ({
  id,
  at,
  lines: [{ sku: 'latte', name: 'Latte' }],
});

describe('an order API alone', () => {
  it('what it lists of whoever is verified is remembered once, and asked for from the newest on', async () => {
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
      [[{ type: 'account', value: 'u_1' }], NOON - 86_400_000],
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
    expect(one.errors).toHaveLength(2);
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
});
