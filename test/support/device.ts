import 'fake-indexeddb/auto';
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb';
import { indexedDbStorage } from '../../src/adapters/storage/indexed-db.js';
import { createRegulars } from '../../src/client/create-regulars.js';
import type { Notice, Regulars, RegularsOptions } from '../../src/client/types.js';
import { createFakeClock, seededRandom, type FakeClock } from '../../src/testing/fake-clock.js';

/** A browser profile: what survives a reload. */
export interface Device {
  readonly clock: FakeClock;
  readonly localStorage: Map<string, string>;
  /** Errors and notices of every page opened on it. */
  readonly errors: unknown[];
  readonly notices: Notice[];
  /** Opens a page: a client, not yet started. */
  readonly page: (options?: Partial<RegularsOptions>) => Regulars;
  /** Everything stored, as one text to search in. */
  readonly bytes: () => Promise<string>;
  readonly databases: () => Promise<readonly string[]>;
}

let pages = 0;
let devices = 0;
const Channel = globalThis.BroadcastChannel;

/** The line between the tabs of one device: what pages of an earlier test tell is not heard by those of this one. */
function channelOf(device: number): typeof BroadcastChannel {
  return class extends Channel {
    constructor(name: string) {
      super(`${device} ${name}`);
    }
  };
}

/** A fresh device; the globals of a browser are put in place for it. */
export function createDevice(now: number = Date.UTC(2026, 2, 20, 9, 0)): Device {
  const factory = new IDBFactory();
  const localStorage = new Map<string, string>();
  const clock = createFakeClock(now);
  const errors: unknown[] = [];
  const notices: Notice[] = [];
  // a test may have left a getter in place that throws
  Reflect.deleteProperty(globalThis, 'localStorage');
  Object.assign(globalThis, {
    indexedDB: factory,
    IDBKeyRange,
    BroadcastChannel: channelOf(++devices),
    localStorage: {
      getItem: (key: string) => localStorage.get(key) ?? null,
      setItem: (key: string, value: string) => void localStorage.set(key, value),
      removeItem: (key: string) => void localStorage.delete(key),
    },
  });
  return {
    clock,
    localStorage,
    errors,
    notices,
    page: (options = {}) =>
      createRegulars({
        shop: 'blue-door',
        storage: indexedDbStorage(),
        currency: 'EUR',
        region: 'US',
        timeZone: 'UTC',
        clock,
        random: seededRandom(++pages),
        onError: (error) => errors.push(error),
        onNotice: (notice) => notices.push(notice),
        ...options,
      }),
    databases: async () => (await factory.databases()).map(({ name }) => name ?? ''),
    bytes: async () => {
      let text = JSON.stringify([...localStorage]);
      for (const { name } of await factory.databases()) text += await dump(factory, name ?? '');
      return text;
    },
  };
}

function dump(factory: IDBFactory, name: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = factory.open(name);
    request.onerror = () => reject(request.error ?? new Error('open'));
    request.onsuccess = () => {
      const database = request.result;
      const stores = [...database.objectStoreNames];
      const transaction = database.transaction(stores);
      const reads = stores.map((store) => [
        transaction.objectStore(store).getAllKeys(),
        transaction.objectStore(store).getAll(),
      ]);
      transaction.oncomplete = () => {
        database.close();
        resolve(JSON.stringify(reads.map(([keys, values]) => [keys?.result, values?.result])));
      };
    };
  });
}

/** Changes every row of a store by the back door. */
export function rows(
  database: string,
  store: string,
  change: (value: unknown, key: string) => unknown,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(database);
    request.onerror = () => reject(request.error ?? new Error('open'));
    request.onsuccess = () => {
      const transaction = request.result.transaction(store, 'readwrite');
      const cursor = transaction.objectStore(store).openCursor();
      cursor.onsuccess = () => {
        const at = cursor.result;
        if (!at) return;
        at.update(change(at.value, String(at.key)));
        at.continue();
      };
      transaction.oncomplete = () => {
        request.result.close();
        resolve();
      };
    };
  });
}
