import type { StorageTransaction } from '../profile/port.js';
import type { FileName, FileShelf, KeptFile } from '../recommend/types.js';
import type { Core } from './core.js';
import { openInTurn } from './open-in-turn.js';

/** Rows of the store `meta`. */
const rowOf = (name: FileName): string => `file:${name}`;

/**
 * Where the last good files are kept: shop data. On the shop's own devices always, elsewhere once the customer's storage is open,
 * which it is only after their yes.
 */
export function shelfHere(core: Core): FileShelf {
  const { vault, mode, options, clock } = core;
  const { storage, shop } = options;
  const run = async <T>(
    how: 'readonly' | 'readwrite',
    body: (transaction: StorageTransaction) => Promise<T>,
  ): Promise<T | undefined> => {
    if (mode === 'kiosk') return storage && openInTurn(storage, shop, how, body);
    return vault.keeps() ? vault.run(how, body, 'relaxed') : undefined;
  };
  return {
    get: async (name) => {
      const row = await run('readonly', (transaction) => transaction.get('meta', rowOf(name)));
      const { bytes, at } = Object(row) as Partial<KeptFile>;
      return bytes instanceof Uint8Array && Number.isFinite(at) ? (row as KeptFile) : undefined;
    },
    put: async (name, file) => {
      try {
        await run('readwrite', async (transaction) => {
          transaction.put('meta', rowOf(name), { ...file, at: clock.now() } satisfies KeptFile);
          return Promise.resolve();
        });
      } catch (error) {
        core.report(error); // without it the next page fetches it again
      }
    },
  };
}
