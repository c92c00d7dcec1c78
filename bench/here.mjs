// npm run bench here [-- FOLDER]
// What knowing the time of day does for a list: on the validation customers of Online Retail, the one set here that has hours, with the
// lists that `whereAndWhen` of `trainModel` counts. Each gain beside its 95 % interval, by drawing customers anew. No set has places.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { root } from '../scripts/prepare.mjs';
import { readSet } from './accuracy/data.mjs';
import { loadEngine, modelOf } from './accuracy/levels.mjs';
import { COLUMNS, measure } from './accuracy/metrics.mjs';
import { fromSource } from './support/from-source.mjs';
import { randomOf } from './support/statistics.mjs';

const HOUR_MS = 3_600_000;
const DRAWS = 2000;
const SHOWN = ['R@10', 'N@10'];

const args = process.argv.slice(process.argv[2] === 'here' ? 3 : 2);
const folder = args[0] ?? join(root, '../shared/data');
const set = existsSync(folder) ? readSet(folder, 'online_retail') : undefined;
if (!set) {
  console.log(`No Online Retail in ${folder}: nothing measured.`);
  process.exit(0);
}

// The set has days; the hours stand beside them in the file, in the same order.
const rows = gunzipSync(readFileSync(join(folder, 'online_retail/baskets.csv.gz'))).toString();
for (const row of rows.trim().split('\n').slice(1)) {
  const [id, seq, , hour] = row.split(',');
  set.customers.get(Number(id))[Number(seq)].at += Number(hour) * HOUR_MS;
}

const engine = await loadEngine();
const { daypartAt } = await fromSource(`export { daypartAt } from './src/greeting/daypart.js';`);
const daypartOf = ({ at }) => ({ daypart: daypartAt(at, 'UTC').daypart });
const trainModel = (customers) => engine.trainModel(customers, { whereAndWhen: daypartOf });

/** A row of measures for each validation customer of all folds, with and without the time of day. */
const QUESTIONS = {
  'next basket': (asked, mine, query) => asked.recommend(mine, query),
  'popular, whoever asks': (asked, _, query) => asked.popular(query),
};
const measured = Object.fromEntries(
  Object.keys(QUESTIONS).map((name) => [name, { without: [], with: [] }]),
);
for (const { train, val } of set.folds) {
  const { model } = await modelOf(
    { ...engine, trainModel },
    train.map((id) => ({ visits: set.customers.get(id) })),
  );
  const recommender = engine.createRecommender({ model });
  for (const id of val) {
    const visits = set.customers.get(id);
    const target = visits.at(-1);
    const before = visits.slice(0, -1);
    const owned = new Set(before.flatMap(({ items }) => items));
    const mine = recommender.history(before);
    const query = { now: target.at, limit: 20, timeZone: 'UTC' };
    for (const [name, ask] of Object.entries(QUESTIONS))
      for (const [how, more] of [
        ['without', {}],
        ['with', daypartOf(target)],
      ]) {
        const list = ask(recommender, mine, { ...query, ...more }).map(({ sku }) => sku);
        measured[name][how].push(measure(list, target.items, owned));
      }
  }
}

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The middle 95 % of the mean gain over customers that are drawn anew. */
function intervalOf(gains, random) {
  const means = Array.from({ length: DRAWS }, () =>
    mean(gains.map(() => gains[Math.floor(random() * gains.length)])),
  ).sort((a, b) => a - b);
  return [means[Math.floor(0.025 * DRAWS)], means[Math.floor(0.975 * DRAWS)]];
}

for (const [name, by] of Object.entries(measured))
  for (const column of SHOWN) {
    const c = COLUMNS.indexOf(column);
    const [without, here] = [by.without, by.with].map((all) => mean(all.map((row) => row[c])));
    const gains = by.with.map((row, i) => row[c] - by.without[i][c]);
    const interval = intervalOf(gains, randomOf(7)).map((gain) => gain.toFixed(4));
    console.log(
      `${name.padEnd(22)} ${column}  without ${without.toFixed(4)}  with the time of day ${here.toFixed(4)}` +
        `  gain ${(here - without).toFixed(4)} [${interval.join(', ')}], ${gains.length} customers`,
    );
  }
