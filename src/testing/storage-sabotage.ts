import type { ProfileStorage, StorageRow, StorageTransaction, StoreName } from '../profile/port.js';

/** A storage made to break one promise, to show that the contract notices. */
export interface StorageSaboteur {
  /** The name of the promise that must fail, and the only one that may. */
  readonly breaks: string;
  /** Wraps a sound storage. */
  readonly sabotage: (storage: ProfileStorage) => ProfileStorage;
}

/** The method that most saboteurs replace. */
export type Transact = ProfileStorage['transact'];
type Change = (
  transaction: StorageTransaction,
  mode: 'readonly' | 'readwrite',
) => Partial<StorageTransaction>;

/** Another way to make the calls of a transaction. */
export function calls(storage: ProfileStorage, change: Change): ProfileStorage {
  const transact: Transact = (mode, body, options) =>
    storage.transact(
      mode,
      (transaction) => body({ ...transaction, ...change(transaction, mode) }),
      options,
    );
  return { ...storage, transact };
}

/** Another put, for a value or a row that `isVictim` picks. */
export function puts(
  storage: ProfileStorage,
  replace: (row: StorageRow & { readonly store: StoreName }) => StorageRow | undefined,
): ProfileStorage {
  return calls(storage, (transaction) => ({
    put: (store, key, value) => {
      const row = replace({ store, key, value });
      if (row) transaction.put(store, row.key, row.value);
    },
  }));
}
