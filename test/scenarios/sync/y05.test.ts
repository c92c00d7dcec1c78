import { describe, expect, it } from 'vitest';
import { stampMs } from '../../../src/kernel/stamp.js';
import {
  createFleet,
  NOON,
  ordersAt,
  ordersHere,
  serverHas,
  type FleetDevice,
} from '../../support/fleet.js';

const HOUR_MS = 3_600_000;

const milkOf = async ({ page }: FleetDevice): Promise<unknown> =>
  (await page.rights.known()).facts.find(({ key }) => key === 'milk')?.value;

describe('Y05 clock a day ahead', () => {
  it.each([[24], [2], [-24]])(
    'an edit an hour later on another device wins, and the device stamps by the server from then on (%i h)',
    async (hours) => {
      const { device, shop, serverClock } = createFleet();
      const [fast, good] = [device(), device()];
      fast.clock.setWall(NOON + hours * HOUR_MS);
      for (const one of [fast, good]) {
        await one.open();
        await one.signIn('u_1');
      }
      await fast.page.rights.remember({ key: 'milk', value: 'oat' });
      await fast.sync();
      expect(fast.page.sync.status()).toMatchObject({ state: 'idle', waiting: 0, refused: 0 });
      expect(fast.notices.map(({ code }) => code)).toContain('clock-wrong');
      for (const clock of [serverClock, fast.clock, good.clock]) clock.advance(HOUR_MS);
      await good.sync();
      await good.page.rights.remember({ key: 'milk', value: 'soy' });
      for (const one of [good, fast]) await one.sync();
      expect(await milkOf(fast)).toBe('soy');
      expect(await milkOf(good)).toBe('soy');
      // and what the device says now beats that again, within the server's time
      fast.clock.advance(1_000);
      await fast.page.rights.remember({ key: 'milk', value: 'cow' });
      for (const one of [fast, good]) await one.sync();
      expect(await milkOf(good)).toBe('cow');
      for (const { stamp } of (await serverHas(shop)) as unknown as readonly {
        readonly stamp: string;
      }[])
        expect(stampMs(stamp)).toBeLessThanOrEqual(serverClock.now() + 300_000);
      expect(fast.notices.filter(({ code }) => code === 'clock-wrong')).toHaveLength(1);
    },
  );

  it.each([[1970], [2100]])(
    'a clock that says %i sees what others did, and nothing of it is set aside',
    async (year) => {
      const { device, shop } = createFleet();
      const [wrong, good] = [device(), device()];
      for (const one of [wrong, good]) {
        await one.open();
        await one.signIn('u_1');
        await one.sync();
      }
      // in the middle of a session: the backend's time is known and not asked for again
      wrong.clock.setWall(Date.UTC(year, 0));
      await wrong.buy('web:wrong');
      await good.buy('web:good');
      for (const one of [wrong, good, wrong]) await one.sync();
      expect(wrong.page.sync.status()).toMatchObject({ state: 'idle', waiting: 0, refused: 0 });
      for (const one of [wrong, good])
        expect(await ordersHere(one)).toEqual(['web:good', 'web:wrong']);
      expect([...(await ordersAt(shop))].sort()).toEqual(['web:good', 'web:wrong']);
    },
  );

  it.each([2016, 2040])(
    'what is bought at a clock that says %i is of the day on which it was bought, once the backend was met',
    async (year) => {
      const { device, shop, serverClock } = createFleet();
      const one = device();
      one.clock.setWall(Date.UTC(year, 0));
      await one.open();
      await one.signIn('u_1');
      await one.buy('web:before');
      await one.sync();
      for (const clock of [serverClock, one.clock]) clock.advance(60_000);
      await one.buy('web:after');
      await one.page.refund({ purchase: 'web:after' });
      await one.page.record({ id: 'web:said', at: NOON - HOUR_MS, lines: [{ sku: 'latte' }] });
      await one.sync();
      const times = (await serverHas(shop)).flatMap(({ kind, data }) =>
        kind === 'purchase' || kind === 'refund' ? [(data as { at: number }).at] : [],
      );
      // what was recorded before keeps the time that it was taken for
      expect(times.sort((a, b) => a - b)).toEqual(
        [Date.UTC(year, 0), NOON - HOUR_MS, NOON + 60_000, NOON + 60_000].sort((a, b) => a - b),
      );
    },
  );

  it('a clock that is set back in the middle of a session still lets the next edit stand', async () => {
    const { device } = createFleet();
    const one = device();
    await one.open();
    await one.signIn('u_1');
    await one.page.rights.remember({ key: 'milk', value: 'oat' });
    await one.sync();
    one.clock.setWall(NOON - 2 * HOUR_MS);
    await one.page.rights.remember({ key: 'milk', value: 'soy' });
    expect(await milkOf(one)).toBe('soy');
    await one.sync();
    expect(await milkOf(one)).toBe('soy');
    const other = device();
    await other.open();
    await other.signIn('u_1');
    await other.sync();
    expect(await milkOf(other)).toBe('soy');
  });
});
