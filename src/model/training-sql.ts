import { VISIT_MS } from '../profile/visit-hours.js';
import { LEAST_PAIRS, SHRINK } from './count-neighbours.js';
import { drawnBelow, TRAINING, type TrainModelOptions } from './train-model.js';

/** What is trained from, and how. */
export interface TrainingSqlOptions extends Omit<TrainModelOptions, 'maxPairs' | 'trainedAt'> {
  /**
   * A query with the columns `customer`; `visit`, which tells orders apart and, where they have no time, puts them in order; `time_ms`, a
   * whole number or NULL; `sku`. One row a line. Orders that follow each other within four hours are one visit.
   */
  readonly source: string;
  /** What the names of the tables begin with. @defaultValue 'regulars_training' */
  readonly prefix?: string;
  /** Into how many parts the neighbour tables are cut, each counted by itself in as much less memory. @defaultValue 1 */
  readonly parts?: number;
}

/** Training as statements, to the letter the same for DuckDB and PostgreSQL. */
export interface TrainingSql {
  /** Tables in the order in which they are made, each with the statements that make it anew. */
  readonly steps: readonly { readonly table: string; readonly sql: readonly string[] }[];
  /** Queries of what was counted. */
  readonly reads: { readonly [table in 'items' | 'next' | 'customers' | 'totals']: string } & {
    /** The lines of one customer in so many, customer by customer, visit by visit. */
    readonly sampled: (sample: number) => string;
  };
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
  const { prefix = 'regulars_training', parts = 1, source } = options;
  const limits = { ...TRAINING, ...options };
  const names = namesOf(prefix);
  const inParts = (query: (names: Names, limits: Limits, part: string) => string) =>
    Array.from({ length: parts }, (_, part) => query(names, limits, `% ${parts} = ${part}`));
  return {
    steps: [
      { table: names.given, sql: givenSql(names.given, source) },
      step(names.buyers, 'customer BIGINT, name TEXT, drawn BIGINT', [buyersQuery(names, limits)]),
      step(names.skus, 'number BIGINT, sku TEXT', [skusQuery(names)]),
      step(names.lines, LINE_COLUMNS, [linesQuery(names, limits)]),
      step(names.items, ITEM_COLUMNS, [itemsQuery(names, limits)]),
      step(names.paired, 'customer BIGINT, seq BIGINT, item BIGINT', [pairedQuery(names, limits)]),
      step(names.owned, 'customer BIGINT, item BIGINT', [ownedQuery(names, limits)]),
      step(names.next, NEIGHBOUR_COLUMNS, inParts(nextQuery)),
      step(names.customers, NEIGHBOUR_COLUMNS, inParts(customersQuery)),
      step(names.atOnce, 'item BIGINT, other BIGINT, pairs BIGINT', [atOnceQuery(names)]),
    ],
    reads: readsOf(names),
    tables: Object.values(names),
  };
}

/** The tables. */
interface Names {
  /** The orders as they were. */
  readonly given: string;
  /** Customers and skus by numbers, which sort and join in a fraction of the memory of texts. */
  readonly buyers: string;
  readonly skus: string;
  readonly lines: string;
  readonly items: string;
  readonly paired: string;
  readonly owned: string;
  readonly next: string;
  readonly customers: string;
  readonly atOnce: string;
}

type Limits = { readonly [limit in keyof typeof TRAINING]: number };

function namesOf(prefix: string): Names {
  return {
    given: `${prefix}_given`,
    buyers: `${prefix}_buyer`,
    skus: `${prefix}_sku`,
    lines: `${prefix}_line`,
    items: `${prefix}_item`,
    paired: `${prefix}_paired`,
    owned: `${prefix}_owned`,
    next: `${prefix}_next`,
    customers: `${prefix}_customer`,
    atOnce: `${prefix}_at_once`,
  };
}

const LINE_COLUMNS = 'customer BIGINT, seq BIGINT, time_ms BIGINT, newest BIGINT, sku BIGINT';
const ITEM_COLUMNS = [
  'item BIGINT, number BIGINT, sku TEXT, visits BIGINT, buyers BIGINT, recent BIGINT, chances BIGINT, bought BIGINT',
  'gaps BIGINT, gap_ms BIGINT, paired_visits BIGINT, paired_buyers BIGINT',
].join(', ');
const NEIGHBOUR_COLUMNS =
  'item BIGINT, other BIGINT, pairs BIGINT, weight DOUBLE PRECISION, place BIGINT';

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

/** A copy: orders that come in meanwhile do not part what is counted first from what is counted last. */
const givenSql = (given: string, source: string): readonly string[] => [
  `DROP TABLE IF EXISTS ${given}`,
  `CREATE UNLOGGED TABLE ${given} AS
SELECT CAST(customer AS TEXT) AS customer, visit, CAST(time_ms AS BIGINT) AS time_ms, CAST(sku AS TEXT) AS sku
FROM (${source}) AS source
WHERE customer IS NOT NULL AND visit IS NOT NULL AND sku IS NOT NULL`,
  `ANALYZE ${given}`,
];

/** Customers, and who is in the sample: the beginning of a hash, compared as text, is the same in every engine. */
const buyersQuery = ({ given }: Names, { sample }: Limits): string => `
SELECT row_number() OVER (), customer,
  ${sample > 1 ? `CASE WHEN md5(customer) COLLATE "C" < '${firstDigits(sample)}' THEN 1 ELSE 0 END` : '1'}
FROM (SELECT DISTINCT customer FROM ${given}) AS told`;

/** Where the hashes of the sample end. */
const firstDigits = (sample: number): string => drawnBelow(sample).toString(16).padStart(8, '0');

const skusQuery = ({ given }: Names): string => `
SELECT row_number() OVER (), sku
FROM (SELECT DISTINCT sku FROM ${given}) AS told`;

/** Distinct lines of the newest visits, with the visit's number, its time, and the number of the customer's newest. */
const linesQuery = ({ given, buyers, skus }: Names, { maxVisits }: Limits): string => `
WITH orders AS (
  SELECT buyer.customer, given.visit, min(given.time_ms) AS time_ms
  FROM ${given} AS given JOIN ${buyers} AS buyer ON buyer.name = given.customer
  GROUP BY buyer.customer, given.visit
), told AS (
  SELECT customer, visit, time_ms,
    CASE WHEN time_ms - lag(time_ms) OVER ordered <= ${VISIT_MS} THEN 0 ELSE 1 END AS starts
  FROM orders
  WINDOW ordered AS (PARTITION BY customer ORDER BY time_ms NULLS FIRST, visit)
), numbered AS (
  SELECT customer, visit, time_ms,
    sum(starts) OVER (PARTITION BY customer ORDER BY time_ms NULLS FIRST, visit) AS seq
  FROM told
), visits AS (
  SELECT customer, visit, seq,
    min(time_ms) OVER (PARTITION BY customer, seq) AS time_ms, max(seq) OVER (PARTITION BY customer) AS newest
  FROM numbered
)
SELECT DISTINCT visits.customer, CAST(visits.seq AS BIGINT), visits.time_ms, CAST(visits.newest AS BIGINT), sku.number
FROM ${given} AS given
JOIN ${buyers} AS buyer ON buyer.name = given.customer
JOIN ${skus} AS sku ON sku.sku = given.sku
JOIN visits ON visits.customer = buyer.customer AND visits.visit = given.visit
WHERE visits.newest - visits.seq < ${maxVisits}`;

const itemsQuery = ({ lines, skus, buyers }: Names, { maxItems }: Limits): string => `
WITH line AS (
  SELECT customer, sku, seq, newest,
    time_ms - lag(time_ms) OVER (PARTITION BY customer, sku ORDER BY seq) AS gap
  FROM ${lines}
), own AS (
  SELECT customer, sku, count(*) AS times, min(newest) - min(seq) AS chances,
    max(CASE WHEN seq = newest THEN 1 ELSE 0 END) AS recent,
    sum(CASE WHEN gap > 0 THEN 1 ELSE 0 END) AS gaps, sum(CASE WHEN gap > 0 THEN gap ELSE 0 END) AS gap_ms
  FROM line
  GROUP BY customer, sku
), counted AS (
  SELECT own.sku, sum(times) AS visits, count(*) AS buyers, sum(recent) AS recent, sum(chances) AS chances,
    sum(times) - count(*) AS bought, sum(gaps) AS gaps, sum(gap_ms) AS gap_ms,
    sum(drawn * times) AS paired_visits, sum(drawn) AS paired_buyers
  FROM own JOIN ${buyers} AS buyer ON buyer.customer = own.customer
  GROUP BY own.sku
)
SELECT row_number() OVER (ORDER BY visits DESC, sku.sku COLLATE "C") - 1, number, sku.sku, visits, buyers, recent, chances,
  bought, gaps, gap_ms, paired_visits, paired_buyers
FROM counted JOIN ${skus} AS sku ON sku.number = counted.sku
ORDER BY visits DESC, sku.sku COLLATE "C"
LIMIT ${maxItems}`;

/** The lines of the sample, by places of items. */
const placedLines = ({ lines, items, buyers }: Names): string => `
  FROM ${lines} AS line
  JOIN ${items} AS item ON item.number = line.sku
  JOIN ${buyers} AS buyer ON buyer.customer = line.customer AND buyer.drawn = 1`;

/** What is paired of each visit: the most bought of it. */
const pairedQuery = (names: Names, { maxPaired }: Limits): string => `
SELECT customer, seq, item FROM (
  SELECT line.customer, line.seq, item.item,
    row_number() OVER (PARTITION BY line.customer, line.seq ORDER BY item.item) AS place${placedLines(names)}
) AS placed
WHERE place <= ${maxPaired}`;

/** What is paired of each customer: the newest. */
const ownedQuery = (names: Names, { maxPaired }: Limits): string => `
SELECT customer, item FROM (
  SELECT line.customer, item.item,
    row_number() OVER (PARTITION BY line.customer ORDER BY max(line.seq) DESC, item.item) AS place${placedLines(names)}
  GROUP BY line.customer, item.item
) AS placed
WHERE place <= ${maxPaired}`;

/** The strongest of counted pairs. */
const strongest = (
  { items }: Names,
  { neighbours }: Limits,
  size: 'paired_visits' | 'paired_buyers',
  pairs: string,
): string => `
SELECT item, other, pairs, weight, place FROM (
  SELECT item, other, pairs, weight, row_number() OVER (PARTITION BY item ORDER BY weight DESC, other) AS place FROM (
    SELECT pair.item, pair.other, pair.pairs,
      least(1, pair.pairs / (sqrt(CAST(one.${size} AS DOUBLE PRECISION) * two.${size}) + ${SHRINK})) AS weight
    FROM (${pairs}
    ) AS pair
    JOIN ${items} AS one ON one.item = pair.item
    JOIN ${items} AS two ON two.item = pair.other
  ) AS weighed
) AS placed
WHERE place <= ${neighbours}`;

const nextQuery = (names: Names, limits: Limits, part: string): string =>
  strongest(
    ...([names, limits, 'paired_visits'] as const),
    `
      SELECT before.item, later.item AS other, count(*) AS pairs
      FROM ${names.paired} AS before
      JOIN ${names.paired} AS later ON later.customer = before.customer AND later.seq = before.seq + 1
      WHERE before.item ${part} AND before.item <> later.item
      GROUP BY before.item, later.item
      HAVING count(*) >= ${LEAST_PAIRS}`,
  );

const customersQuery = (names: Names, limits: Limits, part: string): string =>
  strongest(
    ...([names, limits, 'paired_buyers'] as const),
    `
      SELECT one.item, two.item AS other, count(*) AS pairs
      FROM ${names.owned} AS one
      JOIN ${names.owned} AS two ON two.customer = one.customer
      WHERE one.item ${part} AND one.item <> two.item
      GROUP BY one.item, two.item
      HAVING count(*) >= ${LEAST_PAIRS}`,
  );

/** Of the neighbours that are kept, how often they came at one visit. */
const atOnceQuery = ({ customers, paired }: Names): string => `
SELECT kept.item, kept.other, count(*) AS pairs
FROM ${customers} AS kept
JOIN ${paired} AS one ON one.item = kept.item
JOIN ${paired} AS two ON two.customer = one.customer AND two.seq = one.seq AND two.item = kept.other
GROUP BY kept.item, kept.other`;

function readsOf({
  lines,
  buyers,
  skus,
  items,
  next,
  customers,
  atOnce,
}: Names): TrainingSql['reads'] {
  return {
    items: `SELECT sku, visits, buyers, recent, chances, bought, gaps, gap_ms FROM ${items} ORDER BY item`,
    next: `SELECT item, other, weight, 0 FROM ${next} ORDER BY item, place`,
    customers: `SELECT kept.item, kept.other, kept.weight, CAST(least(coalesce(met.pairs, 0), kept.pairs) AS DOUBLE PRECISION) / kept.pairs
FROM ${customers} AS kept
LEFT JOIN ${atOnce} AS met ON met.item = kept.item AND met.other = kept.other
ORDER BY kept.item, kept.place`,
    totals: `SELECT coalesce(max(time_ms), 0), count(DISTINCT customer), count(*) FROM ${lines}`,
    sampled: (sample) => `SELECT buyer.name, line.seq, line.time_ms, sku.sku
FROM ${lines} AS line
JOIN ${buyers} AS buyer ON buyer.customer = line.customer
JOIN ${skus} AS sku ON sku.number = line.sku
WHERE ${sample > 1 ? `md5(buyer.name) COLLATE "C" < '${firstDigits(sample)}'` : '1 = 1'}
ORDER BY buyer.name COLLATE "C", line.seq, sku.sku COLLATE "C"`,
  };
}
