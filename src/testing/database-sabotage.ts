import type { AppendBatch, Database, StoredRecord } from '../server/port.js';

/** A database made to break one promise, to show that the contract notices. */
export interface DatabaseSaboteur {
  /** The name of the promise that must fail, and the only one that may. */
  readonly breaks: string;
  /** Wraps a sound database. */
  readonly sabotage: (database: Database) => Database;
}

/** Another way to make some of the calls. */
export const saboteur: (
  breaks: string,
  change: (database: Database) => Partial<Database>,
) => DatabaseSaboteur = (breaks, change) => ({
  breaks,
  sabotage: (database) => ({ ...database, ...change(database) }),
});

/** Another batch in the place of the one that was given. */
export const batches: (
  breaks: string,
  change: (batch: AppendBatch) => AppendBatch,
) => DatabaseSaboteur = (breaks, change) =>
  saboteur(breaks, ({ append }) => ({ append: (shop, batch) => append(shop, change(batch)) }));

/** Other records in the place of those that were given. */
export const records: (
  breaks: string,
  change: (record: StoredRecord) => StoredRecord,
) => DatabaseSaboteur = (breaks, change) =>
  batches(breaks, (batch) => ({ ...batch, records: batch.records.map(change) }));

/** Does not see what some of the records that are appended are known by, beside their subject. */
export const nameless: (
  breaks: string,
  isBlind: (record: StoredRecord, gone: ReadonlySet<string>) => boolean,
) => DatabaseSaboteur = (breaks, isBlind) =>
  saboteur(breaks, ({ append, erased }) => ({
    append: async (shop, { records: given, ...batch }) => {
      const gone = await erased(
        shop,
        given.flatMap(({ hashes }) => hashes),
      );
      const seen = given.map((record) =>
        isBlind(record, gone) ? { ...record, hashes: record.hashes.slice(0, 1) } : record,
      );
      return append(shop, { ...batch, records: seen });
    },
  }));

/** Tells how many calls run at the same time. */
export function counted<A extends readonly unknown[], T>(
  act: (running: number, ...args: A) => Promise<T>,
): (...args: A) => Promise<T> {
  let running = 0;
  return async (...args) => {
    running++;
    try {
      await Promise.resolve(); // so that others begin
      return await act(running, ...args);
    } finally {
      running--;
    }
  };
}

/** Gives ids that `forgets` names a second life. */
export const forgetful: (
  breaks: string,
  forgets: (database: Database, gone: Set<string>) => Partial<Database>,
) => DatabaseSaboteur = (breaks, forgets) =>
  saboteur(breaks, (database) => {
    const gone = new Set<string>();
    const changed = { ...database, ...forgets(database, gone) };
    const renamed = (record: StoredRecord): StoredRecord =>
      gone.has(record.id) ? { ...record, id: `${record.id} again` } : record;
    return {
      ...changed,
      append: (shop, batch) =>
        changed.append(shop, { ...batch, records: batch.records.map(renamed) }),
    };
  });
