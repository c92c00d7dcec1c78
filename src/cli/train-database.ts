import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { openDuckdb } from '../adapters/database/node-duckdb.js';
import { openPostgresTraining } from '../adapters/database/node-postgres-training.js';
import { Exit, misused } from './exit.js';
import type { Tally } from './tally.js';
import { columnsOf, createRowReader, type Bought, type Columns } from './train-lines.js';
import { columnsText } from './train-read.js';

/** Where rows are asked for. */
export type Engine = 'postgresql' | 'duckdb' | 'parquet';

/** What a source is, where a database reads it; undefined for a file that is read as text. */
export function engineOf(path: string): Engine | undefined {
  if (/^postgres(?:ql)?:\/\//.test(path)) return 'postgresql';
  if (path === '-' || !statSync(path, { throwIfNoEntry: false })?.isFile()) return undefined;
  const head = Buffer.alloc(12);
  const file = openSync(path, 'r');
  try {
    readSync(file, head, 0, 12, 0);
  } finally {
    closeSync(file);
  }
  if (head.toString('latin1', 0, 4) === 'PAR1') return 'parquet';
  return head.toString('latin1', 8, 12) === 'DUCK' ? 'duckdb' : undefined;
}

/** A query of a database, as what was bought. */
export interface TrainQuery {
  readonly is: string;
  readonly parts: AsyncIterable<readonly Bought[]>;
  readonly close: () => Promise<void>;
}

const PART = 5_000;
const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;

/** Asks a database for customers and items. */
export async function openTrainQuery(
  path: string,
  engine: Engine,
  asked: { readonly query: string | undefined; readonly columns: Partial<Columns> },
  tally: Tally,
  signal: AbortSignal,
): Promise<TrainQuery> {
  const sql = engine === 'parquet' ? `SELECT * FROM read_parquet(${text(path)})` : asked.query;
  if (sql === undefined)
    throw misused(
      `Say with --query what is to be read, as "SELECT customer, visit, time_ms, sku FROM order_lines".`,
    );
  const database =
    engine === 'postgresql'
      ? await openPostgresTraining(path, signal)
      : await openDuckdb({ signal, ...(engine === 'duckdb' && path !== '' && { source: path }) });
  const close = async (): Promise<void> => database.close();
  try {
    const names = await database.columns(sql);
    const columns = columnsOf(names, asked.columns);
    if (!columns)
      throw new Exit(
        1,
        `There is no telling who bought what: the columns are ${names.slice(0, 20).join(', ')}. Say which is what: --columns customer=…,order=…,at=…,sku=…`,
      );
    const parts = rowParts(database.rows(sql), names, columns, tally);
    return { is: columnsText(columns), parts, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** @yields what was bought in some rows */
async function* rowParts(
  rows: AsyncIterable<readonly unknown[]>,
  names: readonly string[],
  columns: Columns,
  tally: Tally,
): AsyncGenerator<readonly Bought[]> {
  const read = createRowReader(columns);
  const at = new Map(names.map((name, i) => [name, i]));
  let bought: Bought[] = [];
  let number = 0;
  for await (const values of rows) {
    const row = read((name) => values[at.get(name) ?? -1], ++number);
    if (typeof row === 'string') tally.skip(row, 1, [`row ${number}`]);
    else bought.push(row);
    if (bought.length < PART) continue;
    yield bought;
    bought = [];
  }
  yield bought;
}
