import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encryptedStorage } from '../../src/adapters/storage/encrypted.js';
import { lmdbStorage } from '../../src/adapters/storage/node-lmdb.js';
import { storageAdapters, type AdapterUnderTest } from './storage-adapters.js';

export type { AdapterUnderTest } from './storage-adapters.js';

/** A folder of this test run; gone when it ends. */
export const databaseFolder = mkdtempSync(join(tmpdir(), 'regulars-lmdb-'));
process.once('exit', () => rmSync(databaseFolder, { recursive: true, force: true }));

/** Every storage that runs in Node. Browsers load `storage-adapters.ts`, which names no Node module. */
export const storageAdaptersInNode: readonly AdapterUnderTest[] = [
  ...storageAdapters,
  {
    name: 'lmdbStorage',
    make: () => lmdbStorage({ folder: databaseFolder }),
    exceptions: { reason: '', promises: [] },
  },
  {
    name: 'encryptedStorage over lmdbStorage',
    make: () =>
      encryptedStorage(lmdbStorage({ folder: databaseFolder }), {
        key: new Uint8Array(32).fill(7),
      }),
    exceptions: { reason: '', promises: [] },
  },
];
