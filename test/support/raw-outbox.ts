import { closeRaw, openRaw } from './raw-database.js';

/** The rows of a store of the test shop's database, by the back door. */
export async function readRaw(
  store: 'cards' | 'outbox' | 'records' | 'tokens',
): Promise<readonly unknown[]> {
  const db = await openRaw('regulars:blue-door', undefined, (open) => open.close());
  const request = db.transaction(store).objectStore(store).getAll();
  const rows = await new Promise<readonly unknown[]>((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result as readonly unknown[]));
    request.addEventListener('error', () => reject(request.error ?? new Error('no reason')));
  });
  closeRaw();
  return rows;
}
