// What the bench of recommending runs, the same in Node and in a page. It is bundled from src.
import { decodeModel } from '../../src/recommend/decode-model.js';
import { decodeRanker } from '../../src/recommend/decode-ranker.js';
import { seeded } from '../../src/model/seeded.js';
import { createRecommender } from '../../src/recommend/create-recommender.js';

export { seeded };

const DAY_MS = 86_400_000;
const START = Date.UTC(2026, 0, 1);
export const ITEMS = 10_000;
export const PURCHASES = 500;

/** Visits of one customer: a long tail over groups of things that go together, half of it habits. */
export function customer(random, visits, lines) {
  const anItem = () => {
    const group = Math.floor(random() * 60);
    const place = Math.floor(ITEMS * random() ** 2.2 * 0.7) + ((group * 37) % 3000);
    return `sku-${Math.min(ITEMS - 1, place)}`;
  };
  const habit = Array.from({ length: 40 }, anItem);
  return Array.from({ length: visits }, (_, day) => ({
    at: START + day * 3 * DAY_MS,
    items: Array.from({ length: lines }, () =>
      random() < 0.5 ? habit[Math.floor(random() * habit.length)] : anItem(),
    ),
  }));
}

const BLOCKS = 10;
const WARM_UP = 300;
const quantile = (sorted, share) => sorted[Math.floor(sorted.length * share)];

/**
 * Percentiles over all rounds, and the 99th of the quietest of ten blocks of them: what else the machine does takes whole slices of time
 * away, which belong to nobody's answer.
 */
function timed(rounds, run) {
  for (let i = 0; i < WARM_UP; i++) run(i);
  const all = [];
  const quiet = [];
  for (let block = 0, i = WARM_UP; block < BLOCKS; block++) {
    const times = [];
    for (const end = i + rounds / BLOCKS; i < end; i++) {
      const began = performance.now();
      run(i);
      times.push(performance.now() - began);
    }
    all.push(...times);
    quiet.push(quantile(times.sort(ascending), 0.99));
  }
  all.sort(ascending);
  return [quantile(all, 0.5), quantile(all, 0.99), Math.min(...quiet)];
}

const ascending = (a, b) => a - b;

/** The median and the worst of a few: a page reads it once. */
function loads(bytes) {
  const times = Array.from({ length: 11 }, () => {
    const began = performance.now();
    decodeModel(bytes);
    return performance.now() - began;
  }).sort(ascending);
  return [times[5], times[10], times[0]];
}

function measureEngine(engine, model, visits, lines, rounds) {
  const mine = engine.history(customer(seeded(visits), visits, lines));
  const now = START + visits * 3 * DAY_MS;
  const basket = [model.skus[3], model.skus[40]];
  const query = { now, limit: 10, basket, timeZone: 'UTC' };
  const visitAt = (i) => ({ at: now + i, items: [model.skus[i % 100]] });
  return {
    recommend: timed(rounds, () => engine.recommend(mine, query)),
    'buy again': timed(rounds, () => engine.buyAgain(mine, query)),
    'goes with': timed(rounds, () => engine.goesWith(basket, query)),
    similar: timed(rounds, (i) => engine.similar(model.skus[i % 100], query)),
    'add a purchase': timed(rounds, (i) => mine.add(visitAt(i))),
  };
}

/** Of each row the 50th and the 99th percentile, and the 99th when it was quietest; ms. */
export function measureRecommend(modelBytes, rankerBytes, rounds) {
  const rows = { 'load the model': loads(modelBytes) };
  const model = decodeModel(modelBytes);
  const ranker = decodeRanker(rankerBytes);
  const catalog = Array.from({ length: ITEMS }, (_, i) => ({
    ...{ sku: `sku-${i}`, name: `Item ${i}`, category: `c-${i % 40}` },
  }));
  for (const [visits, lines] of [
    [PURCHASES, 1],
    [PURCHASES / 10, 10],
  ]) {
    const plain = measureEngine(
      createRecommender({ model, catalog }),
      model,
      visits,
      lines,
      rounds,
    );
    for (const [name, times] of Object.entries(plain))
      rows[`${name}, ${visits} × ${lines}`] = times;
    const ranked = createRecommender({ model, catalog, ranker });
    const { recommend } = measureEngine(ranked, model, visits, lines, rounds);
    rows[`recommend with a ranker, ${visits} × ${lines}`] = recommend;
  }
  return rows;
}
