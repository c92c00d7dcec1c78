import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDuckdb, type DuckdbDatabase } from '../../src/adapters/database/node-duckdb.js';
import {
  openPostgresTraining,
  type PostgresTraining,
} from '../../src/adapters/database/node-postgres-training.js';
import type { TrainingCustomer } from '../../src/model/training-customers.js';
import type { TrainingDatabase } from '../../src/model/port.js';
import { trainInDatabase } from '../../src/model/train-in-database.js';
import { trainModel, type TrainModelOptions } from '../../src/model/train-model.js';
import type { RecommendVisit } from '../../src/recommend/types.js';
import { hasPostgres, startPostgres, type TestPostgres } from '../support/postgres.js';
import { runs } from '../support/runs.js';
import { cafeCustomers } from '../unit/recommend/shop.js';

const HOUR = 3_600_000;
const SOURCE = 'SELECT customer, visit, time_ms, sku FROM given';

type Row = readonly [customer: string, visit: number, at: number | null, sku: string];

const rowsOf = (customers: readonly TrainingCustomer[]): Row[] =>
  customers.flatMap(({ visits, id }, c) =>
    visits.flatMap(({ at, items }, v) =>
      items.map((sku): Row => [id ?? String(c), v, at ?? null, sku]),
    ),
  );

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

async function give(database: TrainingDatabase, rows: readonly Row[]): Promise<void> {
  await database.run('DROP TABLE IF EXISTS given');
  await database.run('CREATE TABLE given (customer TEXT, visit BIGINT, time_ms BIGINT, sku TEXT)');
  const values = rows.map(
    ([customer, visit, at, sku]) =>
      `(${quoted(customer)}, ${visit}, ${at ?? 'NULL'}, ${quoted(sku)})`,
  );
  if (values.length > 0) await database.run(`INSERT INTO given VALUES ${values.join(', ')}`);
}

/** Rows with where and when. */
async function giveHere(database: TrainingDatabase, rows: readonly string[]): Promise<void> {
  await database.run('DROP TABLE IF EXISTS given');
  await database.run(
    'CREATE TABLE given (customer TEXT, visit BIGINT, time_ms BIGINT, sku TEXT, place TEXT, daypart TEXT)',
  );
  const values = rows.map((row) => `(${row})`).join(', ');
  if (values !== '') await database.run(`INSERT INTO given VALUES ${values}`);
}

const textOr = (text: string | undefined): string => (text === undefined ? 'NULL' : quoted(text));

interface Where {
  readonly place: string | undefined;
  readonly daypart: string | undefined;
}
const NOWHERE: Where = { place: undefined, daypart: undefined };

/** Without what is not there. */
const only = ({ place, daypart }: Where) => ({
  ...(place !== undefined && { place }),
  ...(daypart !== undefined && { daypart }),
});

const customer = fc
  .array(
    fc.record({
      gap: fc.integer({ min: 5 * HOUR, max: 90 * 24 * HOUR }),
      isTimed: fc.boolean(),
      items: fc.array(
        fc.constantFrom('a', 'b', 'B', 'é', '😀', '\uffff', "o'", '__proto__', 'c d'),
        {
          minLength: 1,
          maxLength: 6,
        },
      ),
    }),
    { maxLength: 7 },
  )
  .chain((visits) => fc.boolean().map((isTimed) => ({ visits, isTimed })))
  .map(({ visits, isTimed }) => {
    let at = 1_700_000_000_000;
    return {
      visits: visits.map(({ gap, items }) => ({ items, ...(isTimed && { at: (at += gap) }) })),
    };
  });
const histories = fc
  .array(customer, { maxLength: 12 })
  .map((customers) => customers.map((one, c) => ({ ...one, id: `customer ${c}` })));
const options: fc.Arbitrary<TrainModelOptions> = fc.record(
  {
    neighbours: fc.integer({ min: 1, max: 4 }),
    maxItems: fc.integer({ min: 1, max: 9 }),
    maxVisits: fc.integer({ min: 1, max: 5 }),
    maxPaired: fc.integer({ min: 1, max: 4 }),
    sample: fc.integer({ min: 1, max: 3 }),
  },
  { requiredKeys: [] },
);

let postgres: TestPostgres | undefined;
let duckdb: DuckdbDatabase | undefined;
let client: PostgresTraining | undefined;

beforeAll(async () => {
  duckdb = await openDuckdb();
  if (hasPostgres) {
    postgres = await startPostgres();
    client = await openPostgresTraining(postgres.url);
  }
});
afterAll(async () => {
  duckdb?.close();
  await client?.close();
  await postgres?.stop();
});

describe.each(['DuckDB', 'PostgreSQL'] as const)('training in %s', (engine) => {
  const database = (): TrainingDatabase => {
    const one = engine === 'DuckDB' ? duckdb : client;
    if (!one) throw new Error('The engine was not opened.');
    return one;
  };
  const needs = engine === 'DuckDB' || hasPostgres;

  it.skipIf(!needs)(
    'gives the model that is trained in process, of any small history',
    async () => {
      await fc.assert(
        fc.asyncProperty(
          histories,
          options,
          fc.integer({ min: 1, max: 3 }),
          async (given, how, parts) => {
            await give(database(), rowsOf(given));
            const { model, drop } = await trainInDatabase(database(), {
              ...how,
              parts,
              source: SOURCE,
            });
            await drop();
            // to the last bit, more than was promised: sums are of whole numbers
            expect(model).toEqual(await trainModel(given, how));
          },
        ),
        { numRuns: runs(engine === 'DuckDB' ? 40 : 25) },
      );
    },
  );

  it.skipIf(!needs)(
    'knows what is popular where and when as the trainer in process does, of any small history',
    async () => {
      const text = fc.option(fc.constantFrom('main-st', 'é', '__proto__', "o'"), {
        nil: undefined,
      });
      const here = fc.array(fc.record({ place: text, daypart: text }), {
        minLength: 8,
        maxLength: 8,
      });
      await fc.assert(
        fc.asyncProperty(
          histories,
          here,
          fc.constantFrom(['place', 'daypart'] as const, ['daypart'] as const),
          fc.record({ maxVisits: fc.integer({ min: 1, max: 5 }) }, { requiredKeys: [] }),
          async (given, wheres, columns, how) => {
            const whereOf = (c: number, v: number) =>
              wheres[(c * 3 + v) % wheres.length] ?? NOWHERE;
            const places = new Map<RecommendVisit, Where>();
            const rows = given.flatMap(({ visits, id }, c) =>
              visits.flatMap((visit, v) => {
                const { place, daypart } = whereOf(c, v);
                const isPlaced = columns.some((column) => column === 'place');
                places.set(visit, { place: isPlaced ? place : undefined, daypart });
                return visit.items.map(
                  (sku) =>
                    `${quoted(id)}, ${v}, ${visit.at ?? 'NULL'}, ${quoted(sku)}, ${textOr(place)}, ${textOr(daypart)}`,
                );
              }),
            );
            await giveHere(database(), rows);
            const { model, drop } = await trainInDatabase(database(), {
              ...how,
              hereColumns: columns,
              source: `SELECT customer, visit, time_ms, sku, ${columns.join(', ')} FROM given`,
            });
            await drop();
            const whereAndWhen = (visit: RecommendVisit) => only(places.get(visit) ?? NOWHERE);
            expect(model).toEqual(await trainModel(given, { ...how, whereAndWhen }));
          },
        ),
        { numRuns: runs(engine === 'DuckDB' ? 30 : 20) },
      );
    },
  );

  it.skipIf(!needs)('takes a visit of several orders for where the first of them was', async () => {
    const order = (customer: string, visit: number, at: number, place: string): string =>
      `'${customer}', ${visit}, ${at}, 'tea', '${place}', 'noon'`;
    await giveHere(database(), [
      ...[
        order('a', 2, HOUR, 'north'),
        order('a', 1, 2 * HOUR, 'south'),
        order('b', 3, 0, 'north'),
      ],
      ...[order('b', 4, 9 * HOUR, ''), order('c', 5, 0, 'south')],
    ]);
    const { model, drop } = await trainInDatabase(database(), {
      hereColumns: ['place', 'daypart'],
      source: 'SELECT * FROM given',
    });
    await drop();
    const told = model.popular?.map(({ place, daypart, visits }) => [place, daypart, ...visits]);
    expect(told).toEqual([
      [undefined, 'noon', 4],
      ['north', undefined, 2],
      ['north', 'noon', 2],
    ]);
  });

  it.skipIf(!needs)('gives the model of a café', async () => {
    await give(database(), rowsOf(cafeCustomers));
    const { model, customers, drop } = await trainInDatabase(database(), { source: SOURCE });
    await drop();
    expect(customers).toBe(cafeCustomers.length);
    expect(model).toEqual(await trainModel(cafeCustomers));
  });
});
