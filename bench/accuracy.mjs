// npm run bench accuracy [-- folder with the data sets] [--set tafeng,online_retail] [--split val|test] [--folds N]
//   [--methods own,model,…] [--tune] [--write] [--save]                (or REGULARS_DATA=folder)
// Next-basket accuracy on public purchase histories, our levels beside the published methods, by the protocol of "A Next
// Basket Recommendation Reality Check" (TOIS 2023): a customer's last basket is to be told from those before.
// Everything is chosen on validation customers (--split val, --tune), written down (--write) and committed before the test
// part answers. --save writes docs/accuracy.md, set by set: what an earlier run found of
// the others stays.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { main, Refusal } from '../scripts/prepare.mjs';
import { gpTopFreq, poolOf, pTopFreq, tifuKnn, upCf } from './accuracy/anchors.mjs';
import {
  demandWritten,
  readConfigurations,
  writeConfigurations,
} from './accuracy/configurations.mjs';
import { readSet, SETS } from './accuracy/data.mjs';
import { loadEngine, modelLevel, modelOf, ownLevel, rankerLevel } from './accuracy/levels.mjs';
import { meansOf, measure, overFolds } from './accuracy/metrics.mjs';
import { printTable, saveTables } from './accuracy/tables.mjs';
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
    ({ engine, trained }) => modelLevel(engine, trained.model),
  ],
  ranker: [
    '**Regulars, ranker fitted in the store**',
    async ({ engine, trained, train, sizes, progress }) => {
      const { recommend, bytes } = await rankerLevel(engine, trained.model, train, progress);
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

async function measureFold(set, fold, methods, options, engine, tuned, sizes, label) {
  const { customers } = set;
  const train = fold.train.map((id) => ({ visits: customers.get(id) }));
  const pool = poolOf(set, fold.train);
  const needsModel = methods.some((name) => name === 'model' || name === 'ranker');
  const trained = needsModel ? await modelOf(engine, train) : undefined;
  if (trained) sizes.model = trained.bytes;
  const results = {};
  for (const name of methods) {
    const show = (done) => progress(`${label}, ${name} ${Math.round(100 * done)} %`);
    show(0);
    const ready = { pool, tuned, engine, trained, train, sizes, progress: show };
    const recommend = await METHODS[name][1](ready);
    const ids = fold[options.split];
    const rows = ids.map((id, i) => {
      if (i % 50 === 0) show(i / ids.length);
      const visits = customers.get(id);
      const before = visits.slice(0, -1);
      const { numbers, at = 0 } = visits.at(-1);
      const owned = new Set(before.flatMap((visit) => [...visit.numbers]));
      return measure(recommend(before, LENGTH, at), numbers, owned);
    });
    results[name] = meansOf(rows);
  }
  return results;
}

async function measureSet(set, options, engine, tuned) {
  const folds = set.folds.slice(0, options.folds);
  const sizes = {};
  const perFold = [];
  for (const [f, fold] of folds.entries()) {
    const label = `${SETS[set.set]}, fold ${f + 1} of ${folds.length}`;
    perFold.push(
      await measureFold(set, fold, options.methods, options, engine, tuned, sizes, label),
    );
  }
  progress('');
  return {
    title: SETS[set.set],
    set: set.set,
    split: options.split,
    people: folds.reduce((sum, fold) => sum + fold[options.split].length, 0),
    folds: folds.length,
    sizes,
    rows: options.methods.map((name) => ({
      name: METHODS[name][0],
      cells: overFolds(perFold.map((results) => results[name])),
    })),
  };
}

async function benchAccuracy() {
  const engine = await loadEngine();
  const available = Object.keys(METHODS).filter((name) => name !== 'ranker' || engine.fitRanker);
  const options = readOptions(available);
  const configurations = readConfigurations();
  const ours = {
    weights: engine.WEIGHT,
    training: engine.TRAINING,
    ranking: engine.RANKING ?? null,
  };
  if (options.write) {
    await writeConfigurations({ ...configurations, ours });
    return;
  }
  if (options.save && options.split !== 'test')
    throw new Refusal('--save writes test figures: leave out --split val.', 2);
  if (options.split === 'test' && !options.tune)
    demandWritten({
      ours,
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
    const table = await measureSet(set, options, engine, configurations[name]);
    printTable(table);
    if (options.save) await saveTables([table]);
  }
}

await main(benchAccuracy);
