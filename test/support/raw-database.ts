const connections = new Set<IDBDatabase>();

/** Lets go of every database that {@link openRaw} opened: one left open would hold up the deletions of all later tests. */
export function closeRaw(): void {
  for (const db of connections) db.close();
  connections.clear();
}

/** Opens a database by the back door, as another page would. */
export function openRaw(
  name: string,
  version?: number,
  onVersionChange?: (db: IDBDatabase) => void,
): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, version);
    request.addEventListener('error', () => reject(request.error ?? new Error('no reason')));
    request.addEventListener('success', () => {
      const db = request.result;
      connections.add(db);
      db.addEventListener('versionchange', () => onVersionChange?.(db));
      resolve(db);
    });
  });
}

/** The keys of a database's records. */
export async function storedKeys(name: string): Promise<readonly IDBValidKey[]> {
  const db = await openRaw(name, undefined, (open) => open.close());
  const request = db.transaction('records').objectStore('records').getAllKeys();
  const keys = await new Promise<IDBValidKey[]>((resolve) => {
    request.addEventListener('success', () => resolve(request.result));
  });
  db.close();
  return keys;
}

/** Deletes a database; resolves with `blocked` as soon as another page is in the way. */
export function deleteRaw(name: string): Promise<'deleted' | 'blocked'> {
  return new Promise((resolve) => {
    const request = indexedDB.deleteDatabase(name);
    request.addEventListener('success', () => resolve('deleted'));
    request.addEventListener('blocked', () => resolve('blocked'));
  });
}
