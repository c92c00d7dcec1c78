import { RegularsError } from '../kernel/errors.js';
import type { ProfileStorage, StorageOpened, StorageTransaction } from '../profile/port.js';

/** Calls over one storage object take turns: each closes it after its own. */
const turns = new WeakMap<ProfileStorage, Promise<unknown>>();

/** Opens the storage of a kiosk, runs one transaction, and closes it, after whoever came before. Rejects where nothing outlives the page. */
export function openInTurn<T>(
  storage: ProfileStorage,
  shop: string,
  mode: 'readonly' | 'readwrite',
  body: (transaction: StorageTransaction) => Promise<T>,
): Promise<T> {
  const result = (turns.get(storage) ?? Promise.resolve()).then(() =>
    runOnce(storage, shop, mode, body),
  );
  turns.set(
    storage,
    result.catch(() => undefined),
  );
  return result;
}

const CODES = {
  blocked: 'ERR_STORAGE_BLOCKED',
  timeout: 'ERR_STORAGE_TIMEOUT',
  corrupt: 'ERR_STORAGE_FAILED',
  locked: 'ERR_STORAGE_LOCKED',
  unavailable: 'ERR_STORAGE_UNAVAILABLE',
} as const satisfies { readonly [reason in NonNullable<StorageOpened['reason']>]: string };

/** Opens, runs, closes: a kiosk that waits for its next guest holds no connection that could be lost, or be in anybody's way. */
async function runOnce<T>(
  storage: ProfileStorage,
  shop: string,
  mode: 'readonly' | 'readwrite',
  body: (transaction: StorageTransaction) => Promise<T>,
): Promise<T> {
  try {
    const { kind, reason, error } = await storage.open({ name: `regulars:${shop}` });
    if (kind !== 'persistent')
      throw new RegularsError(
        CODES[reason ?? 'unavailable'],
        'Sealed boxes were not reached: there is no storage here that outlives the page.',
        { cause: error, retryable: reason !== undefined },
      );
    return await storage.transact(mode, body, { durability: 'strict' });
  } finally {
    // memory that stood in is given up with it: the next call tries the database anew
    await storage.close().catch(() => undefined);
  }
}
