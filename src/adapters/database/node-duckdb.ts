import type * as Duckdb from '@duckdb/node-api';
import { RegularsError } from '../../kernel/errors.js';
import type { TrainingDatabase } from '../../model/port.js';

/** How a DuckDB is opened. */
export interface DuckdbOptions {
  /** The file; made where there is none. @defaultValue in memory */
  readonly path?: string;
  /** A file that is only read, as `source`. */
  readonly source?: string;
  /** Memory it may take, as `2GB`; beyond that it goes to disk beside the file. @defaultValue 1GB */
  readonly memory?: string;
  /** Stops what runs. */
  readonly signal?: AbortSignal;
}

/** A value as it is appended: whole numbers below 2⁵³ or as bigint. */
export type DuckdbValue = string | number | bigint | null;

/** DuckDB, opened. */
export interface DuckdbDatabase extends TrainingDatabase {
  /** Adds rows to a table, many times faster than by statements; within a transaction, if one was begun. */
  readonly append: (table: string, rows: readonly (readonly DuckdbValue[])[]) => Promise<void>;
  /** The names of a query's columns. */
  readonly columns: (sql: string) => Promise<readonly string[]>;
  readonly close: () => void;
}

/** Opens a DuckDB. Rejects with `ERR_DATABASE_FAILED`, also where the package is not installed. */
export async function openDuckdb(options: DuckdbOptions = {}): Promise<DuckdbDatabase> {
  const { path = ':memory:', source, memory = '1GB', signal } = options;
  const { DuckDBInstance, DuckDBTypeId, JSDuckDBValueConverter } = await loadDuckdb();
  const settings = {
    memory_limit: memory,
    // what comes out is put in order by the queries
    preserve_insertion_order: 'false',
    // nothing is fetched from anywhere
    ...{ autoinstall_known_extensions: 'false', autoload_known_extensions: 'false' },
  };
  let instance: Duckdb.DuckDBInstance;
  try {
    instance = await DuckDBInstance.create(path, settings);
  } catch (cause) {
    throw failed(`DuckDB cannot open ${path}`, cause);
  }
  const connection = await instance.connect();
  const stop = (): void => connection.interrupt();
  signal?.addEventListener('abort', stop);
  const run = async (sql: string): Promise<void> => {
    signal?.throwIfAborted();
    await guard(connection.run(sql));
  };
  if (source !== undefined)
    await run(`ATTACH '${source.replaceAll("'", "''")}' AS source (READ_ONLY); USE source`);
  return {
    run,
    rows: (sql) => rowsOf(connection, JSDuckDBValueConverter, sql, signal),
    append: (table, rows) => appendRows(connection, DuckDBTypeId.BIGINT, table, rows),
    columns: async (sql) =>
      (await guard(connection.stream(`SELECT * FROM (${sql}) LIMIT 0`))).columnNames(),
    close: () => {
      signal?.removeEventListener('abort', stop);
      connection.closeSync();
      instance.closeSync();
    },
  };
}

async function appendRows(
  connection: Duckdb.DuckDBConnection,
  bigint: Duckdb.DuckDBTypeId,
  table: string,
  rows: readonly (readonly DuckdbValue[])[],
): Promise<void> {
  const appender = await connection.createAppender(table);
  const isWhole = Array.from(
    { length: appender.columnCount },
    (_, column) => appender.columnType(column).typeId === bigint,
  );
  for (const row of rows) {
    row.forEach((value, column) => {
      if (value === null) appender.appendNull();
      else if (isWhole[column]) appender.appendBigInt(BigInt(value));
      else appender.appendVarchar(String(value));
    });
    appender.endRow();
  }
  appender.closeSync();
}

/** @yields a row */
async function* rowsOf(
  connection: Duckdb.DuckDBConnection,
  converter: Duckdb.DuckDBValueConverter<Duckdb.JS>,
  sql: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly unknown[]> {
  const result = await guard(connection.stream(sql));
  for (;;) {
    signal?.throwIfAborted();
    const chunk = await guard(result.fetchChunk());
    if (!chunk || chunk.rowCount === 0) return;
    yield* chunk.convertRows(converter);
  }
}

async function loadDuckdb(): Promise<typeof Duckdb> {
  try {
    return await import('@duckdb/node-api');
  } catch (cause) {
    throw failed('This needs DuckDB, which is not installed: npm install @duckdb/node-api', cause);
  }
}

async function guard<T>(promise: Promise<T>): Promise<T> {
  try {
    return await promise;
  } catch (cause) {
    const [line = ''] = (cause instanceof Error ? cause.message : '').split('\n');
    throw failed(`DuckDB refused a statement: ${line}`, cause);
  }
}

function failed(message: string, cause: unknown): RegularsError {
  return new RegularsError('ERR_DATABASE_FAILED', message, { cause });
}
