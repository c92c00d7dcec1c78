import { describe, expect, it } from 'vitest';
import { importPurchases } from '../../../src/client/import-purchases.js';
import { createRegulars } from '../../../src/client/create-regulars.js';
import { syncOver } from '../../../src/client/sync.js';
import type { LinkClaim, SentRecord } from '../../../src/sync/port.js';
import { createSealKeys } from '../../../src/sync/seal.js';
import { createFleet, ordersHere, serverHas, type FleetDevice } from '../../support/fleet.js';

const sent = ({ line }: FleetDevice): readonly SentRecord[] =>
  line.calls.flatMap(({ records }) => records);

async function buyer(device: FleetDevice): Promise<void> {
  await device.open();
  device.account = 'u_1';
  await device.page.recognize(
    { account: 'u_1', phone: '+1 425 555 0100' },
    { verified: ['account', 'phone'] },
  );
  await device.buy('web:1');
  await device.sync();
}

describe('what identifies a customer, over the wire', () => {
  it('is the account in the clear and the rest sealed; no token and no number leaves the device', async () => {
    const { publicKey, privateKey } = await createSealKeys();
    const { shop, device } = createFleet({ seal: [privateKey] });
    const one = device({ sealTo: publicKey });
    await buyer(one);
    const links = sent(one).filter(({ kind }) => kind === 'link');
    expect(links.map((link) => Object.keys((link as LinkClaim).data.identifier))).toEqual([
      ['account'],
      ['sealed'],
    ]);
    const text = JSON.stringify(sent(one));
    expect(text).not.toContain('"token"');
    expect(text).not.toContain('5550100');
    expect(one.page.sync.status()).toMatchObject({ state: 'idle', waiting: 0, refused: 0 });
    // the server has made links of its own, which come back and count for the same
    const theirs = (await serverHas(shop)).filter(({ kind }) => kind === 'link');
    expect(theirs.map(({ data }) => (data as { type: string }).type).sort()).toEqual([
      'account',
      'phone',
    ]);
    expect(one.page.get().customer?.paidVisits).toBe(1);

    const disk = await one.storage.transact('readonly', async (tx) => {
      const stores = ['cards', 'tokens', 'records', 'outbox', 'meta'] as const;
      return JSON.stringify(await Promise.all(stores.map((store) => tx.list(store))));
    });
    for (const raw of ['5550100', 'u_1']) expect(disk).not.toContain(raw);
  });

  it('is the account alone where there is no key to seal to', async () => {
    const { shop, device } = createFleet();
    const one = device();
    await buyer(one);
    expect(sent(one).filter(({ kind }) => kind === 'link')).toHaveLength(1);
    expect(JSON.stringify(await serverHas(shop))).not.toContain('"phone"');
    expect(one.page.sync.status()).toMatchObject({ state: 'idle', waiting: 0, refused: 0 });
  });

  it('joins two devices on both of them, and a link taken back on one is taken back on the other', async () => {
    const { device } = createFleet();
    const [a, b] = [device(), device()];
    for (const [n, one] of [a, b].entries()) {
      await one.open();
      await one.signIn('u_1');
      await one.buy(`web:${n}`);
    }
    for (const one of [a, b, a]) await one.sync();
    expect(a.page.get().customer?.id).toBe(b.page.get().customer?.id);
    for (const one of [a, b]) {
      const cards = await one.storage.transact('readonly', (tx) => tx.list('cards'));
      expect(cards).toHaveLength(1);
      // signing in again changes nothing
      await one.signIn('u_1');
      await one.sync();
      expect(one.page.sync.status()).toMatchObject({ waiting: 0, refused: 0 });
    }
  });

  it('is sealed of whoever is imported at a till, so that they find their orders on their own device', async () => {
    const { publicKey, privateKey } = await createSealKeys();
    const { shop, device } = createFleet({ seal: [privateKey] });
    const till = device(); // for its disk
    await till.storage.open({ name: 'regulars:blue-door' });
    const orders = ['a', 'b', 'a'].map((who, n) => ({
      id: `pos-${n}`,
      at: '2026-03-01T08:00:00Z',
      lines: [{ sku: 'latte' }],
      customer: {
        ids: [
          { kind: 'phone', value: who === 'a' ? '+14255550100' : '+14255550111' },
          { kind: 'external', value: `u_${who}` },
        ],
      },
    }));
    const options = { shop: 'blue-door', region: 'US', currency: 'EUR', clock: till.clock };
    const imported = { appended: 3, newCustomers: 2 };
    expect(
      await importPurchases(till.storage, orders, { ...options, sealTo: publicKey }),
    ).toMatchObject(imported);
    const rows = await till.storage.transact('readonly', (tx) => tx.list('outbox'));
    for (const raw of ['5550100', 'u_a']) expect(JSON.stringify(rows)).not.toContain(raw);

    const page = createRegulars({
      ...{ shop: 'blue-door', mode: 'staff', storage: till.storage, clock: till.clock },
      sync: syncOver(shop.transport({ scope: 'staff', role: 'till' })),
    });
    await page.start();
    await page.sync.now();
    expect(page.sync.status()).toMatchObject({ state: 'idle', waiting: 0, refused: 0 });
    await page.stop();

    const own = device();
    await own.open();
    await own.signIn('u_a');
    await own.sync();
    expect(await ordersHere(own)).toEqual(['pos-0', 'pos-2']);
  });

  it('stays at a till that imports without a key', async () => {
    const { device } = createFleet();
    const { storage, clock } = device();
    await storage.open({ name: 'regulars:blue-door' });
    const customer = { ids: [{ kind: 'phone', value: '+14255550100' }] };
    const order = { id: 'pos:1', at: '2026-03-01T08:00:00Z', lines: [{ sku: 'latte' }], customer };
    await importPurchases(storage, [order], { shop: 'blue-door', currency: 'EUR', clock });
    const rows = await storage.transact('readonly', (tx) => tx.list('outbox'));
    expect(rows.map(({ value }) => typeof value)).toEqual(['string', 'string']);
  });
});
