import type * as Pg from 'pg';
import { RegularsError } from '../../kernel/errors.js';
import type { TrainingDatabase } from '../../model/port.js';

/** A connection to PostgreSQL in which is trained. */
export interface PostgresTraining extends TrainingDatabase {
  /** The names of a query's columns. */
  readonly columns: (sql: string) => Promise<readonly string[]>;
  readonly close: () => Promise<void>;
}

/** Rows that come over the network at once. */
const ROWS = 10_000;

/** Connects for a training. Rejects with `ERR_DATABASE_FAILED`, also where the package is not installed; the message names no password. */
export async function openPostgresTraining(
  url: string,
  signal?: AbortSignal,
): Promise<PostgresTraining> {
  const { default: pg } = await loadPg();
  const connect = async (): Promise<Pg.Client> => {
    const client = new pg.Client({ connectionString: url, application_name: 'regulars train' });
    // a connection that breaks is told by the statement that needs it
    client.on('error', () => undefined);
    await guard(client.connect());
    return client;
  };
  const client = await connect();
  const stop = (): void => {
    const { processID } = client as unknown as { readonly processID: number };
    // the one thing that another connection can do for this one; what runs would go on for hours
    const cancel = async (): Promise<void> => {
      const other = await connect();
      await other.query('SELECT pg_cancel_backend($1)', [processID]);
      await other.end();
    };
    cancel().catch(() => undefined);
  };
  signal?.addEventListener('abort', stop);
  const run = async (sql: string): Promise<void> => {
    signal?.throwIfAborted();
    await guard(client.query(sql));
  };
  return {
    run,
    rows: (sql) => rowsOf(client, sql, run),
    columns: async (sql) => {
      const { fields } = await guard(client.query(`SELECT * FROM (${sql}) AS told LIMIT 0`));
      return fields.map(({ name }) => name);
    },
    close: async () => {
      signal?.removeEventListener('abort', stop);
      await client.end();
    },
  };
}

/** @yields a row */
async function* rowsOf(
  client: Pg.Client,
  sql: string,
  run: TrainingDatabase['run'],
): AsyncGenerator<readonly unknown[]> {
  await run('BEGIN');
  try {
    await run(`DECLARE regulars_rows NO SCROLL CURSOR FOR ${sql}`);
    for (;;) {
      const text = `FETCH ${ROWS} FROM regulars_rows`;
      const { rows } = await guard(client.query<unknown[]>({ text, rowMode: 'array' }));
      yield* rows;
      if (rows.length < ROWS) break;
    }
  } finally {
    await run('ROLLBACK');
  }
}

async function loadPg(): Promise<typeof Pg & { readonly default: typeof Pg }> {
  try {
    return (await import('pg')) as typeof Pg & { readonly default: typeof Pg };
  } catch (cause) {
    throw failed('This needs pg, which is not installed: npm install pg', cause);
  }
}

async function guard<T>(promise: Promise<T>): Promise<T> {
  try {
    return await promise;
  } catch (cause) {
    throw failed(`PostgreSQL: ${cause instanceof Error ? cause.message : 'it failed'}`, cause);
  }
}

function failed(message: string, cause: unknown): RegularsError {
  return new RegularsError('ERR_DATABASE_FAILED', message, { cause });
}
