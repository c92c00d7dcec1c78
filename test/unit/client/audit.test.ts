import { describe, expect, it } from 'vitest';
import type { Audit, AuditEntry } from '../../../src/client/types.js';
import { createSealKeys } from '../../../src/sync/seal.js';
import { createDevice, rows } from '../../support/device.js';

const ORDER = { id: 'web:1', lines: [{ sku: 'house', name: 'House Blend' }] };
const of = (audit: Audit, whose: AuditEntry['of']): readonly string[] =>
  audit.entries
    .filter((entry) => entry.of === whose)
    .map(({ place, store, what }) => [place, store, what].filter(Boolean).join('/'));

describe('audit', () => {
  it('lists every store with its rows and bytes, by whose they are, and shows none of it', async () => {
    const device = createDevice();
    const page = device.page({ consent: { remember: 'granted' } });
    await page.start();
    await page.recognize(
      { account: 'u1', email: 'shep@example.com' },
      { verified: ['account', 'email'], name: 'Shep' },
    );
    await page.record(ORDER);
    const audit = await page.rights.audit();
    expect(of(audit, 'customer')).toEqual(
      expect.arrayContaining([
        'storage/cards/card',
        'storage/tokens/identifier',
        'storage/records/purchase',
        'storage/records/link',
        'storage/outbox/waiting',
        'page/card',
        'page/person',
        'page/identifiers',
      ]),
    );
    expect(audit.entries.find(({ what }) => what === 'link')).toMatchObject({ rows: 2 });
    for (const { rows: count, bytes } of audit.entries) {
      expect(count).toBeGreaterThan(0);
      expect(bytes).toBeGreaterThan(0);
    }
    const sum = audit.entries.reduce((all, { bytes }) => all + bytes, 0);
    expect(audit.bytes.customer + audit.bytes.shop + audit.bytes.device).toBe(sum);
    expect(audit.complete).toBe(true);
    expect(JSON.stringify(audit)).not.toMatch(/Shep|example\.com|House/);
  });

  it('a corrupt record is set aside, kept, readable here, and harms no other (V06)', async () => {
    const device = createDevice();
    const page = device.page({ consent: { remember: 'granted' } });
    await page.start();
    await page.record(ORDER);
    await page.record({ ...ORDER, id: 'web:2' });
    await page.stop();
    let first = true;
    await rows('regulars:blue-door', 'records', (value) => {
      const damaged = first ? { ...(value as object), text: 'damaged words' } : value;
      first = false;
      return damaged;
    });
    const again = device.page({ consent: { remember: 'granted' } });
    await again.start();
    const { setAside } = await again.rights.audit();
    expect(setAside).toMatchObject([{ store: 'records', why: 'damaged' }]);
    expect(setAside[0]?.text).toContain('damaged words');
    expect((await again.rights.audit()).setAside).toHaveLength(1);
  });

  it('opens nothing that nobody has agreed to, and says that it has not looked', async () => {
    const device = createDevice();
    const page = device.page();
    await page.start();
    await page.record(ORDER);
    const before = await page.rights.audit();
    expect(before.complete).toBe(true);
    expect(of(before, 'customer')).toContain('memory/records/purchase');
    expect(await device.databases()).toEqual([]);

    const owner = device.page({ consent: { remember: 'granted' } });
    await owner.start();
    await owner.record(ORDER);
    await owner.stop();
    device.localStorage.clear();
    const stranger = device.page();
    await stranger.start();
    const audit = await stranger.rights.audit();
    expect(audit.complete).toBe(false);
    expect(audit.entries.some(({ place }) => place === 'storage')).toBe(false);
  });

  it("after endVisit a kiosk holds nothing of the visitor; sealed boxes are the shop's", async () => {
    const { publicKey } = await createSealKeys();
    const device = createDevice();
    const kiosk = device.page({ mode: 'kiosk', sealTo: publicKey });
    await kiosk.start();
    const untouched = of(await kiosk.rights.audit(), 'customer');
    expect(untouched).toEqual([]);
    await kiosk.recognize({ phone: '(425) 555-0100' });
    await kiosk.rights.remember({ key: 'name.given', value: 'Shep' });
    kiosk.setContext({ basket: ['ramen'], table: '7' });
    await kiosk.record({ id: 'k:1', lines: [{ sku: 'ramen' }] });
    expect(of(await kiosk.rights.audit(), 'customer')).toEqual(
      expect.arrayContaining(['page/person', 'page/basket', 'memory/records/purchase']),
    );
    await kiosk.endVisit();
    const audit = await kiosk.rights.audit();
    expect(of(audit, 'customer')).toEqual([]);
    expect(audit.bytes.customer).toBe(0);
    expect(of(audit, 'shop')).toContain('storage/outbox/sealed');
    expect(device.errors).toEqual([]);
  });

  it('works before start, and where storage is blocked', async () => {
    const device = createDevice();
    Object.defineProperty(globalThis, 'localStorage', {
      configurable: true,
      get: () => {
        throw new Error('SecurityError');
      },
    });
    const audit = await device.page().rights.audit();
    expect(audit.bytes.customer).toBe(0);
    expect(audit.foreign).toEqual({ localStorage: 0, sessionStorage: 0, cookies: 0, caches: 0 });
  });
});
