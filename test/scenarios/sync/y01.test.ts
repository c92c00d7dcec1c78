import { describe, expect, it } from 'vitest';
import { SyncFailure } from '../../../src/sync/port.js';
import { createFleet, ordersAt } from '../../support/fleet.js';

describe('Y01 offline, then online', () => {
  it('the server has exactly what was recorded offline, in its order, and nothing waits', async () => {
    const { shop, device } = createFleet();
    const one = device();
    await one.open();
    one.line.before = () => {
      throw new SyncFailure('offline', 'no network');
    };
    await one.signIn('u_1');
    for (let n = 1; n <= 5; n++) {
      one.clock.advance(60_000);
      await one.buy(`web:${n}`);
    }
    await one.sync();
    expect(one.page.sync.status()).toMatchObject({ state: 'offline', waiting: 6 });
    expect(await ordersAt(shop)).toEqual([]);

    one.line.before = () => undefined;
    await one.sync();
    expect(await ordersAt(shop)).toEqual(['web:1', 'web:2', 'web:3', 'web:4', 'web:5']);
    expect(one.page.get().sync).toMatchObject({ state: 'idle', waiting: 0, refused: 0 });
    expect(one.errors).toEqual([]);
  });
});
