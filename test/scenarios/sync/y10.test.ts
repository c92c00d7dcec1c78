import { describe, expect, it } from 'vitest';
import { SyncFailure } from '../../../src/sync/port.js';
import { createFleet, ordersAt, ordersHere } from '../../support/fleet.js';

describe('Y10 cursor too old', () => {
  it('the device takes a snapshot, keeps and sends what it had waiting, and no erased customer comes back', async () => {
    const { shop, device } = createFleet();
    const [a, b] = [device(), device()];
    for (const one of [a, b]) {
      await one.open();
      await one.signIn('u_1');
    }
    for (let n = 1; n <= 5; n++) await a.buy(`web:${n}`);
    for (const one of [a, b, a]) await one.sync();
    b.line.before = () => {
      throw new SyncFailure('offline', 'away');
    };
    await b.buy('web:20');
    await b.page.rights.remember({ key: 'milk', value: 'oat' });
    await a.buy('web:6');
    await a.sync();
    await shop.renew();

    b.line.before = () => undefined;
    b.line.calls.length = 0;
    await b.sync();
    expect(b.line.calls.map(({ call }) => call)).toContain('snapshot');
    expect(b.page.sync.status()).toMatchObject({ state: 'idle', waiting: 0, refused: 0 });
    await a.sync();
    for (const one of [a, b]) {
      const known = await one.page.rights.known();
      expect(await ordersHere(one)).toEqual([
        'web:1',
        'web:2',
        'web:20',
        'web:3',
        'web:4',
        'web:5',
        'web:6',
      ]);
      expect(known.facts.map(({ key }) => key)).toEqual(['milk']);
      expect(one.errors).toEqual([]);
    }
    expect((await ordersAt(shop)).length).toBe(7);

    // erased while its cursor became useless
    b.line.before = () => {
      throw new SyncFailure('offline', 'away');
    };
    await b.buy('web:21');
    await a.page.rights.forget({ scope: 'everywhere' });
    await a.sync();
    await shop.renew();
    b.line.before = () => undefined;
    await b.sync();
    expect(b.page.get().customer).toBeNull();
    expect(await ordersAt(shop)).toEqual([]);
  });

  it('a backend without snapshots is pulled from the beginning', async () => {
    const { shop, device } = createFleet({}, ({ snapshot: _, ...transport }) => transport);
    const [a, b] = [device(), device()];
    for (const one of [a, b]) {
      await one.open();
      await one.signIn('u_1');
    }
    for (let n = 1; n <= 5; n++) await a.buy(`web:${n}`);
    for (const one of [a, b, a]) await one.sync();
    await shop.renew();
    await a.buy('web:6');
    for (const one of [a, b]) await one.sync();
    expect(await ordersHere(b)).toHaveLength(6);
    expect(b.page.sync.status()).toMatchObject({ state: 'idle' });
  });

  it('a backend that asks for a snapshot for ever is not asked for ever', async () => {
    const { device } = createFleet({}, (transport) => ({
      ...transport,
      pull: () => Promise.resolve({ resync: 'epoch' }),
    }));
    const one = device();
    await one.open();
    await one.signIn('u_1');
    await one.sync();
    expect(one.page.sync.status().state).toBe('waiting');
    expect(one.line.calls.filter(({ call }) => call === 'pull').length).toBeLessThan(5);
  });
});
