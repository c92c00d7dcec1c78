import { randomId } from '../../kernel/random-id.js';
import { systemRandom } from '../../kernel/clock.js';
import type { StoreName } from '../../profile/port.js';
import { bytesToValue, valueToBytes } from './encrypted-values.js';

/** AES-GCM's own length; random ones must not repeat under one key. */
const IV_BYTES = 12;

/** Higher than any version of what rows hold: a page without the key takes the data for a newer release's, and writes nothing. */
const BEYOND_VERSIONS = Number.MAX_SAFE_INTEGER;

/** A row as it lies in the storage. */
export interface LockedRow {
  readonly locked: 1;
  readonly v: number;
  readonly iv: Uint8Array;
  /** The value, encrypted; store and key are authenticated with it, so that rows cannot change places. */
  readonly box: Uint8Array;
}

/** How far the pass is that encrypts what was written before: this store, behind this key. */
export interface PassAt {
  readonly store: StoreName;
  readonly after?: string;
}

/** The one row of our own, in `meta`: says which key fits, and changes with every commit. */
export interface CheckRow extends LockedRow {
  /** Random, new with each commit: a transaction that read under another one is run again. */
  readonly commit: string;
  readonly pass: PassAt | null;
  /** The same check under the key before: rows that the pass has not reached may need it. */
  readonly former?: LockedRow;
}

/** Key of the {@link CheckRow}. */
export const CHECK = 'encryption';

/** What stands for a row that does not open: no version, no text, nothing that anybody stored. */
const UNREADABLE: object = Object.freeze({ unreadable: true });

/** What is in a row. */
export interface ReadRow {
  readonly value: unknown;
  /** In the clear, or under the former key: to be encrypted anew. */
  readonly isStale: boolean;
}

/** Encrypts and decrypts the rows of one database. */
export interface Cipher {
  /** Encrypts what {@link valueToBytes} gave. */
  readonly lock: (
    store: StoreName,
    key: string,
    bytes: Uint8Array<ArrayBuffer>,
  ) => Promise<LockedRow>;
  /** What is in a row; {@link UNREADABLE} when it was damaged, moved from its place, or is another key's. */
  readonly read: (store: StoreName, key: string, row: unknown) => Promise<ReadRow>;
  /** Which key a row opens with. */
  readonly keyOf: (
    store: StoreName,
    key: string,
    row: LockedRow,
  ) => Promise<'present' | 'former' | undefined>;
  /** A check row of a new line of commits. */
  readonly makeCheck: (pass: PassAt | null, hasFormer: boolean) => Promise<CheckRow>;
}

/** True for a row that {@link Cipher.lock} made. */
export function isLocked(row: unknown): row is LockedRow {
  const { locked, iv, box } = (row ?? {}) as { readonly [key in keyof LockedRow]?: unknown };
  return locked === 1 && ArrayBuffer.isView(iv) && ArrayBuffer.isView(box);
}

/** The row as a check; `undefined` when it is none. */
export function checkOf(row: unknown): CheckRow | undefined {
  return isLocked(row) && 'commit' in row ? (row as CheckRow) : undefined;
}

/** True for two rows that were encrypted at once. */
export function isSameLock(one: LockedRow | undefined, other: LockedRow | undefined): boolean {
  return one?.iv.join() === other?.iv.join();
}

/** A random name for a commit. */
export function newCommit(): string {
  return randomId(systemRandom);
}

type Place = readonly [database: string, store: StoreName, key: string];

const how = (iv: Uint8Array, place: Place): AesGcmParams => ({
  name: 'AES-GCM',
  iv: iv as BufferSource,
  additionalData: new TextEncoder().encode(JSON.stringify(place)),
});

async function lockWith(
  key: CryptoKey,
  place: Place,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<LockedRow> {
  // never injected: a seed that came twice would give the key away
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const box = new Uint8Array(await crypto.subtle.encrypt(how(iv, place), key, bytes));
  return { locked: 1, v: BEYOND_VERSIONS, iv, box };
}

async function openWith(
  key: CryptoKey | undefined,
  place: Place,
  { iv, box }: LockedRow,
): Promise<Uint8Array | undefined> {
  try {
    return (
      key && new Uint8Array(await crypto.subtle.decrypt(how(iv, place), key, box as BufferSource))
    );
  } catch {
    return undefined;
  }
}

/** Makes the cipher of a database. */
export function createCipher(database: string, present: CryptoKey, former?: CryptoKey): Cipher {
  const lock: Cipher['lock'] = (store, key, bytes) =>
    lockWith(present, [database, store, key], bytes);
  return {
    lock,
    read: async (store, key, row) => {
      if (!isLocked(row)) return { value: row, isStale: row !== undefined };
      const place: Place = [database, store, key];
      const own = await openWith(present, place, row);
      const bytes = own ?? (await openWith(former, place, row));
      return bytes
        ? { value: bytesToValue(bytes), isStale: !own }
        : { value: UNREADABLE, isStale: false };
    },
    keyOf: async (store, key, row) => {
      const place: Place = [database, store, key];
      if (await openWith(present, place, row)) return 'present';
      return (await openWith(former, place, row)) ? 'former' : undefined;
    },
    makeCheck: async (pass, hasFormer) => {
      const nothing = valueToBytes(null);
      const [own, before] = await Promise.all([
        lock('meta', CHECK, nothing),
        hasFormer && former ? lockWith(former, [database, 'meta', CHECK], nothing) : undefined,
      ]);
      return { ...own, commit: newCommit(), pass, ...(before && { former: before }) };
    },
  };
}
