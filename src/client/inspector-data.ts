// What the inspector needs of a storage; loaded when one is shown.
import type { ProfileStorage, StorageRow, StoreName } from '../profile/port.js';

export type { ProfileStorage, StoreName } from '../profile/port.js';
export { exportStorage } from '../profile/export-log.js';
export { importStorage } from '../profile/import-storage.js';
export { inspectCustomer, inspectStorage } from '../profile/inspect-log.js';

/** A page of rows, and the key after which the next one begins. */
export async function listRows(
  storage: Pick<ProfileStorage, 'transact'>,
  store: StoreName,
  after: string,
  limit: number,
): Promise<{ readonly rows: readonly StorageRow[]; readonly next: string | undefined }> {
  const rows = await storage.transact('readonly', (tx) => tx.list(store, { after, limit }));
  return { rows, next: rows.length < limit ? undefined : rows.at(-1)?.key };
}
