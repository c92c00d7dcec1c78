import { describe, expect, it } from 'vitest';
import { SyncFailure, type SentRecord, type Transport } from '../../../src/sync/port.js';
import { createFleet, ordersAt, type FleetDevice, ordersHere } from '../../support/fleet.js';

const isBad = (record: SentRecord): boolean =>
  record.kind === 'purchase' && (record as { data: { id: string } }).data.id === 'web:7';

/** A backend that says which one it refuses. */
const saysWhich = (transport: Transport): Transport => ({
  ...transport,
  push: async (batch, call) => {
    const bad = batch.records.filter(isBad);
    const records = batch.records.filter((one) => !isBad(one));
    const { results, serverTime } = await transport.push({ ...batch, records }, call);
    const refused = bad.map(({ id }) => ({ id, status: 'rejected', code: 'invalid' }) as const);
    return { results: [...results, ...refused], serverTime };
  },
});
/** A backend that refuses the whole batch. */
const saysNothing = (transport: Transport): Transport => ({
  ...transport,
  push: (batch, call) => {
    if (batch.records.some(isBad)) throw new SyncFailure('invalid', '400');
    return transport.push(batch, call);
  },
});

async function fifty(wrap: (transport: Transport) => Transport): Promise<{
  readonly one: FleetDevice;
  readonly shop: ReturnType<typeof createFleet>['shop'];
}> {
  const { shop, device } = createFleet({}, wrap);
  const one = device();
  await one.open();
  await one.signIn('u_1');
  for (let n = 1; n <= 50; n++) await one.buy(`web:${n}`);
  await one.sync();
  return { one, shop };
}

describe('Y07 one bad operation', () => {
  it('that is answered with a word of the backend’s own is not taken for kept', async () => {
    let isNew = true;
    const { shop, device } = createFleet({}, (transport) => ({
      ...transport,
      push: async (batch, call) => {
        const bad = isNew ? batch.records.filter(isBad) : [];
        const records = batch.records.filter((one) => !bad.includes(one));
        const { results, serverTime } = await transport.push({ ...batch, records }, call);
        const failed = bad.map(({ id }) => ({ id, status: 'failed' as 'accepted' }));
        return { results: [...results, ...failed], serverTime };
      },
    }));
    const one = device();
    await one.open();
    await one.signIn('u_1');
    for (const n of [6, 7, 8]) await one.buy(`web:${n}`);
    await one.sync();
    expect(await ordersAt(shop)).toEqual(['web:6', 'web:8']);
    expect(one.page.sync.status()).toMatchObject({ state: 'waiting', waiting: 1, refused: 0 });
    isNew = false;
    await one.sync();
    expect(await ordersAt(shop)).toEqual(['web:6', 'web:8', 'web:7']);
  });

  it.each([
    ['that is named', saysWhich],
    ['that is not named', saysNothing],
  ] as const)('49 arrive, the one %s is set aside with the reason', async (_, wrap) => {
    const { one, shop } = await fifty(wrap);
    expect((await ordersAt(shop)).length).toBe(49);
    expect(await ordersAt(shop)).not.toContain('web:7');
    expect(one.page.sync.status()).toMatchObject({ state: 'idle', waiting: 0, refused: 1 });
    const [refused] = await one.page.sync.refused();
    expect(refused).toMatchObject({ kind: 'purchase', code: 'invalid' });
    expect(one.notices.map(({ code }) => code)).toEqual(['sync-refused']);
    // it stays here, and later ones are not held up
    expect(await ordersHere(one)).toHaveLength(50);
    await one.buy('web:51');
    await one.sync();
    expect(await ordersAt(shop)).toContain('web:51');

    expect(await one.page.sync.retry('another')).toBe(false);
    expect(await one.page.sync.retry(refused?.id ?? '')).toBe(true);
    expect(await one.page.sync.refused()).toEqual([]);
    await one.sync();
    expect(await one.page.sync.refused()).toMatchObject([{ id: refused?.id }]);
    expect(await one.page.sync.discard(refused?.id ?? '')).toBe(true);
    expect(await one.page.sync.refused()).toEqual([]);
    await one.sync();
    expect(one.page.sync.status()).toMatchObject({ state: 'idle', waiting: 0, refused: 0 });
    expect((await ordersAt(shop)).length).toBe(50);
  });
});
