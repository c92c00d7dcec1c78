import type { Database } from '../../server/port.js';
import type { SqlClient, SqlRow } from './sql-client.js';
import { sqlDatabase, type SqlDatabaseOptions } from './sql-database.js';

export type { SqlRow } from './sql-client.js';

/** Runs a statement. */
export interface PostgresQueries {
  /** With its values. */
  readonly query: (text: string, values: unknown[]) => Promise<{ readonly rows: SqlRow[] }>;
}

/** A connection of a pool. */
export interface PostgresConnection extends PostgresQueries {
  /** Gives it back; with an error it is thrown away. */
  readonly release: (error?: Error | boolean) => void;
  /** Hears that the connection is lost. */
  readonly on: (event: 'error', hear: (error: Error) => void) => unknown;
  /** Hears it no more. */
  readonly removeListener: (event: 'error', hear: (error: Error) => void) => unknown;
}

/** What is used of a `Pool` of `pg`, or of what is made in its likeness. */
export interface PostgresPool extends PostgresQueries {
  /** Takes a connection for itself. */
  readonly connect: () => Promise<PostgresConnection>;
  /** Hears that a connection was lost which nobody used. */
  readonly on: (event: 'error', hear: (error: Error) => void) => unknown;
}

/** Where the tables are. */
export interface PostgresDatabaseOptions extends SqlDatabaseOptions {
  /** `new Pool({ connectionString })` of `pg`. It stays yours: `close` does not end it. */
  readonly pool: PostgresPool;
}

const quiet = (): void => undefined;
/** Pools that are listened to. */
const heard = new WeakSet<PostgresPool>();

function clientOf(pool: PostgresPool): SqlClient {
  // A connection that dies while nobody uses it is told to the pool's listeners; with none of them it would end the process.
  // Also after `close`: a pool that was told to end still has connections for a moment.
  if (!heard.has(pool)) pool.on('error', quiet);
  heard.add(pool);
  return {
    query: async (text, params) => (await pool.query(text, [...params])).rows,
    transaction: async (body) => {
      const connection = await pool.connect();
      connection.on('error', quiet); // between two statements it has nobody else to tell
      let broken: Error | undefined;
      try {
        await connection.query('begin', []);
        const result = await body(
          async (text, params) => (await connection.query(text, [...params])).rows,
        );
        await connection.query('commit', []);
        return result;
      } catch (error) {
        await connection.query('rollback', []).catch((lost: unknown) => {
          broken = lost instanceof Error ? lost : new Error('The connection was lost.');
        });
        throw error;
      } finally {
        connection.removeListener('error', quiet);
        connection.release(broken);
      }
    },
    close: async () => undefined,
  };
}

/**
 * Keeps shops in PostgreSQL, or in what speaks its language: Citus, CockroachDB, YugabyteDB, a managed one. Any number of processes
 * may share it, behind a pooler too. Needs the package `pg` on your side, for the pool.
 * @example
 * const database = postgresDatabase({ pool: new Pool({ connectionString: process.env.DATABASE_URL }) });
 * await database.migrate();
 */
export function postgresDatabase({ pool, ...options }: PostgresDatabaseOptions): Database {
  return sqlDatabase('postgres', clientOf(pool), options);
}
