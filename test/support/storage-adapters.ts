import { encryptedStorage } from '../../src/adapters/storage/encrypted.js';
import { indexedDbStorage } from '../../src/adapters/storage/indexed-db.js';
import { memoryStorage } from '../../src/adapters/storage/memory.js';
import type { ProfileStorage } from '../../src/profile/port.js';

/** A storage, and what it cannot promise. */
export interface AdapterUnderTest {
  readonly name: string;
  readonly make: () => ProfileStorage;
  /** Promises that an adapter cannot keep by its nature, and why. */
  readonly exceptions: { readonly reason: string; readonly promises: readonly string[] };
}

/** Every storage we ship that runs in browsers, for the contract there and in Node. */
export const storageAdapters: readonly AdapterUnderTest[] = [
  {
    name: 'memoryStorage',
    make: memoryStorage,
    exceptions: {
      reason: 'Each object is its own store: that is what it is for.',
      promises: ['two storages of one name see and keep what the other writes'],
    },
  },
  { name: 'indexedDbStorage', make: indexedDbStorage, exceptions: { reason: '', promises: [] } },
  {
    name: 'encryptedStorage over indexedDbStorage',
    make: () => encryptedStorage(indexedDbStorage(), { key: new Uint8Array(32).fill(7) }),
    exceptions: { reason: '', promises: [] },
  },
];
