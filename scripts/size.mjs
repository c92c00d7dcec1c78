// What a page pays for each entry, minified and gzipped, beside its budget: node scripts/size.mjs [--markdown]
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import {
  entries,
  globalBuild,
  outputName,
  recommendBudgets,
  schemaBudget,
  speechBudget,
} from './entries.mjs';
import { main, Refusal, root } from './prepare.mjs';

const gzipped = (bytes) => gzipSync(bytes, { level: 9 }).length;
const isZod = (path) => path.includes('node_modules/zod/');
const fileOf = ({ name }) => `dist/${outputName(name)}.js`;

/** The output and everything it leads to by imports of these kinds, itself first. */
function closure(outputs, start, kinds) {
  const seen = new Set([start]);
  for (const path of seen)
    for (const { path: next, kind, external } of outputs[path].imports)
      if (!external && kinds.includes(kind)) seen.add(next);
  return seen;
}

/**
 * Bundles an entry the way an application would, dependencies with it, frameworks without.
 * Chunks that are only fetched on demand are counted apart; `bytes` leaves out what the entry it goes with has paid for.
 */
export async function bundleEntry(entry) {
  const { build } = await import('esbuild');
  const base = entry.beyond && entries.find(({ name }) => name === entry.beyond);
  const { metafile, outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: { entry: fileOf(entry), ...(base && { base: fileOf(base) }) },
    bundle: true,
    splitting: true,
    format: 'esm',
    minify: true,
    charset: 'utf8', // as servers send it: escapes would count each letter of Japanese twice
    target: 'es2022',
    platform: 'browser',
    external: [
      'react',
      'react-dom',
      'react/jsx-runtime',
      'lmdb',
      'jose',
      'libphonenumber-js',
      'node:*',
    ],
    legalComments: 'none',
    metafile: true,
    write: false,
    outdir: 'out',
    logLevel: 'silent',
  });
  const { outputs } = metafile;
  const now = closure(outputs, 'out/entry.js', ['import-statement']);
  const ever = closure(outputs, 'out/entry.js', ['import-statement', 'dynamic-import']);
  const paid = base ? closure(outputs, 'out/base.js', ['import-statement']) : new Set();
  const contents = (path) => outputFiles.find((file) => file.path === join(root, path)).contents;
  const sum = (paths) => [...paths].reduce((total, path) => total + gzipped(contents(path)), 0);
  const later = [...ever].filter((path) => !now.has(path));
  const schemas = later.filter((path) => Object.keys(outputs[path].inputs).some(isZod));
  /** What is fetched with a file that is fetched on demand, beyond what was before. */
  const fetched = (name, before) => {
    const file = Object.keys(outputs).find((path) =>
      outputs[path].entryPoint?.includes(`/${name}-`),
    );
    const files = file ? [...closure(outputs, file, ['import-statement'])] : [];
    return files.filter((path) => !before.has(path));
  };
  const speech = fetched('speech', base ? paid : now);
  if (entry.spoken) for (const path of speech) paid.add(path);
  const before = new Set([...now, ...paid]);
  const model = ['load-engine', 'read-model'].flatMap((name) => fetched(name, before));
  return {
    speechBytes: sum(speech),
    modelBytes: sum(new Set(model)),
    rankerBytes: sum(fetched('read-ranker', new Set([...before, ...model]))),
    bytes: sum([...now].filter((path) => !paid.has(path))),
    schemaBytes: sum(schemas),
    laterBytes: sum(later.filter((path) => !schemas.includes(path))),
    text: [...now].map((path) => new TextDecoder().decode(contents(path))).join('\n'),
    inputs: [...now].flatMap((path) => Object.keys(outputs[path].inputs)),
  };
}

/** A line for each entry, three for what is fetched on demand, one for the global build. */
export async function measure() {
  const rows = [];
  let schemas = 0;
  let later = 0;
  let speech = 0;
  let recommend;
  for (const entry of entries) {
    const bundled = await bundleEntry(entry);
    const { bytes, schemaBytes, speechBytes, laterBytes, inputs } = bundled;
    if (entry.name === 'recommend') recommend = bundled;
    schemas = Math.max(schemas, schemaBytes);
    if (entry.name === '.') [speech, later] = [speechBytes, laterBytes - speechBytes];
    rows.push({
      name: entry.name === '.' ? 'regulars' : `regulars/${entry.name}`,
      bytes,
      budget: entry.budget,
      added: entry.beyond !== undefined,
      leaks: inputs.some(isZod) ? ['zod'] : [],
    });
  }
  rows.push({ name: 'on demand: schemas', bytes: schemas, budget: schemaBudget, leaks: [] });
  rows.push({ name: 'on demand: speech', bytes: speech, budget: speechBudget, leaks: [] });
  for (const part of ['model', 'ranker'])
    rows.push({
      ...{ name: `on demand: ${part}`, bytes: recommend[`${part}Bytes`] },
      ...{ budget: recommendBudgets[part], leaks: [] },
    });
  rows.push({ name: 'on demand: the rest', bytes: later, leaks: [] });
  const bytes = gzipped(readFileSync(join(root, globalBuild.file)));
  rows.push({ name: globalBuild.name, bytes, budget: globalBuild.budget, leaks: [] });
  return rows;
}

export const inKilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;

/** The table of the README, laid out as Prettier lays it out. */
export function toMarkdown(rows) {
  const cells = rows.map(({ name, bytes, budget, added = false }) => [
    name.startsWith('regulars') ? `\`${name}\`` : name,
    `${added ? '+ ' : ''}${inKilobytes(bytes)}`,
    budget === undefined ? '' : inKilobytes(budget),
  ]);
  const table = [['import', 'min+gzip', 'budget'], ...cells];
  const width = [0, 1, 2].map((column) => Math.max(...table.map((row) => row[column].length)));
  const line = ([name, size, budget]) =>
    `| ${name.padEnd(width[0])} | ${size.padStart(width[1])} | ${budget.padStart(width[2])} |`;
  const rule = `| ${'-'.repeat(width[0])} | ${'-'.repeat(width[1] - 1)}: | ${'-'.repeat(width[2] - 1)}: |`;
  return [line(table[0]), rule, ...cells.map(line)].join('\n');
}

function toText(rows) {
  return rows
    .map(({ name, bytes, budget, added = false, leaks }) => {
      const limit = budget === undefined ? '' : `of ${inKilobytes(budget)}`;
      const share = budget === undefined ? '' : `${Math.round((bytes / budget) * 100)} %`;
      const remark = leaks.length > 0 ? `  holds ${leaks.join(', ')}` : '';
      return `${name.padEnd(28)} ${`${added ? '+ ' : ''}${inKilobytes(bytes)}`.padStart(9)} ${limit.padEnd(11)} ${share.padStart(6)}${remark}`;
    })
    .join('\n');
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href)
  await main(async () => {
    const rows = await measure();
    const markdown = process.argv.includes('--markdown');
    process.stdout.write(`${markdown ? toMarkdown(rows) : toText(rows)}\n`);
    const over = rows.filter(({ bytes, budget, leaks }) => bytes > budget || leaks.length > 0);
    if (over.length > 0)
      throw new Refusal(`Over budget: ${over.map(({ name }) => name).join(', ')}`);
  });
