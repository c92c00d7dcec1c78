// npm run bench accuracy [-- folder with the data sets] [--set tafeng,online_retail] [--split val|test] [--folds N]
//   [--methods own,model,…] [--tune] [--write] [--save]                (or REGULARS_DATA=folder)
// Next-basket accuracy on public purchase histories, our levels beside the published methods, by the protocol of "A Next
// Basket Recommendation Reality Check" (TOIS 2023): a customer's last basket is to be told from those before.
// Everything is chosen on validation customers (--split val, --tune), written down (--write) and committed before the test
// part answers. --save keeps each fold as it is there and writes docs/accuracy.md: a run that was cut short, or that is of other
// sets and methods, adds to what is kept.
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { main, Refusal } from '../scripts/prepare.mjs';
import { gpTopFreq, poolOf, pTopFreq, tifuKnn, upCf } from './accuracy/anchors.mjs';
import {
  demandWritten,
  hashOf,
  readConfigurations,
  writeConfigurations,
} from './accuracy/configurations.mjs';
import { readSet, SETS } from './accuracy/data.mjs';
import {
  configurationOf,
  loadEngine,
  modelLevel,
  modelOf,
  ownLevel,
  rankerLevel,
} from './accuracy/levels.mjs';
import { keepFold, keptFold } from './accuracy/kept.mjs';
import { meansOf, measure } from './accuracy/metrics.mjs';
import { printTable, saveTables, tableOf } from './accuracy/tables.mjs';
import { tune } from './accuracy/tune.mjs';

const LENGTH = 20;

/** Of the papers and their reference programs. */
const PUBLISHED = {
  upCf: { recent: 5, alpha: 0.25, power: 5, neighbours: 1_000_000 },
  tifuKnn: { neighbours: 300, within: 0.9, across: 0.7, alpha: 0.7, groups: 7 },
};

/** Each method: a name for people, and what makes it ready for a fold. */
const METHODS = {
  'p-topfreq': ['P-TopFreq', ({ pool }) => pTopFreq(pool)],
  'gp-topfreq': ['GP-TopFreq', ({ pool }) => gpTopFreq(pool)],
  'up-cf': ['UP-CF@r, published parameters', ({ pool }) => upCf(pool, PUBLISHED.upCf)],
  'up-cf-tuned': ['UP-CF@r, tuned', ({ pool, tuned }) => upCf(pool, tuned.upCf)],
  tifu: ['TIFU-KNN, published parameters', ({ pool }) => tifuKnn(pool, PUBLISHED.tifuKnn)],
  'tifu-tuned': ['TIFU-KNN, tuned', ({ pool, tuned }) => tifuKnn(pool, tuned.tifuKnn)],
  own: ['**Regulars, own history alone**', ({ engine }) => ownLevel(engine)],
  model: [
    '**Regulars, model, default weights**',
    async ({ engine, trained }) => modelLevel(engine, (await trained).model),
  ],
  ranker: [
    '**Regulars, ranker fitted in the store**',
    async ({ engine, trained, train, sizes, progress }) => {
      const { model } = await trained;
      const { recommend, bytes } = await rankerLevel(engine, model, train, progress);
      sizes.ranker = bytes;
      return recommend;
    },
  ],
};

function readOptions(available) {
  const { values, positionals } = parseArgs({
    args: process.argv.slice(process.argv[2] === 'accuracy' ? 3 : 2),
    allowPositionals: true,
    options: {
      set: { type: 'string', default: Object.keys(SETS).join() },
      split: { type: 'string', default: 'test' },
      folds: { type: 'string', default: '5' },
      methods: { type: 'string', default: available.join() },
      tune: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      save: { type: 'boolean', default: false },
    },
  });
  const folder = resolve(positionals[0] ?? process.env.REGULARS_DATA ?? '../shared/data');
  if (!existsSync(folder))
    throw new Refusal(
      `No data sets in ${folder}. Give the folder: npm run bench accuracy -- <folder>, or set REGULARS_DATA.`,
      2,
    );
  if (values.split !== 'val' && values.split !== 'test')
    throw new Refusal(`--split is val or test, not "${values.split}".`, 2);
  const pick = (name, known) => {
    const asked = values[name].split(',');
    const odd = asked.find((one) => !known.includes(one));
    if (odd !== undefined)
      throw new Refusal(`--${name} knows ${known.join(', ')}, not "${odd}".`, 2);
    return asked;
  };
  return {
    ...values,
    folder,
    sets: pick('set', Object.keys(SETS)),
    methods: pick('methods', available),
    folds: Number(values.folds),
  };
}

/** Shows what is under way on one line of a terminal. */
const progress = (text) => {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
};

/** Of one fold and method: people, means and, of ours, bytes. */
async function measureMethod(name, set, fold, split, ready, show) {
  const recommend = await METHODS[name][1]({ ...ready, progress: show });
  const ids = fold[split];
  const rows = ids.map((id, i) => {
    if (i % 50 === 0) show(i / ids.length);
    const visits = set.customers.get(id);
    const before = visits.slice(0, -1);
    const { numbers, at = 0 } = visits.at(-1);
    const owned = new Set(before.flatMap((visit) => [...visit.numbers]));
    return measure(recommend(before, LENGTH, at), numbers, owned);
  });
  const bytes = ready.sizes[name];
  return { people: ids.length, cells: meansOf(rows), ...(bytes && { bytes }) };
}

/** What a fold's methods are made of: each is made when the first asks for it. */
function readyFor(set, fold, engine, tuned) {
  const sizes = {};
  const train = fold.train.map((id) => ({ visits: set.customers.get(id) }));
  let pool;
  let trained;
  return {
    ...{ engine, tuned, train, sizes },
    get pool() {
      return (pool ??= poolOf(set, fold.train));
    },
    get trained() {
      trained ??= modelOf(engine, train).then(({ model, bytes }) => {
        sizes.model = bytes;
        return { model };
      });
      return trained;
    },
  };
}

/** Prints a set's table; with --save fold by fold is kept, and what is kept already not measured again. */
async function measureSet(set, options, engine, tuned) {
  const folds = set.folds.slice(0, options.folds);
  const rows = Object.fromEntries(options.methods.map((name) => [name, { folds: [] }]));
  for (const [f, fold] of folds.entries()) {
    const ready = readyFor(set, fold, engine, tuned);
    for (const name of options.methods) {
      const key = keyOf(name, { ...options, engine, tuned });
      let result = options.save ? keptFold(set.set, name, key, f) : undefined;
      if (result === undefined) {
        const show = (done) =>
          progress(
            `${SETS[set.set]}, fold ${f + 1} of ${folds.length}, ${name} ${Math.round(100 * done)} %`,
          );
        show(0);
        result = await measureMethod(name, set, fold, options.split, ready, show);
        if (options.save) await keepFold(set.set, name, key, f, result);
      }
      rows[name].folds[f] = result;
    }
  }
  progress('');
  printTable(tableOf(set.set, options.split, rows, titles));
  if (options.save) await saveTables(titles);
}

const isOurs = (name) => ['own', 'model', 'ranker'].includes(name);

const titles = Object.fromEntries(Object.entries(METHODS).map(([name, [title]]) => [name, title]));

/** Tells apart whatever may give other figures: the program of a method, and its parameters. */
function keyOf(name, { engine, tuned }) {
  if (isOurs(name)) return hashOf(engine.text);
  const anchors = readFileSync(new URL('./accuracy/anchors.mjs', import.meta.url), 'utf8');
  return hashOf([anchors, PUBLISHED, name.endsWith('tuned') ? tuned : null]);
}

async function benchAccuracy() {
  const engine = await loadEngine();
  const available = Object.keys(METHODS).filter((name) => name !== 'ranker' || engine.fitRanker);
  const options = readOptions(available);
  const configurations = readConfigurations();
  const ours = configurationOf(engine);
  if (options.write) {
    await writeConfigurations({ ...configurations, ours });
    return;
  }
  if (options.save && options.split !== 'test')
    throw new Refusal('--save writes test figures: leave out --split val.', 2);
  if (options.split === 'test' && !options.tune)
    demandWritten({
      ...(options.methods.some(isOurs) && { ours }),
      published: PUBLISHED,
      ...Object.fromEntries(options.sets.map((set) => [set, configurations[set]])),
    });
  for (const name of options.sets) {
    const set = readSet(options.folder, name);
    if (set === undefined) {
      console.log(`${name}: not in ${options.folder}, left out`);
      continue;
    }
    if (options.tune) {
      configurations[name] = tune(set, configurations[name], options.folds, progress);
      await writeConfigurations(configurations);
      continue;
    }
    await measureSet(set, options, engine, configurations[name]);
  }
}

await main(benchAccuracy);
