import { describe, expect, it } from 'vitest';
import { SyncFailure } from '../../../src/sync/port.js';
import type { FleetDevice } from '../../support/fleet.js';
import { createFleet, NOON, serverHas, ordersHere } from '../../support/fleet.js';

/** Everything on a device's disk as one text. */
function bytesOf({ storage }: FleetDevice): Promise<string> {
  return storage.transact('readonly', async (tx) => {
    const stores = ['cards', 'tokens', 'records', 'outbox', 'meta'] as const;
    return JSON.stringify(await Promise.all(stores.map((store) => tx.list(store))));
  });
}

describe('Y06 erased while a device was away', () => {
  it.each([[0], [48], [-48]])(
    'everything of the customer is gone everywhere, and stays gone (the other clock %i h off)',
    async (hours) => {
      const { device, shop } = createFleet();
      const [a, b] = [device(), device()];
      for (const one of [a, b]) {
        await one.open();
        await one.signIn('u_1');
      }
      await a.buy('web:1', 'ramen');
      await a.page.rights.remember({ key: 'name.given', value: 'Shep' });
      for (const one of [a, b, a]) await one.sync();
      expect(await bytesOf(b)).toContain('ramen');

      b.line.before = () => {
        throw new SyncFailure('offline', 'away');
      };
      b.clock.setWall(NOON + hours * 3_600_000);
      await b.buy('web:2', 'gyoza');
      await b.buy('web:3', 'gyoza');
      await b.sync();
      const forgotten = await a.page.rights.forget({ scope: 'everywhere' });
      expect(forgotten).toEqual({ kind: 'forgotten', scope: 'everywhere', pending: true });
      await a.sync();
      expect(a.page.sync.status()).toMatchObject({ state: 'idle', waiting: 0 });

      b.line.before = () => undefined;
      for (const one of [b, a, b]) await one.sync();
      for (const one of [a, b]) {
        await one.page.stop();
        await one.open();
        await one.sync();
        const bytes = await bytesOf(one);
        for (const secret of ['ramen', 'gyoza', 'Shep', 'web:1', 'web:2', 'web:3'])
          expect(bytes).not.toContain(secret);
        expect(one.page.get().customer).toBeNull();
        expect(one.errors).toEqual([]);
      }
      const server = JSON.stringify(await serverHas(shop));
      for (const secret of ['ramen', 'gyoza', 'Shep']) expect(server).not.toContain(secret);

      // the account met again is a new person
      await b.signIn('u_1');
      await b.sync();
      expect(await ordersHere(b)).toEqual([]);
    },
  );

  it('what of the erased was set aside goes too', async () => {
    const { device } = createFleet({}, (transport) => ({
      ...transport,
      push: async (batch, call) => {
        const good = batch.records.filter(({ kind }) => kind !== 'purchase');
        const { results, serverTime } = await transport.push({ ...batch, records: good }, call);
        const bad = batch.records.filter(({ kind }) => kind === 'purchase');
        const refused = bad.map(({ id }) => ({ id, status: 'rejected', code: 'invalid' }) as const);
        return { results: [...results, ...refused], serverTime };
      },
    }));
    const [a, b] = [device(), device()];
    for (const one of [a, b]) {
      await one.open();
      await one.signIn('u_1');
      await one.sync();
    }
    await a.sync();
    await b.sync();
    await b.buy('web:1', 'ramen');
    await b.sync();
    expect(await b.page.sync.refused()).toHaveLength(1);
    await a.page.rights.forget({ scope: 'everywhere' });
    await a.sync();
    await b.sync();
    expect(await b.page.sync.refused()).toEqual([]);
    expect(await bytesOf(b)).not.toContain('ramen');
  });
});
