// Next-basket accuracy on public purchase histories, beside two plain baselines.
//   node bench/accuracy.mjs [folder with the data sets] [set …] [--split val|test]   (or REGULARS_DATA=folder)
// Protocol of "A Next Basket Recommendation Reality Check" (TOIS 2023): the last basket of a customer is to be told from
// those before; the model is trained on the train customers only, and read back from its bytes as a page would.
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync, gzipSync } from 'node:zlib';
import { decodeModel, encodeModel, trainModel } from 'regulars/model';
import { createRecommender } from 'regulars/recommend';

const SETS = ['dunnhumby_carbo', 'dunnhumby_cj79', 'online_retail', 'tafeng'];
const DAY_MS = 86_400_000;
const LENGTHS = [10, 20];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { split: { type: 'string', default: 'test' }, folds: { type: 'string' } },
});
const [asked, ...sets] = positionals;
const folder = resolve(asked ?? process.env.REGULARS_DATA ?? '../shared/data');
if (!existsSync(folder)) {
  console.error(
    `No data sets in ${folder}. Give the folder: node bench/accuracy.mjs <folder>, or set REGULARS_DATA.`,
  );
  process.exit(2);
}

const unzip = (name) => gunzipSync(readFileSync(name)).toString('utf8');

/** Customer id → visits, oldest first. Without dates there is no `at`. */
function readCustomers(set) {
  const customers = new Map();
  for (const row of unzip(`${folder}/${set}/baskets.csv.gz`).trim().split('\n').slice(1)) {
    const [id, , day, , items] = row.split(',');
    const visit = { items: items.split(' '), ...(day !== '' && { at: Number(day) * DAY_MS }) };
    const visits = customers.get(Number(id));
    if (visits) visits.push(visit);
    else customers.set(Number(id), [visit]);
  }
  return customers;
}

function score(list, target) {
  const wanted = new Set(target);
  const ideal = [...wanted].reduce((sum, _, rank) => sum + 1 / Math.log2(rank + 2), 0);
  return LENGTHS.map((length) => {
    let hits = 0;
    let gain = 0;
    list.slice(0, length).forEach((sku, rank) => {
      if (!wanted.has(sku)) return;
      hits++;
      gain += 1 / Math.log2(rank + 2);
    });
    return [hits / wanted.size, gain / ideal, hits > 0 ? 1 : 0];
  });
}

/** Own items by how many visits hold them, filled up by what most customers buy. */
function ownFrequency(visits, popular) {
  const times = new Map();
  for (const { items } of visits)
    for (const sku of items) times.set(sku, (times.get(sku) ?? 0) + 1);
  const place = new Map(popular.map((sku, rank) => [sku, rank]));
  const own = [...times.keys()].sort(
    (a, b) => times.get(b) - times.get(a) || (place.get(a) ?? 1e9) - (place.get(b) ?? 1e9),
  );
  return [...own, ...popular.filter((sku) => !times.has(sku))];
}

const four = (value) => value.toFixed(4).replace(/^0/, '');
const limit = Math.max(...LENGTHS);

for (const set of sets.length > 0 ? sets : SETS) {
  if (!existsSync(`${folder}/${set}/baskets.csv.gz`)) {
    console.log(`${set}: not in ${folder}, left out`);
    continue;
  }
  const customers = readCustomers(set);
  const { folds } = JSON.parse(unzip(`${folder}/${set}/splits.json.gz`));
  const totals = new Map();
  let people = 0;
  let bytes;
  for (const fold of folds.slice(0, Number(values.folds ?? folds.length))) {
    bytes = encodeModel(await trainModel(fold.train.map((id) => ({ visits: customers.get(id) }))));
    const model = decodeModel(bytes);
    const popular = model.skus.slice(0, 100);
    const engine = createRecommender({ model });
    for (const id of fold[values.split]) {
      const visits = customers.get(id);
      const before = visits.slice(0, -1);
      const { items: target, at: now = 0 } = visits.at(-1);
      const lists = {
        popularity: popular,
        'own frequency': ownFrequency(before, popular),
        regulars: engine.recommend(engine.history(before), { now, limit }).map(({ sku }) => sku),
      };
      people++;
      for (const [method, list] of Object.entries(lists)) {
        const total = totals.get(method) ?? LENGTHS.map(() => [0, 0, 0]);
        score(list, target).forEach((row, k) => row.forEach((value, m) => (total[k][m] += value)));
        totals.set(method, total);
      }
    }
  }
  const size = `model ${(gzipSync(bytes, { level: 9 }).length / 1000).toFixed(0)} kB gzip`;
  console.log(`\n${set}, ${values.split}, ${people} customers (${folds.length} folds), ${size}`);
  console.log(`${''.padEnd(16)}${LENGTHS.map((k) => `R@${k}    N@${k}    PHR@${k}  `).join('')}`);
  for (const [method, total] of totals) {
    const cells = total.map((row) => row.map((sum) => four(sum / people).padEnd(8)).join(''));
    console.log(`${method.padEnd(16)}${cells.join('  ')}`);
  }
}
