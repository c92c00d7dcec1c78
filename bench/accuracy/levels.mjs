// Our own levels: own history, the model with the weights everybody gets, and the ranker fitted in the store.
import { gzipSync } from 'node:zlib';
import { fromSource, textOf } from '../support/from-source.mjs';

const CODE = `export * from './src/recommend/index.js'; export * from './src/model/index.js';
  export { WEIGHT } from './src/recommend/score-items.js';
  export { TRAINING } from './src/model/train-model.js';
  export { RANKING } from './src/model/fit-ranker.js';`;

/** The functions as they stand in src, and their text. */
export const loadEngine = async () => ({
  ...(await fromSource(CODE)),
  text: await textOf(CODE),
});

/** Every number that has a name in the text of the engine and the trainer: what somebody may have chosen. */
const namedNumbers = (text) =>
  Object.fromEntries(
    [...text.matchAll(/^(?:var|\s) *([A-Z][A-Z0-9_]*) = (-?[\d.e+-]+);$/gm)].map(
      ([, name, value]) => [name, Number(value)],
    ),
  );

/** What our levels are configured by: all of it is written down before test figures are looked at. */
export const configurationOf = ({ WEIGHT, TRAINING, RANKING, text }) => ({
  weights: WEIGHT,
  training: TRAINING,
  ranking: RANKING,
  numbers: namedNumbers(text),
});

const gzipped = (bytes) => gzipSync(bytes, { level: 9 }).length;

/** Lists of item numbers by one engine. `size` turns skus into numbers. */
function ask(engine) {
  return (visits, limit, now) =>
    engine
      .recommend(engine.history(visits), { now, limit, timeZone: 'UTC' })
      .map(({ sku }) => Number(sku));
}

/** The engine with nothing but the customer's visits. */
export const ownLevel = ({ createRecommender }) => ask(createRecommender());

/** Trains on the train customers of a fold, and reads the model back from its bytes as a page does. */
export async function modelOf({ trainModel, encodeModel, decodeModel }, customers) {
  const bytes = encodeModel(await trainModel(customers));
  return { model: decodeModel(bytes), bytes: gzipped(bytes) };
}

export const modelLevel = ({ createRecommender }, model) => ask(createRecommender({ model }));

/** Fits the ranker on the same customers, out of fold inside, and reads it back from its bytes. */
export async function rankerLevel(engine, model, customers, progress) {
  const { createRecommender, fitRanker, encodeRanker, decodeRanker } = engine;
  const bytes = encodeRanker(await fitRanker(customers, { progress }));
  const ranker = decodeRanker(bytes);
  return { recommend: ask(createRecommender({ model, ranker })), bytes: gzipped(bytes) };
}
