import { describe, expect, it } from 'vitest';
import type { Regulars } from '../../../src/client/types.js';
import type { PurchaseInput } from '../../../src/profile/types.js';
import { createDevice, type Device } from '../../support/device.js';

const order = (i: number | string): PurchaseInput => ({
  id: `web:${i}`,
  at: Date.UTC(2025, 0, 1) + (Number(i) || 0) * 7 * 3_600_000,
  total: 960,
  lines: ['latte', 'bun'].map((sku) => ({ sku, name: `The ${sku}`, quantity: 1, unitPrice: 480 })),
});
/** Two customers in one database; the second one is here, and has an order. */
async function second(device: Device): Promise<Regulars> {
  const page = device.page();
  await page.start();
  for (const account of ['other', 'me']) {
    await page.notMe();
    await page.recognize({ account }, { verified: ['account'] });
    await page.rights.consent('remember', 'granted');
    await page.record(order(account));
  }
  return page;
}

/** Nothing of the second one is there, and all of the first one is. */
async function isErased(device: Device, customer: string): Promise<void> {
  const text = await device.bytes();
  expect(text).toContain('web:other');
  for (const trace of ['web:me', 'late', customer]) expect(text).not.toContain(trace);
}

describe('a no', () => {
  it.each([0, 2])(
    'while an export is brought along ends that, and nothing is left (chunk %s)',
    async (n) => {
      const device = createDevice();
      const page = await second(device);
      for (let i = 0; i < 200; i++) await page.record(order(i));
      const taken = await page.rights.export();
      const records = taken.records.map((record) =>
        record.kind === 'purchase'
          ? {
              ...record,
              id: `late${record.id}`,
              data: { ...record.data, id: `late:${record.data.id}` },
            }
          : record,
      );
      const { id = '' } = page.get().customer ?? {};
      let told = 0;
      let no: Promise<unknown> | undefined;
      const outcome = await page.rights.import(
        { ...taken, records },
        {
          onProgress: () => void (told++ === n && (no = page.rights.consent('remember', 'denied'))),
        },
      );
      expect(outcome).toEqual({ kind: 'refused', reason: 'erased' });
      expect(await no).toEqual({ kind: 'held', reason: 'no-consent' });
      await isErased(device, id);
    },
  );

  it.each([0, 2, 5])('is not undone by orders that are on their way (%s)', async (turns) => {
    const device = createDevice();
    const page = await second(device);
    const { customer, visit } = page.get();
    const no = page.rights.consent('remember', 'denied');
    const late: Promise<unknown>[] = [];
    for (let i = 0; i < 40; i++) {
      late.push(page.record(order(`late${i}`), { visit: visit ?? '' }));
      for (let turn = 0; turn < turns; turn++) await Promise.resolve();
      if (i % 3 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await Promise.all([no, ...late]);
    await isErased(device, customer?.id ?? '');
  });

  it('holds for a payment that comes after the yes of somebody else', async () => {
    const device = createDevice();
    const page = await second(device);
    const { customer, visit } = page.get();
    await page.rights.consent('remember', 'denied');
    await page.rights.consent('remember', 'granted');
    expect(await page.record(order('late'), { visit: visit ?? '' })).toEqual({
      kind: 'refused',
      reason: 'erased',
    });
    await isErased(device, customer?.id ?? '');
  });
});
