import { VISIT_MS } from '../profile/visit-hours.js';
import { LEAST_PAIRS, SHRINK } from './count-neighbours.js';
import { POPULAR_ITEMS, POPULAR_VISITS } from './count-popular.js';
import { drawnBelow, type TRAINING } from './train-model.js';

/** Queries of what was counted. */
export interface TrainingReads {
  readonly items: string;
  readonly next: string;
  readonly customers: string;
  /** How often each two items came at one visit: for menus. */
  readonly meetings: string;
  /** What is popular where and when, in the order of the lists. */
  readonly popular: string;
  /** The newest visit, customers, lines. */
  readonly totals: string;
  /** The lines of one customer in so many, customer by customer, visit by visit. */
  readonly sampled: (sample: number) => string;
}

/** The tables. */
export interface Names {
  /** The orders as they were. */
  readonly given: string;
  /** Customers and skus by numbers, which sort and join in a fraction of the memory of texts. */
  readonly buyers: string;
  readonly skus: string;
  readonly visits: string;
  readonly lines: string;
  readonly items: string;
  readonly paired: string;
  readonly owned: string;
  readonly next: string;
  readonly customers: string;
  readonly atOnce: string;
  readonly popular: string;
}

/** Columns that tell where and when a visit was. */
export type HereColumn = 'place' | 'daypart';
const HERE: readonly HereColumn[] = ['place', 'daypart'];

/** How many of what. */
export type Limits = { readonly [limit in keyof typeof TRAINING]: number } & {
  readonly neighbours?: number;
};

/** The tables' names. */
export function namesOf(prefix: string): Names {
  return {
    given: `${prefix}_given`,
    buyers: `${prefix}_buyer`,
    skus: `${prefix}_sku`,
    visits: `${prefix}_visit`,
    lines: `${prefix}_line`,
    items: `${prefix}_item`,
    paired: `${prefix}_paired`,
    owned: `${prefix}_owned`,
    next: `${prefix}_next`,
    customers: `${prefix}_customer`,
    atOnce: `${prefix}_at_once`,
    popular: `${prefix}_popular`,
  };
}

/** Columns of a table. */
export const LINE_COLUMNS: string =
  'customer BIGINT, seq BIGINT, time_ms BIGINT, newest BIGINT, sku BIGINT';
/** Columns of a table. */
export const ITEM_COLUMNS: string = [
  'item BIGINT, number BIGINT, sku TEXT, visits BIGINT, buyers BIGINT, recent BIGINT, chances BIGINT, bought BIGINT',
  'gaps BIGINT, gap_ms BIGINT, paired_visits BIGINT, paired_buyers BIGINT',
].join(', ');
/** Columns of a table. */
export const NEIGHBOUR_COLUMNS: string =
  'item BIGINT, other BIGINT, pairs BIGINT, weight DOUBLE PRECISION, place BIGINT';

/** Columns of a table. */
export const POPULAR_COLUMNS: string =
  'place TEXT, daypart TEXT, item BIGINT, visits BIGINT, rank BIGINT';

/** Columns for where and when, where the source has any. */
const here = (has: readonly HereColumn[], column: (name: HereColumn) => string): string =>
  has.length === 0 ? '' : `, ${HERE.map(column).join(', ')}`;

/** A copy: orders that come in meanwhile do not part what is counted first from what is counted last. */
export const givenSql = (
  given: string,
  source: string,
  has: readonly HereColumn[],
): readonly string[] => [
  `DROP TABLE IF EXISTS ${given}`,
  `CREATE UNLOGGED TABLE ${given} AS
SELECT CAST(customer AS TEXT) AS customer, visit, CAST(time_ms AS BIGINT) AS time_ms, CAST(sku AS TEXT) AS sku${here(
    has,
    (name) => `${has.includes(name) ? `coalesce(CAST(${name} AS TEXT), '')` : "''"} AS ${name}`,
  )}
FROM (${source}) AS source
WHERE customer IS NOT NULL AND visit IS NOT NULL AND sku IS NOT NULL`,
  `ANALYZE ${given}`,
];

/** Customers, and who is in the sample: the beginning of a hash, compared as text, is the same in every engine. */
export const buyersQuery = ({ given }: Names, { sample }: Limits): string => `
SELECT row_number() OVER (), customer,
  ${sample > 1 ? `CASE WHEN md5(customer) COLLATE "C" < '${firstDigits(sample)}' THEN 1 ELSE 0 END` : '1'}
FROM (SELECT DISTINCT customer FROM ${given}) AS told`;

/** Where the hashes of the sample end. */
const firstDigits = (sample: number): string => drawnBelow(sample).toString(16).padStart(8, '0');

/** Skus by number. */
export const skusQuery = ({ given }: Names): string => `
SELECT row_number() OVER (), sku
FROM (SELECT DISTINCT sku FROM ${given}) AS told`;

/** Which visit of its customer each order belongs to, when that was, and the number of the customer's newest. */
export const visitsSql = (
  { given, buyers, visits }: Names,
  has: readonly HereColumn[],
): readonly string[] => [
  `DROP TABLE IF EXISTS ${visits}`,
  `CREATE UNLOGGED TABLE ${visits} AS
WITH orders AS (
  SELECT buyer.customer, given.visit, min(given.time_ms) AS time_ms${here(has, (name) => `min(given.${name} COLLATE "C") AS ${name}`)}
  FROM ${given} AS given JOIN ${buyers} AS buyer ON buyer.name = given.customer
  GROUP BY buyer.customer, given.visit
), told AS (
  SELECT customer, visit, time_ms${here(has, String)},
    CASE WHEN time_ms - lag(time_ms) OVER ordered <= ${VISIT_MS} THEN 0 ELSE 1 END AS starts
  FROM orders
  WINDOW ordered AS (PARTITION BY customer ORDER BY time_ms NULLS FIRST, visit)
), numbered AS (
  SELECT customer, visit, time_ms${here(has, String)},
    CAST(sum(starts) OVER (PARTITION BY customer ORDER BY time_ms NULLS FIRST, visit) AS BIGINT) AS seq
  FROM told
)
SELECT customer, visit, seq,
  min(time_ms) OVER (PARTITION BY customer, seq) AS time_ms, max(seq) OVER (PARTITION BY customer) AS newest${here(
    has,
    (name) =>
      `first_value(${name}) OVER (PARTITION BY customer, seq ORDER BY time_ms NULLS FIRST, visit) AS ${name}`,
  )}
FROM numbered`,
  `ANALYZE ${visits}`,
];

/** Distinct lines of the newest visits. */
export const linesQuery = (
  { given, buyers, skus, visits }: Names,
  { maxVisits }: Limits,
): string => `
SELECT DISTINCT visit.customer, visit.seq, visit.time_ms, visit.newest, sku.number
FROM ${given} AS given
JOIN ${buyers} AS buyer ON buyer.name = given.customer
JOIN ${skus} AS sku ON sku.sku = given.sku
JOIN ${visits} AS visit ON visit.customer = buyer.customer AND visit.visit = given.visit
WHERE visit.newest - visit.seq < ${maxVisits}`;

/** Times of visits ascend, those without come first: so the sum of the gaps is the time from the first to the last. */
export const itemsQuery = ({ lines, skus, buyers }: Names, { maxItems }: Limits): string => `
WITH own AS (
  SELECT customer, sku, count(*) AS times, min(newest) - min(seq) AS chances,
    max(CASE WHEN seq = newest THEN 1 ELSE 0 END) AS recent,
    greatest(count(time_ms) - 1, 0) AS gaps, coalesce(max(time_ms) - min(time_ms), 0) AS gap_ms
  FROM ${lines}
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

/** What is paired of each visit: the most bought of it. Only those that hold too much are put in order. */
export const pairedQuery = (names: Names, { maxPaired }: Limits): string => `
WITH placed AS (
  SELECT line.customer, line.seq, item.item${placedLines(names)}
), large AS (
  SELECT customer, seq FROM placed GROUP BY customer, seq HAVING count(*) > ${maxPaired}
)
SELECT placed.customer, placed.seq, placed.item
FROM placed LEFT JOIN large ON large.customer = placed.customer AND large.seq = placed.seq
WHERE large.customer IS NULL
UNION ALL
SELECT customer, seq, item FROM (
  SELECT placed.customer, placed.seq, placed.item,
    row_number() OVER (PARTITION BY placed.customer, placed.seq ORDER BY placed.item) AS place
  FROM placed JOIN large ON large.customer = placed.customer AND large.seq = placed.seq
) AS numbered
WHERE place <= ${maxPaired}`;

/** What is paired of each customer: the newest. */
export const ownedQuery = (names: Names, { maxPaired }: Limits): string => `
WITH placed AS (
  SELECT line.customer, item.item, max(line.seq) AS seq${placedLines(names)}
  GROUP BY line.customer, item.item
), large AS (
  SELECT customer FROM placed GROUP BY customer HAVING count(*) > ${maxPaired}
)
SELECT placed.customer, placed.item
FROM placed LEFT JOIN large ON large.customer = placed.customer
WHERE large.customer IS NULL
UNION ALL
SELECT customer, item FROM (
  SELECT placed.customer, placed.item,
    row_number() OVER (PARTITION BY placed.customer ORDER BY placed.seq DESC, placed.item) AS place
  FROM placed JOIN large ON large.customer = placed.customer
) AS numbered
WHERE place <= ${maxPaired}`;

/** The strongest of counted pairs. */
const strongest = (
  { items }: Names,
  limits: Limits,
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
WHERE place <= ${limits.neighbours ?? neighboursOf(items, limits)}`;

/** As many as the catalog has room for, as `trainModel` has it. */
const neighboursOf = (
  items: string,
  { leastNeighbours, mostNeighbours, neighbourRoom }: Limits,
): string => `(
  SELECT greatest(${leastNeighbours}, least(${mostNeighbours}, ${neighbourRoom}.0 / greatest(1, count(*)))) FROM ${items}
)`;

/** Pairs of a visit and the next. */
export const nextQuery = (names: Names, limits: Limits, part: string): string =>
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

/** Pairs of one customer. */
export const customersQuery = (names: Names, limits: Limits, part: string): string =>
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
export const atOnceQuery = ({ customers, paired }: Names): string => `
SELECT kept.item, kept.other, count(*) AS pairs
FROM ${customers} AS kept
JOIN ${paired} AS one ON one.item = kept.item
JOIN ${paired} AS two ON two.customer = one.customer AND two.seq = one.seq AND two.item = kept.other
GROUP BY kept.item, kept.other`;

/** The most bought of each place, of each time of day, and of both, of all visits, where an order's first is the visit's. */
export const popularQuery = ({ given, buyers, skus, visits, items }: Names): string => `
WITH told AS (
  SELECT DISTINCT visit.customer, visit.seq, visit.place, visit.daypart, item.item
  FROM ${given} AS given
  JOIN ${buyers} AS buyer ON buyer.name = given.customer
  JOIN ${skus} AS sku ON sku.sku = given.sku
  JOIN ${items} AS item ON item.number = sku.number
  JOIN ${visits} AS visit ON visit.customer = buyer.customer AND visit.visit = given.visit
), keyed AS (
  SELECT place, daypart, item FROM told WHERE place <> '' AND daypart <> ''
  UNION ALL
  SELECT place, '', item FROM told WHERE place <> ''
  UNION ALL
  SELECT '', daypart, item FROM told WHERE daypart <> ''
), counted AS (
  SELECT place, daypart, item, count(*) AS visits FROM keyed
  GROUP BY place, daypart, item
  HAVING count(*) >= ${POPULAR_VISITS}
)
SELECT place, daypart, item, visits, rank FROM (
  SELECT place, daypart, item, visits,
    row_number() OVER (PARTITION BY place, daypart ORDER BY visits DESC, item) AS rank
  FROM counted
) AS ranked
WHERE rank <= ${POPULAR_ITEMS}`;

/** Queries of what was counted. */
export function readsOf(
  { lines, buyers, skus, items, next, customers, atOnce, popular }: Names,
  { maxPaired }: Limits,
): TrainingReads {
  return {
    items: `SELECT sku, visits, buyers, recent, chances, bought, gaps, gap_ms FROM ${items} ORDER BY item`,
    next: `SELECT item, other, weight, 0 FROM ${next} ORDER BY item, place`,
    customers: `SELECT kept.item, kept.other, kept.weight, CAST(least(coalesce(met.pairs, 0), kept.pairs) AS DOUBLE PRECISION) / kept.pairs
FROM ${customers} AS kept
LEFT JOIN ${atOnce} AS met ON met.item = kept.item AND met.other = kept.other
ORDER BY kept.item, kept.place`,
    popular: `SELECT place, daypart, item, visits FROM ${popular} ORDER BY rank`,
    totals: `SELECT coalesce(max(time_ms), 0), count(DISTINCT customer), count(*) FROM ${lines}`,
    meetings: `WITH placed AS (
  SELECT * FROM (
    SELECT line.customer, line.seq, item.item,
      row_number() OVER (PARTITION BY line.customer, line.seq ORDER BY item.item) AS place
    FROM ${lines} AS line JOIN ${items} AS item ON item.number = line.sku
  ) AS numbered
  WHERE place <= ${maxPaired}
)
SELECT one.item, two.item, count(*)
FROM placed AS one JOIN placed AS two ON two.customer = one.customer AND two.seq = one.seq
GROUP BY one.item, two.item`,
    sampled: (sample) => `SELECT buyer.name, line.seq, line.time_ms, sku.sku
FROM ${lines} AS line
JOIN ${buyers} AS buyer ON buyer.customer = line.customer
JOIN ${skus} AS sku ON sku.number = line.sku
WHERE ${sample > 1 ? `md5(buyer.name) COLLATE "C" < '${firstDigits(sample)}'` : '1 = 1'}
ORDER BY buyer.name COLLATE "C", line.seq, sku.sku COLLATE "C"`,
  };
}
