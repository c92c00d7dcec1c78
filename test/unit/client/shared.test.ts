import { describe, expect, it } from 'vitest';
import { indexedDbStorage } from '../../../src/adapters/storage/indexed-db.js';
import type { Regulars } from '../../../src/client/types.js';
import type { ProfileRecord } from '../../../src/profile/types.js';
import { createDevice, type Device } from '../../support/device.js';

const order = (
  id: string,
): { readonly id: string; readonly lines: readonly { sku: string }[] } => ({
  id,
  lines: [{ sku: `sku-${id}` }],
});

async function tablet(
  device: Device,
  options: Parameters<Device['page']>[0] = {},
): Promise<Regulars> {
  const page = device.page({ mode: 'shared', ...options });
  await page.start();
  return page;
}

/** Somebody signs in, and wants to be remembered here. */
async function add(page: Regulars, account: string, name: string): Promise<void> {
  await page.recognize({ account }, { verified: ['account'], name });
  expect(await page.rights.consent('remember', 'granted')).toEqual({ kind: 'kept' });
  await page.endVisit();
}

async function family(device: Device): Promise<Regulars> {
  const page = await tablet(device);
  await add(page, 'u1', 'Shep Parker');
  device.clock.advance(1_000);
  await add(page, 'u2', 'Maria Lopez');
  return page;
}

const labels = (page: Regulars): readonly string[] => page.get().people.map(({ label }) => label);
const idOf = (page: Regulars, label: string): string =>
  page.get().people.find((choice) => choice.label === label)?.id ?? '';

/** The records on the disk, by the back door. */
async function recordsOn(): Promise<readonly ProfileRecord[]> {
  const storage = indexedDbStorage();
  await storage.open({ name: 'regulars:blue-door' });
  const rows = await storage.transact('readonly', (tx) => tx.list('records'));
  await storage.close();
  return rows.map(({ value }) => JSON.parse((value as { text: string }).text) as ProfileRecord);
}

describe('a device that several share', () => {
  it('gives nobody’s data along, and forgets nobody everywhere, for a touch on a name', async () => {
    const page = await tablet(createDevice());
    await page.rights.remember({ key: 'name.given', value: 'Maria' });
    await page.rights.remember({ key: 'address', value: '1 Pine St' });
    await page.record(order('web:1'));
    await page.rights.consent('remember', 'granted');
    await page.endVisit();
    await page.choose(idOf(page, 'M***'));
    expect(page.get()).toMatchObject({ level: 'device', customer: { name: 'Maria' } });
    const refused = { code: 'ERR_PROOF_NEEDED' };
    await expect(page.rights.export()).rejects.toMatchObject(refused);
    await expect(page.rights.forget({ scope: 'everywhere' })).rejects.toMatchObject(refused);
    expect(await page.rights.forget({ scope: 'device' })).toMatchObject({ kind: 'forgotten' });
    expect(labels(page)).toEqual([]);
  });

  it('greets nobody by name at start, though somebody was the last, and offers masked choices', async () => {
    const device = createDevice();
    await (await family(device)).stop();
    const page = await tablet(device);
    expect(page.get()).toMatchObject({ level: 'none', customer: null });
    expect(labels(page)).toEqual(['M*** L.', 'S*** P.']);
    expect(JSON.stringify(page.get())).not.toMatch(/Shep|Maria|Parker|Lopez/);
  });

  it('a pick gives the name and the level of a device, and begins a visit of its own', async () => {
    const device = createDevice();
    const page = await family(device);
    const before = page.get().visit;
    expect(await page.choose(idOf(page, 'S*** P.'))).toMatchObject({
      kind: 'found',
      level: 'device',
    });
    expect(page.get()).toMatchObject({ level: 'device', customer: { name: 'Shep Parker' } });
    expect(page.get().visit).not.toBe(before);
    const shep = page.get().visit;
    await page.choose(idOf(page, 'M*** L.'));
    expect(page.get().customer?.name).toBe('Maria Lopez');
    expect(page.get().visit).not.toBe(shep);
    expect(page.reveal('orders')).toMatchObject({ ok: false });
  });

  it("what each of them does never becomes the other's", async () => {
    const device = createDevice();
    const page = await family(device);
    await page.choose(idOf(page, 'S*** P.'));
    page.setContext({ basket: ['shep-cart'] });
    const visit = page.get().visit ?? '';
    expect(await page.record(order('a'))).toEqual({ kind: 'kept' });
    await page.choose(idOf(page, 'M*** L.'));
    expect(await page.record(order('b'))).toEqual({ kind: 'kept' });
    // Shep's payment is answered while Maria is here
    expect(await page.record(order('late'), { visit })).toEqual({ kind: 'kept' });
    const bySubject = new Map<string, string[]>();
    for (const { kind, subject, data } of await recordsOn())
      if (kind === 'purchase')
        bySubject.set(subject, [...(bySubject.get(subject) ?? []), (data as { id: string }).id]);
    expect(new Set([...bySubject.values()].map((ids) => ids.sort().join()))).toEqual(
      new Set(['a,late', 'b']),
    );
    expect(page.get().customer).toMatchObject({ name: 'Maria Lopez', paidVisits: 1 });
  });

  it('a guest who has not agreed leaves nothing, though the storage is open for the family', async () => {
    const device = createDevice();
    const page = await family(device);
    expect(await page.recognize({ email: 'guest@example.com' })).toMatchObject({ kind: 'new' });
    expect(await page.record(order('guest'))).toEqual({ kind: 'held', reason: 'no-consent' });
    expect(await device.bytes()).not.toContain('sku-guest');
    await page.endVisit();
    expect(await device.bytes()).not.toContain('sku-guest');
    expect(page.get().people).toHaveLength(2);
    expect(page.get().level).toBe('none');
  });

  it('a guest who says yes is in the list from then on, with what they did before', async () => {
    const device = createDevice();
    const page = await family(device);
    await page.recognize({ account: 'u3' }, { verified: ['account'], name: 'Ben' });
    await page.record(order('ben'));
    expect(page.get().people).toHaveLength(2);
    await page.rights.consent('remember', 'granted');
    expect(await device.bytes()).toContain('sku-ben');
    await page.endVisit();
    expect(labels(page)).toEqual(['B***', 'M*** L.', 'S*** P.']);
    await page.choose(idOf(page, 'B***'));
    expect(page.get().customer).toMatchObject({ name: 'Ben', paidVisits: 1 });
  });

  it('remembers 20 people; the least recently seen drops out', async () => {
    const device = createDevice();
    const page = await tablet(device);
    for (let i = 0; i < 21; i++) {
      await add(page, `u${i}`, `Person${String.fromCharCode(65 + i)} X`);
      device.clock.advance(1_000);
      if (i === 19) {
        // the first of them comes again
        await page.recognize({ account: 'u0' }, { verified: ['account'] });
        await page.endVisit();
        device.clock.advance(1_000);
      }
    }
    expect(page.get().people).toHaveLength(20);
    const names: string[] = [];
    for (const { id } of page.get().people) {
      await page.choose(id);
      names.push(page.get().customer?.name ?? '');
    }
    expect(names).toContain('PersonA X');
    expect(names).not.toContain('PersonB X');
  });

  it('forgetting one leaves the others', async () => {
    const device = createDevice();
    const page = await family(device);
    await page.choose(idOf(page, 'S*** P.'));
    await page.record(order('shep'));
    await page.rights.forget({ scope: 'device' });
    expect(labels(page)).toEqual(['M*** L.']);
    expect(await device.bytes()).not.toMatch(/Shep|sku-shep/);
    await page.stop();
    const next = await tablet(device);
    expect(labels(next)).toEqual(['M*** L.']);
    await next.choose(idOf(next, 'M*** L.'));
    await next.rights.consent('remember', 'denied');
    expect(labels(next)).toEqual([]);
    expect(await device.databases()).toEqual([]);
    expect(device.localStorage.size).toBe(0);
  });

  it('"not you", the end of a proof and 30 silent minutes lead back to the chooser', async () => {
    const device = createDevice();
    const page = await family(device);
    for (const part of [
      () => page.notMe(),
      () => page.signOut(),
      () => page.endVisit(),
      async () => {
        device.clock.advance(30 * 60_000);
        device.clock.advance(15_000);
        await new Promise((resolve) => setTimeout(resolve, 20));
      },
    ]) {
      await page.choose(idOf(page, 'S*** P.'));
      expect(page.get().customer?.name).toBe('Shep Parker');
      await part();
      expect(page.get()).toMatchObject({ level: 'none', customer: null });
      expect(page.get().people).toHaveLength(2);
    }
  });

  it('another tab goes back to the chooser, and offers whoever was added', async () => {
    const device = createDevice();
    const page = await family(device);
    const other = await tablet(device);
    await other.choose(idOf(other, 'S*** P.'));
    await new Promise((resolve) => setTimeout(resolve, 50));
    await add(page, 'u3', 'Ben');
    await expect.poll(() => labels(other)).toContain('B***');
    expect(other.get().level).toBe('none');
  });

  it('a proof in one tab stands in both; the no that follows wipes, and what comes late is not written', async () => {
    const device = createDevice();
    const one = await family(device);
    const two = await tablet(device);
    const told = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 60));
    await told();
    await two.choose(idOf(two, 'M*** L.'));
    await two.record(order('1'));
    const visit = two.get().visit ?? '';
    await told();
    await one.recognize({ account: 'u2' }, { verified: ['account'] });
    await told();
    for (const page of [one, two])
      expect(page.get()).toMatchObject({ level: 'verified', customer: { name: 'Maria Lopez' } });
    await one.rights.consent('remember', 'denied');
    await expect.poll(() => two.get().customer).toBeNull();
    expect(labels(two)).toEqual(['S*** P.']);
    expect(await two.record(order('2'), { visit })).toEqual({ kind: 'refused', reason: 'erased' });
    expect(await device.bytes()).not.toMatch(/Maria|sku-1|sku-2/);
    expect(await device.bytes()).toContain('Shep');
    await one.stop();
    await two.stop();
  });

  it('a row that something else wrote, and a choice of another page, pick nobody', async () => {
    const device = createDevice();
    const page = await family(device);
    for (const id of ['', '__proto__', 'x'.repeat(10_000), '\ud800'])
      expect(await page.choose(id)).toEqual({ kind: 'blocked', blocked: [] });
    await page.stop();
    const storage = indexedDbStorage();
    await storage.open({ name: 'regulars:blue-door' });
    await storage.transact('readwrite', async (tx) =>
      tx.put('meta', 'people', [
        null,
        1,
        { subject: 3 },
        { subject: 'a', customer: 'b', seenAt: NaN },
      ]),
    );
    await storage.close();
    expect((await tablet(device)).get().people).toEqual([]);
  });

  it('keeps ids and times in the list, and nothing that says who it is', async () => {
    const device = createDevice();
    await (await family(device)).stop();
    const storage = indexedDbStorage();
    await storage.open({ name: 'regulars:blue-door' });
    const row = await storage.transact('readonly', (tx) => tx.get('meta', 'people'));
    await storage.close();
    expect(row).toHaveLength(2);
    for (const entry of row as object[])
      expect(Object.keys(entry).sort()).toEqual(['customer', 'seenAt', 'subject']);
  });

  it('before anybody agrees nothing is opened', async () => {
    const device = createDevice();
    const page = await tablet(device);
    expect(page.get().people).toEqual([]);
    await page.record(order('x'));
    expect(await device.databases()).toEqual([]);
    expect(device.localStorage.size).toBe(0);
  });
});
