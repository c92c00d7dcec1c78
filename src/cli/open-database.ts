import { join } from 'node:path';
import { isRegularsError } from '../kernel/errors.js';
import type { Database } from '../server/port.js';
import { Exit } from './exit.js';

/** Where a shop's data lies. */
export interface Place {
  /** Folder of the key, and of the embedded database where no other is named. */
  readonly data: string;
  readonly databaseUrl: string | undefined;
}

/** A database that answers. */
export interface OpenDatabase {
  readonly database: Database;
  /** What it is, without a password. */
  readonly is: string;
  readonly close: () => Promise<void>;
}

const codeOf = (error: unknown): string => {
  const { cause = error } = error as { readonly cause?: unknown };
  const { code, message } = (cause ?? {}) as {
    readonly code?: unknown;
    readonly message?: unknown;
  };
  return typeof code === 'string' ? code : String(message);
};

/** Opens the database and makes its tables. Messages name host and database, never a password. */
export async function openDatabase(place: Place): Promise<OpenDatabase> {
  const opened = await (place.databaseUrl === undefined
    ? openEmbedded(place.data)
    : openPostgres(place.databaseUrl));
  try {
    await opened.database.migrate();
    return opened;
  } catch (error) {
    await opened.close().catch(() => undefined);
    if (isRegularsError(error) && error.cause === undefined) throw error;
    const missing = isRegularsError(error) && error.message.includes('npm install');
    throw missing
      ? new Exit(1, error.message)
      : new Exit(1, `Cannot use the database ${opened.is}: ${codeOf(error)}.`);
  }
}

async function openEmbedded(folder: string): Promise<OpenDatabase> {
  const { pgliteDatabase } = await import('../adapters/database/node-pglite.js');
  const dataDir = join(folder, 'database');
  const database = pgliteDatabase({ dataDir });
  return { database, is: `in ${dataDir} (embedded PostgreSQL)`, close: () => database.close() };
}

async function openPostgres(text: string): Promise<OpenDatabase> {
  const url = urlOf(text);
  const [{ default: pg }, { postgresDatabase }] = await Promise.all([
    import('pg').catch((cause: unknown) => {
      throw new Exit(1, `The package pg is missing: npm install pg (${codeOf(cause)})`);
    }),
    import('../adapters/database/postgres.js'),
  ]);
  const pool = new pg.Pool({
    ...{ connectionString: text, application_name: 'regulars', max: 10, keepAlive: true },
    // not statement_timeout, which goes with the start of a connection: PgBouncer refuses that
    ...{ connectionTimeoutMillis: 5000, query_timeout: 30_000 },
  });
  // what dies while the pool ends has nobody else to tell
  pool.on('connect', (client) => client.on('error', () => undefined));
  const database = postgresDatabase({ pool });
  return {
    ...{ database, is: `${url.pathname.slice(1) || 'postgres'} at ${url.host}` },
    close: async () => {
      await database.close();
      await pool.end();
    },
  };
}

function urlOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'postgres:' || url?.protocol === 'postgresql:') return url;
  throw new Exit(2, '--database-url takes an address as postgres://user:password@host:5432/name.');
}
