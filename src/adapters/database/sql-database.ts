import { systemClock, systemRandom, type Clock, type Random } from '../../kernel/clock.js';
import { RegularsError } from '../../kernel/errors.js';
import type { Database } from '../../server/port.js';
import { oneLane, type LanesOf } from './lanes.js';
import { withRetries, type RetryEnv } from './retry.js';
import type { SqlClient, SqlQuery } from './sql-client.js';
import { append, compact, createShops, linksOf, list, Superseded } from './sql-log.js';
import { migrate } from './sql-schema.js';
import { sqlDevices, sqlNotes } from './sql-tables.js';

/** What all databases in SQL may be given. */
export interface SqlDatabaseOptions {
  /** How many lanes a shop gets when it is first asked for. @defaultValue one each */
  readonly lanes?: LanesOf;
  /** For the waits between tries. @defaultValue the platform's */
  readonly clock?: Clock;
  /** For epochs and waits. @defaultValue the platform's */
  readonly random?: Random;
}

const ERASED = 'select hash from regulars_erased where shop = $1 and hash = any($2::text[])';
const SUBJECTS =
  'select token, subject from regulars_token where shop = $1 and token = any($2::text[])';

/** Runs calls, tries them again where that may help, and knows when none is left. */
function createCalls(client: SqlClient, env: RetryEnv) {
  const running = new Set<Promise<unknown>>();
  let closed = false;
  const call = async <T>(act: () => Promise<T>): Promise<T> => {
    if (closed) throw new RegularsError('ERR_DATABASE_FAILED', 'The database was closed.');
    const result = act();
    running.add(result);
    return result.finally(() => running.delete(result));
  };
  const query: SqlQuery = (text, params) =>
    call(() => withRetries(env, () => client.query(text, params)));
  return {
    query,
    migrate: () => call(() => migrate(client, env)),
    transaction: <T>(body: (query: SqlQuery) => Promise<T>) =>
      call(() => withRetries(env, () => client.transaction(body))),
    close: async () => {
      if (closed) return;
      closed = true;
      await Promise.allSettled(running);
      await client.close();
    },
  };
}

/** A database over whatever runs the statements. They are the same for every engine, and plain enough for those that spread tables over machines. */
export function sqlDatabase(
  name: string,
  client: SqlClient,
  { lanes = oneLane, clock = systemClock, random = systemRandom }: SqlDatabaseOptions,
): Database {
  const { query, transaction, ...calls } = createCalls(client, { name, clock, random });
  const shops = createShops(lanes, random);
  return {
    name,
    migrate: calls.migrate,
    head: (shop) => shops.head(query, shop),
    append: async (shop, batch) => {
      const known = await shops.lanes(query, shop);
      return transaction((inside) => append(inside, shop, known, batch));
    },
    list: async (shop, asked) => list(query, shop, await shops.lanes(query, shop), asked),
    subjectsOf: async (shop, tokens) => {
      const rows = await query(SUBJECTS, [shop, tokens]);
      const found = new Map<string, string[]>();
      for (const row of rows) {
        const [token, subject] = [String(row['token']), String(row['subject'])];
        found.set(token, [...(found.get(token) ?? []), subject].sort());
      }
      return found;
    },
    linksOf: (shop, subjects) => linksOf(query, shop, subjects),
    erased: async (shop, hashes) => {
      const rows = await query(ERASED, [shop, hashes]);
      return new Set(rows.map(({ hash }) => String(hash)));
    },
    compact: async (shop, compaction) => {
      const known = await shops.lanes(query, shop);
      try {
        return await transaction((inside) => compact(inside, shop, known, compaction));
      } catch (error) {
        if (error instanceof RegularsError && error.cause instanceof Superseded) return false;
        throw error;
      }
    },
    renew: async (shop, epoch) => {
      await shops.head(query, shop);
      await query('update regulars_shop set epoch = $2 where shop = $1', [shop, epoch]);
    },
    devices: sqlDevices(query),
    notes: sqlNotes(query),
    close: calls.close,
  };
}
