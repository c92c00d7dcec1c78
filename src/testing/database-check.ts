import { systemRandom } from '../kernel/clock.js';
import { randomId } from '../kernel/ids.js';
import type { AppendStatus, Database, NumberedRecord, StoredRecord } from '../server/port.js';

/** One thing that every database promises, and the check of it. */
export interface DatabasePromise {
  /** A sentence: the name of the test. */
  readonly name: string;
  /**
   * Rejects with a plain `Error` when a database that `make` gives breaks the promise. The databases of several calls may share a
   * place: each check has shops of its own. It is migrated and closed by the check.
   */
  readonly check: (make: () => Database | Promise<Database>) => Promise<void>;
}

/** A promise whose check gets a database, and a shop that nobody has. */
export function promise(
  name: string,
  check: (database: Database, shop: string) => Promise<void>,
): DatabasePromise {
  return {
    name,
    check: async (make) => {
      const database = await make();
      await database.migrate();
      try {
        await check(database, `contract-${randomId(systemRandom)}`);
      } finally {
        await database.close();
      }
    },
  };
}

/** A record with texts that tell it from others; `over` replaces parts of it. */
export function recordOf(id: string, over: Partial<StoredRecord> = {}): StoredRecord {
  const { subject = 'anna' } = over;
  return {
    ...{ id, subject, kind: 'visit', stamp: `stamp of ${id}`, body: `{"id":"${id}"}` },
    ...{ hashes: [`hash of ${subject}`] },
    ...over,
  };
}

/** Appends records alone. */
export const append: (
  database: Database,
  shop: string,
  ...records: readonly StoredRecord[]
) => Promise<readonly AppendStatus[]> = (database, shop, ...records) =>
  database.append(shop, { records });

/** Everything that is kept, or everything of some. */
export const all: (
  database: Database,
  shop: string,
  ...subjects: readonly string[]
) => Promise<readonly NumberedRecord[]> = (database, shop, ...subjects) =>
  database.list(shop, { ...(subjects.length > 0 && { subjects }), after: [], limit: 10_000 });

/** Their ids, sorted: lanes have no order among each other. */
export const idsOf: (records: readonly NumberedRecord[]) => readonly string[] = (records) =>
  records.map(({ id }) => id).sort();

/** How many numbers a shop's log has given out. */
export async function length(database: Database, shop: string): Promise<number> {
  const { heads } = await database.head(shop);
  return heads.reduce((sum, head) => sum + head, 0);
}
