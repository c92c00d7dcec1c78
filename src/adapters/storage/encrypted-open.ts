import type { Clock } from '../../kernel/clock.js';
import type { ProfileStorage, StorageTransaction, StoreName } from '../../profile/port.js';
import {
  CHECK,
  checkOf,
  isLocked,
  isSameLock,
  type CheckRow,
  type Cipher,
} from './encrypted-rows.js';
import { lockedError } from './encrypted-calls.js';

/** An AES-256 key: 32 bytes, or a key of WebCrypto for AES-GCM that may encrypt and decrypt. */
export type EncryptionKey = CryptoKey | Uint8Array;

/** The key, or how to get it: asked anew at each opening. `undefined`, and a rejection, leave the data locked. */
export type EncryptionKeySource =
  EncryptionKey | (() => EncryptionKey | undefined | Promise<EncryptionKey | undefined>);

/** The stores in the order they are encrypted in: what makes pages without the key stop writing comes first. */
export const PASS_ORDER: readonly StoreName[] = ['meta', 'cards', 'records', 'tokens', 'outbox'];

/** What a source gives, as a key of WebCrypto. Rejects when it gives none in time. */
export async function askForKey(
  source: EncryptionKeySource,
  clock: Clock,
  timeoutMs: number,
): Promise<CryptoKey> {
  let stop: () => void = () => undefined;
  const late = new Promise<never>((_, reject) => {
    stop = clock.after(timeoutMs, () => reject(lockedError('the key did not come in time')));
  });
  try {
    const asked = (async () => (typeof source === 'function' ? source() : source))();
    const key: unknown = await Promise.race([asked, late]);
    const subtle: SubtleCrypto | undefined = (globalThis.crypto as Crypto | undefined)?.subtle;
    if (!subtle) throw lockedError('WebCrypto is missing: use https');
    if (isKeyBytes(key))
      return await subtle.importKey('raw', key as BufferSource, 'AES-GCM', false, [
        'encrypt',
        'decrypt',
      ]);
    if (isCryptoKey(key)) return key;
    throw lockedError('there is no key of AES-GCM with 256 bits');
  } finally {
    stop();
  }
}

/** True for the bytes of a key. */
export function isKeyBytes(key: unknown): key is Uint8Array {
  return key instanceof Uint8Array && key.length === 32;
}

/** True for a key of WebCrypto that fits. */
export function isCryptoKey(key: unknown): key is CryptoKey {
  const { algorithm, usages } = (key ?? {}) as Partial<CryptoKey>;
  const { name, length } = (algorithm ?? {}) as Partial<AesKeyAlgorithm>;
  const may = (usage: KeyUsage): boolean => usages?.includes(usage) === true;
  return name === 'AES-GCM' && length === 256 && may('encrypt') && may('decrypt');
}

/**
 * The check row of a database that this key opens, made where there is none. Rejects with ERR_STORAGE_LOCKED, and has
 * written nothing, where the data is another key's.
 */
export async function unlock(storage: ProfileStorage, cipher: Cipher): Promise<CheckRow> {
  for (;;) {
    const found = await storage.transact('readonly', (tx) => tx.get('meta', CHECK));
    const check = checkOf(found);
    const opens = check && (await cipher.keyOf('meta', CHECK, check));
    if (check && opens === 'present') {
      if (check.former && (await cipher.keyOf('meta', CHECK, check.former)) !== 'former')
        throw lockedError('its key was being changed: give the former key too');
      return check;
    }
    // one that was damaged or removed does not lock out a key that opens the rest
    const key = opens ?? (await keyOfRows(storage, cipher, check !== undefined));
    if (check?.former && key === 'former')
      throw lockedError('its key was being changed before: finish that first');
    await write(storage, cipher, check, key); // another page may have been faster: look again
  }
}

/** Which key opens rows of `meta`, as a witness where the check row is none. `undefined` when nothing is encrypted. */
async function keyOfRows(
  storage: ProfileStorage,
  cipher: Cipher,
  isKnownLocked: boolean,
): Promise<'present' | 'former' | undefined> {
  const rows = await storage.transact('readonly', (tx) => tx.list('meta'));
  let isAnyLocked = isKnownLocked;
  for (const { key, value } of rows) {
    if (key === CHECK || !isLocked(value)) continue;
    isAnyLocked = true;
    const opens = await cipher.keyOf('meta', key, value);
    if (opens) return opens;
  }
  if (isAnyLocked) throw lockedError('it was encrypted with another key');
  return undefined;
}

/** Writes a check row, unless another page was faster. */
async function write(
  storage: ProfileStorage,
  cipher: Cipher,
  before: CheckRow | undefined,
  opens: 'present' | 'former' | undefined,
): Promise<void> {
  const check = await cipher.makeCheck({ store: 'meta' }, opens === 'former');
  await storage.transact(
    'readwrite',
    async (tx) => {
      const now = checkOf(await tx.get('meta', CHECK));
      if (!isSameLock(now, before)) return;
      const isNew = opens === undefined && (await isEmpty(tx));
      tx.put('meta', CHECK, isNew ? { ...check, pass: null } : check);
    },
    { durability: 'strict' },
  );
}

async function isEmpty(tx: StorageTransaction): Promise<boolean> {
  const first = await Promise.all(PASS_ORDER.map((store) => tx.list(store, { limit: 1 })));
  return first.every((rows) => rows.length === 0);
}
