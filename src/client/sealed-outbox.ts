import type { ProfileStorage, StorageTransaction } from '../profile/port.js';
import type { SealedBox } from '../sync/types.js';
import { openInTurn } from './open-in-turn.js';
import { SEALED_PREFIX } from './sealed-rows.js';

export type { SealedBox } from '../sync/types.js';

/** A box that waits, with the key to settle it by. */
export interface WaitingBox {
  readonly key: string;
  readonly box: SealedBox;
}

/** Where a kiosk's boxes are. */
export interface SealedOutboxOptions {
  readonly shop: string;
  /** `indexedDbStorage()`: on pages that are no kiosk one of its own, since it is opened for each call and closed after it. */
  readonly storage: ProfileStorage;
}

/** Purchases that wait on a kiosk's disk, sealed. Nothing here can read them. */
export interface SealedOutbox {
  /** Resolves when the boxes would survive a power cut. The same key again replaces. */
  readonly put: (boxes: readonly WaitingBox[]) => Promise<void>;
  /** The oldest first. `after` is the key of the last one seen. @defaultValue 100 boxes from the start */
  readonly list: (options?: {
    readonly limit?: number;
    readonly after?: string;
  }) => Promise<readonly WaitingBox[]>;
  /** Deletes what the backend has acknowledged; a key that is not there is passed over. */
  readonly settle: (keys: readonly string[]) => Promise<void>;
  /** How many wait. */
  readonly count: () => Promise<number>;
}

/**
 * The boxes that a kiosk of this shop has put on this device, for those who bring them to the backend. Several pages may use it at once:
 * what two of them send twice is the same records. Every call rejects with an ERR_STORAGE_… code where the database cannot be had.
 * @example
 * const outbox = sealedOutbox({ shop: 'slurp', storage: indexedDbStorage() });
 * const waiting = await outbox.list({ limit: 50 });
 */
export function sealedOutbox({ shop, storage }: SealedOutboxOptions): SealedOutbox {
  const run = <T>(
    mode: 'readonly' | 'readwrite',
    body: (transaction: StorageTransaction) => Promise<T>,
  ): Promise<T> => openInTurn(storage, shop, mode, body);
  return {
    put: (boxes) =>
      run('readwrite', async (transaction) => {
        for (const { key, box } of boxes) transaction.put('outbox', key, box);
      }),
    list: ({ limit = 100, after } = {}) =>
      run('readonly', async (transaction) => {
        const range = { prefix: SEALED_PREFIX, limit, ...(after !== undefined && { after }) };
        const rows = await transaction.list('outbox', range);
        return rows.map(({ key, value }) => ({ key, box: value as SealedBox }));
      }),
    settle: (keys) =>
      run('readwrite', async (transaction) => {
        // a record of a storefront on this device is not ours to delete
        for (const key of keys)
          if (key.startsWith(SEALED_PREFIX)) transaction.remove('outbox', key);
      }),
    count: () =>
      run('readonly', async (transaction) => {
        const rows = await transaction.list('outbox', { prefix: SEALED_PREFIX });
        return rows.length;
      }),
  };
}
