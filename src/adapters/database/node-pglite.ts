import { RegularsError } from '../../kernel/errors.js';
import type { Database } from '../../server/port.js';
import type { SqlClient, SqlRow } from './sql-client.js';
import { sqlDatabase, type SqlDatabaseOptions } from './sql-database.js';

export type { SqlRow } from './sql-client.js';

/** Runs a statement. */
export interface PgliteQueries {
  /** With its parameters. */
  readonly query: (text: string, params: unknown[]) => Promise<{ readonly rows: SqlRow[] }>;
}

/** What is used of a `PGlite` of `@electric-sql/pglite`. */
export interface Pglite extends PgliteQueries {
  /** All or nothing. */
  readonly transaction: <T>(body: (inside: PgliteQueries) => Promise<T>) => Promise<T>;
  /** Lets go of the folder. */
  readonly close: () => Promise<void>;
}

/** Where the embedded database keeps its files. */
export interface PgliteDatabaseOptions extends SqlDatabaseOptions {
  /** A folder, for this process alone: two that open it damage it. Omitted: in memory. */
  readonly dataDir?: string;
  /** One that you have opened, instead of a folder. It stays yours: `close` does not end it. */
  readonly db?: Pglite;
}

async function open(dataDir: string | undefined): Promise<Pglite> {
  const { PGlite } = await import('@electric-sql/pglite').catch((cause: unknown) => {
    throw new RegularsError(
      'ERR_DATABASE_FAILED',
      'The package @electric-sql/pglite is missing: npm install @electric-sql/pglite',
      { cause },
    );
  });
  return PGlite.create(dataDir);
}

function clientOf({ dataDir, db }: PgliteDatabaseOptions): SqlClient {
  let opened: Promise<Pglite> | undefined;
  const opening = async (): Promise<Pglite> => db ?? (opened ??= open(dataDir));
  return {
    query: async (text, params) => (await (await opening()).query(text, [...params])).rows,
    transaction: async (body) =>
      (await opening()).transaction((inside) =>
        body(async (text, params) => (await inside.query(text, [...params])).rows),
      ),
    close: async () => {
      const own = await opened?.catch(() => undefined); // one that did not open needs no closing
      await own?.close();
    },
  };
}

/**
 * Keeps shops in an embedded PostgreSQL, in this process and without a server: for one small shop, for tests, for trying things out.
 * One connection: whoever outgrows it takes `postgresDatabase`, which has the same tables. Needs the package `@electric-sql/pglite`.
 * @example createRegularsServer({ database: pgliteDatabase({ dataDir: './shop-data' }), authorize, keys })
 */
export function pgliteDatabase(options: PgliteDatabaseOptions = {}): Database {
  return sqlDatabase('pglite', clientOf(options), options);
}
