import type { ProfileStorage, StorageTransaction, StoreName } from '../profile/port.js';
import { ERASE_PREFIX } from '../profile/row-keys.js';

/** Begins the keys of sealed boxes in the store `outbox`; those of a storefront's records are digits. */
export const SEALED_PREFIX = 'sealed:';

const STORES: readonly StoreName[] = ['cards', 'tokens', 'records', 'outbox', 'meta'];

/** True when sealed boxes wait, or erasures that a backend is to be told of: a database that holds some is not deleted with the last customer. */
export async function hasSealed(transaction: StorageTransaction): Promise<boolean> {
  for (const prefix of [SEALED_PREFIX, ERASE_PREFIX])
    if ((await transaction.list('outbox', { prefix, limit: 1 })).length > 0) return true;
  return false;
}

/** Deletes the whole database; all but what is nobody's here where some waits. */
export async function destroyUnlessSealed(storage: ProfileStorage): Promise<void> {
  const keeps = await storage.transact('readwrite', async (transaction) => {
    if (!(await hasSealed(transaction))) return false;
    for (const store of STORES)
      for (const { key } of await transaction.list(store))
        if (store !== 'outbox' || !(key.startsWith(SEALED_PREFIX) || key.startsWith(ERASE_PREFIX)))
          transaction.remove(store, key);
    return true;
  });
  return keeps ? storage.close() : storage.destroy();
}
