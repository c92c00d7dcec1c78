import { describe, expect, it } from 'vitest';
import type { CustomerExport, Regulars } from '../../../src/client/types.js';
import { createDevice } from '../../support/device.js';

/** A page whose customer said yes, with three orders, a fact and a dismissal. */
async function regular(): Promise<{
  readonly device: ReturnType<typeof createDevice>;
  readonly page: Regulars;
}> {
  const device = createDevice();
  const page = device.page();
  await page.start();
  await page.rights.consent('remember', 'granted');
  for (const id of ['1', '2', '3']) {
    await page.record({ id: `web:${id}`, lines: [{ sku: 'latte', name: 'Latte' }] });
    device.clock.advance(86_400_000);
  }
  await page.rights.remember({ key: 'name.given', value: 'Shep' });
  return { device, page };
}

const derived = (page: Regulars): Promise<unknown> =>
  page.rights.known().then(({ purchases, paidVisits, facts, items }) => ({
    ...{ purchases, paidVisits, items },
    facts: facts.map(({ key, value }) => [key, value]),
  }));

describe('bringing an export along', () => {
  it('after being forgotten: everything is back under the person who is here now, once', async () => {
    const { page } = await regular();
    const before = await derived(page);
    const taken = await page.rights.export();
    const was = page.get().customer?.id;
    await page.rights.forget({ scope: 'device' });
    await page.rights.consent('remember', 'granted');
    const told: unknown[] = [];
    const outcome = await page.rights.import(JSON.stringify(taken), {
      onProgress: (progress) => told.push(progress),
    });
    // all but the yes to be remembered
    const records = taken.records.length - 1;
    expect(outcome).toEqual({ kind: 'imported', records, duplicates: 0, skipped: 1 });
    expect(told.at(-1)).toEqual({ done: records, total: records });
    expect(await derived(page)).toEqual(before);
    expect(page.get().customer?.id).not.toBe(was);
    for (const source of [taken, JSON.stringify(taken), new Blob([JSON.stringify(taken)])])
      expect(await page.rights.import(source)).toMatchObject({ records: 0, duplicates: records });
    expect(await derived(page)).toEqual(before);
    await page.stop();
  });

  it('where it was made adds nothing', async () => {
    const { page } = await regular();
    const { length } = (await page.rights.export()).records;
    const outcome = await page.rights.import(await page.rights.export());
    expect(outcome).toMatchObject({ kind: 'imported', records: 0, duplicates: length - 1 });
    expect((await page.rights.export()).records).toHaveLength(length);
    await page.stop();
  });

  it('is held in memory before a yes, and kept with it', async () => {
    const { page } = await regular();
    const taken = await page.rights.export();
    await page.stop();
    const device = createDevice();
    const other = device.page();
    await other.start();
    const records = taken.records.length - 1;
    expect(await other.rights.import(taken)).toMatchObject({ kind: 'imported', records });
    expect(await device.databases()).toEqual([]);
    await other.rights.consent('remember', 'granted');
    expect(await device.bytes()).toContain('web:2');
    await other.stop();
  });

  it('brings neither identity nor consent nor an erasure, whatever the file says', async () => {
    const { page } = await regular();
    const taken = await page.rights.export();
    const [one] = taken.records;
    const forged = (kind: string, data: unknown, id = kind): unknown => ({
      ...one,
      id,
      kind,
      data,
    });
    const link = { type: 'account', token: 'x', level: 'verified', method: 'host', at: 1 };
    const records = [
      forged('link', link),
      forged('unlink', { link: 'x' }),
      forged('consent', { purpose: 'health', answer: 'granted', at: 1, replaces: [] }),
      forged('erasure', { at: 1, subjects: [], purchases: [] }),
      forged('attestation', { at: 1, staff: 'a', method: 'b' }),
      forged('access', { at: 1, staff: 'a', fields: [] }),
      forged('wish', {}),
      { ...one, shop: 'red-door' },
      { ...one, id: 'far', stamp: 'ffffffffffff-ffff-ffffffff' },
      null,
      { __proto__: null },
    ] as unknown as CustomerExport['records'];
    const before = await derived(page);
    const outcome = await page.rights.import({ ...taken, records });
    expect(outcome).toEqual({ kind: 'imported', records: 0, duplicates: 0, skipped: 11 });
    expect(await derived(page)).toEqual(before);
    expect(page.get().consent.health).toBe('ask');
    await page.stop();
  });

  it.each([
    ['text', 'hello'],
    ['a truncated file', '{"format":"regulars-export","version":1,"sho'],
    ['another format', '{"format":"regulars-storage","version":1,"shop":"blue-door"}'],
    ["another shop's", '{"format":"regulars-export","version":1,"shop":"red","records":[]}'],
    ['a newer version', '{"format":"regulars-export","version":9,"shop":"blue-door","records":[]}'],
    ['no records', '{"format":"regulars-export","version":1,"shop":"blue-door","records":{}}'],
    ['null', 'null'],
  ])('rejects %s', async (_, text) => {
    const { page } = await regular();
    const before = await derived(page);
    await expect(page.rights.import(text)).rejects.toMatchObject({ code: 'ERR_IMPORT_INVALID' });
    await expect(page.rights.import(new Blob([text]))).rejects.toMatchObject({
      ...{ code: 'ERR_IMPORT_INVALID' },
    });
    expect(await derived(page)).toEqual(before);
    await page.stop();
  });

  it('leaves behind what its time is over for, however often it comes', async () => {
    const { device, page } = await regular();
    const expiresAt = device.clock.now() + 86_400_000;
    await page.rights.remember({ key: 'seat', value: 'aisle' });
    await page.rights.remember({ key: 'seat', value: 'window', expiresAt });
    const taken = await page.rights.export();
    await page.stop();
    const later = createDevice(device.clock.now() + 14 * 31 * 86_400_000);
    const there = later.page();
    await there.start();
    await there.rights.consent('remember', 'granted');
    for (let i = 0; i < 3; i++) {
      await there.rights.import(taken);
      expect(await later.bytes()).not.toMatch(/aisle|window|web:1/);
      expect(await derived(there)).toMatchObject({
        ...{ paidVisits: { value: 3 }, facts: [['name.given', 'Shep']] },
      });
    }
    await there.stop();
  });

  it('is refused by a client that was stopped, and rejects with the reason it was stopped for', async () => {
    const { page } = await regular();
    const taken = await page.rights.export();
    const signal = AbortSignal.abort(new Error('cancel'));
    await expect(page.rights.import(taken, { signal })).rejects.toThrow('cancel');
    await expect(page.rights.export({ signal })).rejects.toThrow('cancel');
    await page.stop();
    expect(await page.rights.import(taken)).toEqual({ kind: 'refused', reason: 'stopped' });
  });
});
