import { describe, expect, it } from 'vitest';
import { SyncFailure } from '../../../src/sync/port.js';
import { createFleet, ordersAt, ordersHere } from '../../support/fleet.js';

describe('Y02 answer lost', () => {
  it.each([['on the same page'], ['after a reload']])(
    'the server holds each order once, %s',
    async (when) => {
      const { shop, device } = createFleet();
      const one = device();
      await one.open();
      await one.signIn('u_1');
      for (let n = 1; n <= 5; n++) await one.buy(`web:${n}`);
      one.line.after = (call) => {
        if (call === 'push') throw new SyncFailure('offline', 'the answer was lost');
      };
      await one.sync();
      expect(await ordersAt(shop)).toHaveLength(0);
      // the first push learns the time; the second one is of the orders
      let pushes = 0;
      one.line.after = (call) => {
        if (call === 'push' && ++pushes === 2)
          throw new SyncFailure('offline', 'the answer was lost');
      };
      await one.sync();
      expect(await ordersAt(shop)).toHaveLength(5);
      expect(one.page.sync.status().waiting).toBeGreaterThanOrEqual(5);
      one.line.after = () => undefined;
      if (when === 'after a reload') {
        await one.page.stop();
        await one.open();
        await one.signIn('u_1');
      }
      await one.sync();
      expect(await ordersAt(shop)).toEqual(['web:1', 'web:2', 'web:3', 'web:4', 'web:5']);
      expect(one.page.sync.status()).toMatchObject({ state: 'idle', waiting: 0 });
      // all within one visit
      expect(one.page.get().customer?.paidVisits).toBe(1);
      expect(await ordersHere(one)).toHaveLength(5);
    },
  );
});
