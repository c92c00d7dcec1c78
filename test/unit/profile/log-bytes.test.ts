import { describe, expect, it } from 'vitest';
import { appendRecords, eraseCustomer, makeBase } from '../../../src/profile/log.js';
import type { ProfileStorage, StorageTransaction } from '../../../src/profile/port.js';
import {
  contents,
  draft,
  env,
  freshId,
  openMemory,
  purchase,
} from '../../support/profile/histories.js';

const write = <T>(
  storage: ProfileStorage,
  body: (tx: StorageTransaction) => Promise<T>,
): Promise<T> => storage.transact('readwrite', body);

/** What the log says its records take, and what they take. */
async function sizes(storage: ProfileStorage): Promise<readonly [unknown, number]> {
  const { meta, records } = await contents(storage);
  const log = meta.find(({ key }) => key === 'log')?.value as
    { readonly bytes: unknown } | undefined;
  const texts = records.map(({ value }) => (value as { readonly text: string }).text);
  return [log?.bytes, texts.reduce((sum, text) => sum + text.length, 0)];
}

describe('the bytes of the log', () => {
  it('are those of the records, after appends, duplicates, a base and an erasure', async () => {
    const storage = await openMemory();
    const drafts = [1, 2, 3].map((i) => draft('purchase', purchase(`web:${i}`)));
    const other = draft('purchase', purchase('web:é'), { subject: 'ada' });
    const { bytes } = await write(storage, (tx) => appendRecords(tx, [...drafts, other], env));
    expect(await sizes(storage)).toEqual([bytes, bytes]);
    expect(bytes).toBeGreaterThan(1000);

    const again = await write(storage, (tx) => appendRecords(tx, drafts, env));
    expect(again.bytes).toBe(bytes);

    await write(storage, (tx) => makeBase(tx, 'shep', { ...env, id: freshId(), by: 'device:one' }));
    const [after, real] = await sizes(storage);
    expect(after).toBe(real);
    expect(real).not.toBe(bytes);

    const tombstone = { id: freshId(), by: 'device:one', hash: (text: string) => `h-${text}` };
    await write(storage, (tx) => eraseCustomer(tx, 'shep', { ...env, tombstone }));
    await write(storage, (tx) => eraseCustomer(tx, 'ada', env));
    const [left, really] = await sizes(storage);
    expect(left).toBe(really);
    expect(really).toBeLessThan(500);
  });

  it.each([undefined, 'many', Number.NaN])(
    'are counted again when the row says %s',
    async (lost) => {
      const storage = await openMemory();
      await write(storage, (tx) => appendRecords(tx, [draft('purchase', purchase('web:1'))], env));
      await write(storage, async (tx) => {
        const log = (await tx.get('meta', 'log')) as object;
        tx.put('meta', 'log', { ...log, bytes: lost });
        // a row that cannot be read takes room all the same
        tx.put('records', 'shep/broken', { v: 1, sum: 1, text: 'broken', n: 9 });
      });
      await write(storage, (tx) => appendRecords(tx, [draft('purchase', purchase('web:2'))], env));
      const [bytes, real] = await sizes(storage);
      expect(bytes).toBe(real);
    },
  );
});
