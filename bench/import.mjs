// npm run bench import [-- --rows N] [--save]
// An import of a million rows by the built command, beside libraries that only read the same file: docs/bench-import.md, which --save writes.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { main, Refusal, root } from '../scripts/prepare.mjs';
import { writeOrders } from './support/order-files.mjs';

const PAGE = join(root, 'docs/bench-import.md');
const OUTSIDE = ['idb', 'zod', 'lmdb', 'pg', '@duckdb/node-api', '@electric-sql/pglite'];
const EVERY_MS = 50;
// what Linux counts processor time in
const TICKS = 100;

const FILES = [
  {
    kind: 'csv',
    what: 'Shopify CSV, 79 columns',
    bare: 'bare-papaparse.mjs',
    peer: 'papaparse alone',
  },
  {
    kind: 'jsonl',
    what: 'Shopify orders, one a line',
    bare: 'bare-lines.mjs',
    peer: '`JSON.parse` alone',
  },
];

function readOptions() {
  const { values } = parseArgs({
    args: process.argv.slice(3),
    options: {
      rows: { type: 'string', default: '1000000' },
      save: { type: 'boolean', default: false },
    },
  });
  const rows = Number(values.rows);
  if (!Number.isInteger(rows) || rows < 10)
    throw new Refusal(`--rows takes a whole number from 10, not "${values.rows}".`, 2);
  return { ...values, rows };
}

/** Memory of its own, in MB, and seconds of processor time of a process; what cannot be told is NaN. */
function lookAt(pid) {
  try {
    const anonymous = /RssAnon:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
    return {
      mb: Number(anonymous[1]) / 1024,
      cpu: (Number(fields[11]) + Number(fields[12])) / TICKS,
    };
  } catch {
    return { mb: Number.NaN, cpu: Number.NaN };
  }
}

/** Runs a program to its end: how long, how much processor, the most memory of its own, what it said. */
async function measure(args) {
  const begun = performance.now();
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece) => (said += piece));
  let seen = { mb: 0, cpu: 0 };
  const timer = setInterval(() => {
    const { mb, cpu } = lookAt(child.pid);
    if (!Number.isNaN(mb)) seen = { mb: Math.max(seen.mb, mb), cpu };
  }, EVERY_MS);
  const [code] = await once(child, 'close');
  clearInterval(timer);
  if (code !== 0) throw new Refusal(`${args.join(' ')} ended with ${code}:\n${said}`);
  return { ...seen, seconds: (performance.now() - begun) / 1000, said };
}

const number = (value, digits = 0) =>
  value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });

async function benchFile({ kind, what, bare, peer }, rows, folder, command) {
  const file = join(folder, `orders.${kind}`);
  await writeOrders(kind, rows, file);
  const into = ['--into', join(folder, `storage-${kind}`), '--shop', 'bench'];
  const runs = [
    [peer, () => measure([join(root, 'bench/peers', bare), file])],
    ['`--dry-run`', () => measure([command, 'import', file, '--dry-run'])],
    ['import', () => measure([command, 'import', file, ...into])],
    ['import once more', () => measure([command, 'import', file, ...into])],
  ];
  const told = [];
  for (const [name, run] of runs) {
    const { seconds, cpu, mb, said } = await run();
    if (name === 'import once more' && !said.includes('Nothing new'))
      throw new Refusal(`The second import found something new:\n${said}`);
    const row = { name, seconds, cpu, mb, rate: rows / seconds };
    console.log(
      `${kind} ${name}: ${number(row.rate)} rows/s, ${number(seconds, 1)} s, ${number(cpu, 1)} s of processor, ${number(mb)} MB`,
    );
    told.push(row);
  }
  return { what, megabytes: statSync(file).size / 1e6, told };
}

function pageOf(rows, files) {
  const tables = files.map(({ what, megabytes, told }) =>
    [
      `## ${what}: ${number(rows)} rows, ${number(megabytes)} MB`,
      '',
      '| | rows a second | seconds | of processor | memory |',
      '| --- | ---: | ---: | ---: | ---: |',
      ...told.map(
        ({ name, rate, seconds, cpu, mb }) =>
          `| ${name} | ${number(rate)} | ${number(seconds, 1)} | ${number(cpu, 1)} | ${number(mb)} MB |`,
      ),
    ].join('\n'),
  );
  return `# What an import costs

\`npm run bench import -- --save\` writes this page: \`regulars import\` of a generated file into a new storage on disk, by the built command, and once more, which finds nothing new; beside it a program that only reads the same file with the same library and throws the rows away. A tenth as many customers as rows, few of whom buy much. Node ${process.versions.node}, ${cpus().length} processors, each run alone after the other; what else the machine did counts in the seconds, and less in the seconds of processor.

Memory is the most that the process held of its own (anonymous pages on Linux): the file of the storage, which LMDB maps, is the system's to keep or to drop. It does not grow with the file.

${tables.join('\n\n')}
`;
}

/** The command as it is built, without the rest of the package: lies where Node finds what is installed. */
async function bundleCommand() {
  const outfile = join(root, 'node_modules/.cache/regulars/bench-import.mjs');
  await build({
    ...{ entryPoints: [join(root, 'src/cli/index.ts')], outfile, bundle: true, logLevel: 'error' },
    ...{ platform: 'node', format: 'esm', target: 'node20', external: OUTSIDE },
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
  return outfile;
}

async function benchImport() {
  const { rows, save } = readOptions();
  const command = await bundleCommand();
  const folder = mkdtempSync(join(tmpdir(), 'regulars-bench-'));
  try {
    const files = [];
    for (const file of FILES) {
      files.push(await benchFile(file, rows, folder, command));
      rmSync(join(folder, `orders.${file.kind}`));
    }
    if (save) writeFileSync(PAGE, pageOf(rows, files));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

await main(benchImport);
