// npm run bench train [-- --orders 100000,1000000] [--engines process,duckdb,postgresql,command] [--sample N]
// How long training takes and how much memory, in process, in DuckDB, in PostgreSQL, and by the
// command on a table in a file: docs/bench-train.md. Each in a process of its own.
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { root } from '../scripts/prepare.mjs';
import { orderLines } from './support/order-lines.mjs';

const MEMORY = '1GB';
const BATCH = 50_000;
const SOURCES = `
  export { openDuckdb } from './src/adapters/database/node-duckdb.ts';
  export { openPostgresTraining } from './src/adapters/database/node-postgres-training.ts';
  export { trainInDatabase } from './src/model/train-in-database.ts';
  export { decodeModel } from './src/recommend/decode-model.ts';
  export { run } from './src/cli/run.ts';
  export { trainModel } from './src/model/train-model.ts';
  export { startPostgres } from './test/support/postgres.ts';
`;

const { values } = parseArgs({
  args: process.argv.slice(process.argv[2] === 'train' ? 3 : 2),
  options: {
    orders: { type: 'string', default: '100000,1000000' },
    engines: { type: 'string', default: 'process,duckdb' },
    sample: { type: 'string', default: '1' },
    run: { type: 'string' },
  },
});
const sample = Number(values.sample);
const seconds = (since) => (performance.now() - since) / 1000;

async function load(folder) {
  const outfile = join(folder, 'bundle.mjs');
  await build({
    stdin: { contents: SOURCES, resolveDir: root },
    ...{ bundle: true, outfile, format: 'esm', platform: 'node', target: 'node20' },
    ...{ packages: 'external', logLevel: 'silent' },
  });
  return import(outfile);
}

/** Customers in arrays: what a program has that read them from anywhere. */
function customersOf(orders) {
  const customers = new Map();
  for (const [customer, order, at, sku] of orderLines(orders)) {
    const known = customers.get(customer) ?? { visits: [], last: -1 };
    customers.set(customer, known);
    if (known.last !== order) known.visits.push({ at, items: [] });
    known.last = order;
    known.visits.at(-1).items.push(sku);
  }
  return customers.values();
}

async function trainInProcess({ trainModel }, orders) {
  const customers = customersOf(orders);
  const since = performance.now();
  const model = await trainModel(customers, { sample });
  return { model, took: seconds(since) };
}

async function trainIn(database, give, { trainInDatabase }, orders) {
  let batch = [];
  await database.run(
    'CREATE TABLE line (customer BIGINT, visit BIGINT, time_ms BIGINT, sku VARCHAR(20))',
  );
  for (const line of orderLines(orders)) {
    batch.push(line);
    if (batch.length < BATCH) continue;
    await give(batch);
    batch = [];
  }
  if (batch.length > 0) await give(batch);
  const since = performance.now();
  const { model } = await trainInDatabase(database, { source: 'SELECT * FROM line', sample });
  return { model, took: seconds(since) };
}

/** The whole command, from a table as a shop exports it, by date. */
async function trainByCommand({ run, decodeModel }, orders) {
  const work = mkdtempSync(join(tmpdir(), 'regulars-bench-'));
  const [table, output] = [join(work, 'orders.csv'), join(work, 'model.bin')];
  const file = createWriteStream(table);
  let text = 'customer_id,order_id,ordered_at,sku\n';
  for (const [customer, order, at, sku] of orderLines(orders)) {
    text += `${customer},${order},${new Date(at).toISOString()},${sku}\n`;
    if (text.length < 1_000_000) continue;
    if (!file.write(text)) await once(file, 'drain');
    text = '';
  }
  file.end(text);
  await once(file, 'finish');
  const { stdin, stderr } = process;
  const { signal } = new AbortController();
  const sampled = sample > 1 ? ['--sample', String(sample)] : [];
  const since = performance.now();
  const args = ['train', table, '-o', output, '--memory', MEMORY, ...sampled];
  const code = await run(args, { stdin, stdout: stderr, stderr, signal });
  const took = seconds(since);
  if (code !== 0) throw new Error(`The command ended with ${code}.`);
  const model = decodeModel(readFileSync(output));
  rmSync(work, { recursive: true });
  return { model, took };
}

async function runOne(engine, orders) {
  const folder = mkdtempSync(join(root, 'node_modules/.bench-train-'));
  try {
    const tools = await load(folder);
    if (engine === 'process') return await trainInProcess(tools, orders);
    if (engine === 'command') return await trainByCommand(tools, orders);
    if (engine === 'duckdb') {
      const work = mkdtempSync(join(tmpdir(), 'regulars-bench-'));
      const database = await tools.openDuckdb({ path: join(work, 'work.db'), memory: MEMORY });
      const result = await trainIn(
        database,
        (rows) => database.append('line', rows),
        tools,
        orders,
      );
      database.close();
      rmSync(work, { recursive: true });
      return result;
    }
    const postgres = await tools.startPostgres();
    const database = await tools.openPostgresTraining(postgres.url);
    const text = (row) => `(${row[0]},${row[1]},${row[2]},'${row[3]}')`;
    const give = (rows) => database.run(`INSERT INTO line VALUES ${rows.map(text).join(',')}`);
    const result = await trainIn(database, give, tools, orders);
    await database.close();
    await postgres.stop();
    return result;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

if (values.run !== undefined) {
  const { model, took } = await runOne(values.engines, Number(values.run));
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  const megabytes = maxRSS / 1024;
  const processor = (userCPUTime + systemCPUTime) / 1e6;
  const pairs = model.customers.item.length + model.next.item.length;
  console.log(JSON.stringify({ took, processor, megabytes, items: model.skus.length, pairs }));
} else {
  console.log(
    `${cpus().length} processors, Node ${process.versions.node}, DuckDB held to ${MEMORY}`,
  );
  for (const orders of values.orders.split(','))
    for (const engine of values.engines.split(',')) {
      const args = ['--run', orders, '--engines', engine, '--sample', values.sample];
      const { stdout, stderr, status } = spawnSync(
        process.execPath,
        [fileURLToPath(import.meta.url), ...args],
        { encoding: 'utf8' },
      );
      if (status !== 0) {
        console.log(
          `${orders} orders, ${engine}: ${stderr.split('\n').find((line) => line.includes('Error')) ?? 'failed'}`,
        );
        continue;
      }
      const { took, processor, megabytes, items, pairs } = JSON.parse(stdout);
      console.log(
        `${orders} orders, ${engine}: ${took.toFixed(1)} s (this process ${processor.toFixed(1)} s of processor, orders and all), ${megabytes.toFixed(0)} MB, ${items} items, ${pairs} neighbours`,
      );
    }
}
