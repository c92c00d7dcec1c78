import { existsSync, rmSync } from 'node:fs';
import {
  openDuckdb,
  type DuckdbDatabase,
  type DuckdbValue,
} from '../adapters/database/node-duckdb.js';
import { trainInDatabase } from '../model/train-in-database.js';
import type { Bought } from './train-lines.js';
import { createKeys, type TrainStore } from './train-store.js';

/** What the working file is, and what it is for. */
export interface DuckdbStoreOptions {
  readonly path: string;
  /** Says what is read, and how: a file that was begun for anything else is begun anew. */
  readonly purpose: string;
  readonly memory: string | undefined;
  readonly signal: AbortSignal;
}

/**
 * Rows of an order that was told anew give way to the newest; without an order's own number, visits come as they were read. `place` counts
 * what was read; `version` is the same for an order whose lines are rows.
 */
const SOURCE = `SELECT customer, visit, time_ms, sku FROM (
  SELECT customer, sku, version, time_ms,
    min(place) OVER (PARTITION BY bought) AS visit, max(version) OVER (PARTITION BY bought) AS newest
  FROM bought
) AS told
WHERE version = newest`;

/** Orders in a file of DuckDB beside the model, kept until that is written. */
export async function openDuckdbStore(options: DuckdbStoreOptions): Promise<TrainStore> {
  let database = await openFile(options);
  let kept = await marksOf(database, options.purpose);
  if (!kept) {
    // begun for something else
    database.close();
    removeFile(options.path);
    database = await openFile(options);
    await begin(database, options.purpose);
    kept = new Map();
  }
  let place = await numberOf(database, 'SELECT coalesce(max(place), 0) FROM part');
  const [customerKey, orderKey] = [createKeys(), createKeys()];
  /** A row without a sku says that nothing is left of the order. */
  const rowsOf = (source: number, { customer, order, at, skus, isWhole }: Bought): Row[] => {
    place++;
    const head = [source, customerKey(customer), orderKey(order), place, isWhole ? place : 0, at];
    return (skus.length > 0 ? skus : [null]).map((sku) => [...head, sku]);
  };
  return {
    isKept: true,
    kept: (source) => kept.get(source) ?? 0,
    lines: () => numberOf(database, 'SELECT count(*) FROM bought'),
    restart: async (source) => {
      await database.run(`DELETE FROM bought WHERE source = ${source}`);
    },
    add: async (source, parts, bought) => {
      await database.run('BEGIN');
      await database.append(
        'bought',
        bought.flatMap((one) => rowsOf(source, one)),
      );
      await database.append('part', [[source, Math.min(parts, ALL), place]]);
      await database.run('COMMIT');
    },
    train: (how, progress) =>
      trainInDatabase(database, { ...how, source: SOURCE, prefix: 'train', progress }),
    close: () => database.close(),
    remove: () => removeFile(options.path),
  };
}

const openFile = ({ path, memory, signal }: DuckdbStoreOptions): Promise<DuckdbDatabase> =>
  openDuckdb({ path, signal, ...(memory !== undefined && { memory }) });

function removeFile(path: string): void {
  for (const file of [path, `${path}.wal`, `${path}.tmp`])
    if (existsSync(file)) rmSync(file, { recursive: true, force: true });
}

type Row = readonly DuckdbValue[];

/** How many parts a source has that was read to its end. */
const ALL = 2 ** 40;

async function begin(database: DuckdbDatabase, purpose: string): Promise<void> {
  await database.run('BEGIN');
  await database.run('CREATE TABLE purpose (text TEXT)');
  await database.run('CREATE TABLE part (source BIGINT, number BIGINT, place BIGINT)');
  await database.run(
    'CREATE TABLE bought (source BIGINT, customer BIGINT, bought BIGINT, place BIGINT, version BIGINT, time_ms BIGINT, sku TEXT)',
  );
  await database.append('purpose', [[purpose]]);
  await database.run('COMMIT');
}

/** How many parts of each source there are; undefined where the file is not of this purpose. */
async function marksOf(
  database: DuckdbDatabase,
  purpose: string,
): Promise<Map<number, number> | undefined> {
  const tables: unknown[] = [];
  for await (const [name] of database.rows('SELECT table_name FROM duckdb_tables()'))
    tables.push(name);
  if (!tables.includes('purpose') || !tables.includes('part')) return undefined;
  for await (const [text] of database.rows('SELECT text FROM purpose'))
    if (text !== purpose) return undefined;
  const marks = new Map<number, number>();
  for await (const [source, count] of database.rows(
    'SELECT source, max(number) FROM part GROUP BY source',
  ))
    marks.set(Number(source), Number(count) < ALL ? Number(count) : Infinity);
  return marks;
}

async function numberOf(database: DuckdbDatabase, sql: string): Promise<number> {
  for await (const [value] of database.rows(sql)) return Number(value);
  return 0;
}
