import 'fake-indexeddb/auto';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ProfileStorage, StorageRange, StorageRow } from '../../src/profile/port.js';
import { createFakeClock } from '../../src/testing/fake-clock.js';
import { indexedDbStorage } from '../../src/adapters/storage/indexed-db.js';
import { memoryStorage } from '../../src/adapters/storage/memory.js';
import { storageContract } from '../../src/testing/storage-contract.js';
import { storageAdaptersInNode } from '../support/storage-adapters-node.js';

/** Short keys of few letters, so that prefixes and neighbors meet; among them the ends of the code units. */
const key = fc.string({
  unit: fc.constantFrom('a', 'b', '\u0000', '\uffff', '\ud83d', '\ude00'),
  maxLength: 4,
});
const range = fc.record(
  { prefix: key, after: key, limit: fc.nat({ max: 5 }) },
  { requiredKeys: [] },
);
const step = fc.oneof(
  fc.record({ kind: fc.constant('put' as const), key, value: fc.nat() }),
  fc.record({ kind: fc.constant('remove' as const), key }),
);
const transaction = fc.record({ steps: fc.array(step, { maxLength: 8 }), fails: fc.boolean() });

const expected = (rows: ReadonlyMap<string, number>, asked: StorageRange): readonly StorageRow[] =>
  [...rows]
    .map(([name, value]) => ({ key: name, value }))
    .filter(({ key: name }) => name.startsWith(asked.prefix ?? ''))
    .filter(({ key: name }) => asked.after === undefined || name > asked.after)
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .slice(0, asked.limit);

let run = 0;

for (const { name, make } of storageAdaptersInNode)
  describe(`${name}, whatever is done`, () => {
    it('lists what a sorted map of the committed transactions lists', () =>
      fc.assert(
        fc.asyncProperty(
          fc.array(transaction, { maxLength: 5 }),
          fc.array(range, { minLength: 1, maxLength: 5 }),
          async (transactions, ranges) => {
            const storage = make();
            await storage.open({ name: `laws-${++run}` });
            const model = new Map<string, number>();
            for (const { steps, fails } of transactions) {
              const done = storage.transact('readwrite', async (calls) => {
                for (const act of steps)
                  if (act.kind === 'put') calls.put('records', act.key, act.value);
                  else calls.remove('records', act.key);
                if (fails) throw new Error('on purpose');
              });
              if (fails) await expect(done).rejects.toThrow('on purpose');
              else await done;
              if (!fails)
                for (const act of steps)
                  if (act.kind === 'put') model.set(act.key, act.value);
                  else model.delete(act.key);
            }
            for (const asked of ranges)
              expect(
                await storage.transact('readonly', (calls) => calls.list('records', asked)),
              ).toEqual(expected(model, asked));
            await storage.destroy();
          },
        ),
        { seed: 20260301, numRuns: 100 },
      ));

    it('refuses a body that awaits anything else, and is not blocked by it', async () => {
      const storage: ProfileStorage = make();
      await storage.open({ name: `laws-${++run}` });
      const nested = storage.transact('readwrite', async () =>
        storage.transact('readwrite', async () => 'inside'),
      );
      await expect(nested).rejects.toMatchObject({ code: 'ERR_STORAGE_FAILED' });
      expect(await storage.transact('readwrite', async () => 'next')).toBe('next');
      await storage.destroy();
    });

    it('refuses calls of a transaction that is over', async () => {
      const storage = make();
      await storage.open({ name: `laws-${++run}` });
      const late = await storage.transact('readwrite', async ({ put }) => ({ put }));
      expect(() => late.put('records', 'a', 1)).toThrow();
      expect(await storage.transact('readonly', (calls) => calls.list('records'))).toEqual([]);
      await storage.destroy();
    });

    it('can be closed and opened in one breath, as a page does that mounts twice', async () => {
      const storage = make();
      const options = { name: `laws-${++run}` };
      await storage.open(options);
      await storage.transact('readwrite', async ({ put }) => put('records', 'a', 1));
      const closing = storage.close();
      const opening = storage.open(options);
      await Promise.all([closing, opening]);
      expect(await storage.transact('readonly', ({ get }) => get('records', 'a'))).toBe(1);
      await storage.destroy();
    });
  });

describe('memory without structuredClone (Chrome 94 to 97)', () => {
  afterEach(() => vi.unstubAllGlobals());
  const unlike = ['one refused write makes the whole transaction fail']; // a function is kept, where it should be refused
  for (const { name, check } of storageContract)
    if (!unlike.includes(name) && !name.startsWith('two storages'))
      it(name, async () => {
        vi.stubGlobal('structuredClone', undefined);
        await check(memoryStorage);
      });
});

describe('opening IndexedDB that never answers', () => {
  afterEach(() => vi.unstubAllGlobals());
  it('ends after the time that was given, 5 s by default', async () => {
    // as Chromium does behind a blocked upgrade: the request fires nothing
    vi.stubGlobal('indexedDB', { open: () => new IDBOpenDBRequest() });
    const clock = createFakeClock(0);
    const opening = indexedDbStorage({ clock }).open({ name: 'never' });
    await new Promise((resolve) => setTimeout(resolve, 5));
    let settled = false;
    void opening.then(() => (settled = true));
    clock.advance(4999);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(settled).toBe(false);
    clock.advance(1);
    expect(await opening).toMatchObject({ kind: 'memory', reason: 'timeout' });
  });
});
