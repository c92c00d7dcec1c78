import { TRAINING, type TrainModelOptions } from './train-model.js';
import {
  atOnceQuery,
  buyersQuery,
  customersQuery,
  givenSql,
  ITEM_COLUMNS,
  itemsQuery,
  LINE_COLUMNS,
  linesQuery,
  namesOf,
  NEIGHBOUR_COLUMNS,
  nextQuery,
  ownedQuery,
  pairedQuery,
  POPULAR_COLUMNS,
  popularQuery,
  readsOf,
  skusQuery,
  visitsSql,
  type HereColumn,
  type Limits,
  type Names,
  type TrainingReads,
} from './training-queries.js';

/** What is trained from, and how. */
export interface TrainingSqlOptions extends Omit<
  TrainModelOptions,
  'familyOf' | 'maxPairs' | 'menuItems' | 'trainedAt' | 'whereAndWhen'
> {
  /**
   * A query with the columns `customer`; `visit`, which tells orders apart and, where they have no time, puts them in order; `time_ms`, a
   * whole number or NULL; `sku`. One row a line. Orders that follow each other within four hours are one visit.
   */
  readonly source: string;
  /**
   * Which of the columns `place` and `daypart` the source has, too: texts as a page will ask, or NULL. With them the model knows what is
   * popular there and then. @defaultValue neither
   */
  readonly hereColumns?: readonly HereColumn[];
  /** What the names of the tables begin with. @defaultValue 'regulars_training' */
  readonly prefix?: string;
  /** Into how many parts the neighbour tables are cut, each counted by itself in as much less memory. @defaultValue 1 */
  readonly parts?: number;
}

/** Training as statements, to the letter the same for DuckDB and PostgreSQL. */
export interface TrainingSql {
  /** Tables in the order in which they are made, each with the statements that make it anew. */
  readonly steps: readonly { readonly table: string; readonly sql: readonly string[] }[];
  readonly reads: TrainingReads;
  /** All tables. */
  readonly tables: readonly string[];
}

/**
 * Training, as statements for the engine in which a shop's orders lie: visits, customers × items, what is counted of each item, its
 * neighbours. `trainInDatabase` runs them.
 * @example
 * const { steps } = trainingSql({ source: 'SELECT customer, visit, time_ms, sku FROM order_lines' });
 * console.log(steps.flatMap(({ sql }) => sql).join(';\n'));
 */
export function trainingSql(options: TrainingSqlOptions): TrainingSql {
  const { prefix = 'regulars_training', parts = 1, source, hereColumns = [], ...rest } = options;
  const limits = { ...TRAINING, ...rest };
  const names = namesOf(prefix);
  const inParts = (query: (names: Names, limits: Limits, part: string) => string) =>
    Array.from({ length: parts }, (_, part) => query(names, limits, `% ${parts} = ${part}`));
  return {
    steps: [
      { table: names.given, sql: givenSql(names.given, source, hereColumns) },
      step(names.buyers, 'customer BIGINT, name TEXT, drawn BIGINT', [buyersQuery(names, limits)]),
      step(names.skus, 'number BIGINT, sku TEXT', [skusQuery(names)]),
      { table: names.visits, sql: visitsSql(names, hereColumns) },
      step(names.lines, LINE_COLUMNS, [linesQuery(names, limits)]),
      step(names.items, ITEM_COLUMNS, [itemsQuery(names, limits)]),
      step(names.paired, 'customer BIGINT, seq BIGINT, item BIGINT', [pairedQuery(names, limits)]),
      step(names.owned, 'customer BIGINT, item BIGINT', [ownedQuery(names, limits)]),
      step(names.next, NEIGHBOUR_COLUMNS, inParts(nextQuery)),
      step(names.customers, NEIGHBOUR_COLUMNS, inParts(customersQuery)),
      step(names.atOnce, 'item BIGINT, other BIGINT, pairs BIGINT', [atOnceQuery(names)]),
      ...(hereColumns.length > 0
        ? [step(names.popular, POPULAR_COLUMNS, [popularQuery(names)])]
        : []),
    ],
    reads: readsOf(names, limits),
    tables: Object.values(names),
  };
}

// UNLOGGED: what can be counted again need not outlive a crash. ANALYZE: PostgreSQL would take a new table for an empty one.
const step = (table: string, columns: string, fill: readonly string[]) => ({
  table,
  sql: [
    `DROP TABLE IF EXISTS ${table}`,
    `CREATE UNLOGGED TABLE ${table} (${columns})`,
    ...fill.map((query) => `INSERT INTO ${table}\n${query}`),
    `ANALYZE ${table}`,
  ],
});
