// Chooses the sample: whole customers of the raw orders, by a rule that anybody can repeat.
//   node examples/data/make-sample.mjs <orders.csv.gz>   writes orders.csv beside this file
// Rule: customers with at least three orders and at most 500 lines, in the order of the SHA-256 of "<seed> <CustomerID>";
// the first 80 are taken, their lines as they are and in the order of the source.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import Papa from 'papaparse';

const SEED = 'regulars sample 1';
const CUSTOMERS = 80;
const LEAST_ORDERS = 3;
const MOST_LINES = 500;

const [source] = process.argv.slice(2);
if (source === undefined) {
  console.error('Usage: node examples/data/make-sample.mjs <orders.csv.gz>');
  process.exit(2);
}

const { data, meta } = Papa.parse(gunzipSync(readFileSync(source)).toString('utf8'), {
  header: true,
  skipEmptyLines: true,
});
const customers = new Map();
for (const row of data) {
  const of = customers.get(row.CustomerID) ?? { lines: 0, orders: new Set() };
  of.lines++;
  if (!row.InvoiceNo.startsWith('C')) of.orders.add(row.InvoiceNo);
  customers.set(row.CustomerID, of);
}
const place = (id) => createHash('sha256').update(`${SEED} ${id}`).digest('hex');
const chosen = new Set(
  [...customers]
    .filter(([, { lines, orders }]) => orders.size >= LEAST_ORDERS && lines <= MOST_LINES)
    .map(([id]) => id)
    .sort((a, b) => (place(a) < place(b) ? -1 : 1))
    .slice(0, CUSTOMERS),
);
const sample = data.filter(({ CustomerID }) => chosen.has(CustomerID));
const text = Papa.unparse(sample, { columns: meta.fields, newline: '\n' });
writeFileSync(new URL('orders.csv', import.meta.url), `${text}\n`);
const back = new Set(
  sample.filter(({ InvoiceNo }) => InvoiceNo.startsWith('C')).map((row) => row.CustomerID),
);
console.log(
  `${chosen.size} customers (${back.size} with cancellations), ${sample.length} lines, ${text.length} bytes`,
);
