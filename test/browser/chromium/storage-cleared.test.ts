import { afterEach, beforeEach, expect, it } from 'vitest';
import { cdp } from 'vitest/browser';
import { indexedDbStorage } from '../../../src/adapters/storage/indexed-db.js';
import type { ProfileStorage, StorageEvent, StorageRow } from '../../../src/profile/port.js';
import { deleteRaw, storedKeys } from '../../support/raw-database.js';

let count = 0;
let name = '';
let storage: ProfileStorage;
let events: StorageEvent['kind'][] = [];

const write = (key: string): Promise<void> =>
  storage.transact('readwrite', async (transaction) => transaction.put('records', key, 1), {
    durability: 'strict',
  });
const keys = async (): Promise<readonly string[]> =>
  (
    await storage.transact('readonly', (transaction): Promise<readonly StorageRow[]> =>
      transaction.list('records'),
    )
  ).map(({ key }) => key);

beforeEach(() => {
  name = `cleared-${++count}-${Date.now()}`;
  storage = indexedDbStorage();
  events = [];
  storage.listen(({ kind }) => events.push(kind));
});
afterEach(async () => {
  await storage.close();
  await deleteRaw(name);
});

it('when the site data is cleared, reads and writes go on without the caller noticing', async () => {
  await storage.open({ name });
  await write('a');
  await cdp().send('Storage.clearDataForOrigin', {
    origin: location.origin,
    storageTypes: 'indexeddb',
  });
  expect(await keys()).toEqual([]);
  expect(events).toEqual(['lost']);
  await write('b');
  expect(await storedKeys(name)).toEqual(['b']);
});

it('when the site data is cleared in the middle of writing, each write resolves or says that it may be tried again, and none is there twice', async () => {
  await storage.open({ name });
  const append = (): Promise<void> =>
    storage.transact('readwrite', async (transaction) => {
      const { length } = await transaction.list('records');
      transaction.put('records', String(length).padStart(4, '0'), 'x'.repeat(1000));
    });
  const progress = { cleared: false };
  const clearing = cdp()
    .send('Storage.clearDataForOrigin', {
      origin: location.origin,
      storageTypes: 'indexeddb',
    })
    .then(() => {
      progress.cleared = true;
    });
  const outcomes: unknown[] = [];
  for (let round = 0; !progress.cleared && round < 100; round++) {
    const batch = Array.from({ length: 20 }, () => append().catch((error: unknown) => error));
    outcomes.push(...(await Promise.all(batch)));
    await new Promise((resolve) => setTimeout(resolve));
  }
  await clearing;
  for (const outcome of outcomes)
    if (outcome !== undefined) expect(outcome).toMatchObject({ retryable: true });
  await append();
  const found = await keys();
  expect(found).toEqual(found.map((_, i) => String(i).padStart(4, '0')));
  expect(found.length).toBeGreaterThan(0);
});
