import { describe, expect, it } from 'vitest';
import { indexedDbStorage } from '../../../src/adapters/storage/indexed-db.js';
import type { ProofVerifier } from '../../../src/identity/port.js';
import { sealedOutbox } from '../../../src/client/sealed-outbox.js';
import { openSealed } from '../../../src/server/open-sealed.js';
import { createSealKeys } from '../../../src/sync/seal.js';
import { createDevice, type Device } from '../../support/device.js';
import { SyncFailure } from '../../../src/sync/port.js';
import { syncOver } from '../../../src/client/sync.js';
import { createFleet, NOON, ordersAt, serverHas } from '../../support/fleet.js';

const PHONE = '(425) 555-0100';
const SECRETS = [
  'Shep',
  'shep@example.com',
  '5550100',
  '555-0100',
  '2900000000018',
  'u-shep',
  'k:1',
  'ramen',
];
const order = (
  id: string,
): { readonly id: string; readonly lines: readonly { sku: string }[] } => ({
  id,
  lines: [{ sku: 'ramen' }],
});

/** Takes any token for Shep's: what a real one is checked for is tested with the verifier itself. */
const trusting: ProofVerifier = {
  kind: 'token',
  verify: async (token, now) => ({
    ok: true,
    identifiers: [
      { type: 'account', value: 'u-shep' },
      { type: 'email', value: 'shep@example.com' },
    ],
    name: 'Shep',
    id: token,
    expiresAt: now + 60_000,
  }),
};

/** What the network gets when it returns: order ids, as the backend reads them; settled as it acknowledges. */
async function deliver(privateKey: JsonWebKey): Promise<readonly string[]> {
  const outbox = sealedOutbox({ shop: 'blue-door', storage: indexedDbStorage() });
  const boxes = await outbox.list();
  const ids = new Set<string>();
  for (const { box } of boxes) {
    const opened = await openSealed(box, { shop: 'blue-door', privateKeys: [privateKey] });
    if (opened.kind !== 'opened') throw new Error(opened.reason);
    for (const record of opened.records) if (record.kind === 'purchase') ids.add(record.data.id);
  }
  await outbox.settle(boxes.map(({ key }) => key));
  return [...ids].sort();
}

async function kiosk(device: Device, sealTo: JsonWebKey) {
  const page = device.page({ mode: 'kiosk', sealTo, proofs: [trusting] });
  await page.start();
  await page.recognize({ phone: PHONE, loyalty: '2900000000018' });
  return page;
}

describe('V18 end of visit leaves nothing', () => {
  it.each([['claimed'], ['verified']] as const)(
    'of somebody %s with two unsent orders; both are delivered exactly once',
    async (level) => {
      const { publicKey, privateKey } = await createSealKeys();
      const device = createDevice();
      const page = await kiosk(device, publicKey);
      if (level === 'verified') await page.verify({ token: 'signed' });
      expect(page.get().level).toBe(level);
      await page.rights.remember({ key: 'name.given', value: 'Shep' });
      const customer = page.get().customer?.id ?? 'no id at a kiosk';
      expect(await page.record(order('k:1'))).toEqual({ kind: 'kept' });
      expect(await page.record(order('k:2'))).toEqual({ kind: 'kept' });
      await page.endVisit();

      const audit = await page.rights.audit();
      const found = [
        await device.bytes(),
        JSON.stringify(page.get()),
        JSON.stringify(audit),
      ].join();
      for (const secret of [...SECRETS, customer]) expect(found).not.toContain(secret);
      expect(audit.entries.filter((entry) => entry.of === 'customer')).toEqual([]);
      expect(await deliver(privateKey)).toEqual(['k:1', 'k:2']);
      expect(await deliver(privateKey)).toEqual([]);
      expect(await page.rights.audit()).toMatchObject({ bytes: { customer: 0 } });
    },
  );

  it('so after a power cut in the middle of the visit: the next start shows nobody, the orders are there', async () => {
    const { publicKey, privateKey } = await createSealKeys();
    const device = createDevice();
    const page = await kiosk(device, publicKey);
    await page.record(order('k:1'));
    // no endVisit, no stop: the plug was pulled
    const next = device.page({ mode: 'kiosk', sealTo: publicKey });
    await next.start();
    expect(next.get()).toMatchObject({ level: 'none', customer: null, visit: null });
    expect((await next.rights.audit()).bytes.customer).toBe(0);
    for (const secret of SECRETS) expect(await device.bytes()).not.toContain(secret);
    expect(await deliver(privateKey)).toEqual(['k:1']);
  });

  it('a payment that is answered after the wipe belongs to the verified guest it came from, and stays unreadable here', async () => {
    const { publicKey, privateKey } = await createSealKeys();
    const device = createDevice();
    const page = await kiosk(device, publicKey);
    await page.verify({ token: 'signed' });
    const visit = page.get().visit ?? '';
    await page.endVisit();
    await page.recognize({ phone: '(425) 555-0177' });
    expect(await page.record(order('k:1'), { visit })).toEqual({ kind: 'kept' });
    expect(JSON.stringify(page.get())).not.toMatch(/Shep|ramen/);
    await page.endVisit();
    for (const secret of SECRETS) expect(await device.bytes()).not.toContain(secret);
    expect(await deliver(privateKey)).toEqual(['k:1']);
  });

  it('the sync of a kiosk brings both orders to the backend when the network is back, exactly once, and pulls nothing', async () => {
    const { publicKey, privateKey } = await createSealKeys();
    const { shop, device } = createFleet({ seal: [privateKey] });
    const transport = shop.transport({ scope: 'device', device: 'kiosk-1' });
    const calls: string[] = [];
    let offline = true;
    const kiosk = device({
      mode: 'kiosk',
      sealTo: publicKey,
      sync: syncOver({
        ...transport,
        push: async (batch, call) => {
          calls.push('push');
          if (offline) throw new SyncFailure('offline', 'no network');
          return transport.push(batch, call);
        },
        pull: () => {
          calls.push('pull');
          throw new Error('a kiosk pulls nothing');
        },
      }),
    });
    await kiosk.open();
    // its clock is wrong, too
    kiosk.clock.setWall(NOON + 26 * 3_600_000);
    await kiosk.page.recognize({ phone: PHONE });
    await kiosk.buy('k:1', 'ramen');
    await kiosk.buy('k:2', 'ramen');
    await kiosk.page.endVisit();
    await kiosk.sync();
    expect(kiosk.page.sync.status()).toMatchObject({ state: 'offline', waiting: 2 });
    const bytes = await kiosk.storage
      .open({ name: 'regulars:blue-door' })
      .then(() =>
        kiosk.storage.transact('readonly', async (tx) =>
          JSON.stringify(
            await Promise.all(
              (['cards', 'tokens', 'records', 'outbox', 'meta'] as const).map((store) =>
                tx.list(store),
              ),
            ),
          ),
        ),
      );
    for (const secret of SECRETS) expect(bytes).not.toContain(secret);

    offline = false;
    for (let n = 0; n < 2; n++) await kiosk.sync();
    expect(kiosk.page.sync.status()).toMatchObject({ state: 'idle', waiting: 0, refused: 0 });
    expect([...(await ordersAt(shop))].sort()).toEqual(['k:1', 'k:2']);
    const links = (await serverHas(shop)).filter(({ kind }) => kind === 'link');
    expect(JSON.stringify(links)).not.toContain('5550100');
    expect(calls).not.toContain('pull');
    expect(kiosk.errors).toEqual([]);
  });
});
