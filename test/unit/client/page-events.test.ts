import { describe, expect, it } from 'vitest';
import type { Regulars } from '../../../src/client/types.js';
import { createDevice } from '../../support/device.js';

const order = {
  ...{ id: 'web:1', at: Date.UTC(2026, 2, 19, 9), total: 1100, currency: 'EUR' },
  lines: [
    { sku: 'latte', quantity: 2 },
    { sku: 'bun', quantity: 1 },
  ],
};

async function open(): Promise<{ regulars: Regulars; bytes: () => Promise<string> }> {
  const device = createDevice();
  const regulars = device.page({ consent: { remember: 'granted', suggest: 'granted' } });
  await regulars.start();
  await regulars.recognize({ account: 'shep' }, { verified: ['account'] });
  await regulars.record(order);
  return { regulars, bytes: device.bytes };
}
/** What the records of a kind hold, as an export has them; whoever ended a visit is here again. */
async function records(regulars: Regulars, kind: string): Promise<readonly unknown[]> {
  await regulars.recognize({ account: 'shep' }, { verified: ['account'] });
  const { records: all } = (await regulars.rights.export()) as unknown as {
    records: readonly { readonly kind: string; readonly data: unknown }[];
  };
  return all.filter((record) => record.kind === kind).map(({ data }) => data);
}

describe('a refund', () => {
  it('is kept once, however often it is told, and lines of it apart', async () => {
    const { regulars } = await open();
    const lines = [{ sku: 'latte', quantity: 1 }];
    for (const refund of [
      { purchase: 'web:1', lines },
      { purchase: 'web:1', lines },
    ])
      expect(await regulars.refund(refund)).toEqual({ kind: 'kept' });
    const at = '2026-03-20T09:00:00Z';
    await regulars.refund({ purchase: 'web:1', at, lines });
    await regulars.refund({ purchase: 'web:1', at, lines: [{ sku: 'bun' }] });
    expect(await records(regulars, 'refund')).toHaveLength(3);
    await regulars.stop();
  });
  it('of all of it takes the purchase out of the usual', async () => {
    const { regulars } = await open();
    expect(regulars.usual().kind).toBe('last');
    await regulars.refund({ purchase: 'web:1' });
    expect(regulars.usual().kind).toBe('none');
    await regulars.stop();
  });
  it('of less money than the total is not all of it', async () => {
    const { regulars } = await open();
    await regulars.refund({ purchase: 'web:1', total: 200 });
    expect(await records(regulars, 'refund')).toMatchObject([{ lines: [] }]);
    expect(regulars.usual().kind).toBe('last');
    const { purchases } = await regulars.rights.known();
    expect(purchases).toMatchObject({ value: [{ status: 'partially_refunded' }] });
    await regulars.refund({ purchase: 'web:1', total: 1100 });
    expect(regulars.usual().kind).toBe('none');
    await regulars.stop();
  });
  it.each([
    [{ purchase: '' }],
    [{ purchase: 'web:1', at: 'soon' }],
    [{ purchase: 'web:1', at: -1 }],
    [{ purchase: 'web:1', lines: 'all' }],
    [{ purchase: 'web:1', lines: [{ sku: 3 }] }],
    [{ purchase: 'web:1', lines: [{ sku: 'latte', quantity: 0 }] }],
  ])('that cannot be one is refused: %j', async (refund) => {
    const { regulars } = await open();
    await expect(regulars.refund(refund as never)).rejects.toMatchObject({
      code: 'ERR_PURCHASE_INVALID',
    });
    await regulars.stop();
  });
});

describe('a look at something', () => {
  it('counts in the exposure of the visit, and is kept when it ends', async () => {
    const { regulars } = await open();
    await regulars.viewed('mug');
    await regulars.viewed(['mug', 'cup', '', 7 as never, 'x'.repeat(10_000), '__proto__']);
    await regulars.endVisit();
    expect(await records(regulars, 'exposure')).toMatchObject([
      { items: { mug: { shown: 0, viewed: 2 }, cup: { viewed: 1 } } },
    ]);
    await regulars.stop();
  });
  it('of many things keeps some', async () => {
    const { regulars } = await open();
    await regulars.viewed(Array.from({ length: 1000 }, (_, i) => `sku-${i}`));
    await regulars.endVisit();
    const [exposure] = (await records(regulars, 'exposure')) as readonly { items: object }[];
    expect(Object.keys(exposure?.items ?? {})).toHaveLength(200);
    await regulars.stop();
  });
  it('leaves nothing behind where nothing may be remembered', async () => {
    const device = createDevice();
    const regulars = device.page({ consent: { remember: 'denied' } });
    await regulars.start();
    await regulars.viewed('mug-nobody-saw');
    expect(await regulars.refund({ purchase: 'web:1' })).toMatchObject({ kind: 'held' });
    await regulars.endVisit();
    await regulars.stop();
    expect(await device.bytes()).not.toContain('mug-nobody-saw');
  });
});
