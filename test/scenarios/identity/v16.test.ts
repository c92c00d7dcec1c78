import { describe, expect, it } from 'vitest';
import { memoryStorage } from '../../../src/adapters/storage/memory.js';
import { sealedOutbox } from '../../../src/client/sealed-outbox.js';
import type { ProfileStorage } from '../../../src/profile/port.js';
import type { ProfileRecord, RecordOf } from '../../../src/profile/types.js';
import { openSealed } from '../../../src/server/open-sealed.js';
import { createSealKeys } from '../../../src/sync/seal.js';
import { createDevice } from '../../support/device.js';
import { createFleet, serverHas } from '../../support/fleet.js';

const order = (
  id: string,
): { readonly id: string; readonly lines: readonly { sku: string }[] } => ({
  id,
  lines: [{ sku: `sku-${id}` }],
});

/** What waits for the backend, as the storage port has it: order ids by whose entry they say. */
async function waiting(storage: ProfileStorage): Promise<ReadonlyMap<string, readonly string[]>> {
  const rows = await storage.transact('readonly', async (tx) => {
    const entries = await tx.list('outbox');
    return Promise.all(entries.map(({ value }) => tx.get('records', String(value))));
  });
  const found = new Map<string, string[]>();
  for (const row of rows) {
    const record = JSON.parse((row as { text: string }).text) as ProfileRecord;
    if (record.kind === 'purchase')
      found.set(record.subject, [...(found.get(record.subject) ?? []), record.data.id]);
  }
  return found;
}

describe('V16 events keep the identity they were captured with', () => {
  it.each(['storefront', 'shared', 'staff'] as const)(
    'an order of A that waits says A, whoever is here when it is sent (%s)',
    async (mode) => {
      const device = createDevice();
      const storage = memoryStorage();
      const page = device.page({ mode, storage, consent: { remember: 'granted' } });
      await page.start();
      await page.recognize({ account: 'a' }, { verified: ['account'], name: 'Ana' });
      await page.record(order('a1'));
      const visit = page.get().visit ?? '';
      const before = await waiting(storage);
      await page.recognize({ account: 'b' }, { verified: ['account'], name: 'Ben' });
      await page.record(order('b1'));
      await page.record(order('a2'), { visit });
      const after = await waiting(storage);
      const [ana] = [...before.keys()];
      expect(after.get(ana ?? '')).toEqual(['a1', 'a2']);
      expect([...after.values()]).toEqual([['a1', 'a2'], ['b1']]);
    },
  );

  it('so does a sealed one at a kiosk, with what A had typed and nobody else', async () => {
    const { publicKey, privateKey } = await createSealKeys();
    const device = createDevice();
    const kiosk = device.page({ mode: 'kiosk', sealTo: publicKey });
    await kiosk.start();
    await kiosk.recognize({ phone: '(425) 555-0100' });
    const visit = kiosk.get().visit ?? '';
    await kiosk.endVisit();
    await kiosk.recognize({ phone: '(425) 555-0177' });
    await kiosk.record(order('b1'));
    await kiosk.record(order('a1'), { visit });
    const { indexedDbStorage } = await import('../../../src/adapters/storage/indexed-db.js');
    const outbox = sealedOutbox({ shop: 'blue-door', storage: indexedDbStorage() });
    const typed = new Map<string, string>();
    const subjects = new Map<string, string>();
    for (const { box } of await outbox.list()) {
      const opened = await openSealed(box, { shop: 'blue-door', privateKeys: [privateKey] });
      if (opened.kind !== 'opened') throw new Error(opened.reason);
      for (const record of opened.records)
        if (record.kind === 'purchase') subjects.set(record.data.id, record.subject);
        else {
          const { token } = (record as RecordOf<'link'>).data;
          typed.set(
            record.subject,
            opened.identifiers.find((one) => one.token === token)?.value ?? '',
          );
        }
    }
    expect(typed.get(subjects.get('a1') ?? '')).toBe('+14255550100');
    expect(typed.get(subjects.get('b1') ?? '')).toBe('+14255550177');
  });

  it('what of A waits is sent with the word of A only, and says A', async () => {
    const { shop, device } = createFleet();
    const one = device();
    await one.open();
    await one.signIn('a');
    await one.buy('web:a1');
    const a = one.page.get().customer?.id;
    await one.signIn('b');
    await one.buy('web:b1');
    const b = one.page.get().customer?.id;
    await one.sync();
    const subjects = async (): Promise<readonly (readonly [string, string])[]> =>
      (await serverHas(shop))
        .filter(({ kind }) => kind === 'purchase')
        .map(({ data, subject }) => [(data as { id: string }).id, subject] as const);
    expect(await subjects()).toEqual([['web:b1', b]]);
    expect(one.page.sync.status().waiting).toBeGreaterThan(0);

    await one.signIn('a');
    await one.sync();
    expect(await subjects()).toEqual([
      ['web:b1', b],
      ['web:a1', a],
    ]);
    expect(one.page.sync.status()).toMatchObject({ waiting: 0, refused: 0 });
  });
});
