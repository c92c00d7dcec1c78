import { describe, expect, it } from 'vitest';
import { SyncFailure } from '../../../src/sync/port.js';
import { createFleet, ordersAt, rest, until } from '../../support/fleet.js';

describe('Y12 token expired', () => {
  it('refused twice by the transport: needs-auth, nothing waiting is lost, and there is no request loop', async () => {
    const { shop, device } = createFleet();
    const one = device();
    await one.open();
    await one.signIn('u_1');
    await one.buy('web:1');
    one.account = undefined;
    await one.sync();
    expect(one.page.sync.status()).toMatchObject({ state: 'needs-auth', waiting: 2 });
    const { length } = one.line.calls;
    for (let hour = 0; hour < 24; hour++) {
      one.clock.advance(3_600_000);
      await rest(3);
    }
    await one.buy('web:2');
    one.clock.advance(1_000);
    await rest();
    expect(one.line.calls).toHaveLength(length);

    one.account = 'u_1';
    await one.signIn('u_1');
    one.clock.advance(1_000);
    await until(() => one.page.sync.status().waiting === 0);
    expect(await ordersAt(shop)).toEqual(['web:1', 'web:2']);
  });
});

describe('Y13 told to wait', () => {
  it('what was put off is tried again by itself, where a timer ends before its time by the clock too', async () => {
    const { shop, device } = createFleet();
    const one = device();
    // browsers and Node drop parts of a millisecond, and refuse what is longer than 24 days
    const { after } = one.clock;
    const clock = {
      ...one.clock,
      after: (ms: number, act: () => void) =>
        after(ms > 2 ** 31 - 1 ? 1 : ms > 5 ? Math.floor(ms) - 1 : ms, act),
    };
    const two = device({ clock, storage: one.storage });
    await two.open();
    await two.signIn('u_1');
    for (const retryAfterMs of [undefined, 7_000.7, 99_999_999_999]) {
      await two.buy(`web:${String(retryAfterMs)}`);
      two.line.before = () => {
        throw new SyncFailure('wait', '429', retryAfterMs === undefined ? {} : { retryAfterMs });
      };
      await two.sync();
      two.line.before = () => undefined;
      two.line.calls.length = 0;
      one.clock.advance(10_000);
      await rest();
      if (retryAfterMs === 99_999_999_999) expect(two.line.calls).toEqual([]);
      else await until(() => two.page.sync.status().waiting === 0);
    }
    expect(await ordersAt(shop)).toHaveLength(2);
  });

  it('no request is made for the 7 s that were told, whatever happens meanwhile', async () => {
    const { device } = createFleet();
    const one = device();
    await one.open();
    await one.signIn('u_1');
    one.line.before = () => {
      throw new SyncFailure('wait', '429', { retryAfterMs: 7_000 });
    };
    await one.sync();
    expect(one.page.sync.status()).toMatchObject({
      state: 'waiting',
      until: one.clock.now() + 7_000,
    });
    const since = one.clock.elapsed();
    one.line.before = () => undefined;
    one.line.calls.length = 0;
    for (let step = 0; step < 13; step++) {
      await one.buy(`web:${step}`);
      one.clock.advance(500);
      await one.sync();
    }
    expect(one.line.calls).toEqual([]);
    one.clock.advance(500);
    await until(() => one.page.sync.status().state === 'idle');
    expect(one.line.calls[0]?.at).toBe(since + 7_000);
  });

  it('to wait for no time at all is to wait like after any failure', async () => {
    const { device } = createFleet();
    const one = device();
    await one.open();
    await one.signIn('u_1');
    one.line.before = () => {
      throw new SyncFailure('wait', '503', { retryAfterMs: 0 });
    };
    await one.sync();
    for (let second = 0; second < 600; second++) {
      one.clock.advance(1_000);
      await rest(3);
    }
    expect(one.line.calls.length).toBeGreaterThan(5);
    expect(one.line.calls.length).toBeLessThan(40);
  });

  it('without a time waits grow with jitter up to a cap, and two that failed together part', async () => {
    const { device } = createFleet();
    const waits: number[][] = [];
    for (const one of [device(), device()]) {
      await one.open();
      await one.signIn('u_1');
      one.line.before = () => {
        throw new SyncFailure('wait', '503');
      };
      await one.sync();
      for (let n = 0; n < 2_400; n++) {
        one.clock.advance(1_000);
        await rest(3);
      }
      const times = one.line.calls.map(({ at }) => at);
      waits.push(times.slice(1).map((at, n) => at - (times[n] ?? 0)));
    }
    const [first = [], second = []] = waits;
    expect(first.slice(0, 5)).not.toEqual(second.slice(0, 5));
    for (const list of waits) {
      expect(list.length).toBeGreaterThan(5);
      // a second more, as finely as time passes here
      list.forEach((wait, n) =>
        expect(wait).toBeLessThanOrEqual(Math.min(300_000, 1_000 * 2 ** n) + 1_000),
      );
      expect(Math.max(...list)).toBeGreaterThan(60_000);
    }
  });
});
