// npm run bench mixing [-- FOLDER]
// What "at most two of one category among five" costs: recall of the model level with and without it, on the validation customers of
// Online Retail. The set has no categories; each item's is the last word of its name that enough items share, colors left out: five, for
// categories as fine as a shelf's, or sixty, for those of a department.
import { existsSync } from 'node:fs';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { root } from '../scripts/prepare.mjs';
import { readSet } from './accuracy/data.mjs';
import { loadEngine, modelOf } from './accuracy/levels.mjs';
import { COLUMNS, measure, meansOf } from './accuracy/metrics.mjs';

const COLORS = new Set(
  'RED BLUE GREEN PINK WHITE BLACK BROWN CREAM IVORY SILVER GOLD ASSORTED DESIGN S/3 SMALL LARGE'.split(
    ' ',
  ),
);
const args = process.argv.slice(process.argv[2] === 'mixing' ? 3 : 2);
const folder = args[0] ?? join(root, '../shared/data');
const set = existsSync(folder) ? readSet(folder, 'online_retail') : undefined;
if (!set) {
  console.log(`No Online Retail in ${folder}: nothing measured.`);
  process.exit(0);
}

const names = gunzipSync(readFileSync(join(folder, 'online_retail/items.csv.gz')))
  .toString()
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => [line.slice(0, line.indexOf(',')), line.slice(line.indexOf(',') + 1)]);
const wordsOf = (name) =>
  name
    .toUpperCase()
    .split(/[^A-Z/0-9]+/)
    .filter((word) => word.length > 1 && !COLORS.has(word));
const counts = new Map();
for (const [, name] of names)
  for (const word of new Set(wordsOf(name))) counts.set(word, (counts.get(word) ?? 0) + 1);
const catalogOf = (shared) =>
  names.map(([sku, name]) => {
    const category = wordsOf(name).findLast((word) => counts.get(word) >= shared);
    return { sku, name, ...(category && { category }) };
  });

const engine = await loadEngine();
const models = [];
for (const { train } of set.folds)
  models.push(
    (
      await modelOf(
        engine,
        train.map((id) => ({ visits: set.customers.get(id) ?? [] })),
      )
    ).model,
  );

/** Means over the validation customers of all folds. */
function meansWith(catalog, perCategory) {
  const rows = set.folds.flatMap(({ val }, fold) => {
    const recommender = engine.createRecommender({ model: models[fold], catalog });
    return val.map((id) => {
      const visits = set.customers.get(id) ?? [];
      const target = visits.at(-1);
      const before = visits.slice(0, -1);
      const query = { now: target.at, limit: 20, timeZone: 'UTC', perCategory };
      const list = recommender.recommend(recommender.history(before), query);
      const owned = new Set(before.flatMap(({ items }) => items));
      return measure(
        list.map(({ sku }) => sku),
        target.items,
        owned,
      );
    });
  });
  return meansOf(rows);
}

const line = (name, cells) =>
  console.log(name.padEnd(46) + cells.map((cell) => cell.padEnd(8)).join(''));
line('validation customers of Online Retail', COLUMNS);
for (const shared of [5, 60]) {
  const catalog = catalogOf(shared);
  const { size } = new Set(catalog.flatMap(({ category }) => category ?? []));
  for (const [name, most] of [
    ['by score alone', Infinity],
    ['at most two in five', 2],
  ])
    line(
      `${name}, ${size} categories`,
      meansWith(catalog, most).map((value) => value.toFixed(4)),
    );
}
