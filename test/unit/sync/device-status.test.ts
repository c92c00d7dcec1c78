import { describe, expect, it } from 'vitest';
import { memoryStorage } from '../../../src/adapters/storage/memory.js';
import { enrollDevice, httpTransport } from '../../../src/adapters/transport/http.js';
import { createRegulars } from '../../../src/client/create-regulars.js';
import { syncOver } from '../../../src/client/sync.js';
import { VERSION } from '../../../src/kernel/version.js';
import type { ProfileStorage } from '../../../src/profile/port.js';
import { createSealKeys } from '../../../src/sync/seal.js';
import { createFakeClock, seededRandom, type FakeClock } from '../../../src/testing/fake-clock.js';
import { rest, until } from '../../support/fleet.js';
import { NOW, SHOP, startServer } from '../../support/server.js';
import pack from '../../../package.json' with { type: 'json' };

const HOUR_MS = 3_600_000;

/** A kiosk over the real server, whose network may be cut. */
async function startKiosk() {
  for (const name of ['localStorage', 'indexedDB', 'BroadcastChannel'])
    Reflect.deleteProperty(globalThis, name);
  const { publicKey, privateKey } = await createSealKeys();
  const clock: FakeClock = createFakeClock(NOW);
  const { server } = startServer({
    clock,
    keys: () => ({ key: new Uint8Array(32).fill(7), seal: [privateKey] }),
  });
  const line = { isCut: false, hangs: false, calls: 0 };
  const through = async (...request: ConstructorParameters<typeof Request>): Promise<Response> => {
    if (line.isCut) throw new TypeError('fetch failed');
    if (line.hangs) return new Promise(() => undefined);
    line.calls++;
    try {
      return await server.handle(new Request(...request));
    } finally {
      line.calls--;
    }
  };
  const url = 'https://shop.example/regulars';
  const { devices } = server.shop(SHOP);
  const { code } = await devices.add({ place: 's17' });
  const { key } = await enrollDevice(code, { url, fetch: through });
  const memory = memoryStorage();
  const storage: ProfileStorage = {
    ...memory,
    open: async (options) => ({ ...(await memory.open(options)), kind: 'persistent' }),
  };
  const page = createRegulars({
    ...{ shop: SHOP, mode: 'kiosk', storage, clock, random: seededRandom(9), currency: 'EUR' },
    sealTo: publicKey,
    sync: syncOver(httpTransport({ url, token: () => ({ device: key }), fetch: through })),
  });
  await page.start();
  await until(() => page.get().sync.state !== 'off');
  const pass = async (ms: number): Promise<void> => {
    for (let left = ms; left > 0; left -= 60_000) {
      clock.advance(Math.min(left, 60_000));
      // the disk, then the server, then what came of it
      await rest(15);
      await until(() => line.calls === 0);
      await rest(15);
    }
  };
  return { page, clock, line, devices, pass, storage };
}

describe('what a shop sees of a kiosk', () => {
  it('is that it is there, and of which version, though it has nothing to send', async () => {
    const { page, clock, devices, pass } = await startKiosk();
    await pass(HOUR_MS);
    const [one] = await devices.list();
    expect(one?.version).toBe(pack.version);
    expect(VERSION).toBe(pack.version);
    expect(clock.now() - (one?.seenAt ?? 0)).toBeLessThanOrEqual(5 * 60_000);
    expect(one?.oldestUnsent).toBeUndefined();
    await page.stop();
  });

  it('is when it was seen last while it is offline, and with its next word that nothing waits any more', async () => {
    const { page, clock, line, devices, pass } = await startKiosk();
    await pass(6 * 60_000);
    line.isCut = true;
    const cutAt = clock.now();
    await page.record({ id: 'k1', lines: [{ sku: 'latte' }] });
    await pass(HOUR_MS);
    expect(page.sync.status().waiting).toBe(1);
    const [offline] = await devices.list();
    expect(offline?.seenAt).toBeLessThanOrEqual(cutAt);
    line.isCut = false;
    await pass(5 * 60_000);
    const [back] = await devices.list();
    expect(back?.version).toBe(VERSION);
    expect(back?.seenAt).toBeGreaterThan(cutAt + HOUR_MS);
    expect(back?.oldestUnsent).toBeUndefined();
    expect(page.sync.status()).toMatchObject({ state: 'idle', waiting: 0 });
    await page.stop();
  });

  it('goes on after a word of it that nobody ever answered', async () => {
    const { page, clock, line, devices, pass } = await startKiosk();
    line.hangs = true;
    await pass(6 * 60_000);
    line.hangs = false;
    const from = clock.now();
    await pass(5 * 60_000);
    expect((await devices.list())[0]?.seenAt).toBeGreaterThan(from);
    await page.stop();
  });

  it('is how old the oldest is that it reaches the server with and does not get rid of', async () => {
    const { page, clock, line, devices, pass, storage } = await startKiosk();
    line.isCut = true;
    const at = clock.now();
    await page.record({ id: 'k1', lines: [{ sku: 'latte' }] });
    await pass(10 * 60_000);
    // what was on the disk is damaged: no key opens it any more
    await storage.open({ name: `regulars:${SHOP}` });
    const rows = await storage.transact('readonly', (tx) => tx.list('outbox'));
    await storage.transact('readwrite', async (tx) => {
      for (const { key, value } of rows) tx.put('outbox', key, { ...(value as object), box: 'A' });
    });
    line.isCut = false;
    await page.sync.now();
    expect(page.sync.status()).toMatchObject({ state: 'idle', waiting: 0, refused: 1 });
    await pass(HOUR_MS);
    const [one] = await devices.list();
    expect(one?.oldestUnsent).toBe(at);
    expect(clock.now() - (one?.seenAt ?? 0)).toBeLessThanOrEqual(5 * 60_000);
    const [refused] = await page.sync.refused();
    await page.sync.discard(refused?.id ?? '');
    await pass(5 * 60_000);
    expect((await devices.list())[0]?.oldestUnsent).toBeUndefined();
    await page.stop();
  });
});
