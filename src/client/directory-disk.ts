import type { DirectoryEntry } from '../identity/port.js';
import { fromBase64url } from '../kernel/base64url.js';
import { RegularsError } from '../kernel/errors.js';
import type { ProfileStorage, StorageRow, StorageTransaction } from '../profile/port.js';
import { openInTurn } from './open-in-turn.js';

const IV_BYTES = 12;
/** Entries of one row: one that is read is decrypted whole. */
const PER_ROW = 500;
/** Rows of the store `meta`: what says which they are, and they themselves. */
const HEAD = 'directory';
const ROWS = 'directory:';

/** What lies on the disk in the clear: when it was made, by the server's clock, and what the key is called. */
export interface DirectoryHead {
  readonly keyId: string;
  readonly madeAt: number;
  readonly rows?: number;
}

/** A directory at rest: nobody reads it without the key, which is not here. */
export interface DirectoryDisk {
  /** What lies there; undefined where nothing does. */
  readonly look: () => Promise<Required<DirectoryHead> | undefined>;
  /** All of it; undefined where it was not sealed with this key, or not all of it is there. */
  readonly read: (
    head: Required<DirectoryHead>,
    key: string,
  ) => Promise<readonly DirectoryEntry[] | undefined>;
  /** Puts it in the place of another, in one transaction. */
  readonly write: (
    entries: readonly DirectoryEntry[],
    head: DirectoryHead,
    key: string,
  ) => Promise<void>;
  readonly wipe: () => Promise<void>;
}

/** Makes it. */
export function createDirectoryDisk(storage: ProfileStorage, shop: string): DirectoryDisk {
  const run = <T>(
    mode: 'readonly' | 'readwrite',
    body: (tx: StorageTransaction) => Promise<T>,
  ): Promise<T> => openInTurn(storage, shop, mode, body);
  const rowsIn = (tx: StorageTransaction): ReturnType<StorageTransaction['list']> =>
    tx.list('meta', { prefix: ROWS });
  return {
    look: async () => {
      const row = await run('readonly', (tx) => tx.get('meta', HEAD));
      const { keyId, madeAt, rows } = Object(row) as Partial<DirectoryHead>;
      return typeof keyId === 'string' && Number.isFinite(madeAt) && Number.isSafeInteger(rows)
        ? { keyId, madeAt: Number(madeAt), rows: Number(rows) }
        : undefined;
    },
    read: async (head, given) => {
      const rows = await run('readonly', rowsIn);
      return rows.length === head.rows ? openAll(rows, given, shop, head) : undefined;
    },
    write: async (entries, head, given) => {
      const whole = { ...head, rows: Math.ceil(entries.length / PER_ROW) };
      const sealed = await sealAll(entries, given, shop, whole);
      await run('readwrite', async (tx) => {
        for (const row of await rowsIn(tx)) tx.remove('meta', row.key);
        for (const [i, bytes] of sealed.entries())
          tx.put('meta', ROWS + String(i).padStart(6, '0'), bytes);
        tx.put('meta', HEAD, whole);
      });
    },
    wipe: () =>
      run('readwrite', async (tx) => {
        for (const row of await rowsIn(tx)) tx.remove('meta', row.key);
        tx.remove('meta', HEAD);
      }),
  };
}

async function openAll(
  rows: readonly StorageRow[],
  given: string,
  shop: string,
  head: DirectoryHead,
): Promise<readonly DirectoryEntry[] | undefined> {
  try {
    const key = await importKey(given);
    const parts = await Promise.all(rows.map(({ value }, i) => open(key, value, shop, head, i)));
    return parts.flat();
  } catch {
    return undefined; // another key, or somebody has changed it
  }
}

async function sealAll(
  entries: readonly DirectoryEntry[],
  given: string,
  shop: string,
  head: Required<DirectoryHead>,
): Promise<readonly Uint8Array[]> {
  const key = await importKey(given);
  const sealed: Uint8Array[] = [];
  for (let i = 0; i < head.rows; i++)
    sealed.push(await seal(key, entries.slice(i * PER_ROW, (i + 1) * PER_ROW), shop, head, i));
  return sealed;
}

function importKey(given: string): Promise<CryptoKey> {
  // only secure contexts have it, whatever the DOM's types say
  const subtle: SubtleCrypto | undefined = (globalThis.crypto as Crypto | undefined)?.subtle;
  if (!subtle)
    throw new RegularsError('ERR_STORAGE_UNAVAILABLE', 'WebCrypto is missing: use https.');
  const bytes = fromBase64url(given) ?? new Uint8Array();
  return subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt']);
}

/** A row opens in its own place of its own directory alone. */
const placeOf = (
  shop: string,
  { keyId, madeAt, rows }: DirectoryHead,
  i: number,
): Uint8Array<ArrayBuffer> =>
  new TextEncoder().encode(JSON.stringify(['regulars-directory', 1, shop, keyId, madeAt, rows, i]));

async function seal(
  key: CryptoKey,
  entries: readonly DirectoryEntry[],
  shop: string,
  head: DirectoryHead,
  i: number,
): Promise<Uint8Array> {
  // from the platform, whatever the option `random` says
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const how = { name: 'AES-GCM', iv, additionalData: placeOf(shop, head, i) };
  const text = new TextEncoder().encode(JSON.stringify(entries));
  const sealed = new Uint8Array(await crypto.subtle.encrypt(how, key, text));
  const bytes = new Uint8Array(IV_BYTES + sealed.length);
  bytes.set(iv);
  bytes.set(sealed, IV_BYTES);
  return bytes;
}

async function open(
  key: CryptoKey,
  value: unknown,
  shop: string,
  head: DirectoryHead,
  i: number,
): Promise<readonly DirectoryEntry[]> {
  const bytes = new Uint8Array(value as Uint8Array<ArrayBuffer>);
  const additionalData = placeOf(shop, head, i);
  const how = { name: 'AES-GCM', iv: bytes.slice(0, IV_BYTES), additionalData };
  const plain = await crypto.subtle.decrypt(how, key, bytes.slice(IV_BYTES));
  return JSON.parse(new TextDecoder().decode(plain)) as readonly DirectoryEntry[];
}
