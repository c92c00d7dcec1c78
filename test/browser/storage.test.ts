import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { indexedDbStorage } from '../../src/adapters/storage/indexed-db.js';
import type { ProfileStorage, StorageEvent, StorageRow } from '../../src/profile/port.js';
import { storageContract } from '../../src/testing/storage-contract.js';
import { closeRaw, deleteRaw, openRaw, storedKeys } from '../support/raw-database.js';
import { storageAdapters } from '../support/storage-adapters.js';

let count = 0;
let name = '';
let storage: ProfileStorage;
let events: StorageEvent['kind'][] = [];

/** Makes this page's next openings those of a later release, whose stores have version 2. */
async function asNextRelease<T>(act: () => Promise<T>): Promise<T> {
  const open = indexedDB.open.bind(indexedDB);
  const spy = vi.spyOn(indexedDB, 'open').mockImplementation((database) => open(database, 2));
  try {
    return await act();
  } finally {
    spy.mockRestore();
  }
}

async function withoutIndexedDb(
  stand: PropertyDescriptor,
  act: () => Promise<void>,
): Promise<void> {
  const own = Object.getOwnPropertyDescriptor(globalThis, 'indexedDB');
  Object.defineProperty(globalThis, 'indexedDB', { ...stand, configurable: true });
  try {
    await act();
  } finally {
    if (own) Object.defineProperty(globalThis, 'indexedDB', own);
  }
}

const write = (key: string, value: unknown = 1, to: ProfileStorage = storage): Promise<void> =>
  to.transact('readwrite', async (transaction) => transaction.put('records', key, value), {
    durability: 'strict',
  });
const keys = async (from: ProfileStorage = storage): Promise<readonly string[]> =>
  (
    await from.transact('readonly', (transaction): Promise<readonly StorageRow[]> =>
      transaction.list('records'),
    )
  ).map(({ key }) => key);

beforeEach(() => {
  name = `storage-test-${++count}-${Date.now()}`;
  storage = indexedDbStorage();
  events = [];
  storage.listen(({ kind }) => events.push(kind));
});
afterEach(async () => {
  vi.restoreAllMocks();
  closeRaw();
  await storage.close();
  await deleteRaw(name);
});

for (const { name: adapter, make, exceptions } of storageAdapters)
  describe(`${adapter} keeps the storage contract in this browser`, () => {
    for (const promise of storageContract)
      if (!exceptions.promises.includes(promise.name)) it(promise.name, () => promise.check(make));
  });

describe('transactions', () => {
  it('are in the database itself when they resolve, and written as durably as asked', async () => {
    const begin = vi.spyOn(IDBDatabase.prototype, 'transaction');
    await storage.open({ name });
    await write('a');
    expect(begin.mock.calls.map(([, , options]) => options)).toEqual([{ durability: 'strict' }]);
    begin.mockRestore();
    expect(await storedKeys(name)).toEqual(['a']);
  });

  it('reject with a clear error when the body awaits something else', async () => {
    await storage.open({ name });
    const awaiting = storage.transact('readwrite', async (transaction) => {
      await transaction.get('records', 'a');
      await new Promise((resolve) => setTimeout(resolve, 50));
      transaction.put('records', 'a', 1);
    });
    await expect(awaiting).rejects.toMatchObject({ code: 'ERR_STORAGE_FAILED' });
    await expect(awaiting).rejects.toThrow('awaited more than its transaction');
    expect(await storedKeys(name)).toEqual([]);
  });

  it('leave no rejection unhandled when a body throws before its reads are done', async () => {
    await storage.open({ name });
    const failing = storage.transact('readwrite', async (transaction) => {
      void transaction.get('records', 'a');
      void transaction.list('records');
      transaction.put('records', 'a', 1);
      throw new Error('mine');
    });
    await expect(failing).rejects.toThrow('mine');
    await new Promise((resolve) => setTimeout(resolve, 50)); // the runner fails the file if one comes
  });
});

describe('another release in another tab', () => {
  it('gets the database at once when it is newer; this page says superseded from then on', async () => {
    await storage.open({ name });
    await write('before');
    const inFlight = write('in flight').then(
      () => true,
      () => false,
    );
    const newer = indexedDbStorage();
    const startedAt = performance.now();
    expect(await asNextRelease(() => newer.open({ name }))).toEqual({ kind: 'persistent' });
    expect(performance.now() - startedAt).toBeLessThan(2000);
    expect(events).toEqual(['superseded']);
    await expect(write('after')).rejects.toMatchObject({ code: 'ERR_STORAGE_SUPERSEDED' });
    await expect(storage.open({ name })).rejects.toMatchObject({ code: 'ERR_STORAGE_SUPERSEDED' });
    const wasWritten = await inFlight;
    expect(await keys(newer)).toEqual(wasWritten ? ['before', 'in flight'] : ['before']);
    await newer.close();
  });

  it('of the past that will not let go makes open say blocked; when it closes, opening again finds all', async () => {
    await storage.open({ name });
    await write('a');
    await storage.close();
    const stubborn = await openRaw(name);
    expect(await asNextRelease(() => storage.open({ name }))).toMatchObject({
      kind: 'memory',
      reason: 'blocked',
      error: { code: 'ERR_STORAGE_BLOCKED' },
    });
    await write('meanwhile');
    expect(await keys()).toEqual(['meanwhile']);
    expect(stubborn.transaction('records').objectStore('records').name).toBe('records');
    stubborn.close();
    await storage.close();
    expect(await asNextRelease(() => storage.open({ name }))).toEqual({ kind: 'persistent' });
    expect(await keys()).toEqual(['a']);
  });

  it('that wrote newer data is never overwritten: open rejects with ERR_STORAGE_NEWER', async () => {
    await asNextRelease(() => storage.open({ name }));
    await write('a');
    await storage.close();
    await expect(storage.open({ name })).rejects.toMatchObject({ code: 'ERR_STORAGE_NEWER' });
    await expect(write('b')).rejects.toMatchObject({ code: 'ERR_STORAGE_CLOSED' });
    expect(await storedKeys(name)).toEqual(['a']);
  });
});

describe('when the database does not answer', () => {
  it('open gives up in time, and a connection that comes later is closed', async () => {
    const stubborn = await openRaw(name, 1);
    expect(await deleteRaw(name)).toBe('blocked'); // what comes behind it waits without any event
    const refusing = indexedDbStorage({ otherwise: 'reject' });
    await expect(refusing.open({ name, timeoutMs: 100 })).rejects.toMatchObject({
      code: 'ERR_STORAGE_TIMEOUT',
      retryable: true,
    });
    expect(await storage.open({ name, timeoutMs: 100 })).toMatchObject({
      kind: 'memory',
      reason: 'timeout',
      error: { code: 'ERR_STORAGE_TIMEOUT' },
    });
    stubborn.close();
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(await deleteRaw(name)).toBe('deleted'); // a leaked connection would block it
  });

  it('destroying rejects while another page holds it, with the rows gone already', async () => {
    await storage.open({ name });
    await write('a');
    const stubborn = await openRaw(name);
    await expect(storage.destroy()).rejects.toMatchObject({ code: 'ERR_STORAGE_BLOCKED' });
    const request = stubborn.transaction('records').objectStore('records').count();
    await new Promise((resolve) => request.addEventListener('success', resolve));
    expect(request.result).toBe(0);
    stubborn.close();
  });
});

describe('when the database is taken away', () => {
  it('by a deletion, the next call makes it anew', async () => {
    await storage.open({ name });
    await write('a');
    expect(await deleteRaw(name)).toBe('deleted');
    expect(events).toEqual(['lost']);
    expect(await keys()).toEqual([]);
    await write('b');
    expect(await storedKeys(name)).toEqual(['b']);
  });

  it('twice over, says so', async () => {
    await storage.open({ name });
    const begin = vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(() => {
      throw new DOMException('The connection is closed.', 'InvalidStateError');
    });
    await expect(write('a')).rejects.toMatchObject({ code: 'ERR_STORAGE_FAILED', retryable: true });
    begin.mockRestore();
    await write('b');
    expect(await storedKeys(name)).toEqual(['b']);
  });
});

describe('without a usable database', () => {
  const absent: readonly (readonly [string, PropertyDescriptor])[] = [
    ['missing', { value: undefined }],
    [
      'refused on access',
      {
        get: () => {
          throw new DOMException('The operation is insecure.', 'SecurityError');
        },
      },
    ],
  ];
  for (const [what, stand] of absent)
    it(`(${what}) the storage works in memory and says unavailable`, () =>
      withoutIndexedDb(stand, async () => {
        expect(await storage.open({ name })).toMatchObject({
          kind: 'memory',
          reason: 'unavailable',
        });
        await write('a');
        expect(await keys()).toEqual(['a']);
        await storage.destroy();
        await storage.open({ name });
        expect(await keys()).toEqual([]);
        await expect(
          indexedDbStorage({ otherwise: 'reject' }).open({ name }),
        ).rejects.toMatchObject({ code: 'ERR_STORAGE_UNAVAILABLE' });
      }));

  it('(damaged files) it works in memory and says corrupt, and a failed deletion is told', async () => {
    const damaged = (): never => {
      throw new DOMException('Internal error.', 'UnknownError');
    };
    vi.spyOn(indexedDB, 'open').mockImplementation(damaged);
    vi.spyOn(indexedDB, 'deleteDatabase').mockImplementation(damaged);
    expect(await storage.open({ name })).toMatchObject({ kind: 'memory', reason: 'corrupt' });
    await expect(storage.destroy()).rejects.toMatchObject({ code: 'ERR_STORAGE_FAILED' });
  });
});
