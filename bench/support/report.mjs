// What is printed.
import { summarize } from './statistics.mjs';

/** What design and docs/bench.md ask for: at most so many times the peer, at most so much growth. */
const DEMANDS = [
  {
    row: 'first',
    title: 'cold page → card → greeting ready, first page of a visit',
    peer: 'one',
    peers: {
      one: 'bare idb, one record',
      marked: 'bare idb, one record named in localStorage',
    },
    atMost: 1.15,
    growth: 1.3,
  },
  {
    row: 'next',
    title: 'cold page → card → greeting ready, next page of a visit',
    peer: 'one',
    peers: {
      created: 'regulars, createRegulars included',
      one: 'bare idb, one record',
      marked: 'bare idb, one record named in localStorage',
      indexed: 'bare idb, customer and 50 orders by index',
    },
    atMost: 1.15,
    growth: 1.3,
  },
  {
    row: 'record',
    title: 'record durable, customer with 50 purchases',
    peer: 'write',
    peers: { write: 'bare idb, the same four rows', 'read-write': 'bare idb, reading first' },
    atMost: 1.3,
  },
  {
    row: 'record-200',
    title: 'record durable, customer with 200 purchases',
    peer: 'write',
    peers: { write: 'bare idb, the same four rows', 'read-write': 'bare idb, reading first' },
    atMost: 1.3,
  },
  {
    row: 'find',
    title: 'find a customer by token',
    peer: 'one',
    peers: { one: 'bare idb, one read' },
    growth: 1.3,
  },
];

/** @param {string} text */
export function toStdout(text) {
  process.stdout.write(text);
}

/** Tells how far a long piece of work has come: one line that changes, or one each tenth where lines cannot change. */
export function progress(name, total, out = process.stderr) {
  let shown = -1;
  return (done) => {
    const share = Math.floor((done / total) * (out.isTTY ? 100 : 10));
    if (share === shown) return;
    shown = share;
    const text = `${name}: ${done} of ${total}`;
    out.write(out.isTTY ? `\r${text}${done === total ? '\n' : ''}` : `${text}\n`);
  };
}

/** A number with its digits. */
export const number = (value, digits = 2) => (value === undefined ? '–' : value.toFixed(digits));
/** A ratio. */
export const times = (value) => (value === undefined ? '–' : `${value.toFixed(2)} ×`);

function find(result, row, contender, customers) {
  return result?.rows.find(
    (one) => one.row === row && one.contender === contender && one.customers === customers,
  );
}

/** The median beside that of the peer of the row, in the same run. */
function ratioOf(result, { row, peer }, contender, customers) {
  const own = find(result, row, contender, customers);
  const other = find(result, row, peer, customers);
  return own && other && own.median / other.median;
}

function growthOf(result, row, contender) {
  const small = find(result, row, contender, 1000);
  const large = find(result, row, contender, 100_000);
  return small && large && large.median / small.median;
}

/** Whether a demand is met. */
export const verdictOf = (value, demand) =>
  value === undefined || demand === undefined ? '' : value <= demand ? 'met' : 'MISSED';

/** Every demand with what was measured. */
export function judge(result) {
  const judged = [];
  for (const demand of DEMANDS) {
    for (const customers of [1000, 100_000]) {
      const value = ratioOf(result, demand, 'regulars', customers);
      if (value !== undefined && demand.atMost !== undefined)
        judged.push({
          what: `${demand.title}, ${customers} customers: times ${demand.peers[demand.peer]}`,
          value,
          atMost: demand.atMost,
          verdict: verdictOf(value, demand.atMost),
        });
    }
    const growth = growthOf(result, demand.row, 'regulars');
    if (growth !== undefined && demand.growth !== undefined)
      judged.push({
        what: `${demand.title}: growth from 1,000 to 100,000`,
        value: growth,
        atMost: demand.growth,
        verdict: verdictOf(growth, demand.growth),
      });
  }
  return judged;
}

/** Prints lines of cells in columns. */
export function table(lines, write) {
  if (lines.length === 0) return;
  const widths = lines[0].map((_, i) => Math.max(...lines.map((line) => String(line[i]).length)));
  for (const line of lines)
    write(
      `${line
        .map((cell, i) =>
          i === 0 ? String(cell).padEnd(widths[i]) : String(cell).padStart(widths[i]),
        )
        .join('  ')
        .trimEnd()}\n`,
    );
}

/** Prints the table and the demands. */
export function printReport(result, baseline, write = toStdout) {
  write(
    `\n${result.browser}, ${result.processors} processors. Medians in ms; compare the ratios, not the ms of two runs.\n`,
  );
  for (const demand of DEMANDS) {
    const rows = result.rows.filter(({ row }) => row === demand.row);
    if (rows.length === 0) continue;
    write(`\n${demand.title}\n`);
    table(
      [
        ['', 'customers', 'median', 'q1', 'q3', 'n', 'ratio', 'baseline'],
        ...rows.map(({ contender, customers, median, q1, q3, n }) => [
          `  ${demand.peers[contender] ?? contender}`,
          customers,
          number(median),
          number(q1),
          number(q3),
          n,
          times(ratioOf(result, demand, contender, customers)),
          times(ratioOf(baseline, demand, contender, customers)),
        ]),
      ],
      write,
    );
    for (const contender of new Set(rows.map((row) => row.contender))) {
      const growth = growthOf(result, demand.row, contender);
      if (growth !== undefined)
        write(
          `  growth 1,000 → 100,000, ${demand.peers[contender] ?? contender}: ${times(growth)} (baseline ${times(growthOf(baseline, demand.row, contender))})\n`,
        );
    }
  }
  write('\nDemands\n');
  table(
    judge(result).map(({ what, value, atMost, verdict: word }) => [
      `  ${what}`,
      times(value),
      `≤ ${times(atMost)}`,
      word,
    ]),
    write,
  );
}

/** Calls of the storage stand apart; many short calls of the platform are one line: when the first began, and all together. */
function spansOf(run) {
  const spans = new Map();
  const met = new Map();
  for (const { label, at, ms } of [...run].sort((a, b) => a.at - b.at)) {
    const nth = (met.get(label) ?? 0) + 1;
    met.set(label, nth);
    const key = /^(transact|storage)/.test(label) ? `${label} (${nth})` : label;
    const known = spans.get(key) ?? { at, ms: 0, calls: 0 };
    spans.set(key, { at: known.at, ms: known.ms + ms, calls: known.calls + 1 });
  }
  return spans;
}

/** Prints where the time went: medians of the spans, in the order in which they began. */
export function printTraces(traces, write = toStdout) {
  for (const { name, customers, runs } of traces) {
    const all = runs.map(spansOf);
    const keys = new Set(all.flatMap((spans) => [...spans.keys()]));
    const median = (key, part) =>
      summarize(all.flatMap((spans) => spans.get(key)?.[part] ?? [])).median;
    write(`\n${name}, ${customers} customers: medians of ${runs.length}\n`);
    table(
      [
        ['', 'calls', 'from ms', 'ms'],
        ...[...keys]
          .map((key) => [key, median(key, 'calls'), median(key, 'at'), median(key, 'ms')])
          .sort((a, b) => a[2] - b[2])
          .map(([key, calls, at, ms]) => [`  ${key}`, number(calls, 0), number(at), number(ms, 3)]),
      ],
      write,
    );
  }
}
