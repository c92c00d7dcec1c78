import { describe, expect, it } from 'vitest';
import { SyncFailure } from '../../../src/sync/port.js';
import { createFleet, ordersAt, rest, until } from '../../support/fleet.js';

describe('V24 retries', () => {
  it('after 500 with back-off and jitter, after 429 exactly as told, and then the entry is gone', async () => {
    const { shop, device } = createFleet();
    const one = device();
    await one.open();
    await one.signIn('u_1');
    await one.buy('web:1');
    const failures = [
      new SyncFailure('offline', '500'),
      new SyncFailure('offline', '500'),
      new SyncFailure('wait', '429', { retryAfterMs: 7_000 }),
    ];
    one.line.before = () => {
      const failure = failures.shift();
      if (failure) throw failure;
    };
    await one.sync();
    for (let n = 0; n < 400 && one.page.sync.status().waiting > 0; n++) {
      one.clock.advance(50);
      await rest(5);
    }
    await until(() => one.page.sync.status().state === 'idle');
    const times = one.line.calls.map(({ at }) => at);
    const [first = 0, second = 0, third = 0, fourth = 0] = times;
    expect(second - first).toBeLessThanOrEqual(1_000 + 50);
    expect(third - second).toBeLessThanOrEqual(2_000 + 50);
    expect(fourth - third).toBeGreaterThanOrEqual(7_000);
    expect(fourth - third).toBeLessThanOrEqual(7_050);
    expect(one.page.sync.status()).toMatchObject({ waiting: 0, refused: 0 });
    expect(await ordersAt(shop)).toEqual(['web:1']);
  });

  it('413 halves the batch until it fits; one that fits nowhere is set aside', async () => {
    const sizes: number[] = [];
    const { shop, device } = createFleet({}, (transport) => ({
      ...transport,
      push: (batch, call) => {
        sizes.push(batch.records.length);
        const isHuge = JSON.stringify(batch.records).includes('web:13');
        if (batch.records.length > 10 || isHuge) throw new SyncFailure('too-large', '413');
        return transport.push(batch, call);
      },
    }));
    const one = device();
    await one.open();
    await one.signIn('u_1');
    for (let n = 1; n <= 60; n++) await one.buy(`web:${n}`);
    await one.sync();
    expect(await ordersAt(shop)).toHaveLength(59);
    expect(await one.page.sync.refused()).toMatchObject([{ kind: 'purchase', code: 'too-large' }]);
    // it has learned what fits
    sizes.length = 0;
    for (let n = 61; n <= 90; n++) await one.buy(`web:${n}`);
    await one.sync();
    expect(Math.max(...sizes)).toBeLessThanOrEqual(10);
    expect(await ordersAt(shop)).toHaveLength(89);
  });

  it('a purchase is never dropped for its number of tries', async () => {
    const { shop, device } = createFleet();
    const one = device();
    await one.open();
    await one.signIn('u_1');
    await one.buy('web:1');
    one.line.before = () => {
      throw new SyncFailure('offline', '500');
    };
    for (let n = 0; n < 200; n++) await one.sync();
    one.line.before = () => undefined;
    await one.sync();
    expect(await ordersAt(shop)).toEqual(['web:1']);
  });

  it('a backend that needs a newer version is not asked again by itself', async () => {
    const { device } = createFleet();
    const one = device();
    await one.open();
    await one.signIn('u_1');
    one.line.before = () => {
      throw new SyncFailure('upgrade-required', '426');
    };
    await one.sync();
    expect(one.page.sync.status().state).toBe('upgrade-required');
    const { length } = one.line.calls;
    await one.buy('web:1');
    for (let n = 0; n < 20; n++) {
      one.clock.advance(600_000);
      await rest(3);
    }
    expect(one.line.calls).toHaveLength(length);
    expect(one.page.sync.status().waiting).toBeGreaterThan(0);
  });
});
