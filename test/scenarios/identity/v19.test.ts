import { describe, expect, it } from 'vitest';
import type { Regulars } from '../../../src/client/types.js';
import { createDevice, type Device } from '../../support/device.js';

const EVENTS = ['idle-warning', 'idle-cancelled', 'visit-ending', 'visit-ended'] as const;
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

async function kioskOf(
  device: Device,
  options: Parameters<Device['page']>[0] = {},
): Promise<{ readonly kiosk: Regulars; readonly heard: string[] }> {
  const kiosk = device.page({ mode: 'kiosk', ...options });
  const heard: string[] = [];
  for (const event of EVENTS) kiosk.on(event, () => heard.push(event));
  await kiosk.start();
  return { kiosk, heard };
}

describe('V19 idle', () => {
  it('warns once after 45 s, not a moment earlier, and ends the visit once 15 s later', async () => {
    const device = createDevice();
    const { kiosk, heard } = await kioskOf(device);
    kiosk.keepAlive();
    device.clock.advance(44_999);
    expect(heard).toEqual([]);
    device.clock.advance(1);
    expect(heard).toEqual(['idle-warning']);
    expect(kiosk.get().endsAt).toBe(device.clock.now() + 15_000);
    device.clock.advance(14_999);
    expect(heard).toEqual(['idle-warning']);
    device.clock.advance(1);
    await settle();
    device.clock.advance(3_600_000);
    await settle();
    expect(heard).toEqual(['idle-warning', 'visit-ending', 'visit-ended']);
    expect(kiosk.get()).toMatchObject({ visit: null, endsAt: null, level: 'none' });
  });

  it.each([
    ['keepAlive', (kiosk: Regulars) => kiosk.keepAlive()],
    ['a scan', (kiosk: Regulars) => void kiosk.recognize({ loyalty: '2900000000018' })],
    ['a filled cart', (kiosk: Regulars) => kiosk.setContext({ basket: ['ramen'] })],
    ['an order', (kiosk: Regulars) => void kiosk.record({ id: 'k:1', lines: [{ sku: 'ramen' }] })],
  ])('%s within the 15 s cancels the end', async (_name, act) => {
    const device = createDevice();
    const { kiosk, heard } = await kioskOf(device);
    kiosk.keepAlive();
    device.clock.advance(59_999);
    act(kiosk);
    await settle();
    expect(heard).toEqual(['idle-warning', 'idle-cancelled']);
    device.clock.advance(44_999);
    expect(heard).toHaveLength(2);
    expect(kiosk.get().visit).not.toBeNull();
  });

  it('a keepAlive every 20 s for 10 minutes never warns', async () => {
    const device = createDevice();
    const { kiosk, heard } = await kioskOf(device);
    for (let at = 0; at <= 600_000; at += 20_000) {
      kiosk.keepAlive();
      device.clock.advance(20_000);
    }
    expect(heard).toEqual([]);
  });

  it('nobody is there before the first touch: an untouched screen never warns', async () => {
    const device = createDevice();
    const { heard } = await kioskOf(device);
    device.clock.advance(3_600_000);
    expect(heard).toEqual([]);
  });

  it('holds may lie within each other: the watch begins anew when the last one settles', async () => {
    const device = createDevice();
    const { kiosk, heard } = await kioskOf(device);
    const settled: (() => void)[] = [];
    const pending = (): Promise<void> => new Promise<void>((resolve) => settled.push(resolve));
    kiosk.hold(pending());
    device.clock.advance(40_000);
    kiosk.hold(pending());
    device.clock.advance(120_000);
    settled[0]?.();
    await settle();
    device.clock.advance(120_000);
    expect(heard).toEqual([]);
    settled[1]?.();
    await settle();
    device.clock.advance(44_999);
    expect(heard).toEqual([]);
    device.clock.advance(1);
    expect(heard).toEqual(['idle-warning']);
  });

  it('a hold that fails lets go like one that succeeds', async () => {
    const device = createDevice();
    const { kiosk, heard } = await kioskOf(device);
    kiosk.hold(Promise.reject(new Error('card refused')));
    await settle();
    device.clock.advance(45_000);
    expect(heard).toEqual(['idle-warning']);
  });

  it('a hold that never settles holds for 30 minutes without activity, then the guest is asked', async () => {
    const device = createDevice();
    const { kiosk, heard } = await kioskOf(device);
    kiosk.hold(new Promise(() => undefined));
    device.clock.advance(30 * 60_000 - 1);
    expect(heard).toEqual([]);
    device.clock.advance(1);
    expect(heard).toEqual(['idle-warning']);
    device.clock.advance(15_000);
    await settle();
    expect(heard).toEqual(['idle-warning', 'visit-ending', 'visit-ended']);
  });

  it('a hold of one visit does not hold the next', async () => {
    const device = createDevice();
    const { kiosk, heard } = await kioskOf(device);
    kiosk.hold(new Promise(() => undefined));
    await kiosk.endVisit();
    kiosk.keepAlive();
    device.clock.advance(45_000);
    expect(heard).toEqual(['visit-ending', 'visit-ended', 'idle-warning']);
  });

  it('whoever acts while the visit ends does not keep it, and begins the next one afterwards', async () => {
    const device = createDevice();
    const { kiosk, heard } = await kioskOf(device);
    kiosk.on('visit-ending', ({ waitUntil }) => waitUntil(new Promise(() => undefined)));
    kiosk.keepAlive();
    const first = kiosk.get().visit;
    const ending = kiosk.endVisit();
    await settle();
    kiosk.keepAlive();
    device.clock.advance(2_000);
    await ending;
    expect(heard).toEqual(['visit-ending', 'visit-ended']);
    device.clock.advance(600_000);
    expect(heard).toEqual(['visit-ending', 'visit-ended']);
    kiosk.keepAlive();
    expect(kiosk.get().visit).not.toBe(first);
  });

  it("times are the host's to choose, and a clock that is set back changes nothing", async () => {
    const device = createDevice();
    const { kiosk, heard } = await kioskOf(device, {
      idle: { warnAfterMs: 1_000, endAfterMs: 500 },
    });
    kiosk.keepAlive();
    device.clock.setWall(0);
    device.clock.advance(1_000);
    device.clock.advance(500);
    await settle();
    expect(heard).toEqual(['idle-warning', 'visit-ending', 'visit-ended']);
  });

  it('a screen in the hands of one person, or of the staff, is not watched', async () => {
    for (const mode of ['storefront', 'staff'] as const) {
      const device = createDevice();
      const { kiosk, heard } = await kioskOf(device, { mode });
      kiosk.keepAlive();
      device.clock.advance(29 * 60_000);
      await settle();
      expect(heard).toEqual([]);
    }
  });
});
