// What is printed of the storage.
import { number, table, times, toStdout, verdictOf } from './report.mjs';

const PEER = 'idb';
const OWN = 'regulars';

/** What the storage owes: at most so many times bare `idb`, at most so much growth from the fewest to the most customers. */
const DEMANDS = [
  { row: 'first', title: 'open + card, first page of a visit', atMost: 1.15, growth: 1.3 },
  { row: 'open', title: 'open + card, next page of a visit', atMost: 1.15, growth: 1.3 },
  { row: 'append', title: 'append one order, strict', atMost: 1.3, growth: 1.3 },
  { row: 'bulk', title: 'import 1,000 customers and 10,000 orders' },
  { row: 'find', title: 'find by token', growth: 1.3 },
];

const medianOf = (result, row, contender, customers) =>
  result?.rows.find(
    (one) => one.row === row && one.contender === contender && one.customers === customers,
  )?.median;

function ratioOf(result, row, contender, customers) {
  const own = medianOf(result, row, contender, customers);
  const peer = medianOf(result, row, PEER, customers);
  return own && peer && own / peer;
}

const sizesOf = ({ rows }) =>
  [...new Set(rows.map(({ customers }) => customers))].sort((a, b) => a - b);

function growthOf(result, row, contender) {
  const sizes = sizesOf(result);
  if (sizes.length < 2) return undefined;
  const few = medianOf(result, row, contender, sizes[0]);
  const many = medianOf(result, row, contender, sizes.at(-1));
  return few && many && many / few;
}

/** Every demand with what was measured. */
export function judgeStorage(result) {
  return DEMANDS.flatMap(({ row, title, atMost, growth }) => [
    ...sizesOf(result).map((customers) => ({
      what: `${title}, ${customers} customers: times bare idb`,
      value: ratioOf(result, row, OWN, customers),
      atMost,
    })),
    { what: `${title}: growth`, value: growthOf(result, row, OWN), atMost: growth },
  ])
    .filter(({ value, atMost }) => value !== undefined && atMost !== undefined)
    .map((one) => ({ ...one, verdict: verdictOf(one.value, one.atMost) }));
}

/** Prints a table of each row, then the demands. */
export function printStorageReport(result, baseline, write = toStdout) {
  const { browser, processors, minutes, rows, disk, sizes, skipped } = result;
  const counts = sizesOf(result);
  write(
    `\n${browser}, ${processors} processors, ${minutes.toFixed(1)} minutes. Medians in ms, each beside bare idb; compare the ratios, not the ms of two runs.\n`,
  );
  const heads = counts.flatMap((customers) => [`${customers}`, 'ratio', 'baseline']);
  for (const { row, title } of DEMANDS) {
    const names = [
      ...new Set(rows.filter((one) => one.row === row).map(({ contender }) => contender)),
    ];
    if (names.length === 0) continue;
    const lines = names.map((name) => [
      `  ${name}`,
      ...counts.flatMap((customers) => [
        number(medianOf(result, row, name, customers)),
        times(ratioOf(result, row, name, customers)),
        times(ratioOf(baseline, row, name, customers)),
      ]),
      times(growthOf(result, row, name)),
    ]);
    write(`\n${title}\n`);
    table([['  customers', ...heads, 'growth'], ...lines], write);
  }
  const places = [...new Set(disk.map(({ contender }) => contender))];
  const of = (name, customers) =>
    disk.find((one) => one.contender === name && one.customers === customers);
  write(
    '\non disk in MB and seconds to seed, by customers; what a page loads in kB, minified and gzip\n',
  );
  table(
    [
      ['', ...counts.flatMap((customers) => [`${customers}: MB`, 's']), 'kB'],
      ...places.map((name) => [
        `  ${name}`,
        ...counts.flatMap((customers) => {
          const { bytes, seedMs } = of(name, customers) ?? {};
          return [number(bytes && bytes / 1e6, 1), number(seedMs && seedMs / 1000, 1)];
        }),
        number(sizes[name] / 1000, 1),
      ]),
    ],
    write,
  );
  for (const { contender, customers, reason } of skipped)
    write(`  left out: ${contender} with ${customers} customers: ${reason}\n`);
  write('\nDemands\n');
  const judged = judgeStorage(result);
  table(
    judged.map(({ what, value, atMost, verdict }) => [
      `  ${what}`,
      times(value),
      `≤ ${times(atMost)}`,
      verdict,
    ]),
    write,
  );
}
