import { hash32 } from '../kernel/hash.js';
import type {
  CatalogModel,
  NeighbourTable,
  PopularList,
  RecommendVisit,
} from '../recommend/types.js';
import type { TrainingCustomer } from './training-customers.js';
import type { NeighbourRow } from './count-neighbours.js';
import { popularLists, type PopularCount } from './count-popular.js';
import { weighTogether } from './count-together.js';
import { modelOfCounts, type ModelCounts } from './model-of-counts.js';
import type { TrainingDatabase } from './port.js';
import { TRAINING } from './train-model.js';
import { trainingSql, type TrainingSql, type TrainingSqlOptions } from './training-sql.js';

/** How a model is made in a database. */
export interface TrainInDatabaseOptions extends TrainingSqlOptions {
  /** When, ms. @defaultValue the newest visit's time, or 0 */
  readonly trainedAt?: number;
  /** Neighbours in all; what matters least is left out. @defaultValue 90,000 */
  readonly maxPairs?: number;
  /** Up to so many items, what goes together is weighed for all of them at once. @defaultValue 2,000 */
  readonly menuItems?: number;
  /** Told before each statement and at the end which share of the work is done, 0–1. */
  readonly progress?: (done: number) => void;
}

/** What was trained, and what is left in the database. */
export interface TrainedInDatabase {
  readonly model: CatalogModel;
  /** What was counted. */
  readonly customers: number;
  readonly lines: number;
  /** About `limit` customers with their visits, always the same ones: for `evaluate` and `fitRanker`. */
  readonly sampled: (limit: number) => AsyncIterable<TrainingCustomer>;
  /** Takes the tables away again. */
  readonly drop: () => Promise<void>;
}

/** Lines that are paired in one go where the caller says nothing. */
const LINES_A_PART = 500_000;
/** Tables that are made before it is known how many lines there are. */
const TABLES_OF_LINES = 5;

/**
 * Trains as `trainModel` does, where the orders lie. Tables are made below a prefix and kept until `drop`: after a kill the same call goes on
 * with the statement that was not done, on the orders as they were.
 * @example
 * const { model, drop } = await trainInDatabase(database, { source: 'SELECT customer, visit, time_ms, sku FROM order_lines' });
 * await writeFile('model.bin', encodeModel(model));
 * await drop();
 */
export async function trainInDatabase(
  database: TrainingDatabase,
  options: TrainInDatabaseOptions,
): Promise<TrainedInDatabase> {
  const { progress = () => undefined, prefix = 'regulars_training' } = options;
  const limits = { ...TRAINING, ...options };
  const whole = trainingSql({ ...options, parts: 1 });
  const marks = `${prefix}_done`;
  const key = String(hash32(JSON.stringify(whole)));
  const done = await readMarks(database, marks, key);
  progress(0);
  const first = whole.steps.slice(0, TABLES_OF_LINES);
  for (const { table, sql } of first) await makeTable(database, sql, { marks, key, done, table });
  const [newestAt, customers, lines] = await totalsOf(database, whole);
  const parts = options.parts ?? 1 + Math.floor(lines / LINES_A_PART);
  const { steps, reads, tables } = trainingSql({ ...options, parts });
  const count = steps.reduce((sum, { sql }) => sum + sql.length, 0);
  let run = first.reduce((sum, { sql }) => sum + sql.length, 0);
  for (const { table, sql } of steps.slice(TABLES_OF_LINES)) {
    const onStatement = (): void => progress(run++ / count);
    await makeTable(database, sql, { marks, key, done, table, onStatement });
  }
  const items = await readItems(database, reads.items);
  const size = items.skus.length;
  const next = await readNeighbours(database, reads.next, size, false);
  const model = modelOfCounts(
    { ...items, next, customers: await readNeighbours(database, reads.customers, size, true) },
    { trainedAt: options.trainedAt ?? newestAt, maxPairs: limits.maxPairs },
  );
  const isMenu = size > 0 && size <= limits.menuItems;
  const together = isMenu && { together: await readTogether(database, reads.meetings, size) };
  const isHere = (options.hereColumns ?? []).length > 0;
  const popular = isHere && { popular: await readPopular(database, reads.popular) };
  progress(1);
  return {
    ...{ model: { ...model, ...together, ...popular }, customers, lines },
    sampled: (limit) => sampledCustomers(database, reads.sampled(Math.max(1, customers / limit))),
    drop: async () => {
      for (const table of [...tables, marks]) await database.run(`DROP TABLE IF EXISTS ${table}`);
    },
  };
}

/** Which tables are made; of other statements than these nothing is. */
async function readMarks(
  database: TrainingDatabase,
  marks: string,
  key: string,
): Promise<Set<string>> {
  await database.run(`CREATE TABLE IF NOT EXISTS ${marks} (name TEXT, key TEXT)`);
  const done = new Set<string>();
  for await (const [name, of] of database.rows(`SELECT name, key FROM ${marks}`))
    if (of === key) done.add(String(name));
  if (done.size === 0) await database.run(`DELETE FROM ${marks}`);
  return done;
}

interface Making {
  readonly table: string;
  readonly marks: string;
  readonly key: string;
  readonly done: ReadonlySet<string>;
  readonly onStatement?: () => void;
}

/** Each part with its mark, in one transaction: after a kill either both are there or none. */
async function makeTable(
  database: TrainingDatabase,
  [clear = '', create = '', ...fill]: readonly string[],
  { table, marks, key, done, onStatement }: Making,
): Promise<void> {
  const units = fill.map((sql, part) => (part === 0 ? [clear, create, sql] : [sql]));
  for (const [part, unit] of units.entries()) {
    const name = `${table} ${part}`;
    onStatement?.();
    if (done.has(name)) continue;
    await database.run('BEGIN');
    try {
      for (const sql of unit) await database.run(sql);
      await database.run(`INSERT INTO ${marks} VALUES ('${name}', '${key}')`);
      await database.run('COMMIT');
    } catch (error) {
      // a connection that is gone has taken it back by itself
      await database.run('ROLLBACK').catch(() => undefined);
      throw error;
    }
  }
}

async function totalsOf(
  database: TrainingDatabase,
  { reads }: TrainingSql,
): Promise<readonly [newestAt: number, customers: number, lines: number]> {
  for await (const [newestAt, customers, lines] of database.rows(reads.totals))
    return [Number(newestAt), Number(customers), Number(lines)];
  return [0, 0, 0];
}

async function readItems(
  database: TrainingDatabase,
  sql: string,
): Promise<Omit<ModelCounts, 'next' | 'customers'>> {
  const skus: string[] = [];
  const columns: number[][] = Array.from({ length: 7 }, () => []);
  for await (const [sku, ...counts] of database.rows(sql)) {
    skus.push(String(sku));
    columns.forEach((column, i) => column.push(Number(counts[i])));
  }
  const whole = (column: number): Uint32Array => Uint32Array.from(columns[column] ?? []);
  return {
    ...{ skus, visits: whole(0), buyers: whole(1), recent: whole(2) },
    ...{ chances: whole(3), bought: whole(4), gaps: whole(5) },
    gapMs: Float64Array.from(columns[6] ?? []),
  };
}

async function readNeighbours(
  database: TrainingDatabase,
  sql: string,
  size: number,
  hasShares: boolean,
): Promise<readonly NeighbourRow[]> {
  const rows = Array.from({ length: size }, () => ({
    items: [] as number[],
    weights: [] as number[],
    shares: [] as number[],
  }));
  for await (const [item, other, weight, share] of database.rows(sql)) {
    const row = rows[Number(item)];
    row?.items.push(Number(other));
    row?.weights.push(Number(weight));
    if (hasShares) row?.shares.push(Number(share));
  }
  return rows.map(({ items, weights, shares }) => ({
    items: Uint32Array.from(items),
    weights: Float32Array.from(weights),
    sameVisit: Float32Array.from(shares),
  }));
}

async function readPopular(
  database: TrainingDatabase,
  sql: string,
): Promise<readonly PopularList[]> {
  const counts = new Map<string, PopularCount[]>();
  for await (const [place, daypart, item, visits] of database.rows(sql)) {
    const key = JSON.stringify([place, daypart]);
    const list = counts.get(key) ?? [];
    counts.set(key, list);
    list.push({ number: Number(item), visits: Number(visits) });
  }
  return popularLists(counts);
}

async function readTogether(
  database: TrainingDatabase,
  sql: string,
  size: number,
): Promise<NeighbourTable> {
  const counts = new Float64Array(size * size);
  for await (const [one, other, count] of database.rows(sql))
    counts[Number(one) * size + Number(other)] = Number(count);
  const alone = Uint32Array.from({ length: size }, (_, item) => item);
  return weighTogether({ size, counts }, alone);
}

/** @yields a customer of the share whose hashes are the lowest */
async function* sampledCustomers(
  database: TrainingDatabase,
  sql: string,
): AsyncGenerator<TrainingCustomer> {
  let id: string | undefined;
  let seq: string | undefined;
  let visits: (RecommendVisit & { readonly items: string[] })[] = [];
  for await (const [customer, number, at, sku] of database.rows(sql)) {
    if (String(customer) !== id) {
      if (id !== undefined) yield { id, visits };
      [id, seq, visits] = [String(customer), undefined, []];
    }
    if (String(number) !== seq) visits.push({ items: [], ...(at !== null && { at: Number(at) }) });
    seq = String(number);
    visits.at(-1)?.items.push(String(sku));
  }
  if (id !== undefined) yield { id, visits };
}
