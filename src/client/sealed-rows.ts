import type { ProfileStorage, StorageTransaction, StoreName } from '../profile/port.js';

/** Begins the keys of sealed boxes in the store `outbox`; those of a storefront's records are digits. */
export const SEALED_PREFIX = 'sealed:';

const STORES: readonly StoreName[] = ['cards', 'tokens', 'records', 'outbox', 'meta'];

/** True when sealed boxes wait: a database that holds some is not deleted with the last customer. */
export async function hasSealed(transaction: StorageTransaction): Promise<boolean> {
  const [box] = await transaction.list('outbox', { prefix: SEALED_PREFIX, limit: 1 });
  return box !== undefined;
}

/** Deletes the whole database; all but the boxes where some wait. */
export async function destroyUnlessSealed(storage: ProfileStorage): Promise<void> {
  const keeps = await storage.transact('readwrite', async (transaction) => {
    if (!(await hasSealed(transaction))) return false;
    for (const store of STORES)
      for (const { key } of await transaction.list(store))
        if (store !== 'outbox' || !key.startsWith(SEALED_PREFIX)) transaction.remove(store, key);
    return true;
  });
  return keeps ? storage.close() : storage.destroy();
}
