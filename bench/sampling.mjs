// npm run bench sampling [-- --data FOLDER] [--folds N]
// What accuracy it costs to count neighbours of a share of the customers: Ta-Feng's validation customers, never its test ones.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Refusal, root } from '../scripts/prepare.mjs';
import { readSet } from './accuracy/data.mjs';
import { COLUMNS, measure, meansOf, overFolds } from './accuracy/metrics.mjs';
import { fromSource } from './support/from-source.mjs';

const SAMPLES = [1, 2, 5, 20];
const LENGTH = 20;

const { values } = parseArgs({
  args: process.argv.slice(process.argv[2] === 'sampling' ? 3 : 2),
  options: {
    data: { type: 'string', default: join(root, '../shared/data') },
    folds: { type: 'string', default: '5' },
  },
});
const set = readSet(values.data, 'tafeng');
if (!set) throw new Refusal(`There is no Ta-Feng in ${values.data}.`, 2);
const { trainModel, encodeModel, decodeModel, createRecommender } = await fromSource(`
  export { trainModel } from './src/model/train-model.ts';
  export { encodeModel } from './src/model/encode-model.ts';
  export { decodeModel } from './src/recommend/decode-model.ts';
  export { createRecommender } from './src/recommend/create-recommender.ts';
`);

for (const sample of SAMPLES) {
  const folds = [];
  for (const { train, val } of set.folds.slice(0, Number(values.folds))) {
    const customers = train.map((id) => ({ id: String(id), visits: set.customers.get(id) }));
    const bytes = encodeModel(await trainModel(customers, { sample }));
    const engine = createRecommender({ model: decodeModel(bytes) });
    const rows = val.map((id) => {
      const visits = set.customers.get(id);
      const before = visits.slice(0, -1);
      const query = { now: 0, limit: LENGTH };
      const list = engine.recommend(engine.history(before), query).map(({ sku }) => sku);
      const owned = new Set(before.flatMap(({ items }) => items));
      return measure(list, visits.at(-1).items, owned);
    });
    folds.push(meansOf(rows));
  }
  const told = overFolds(folds).map(({ mean }, c) => `${COLUMNS[c]} ${mean.toFixed(4)}`);
  console.log(`one customer in ${sample}: ${told.join(', ')}`);
}
