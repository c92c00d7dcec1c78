// npm run bench recommend [-- customers to train on]
// How long one answer of the engine takes, with the weights for any shop and with a fitted ranker: 10,000 items, a customer
// with 500 purchases; and what one more visit takes. Prints percentiles and sizes.
import { performance } from 'node:perf_hooks';
import { gzipSync } from 'node:zlib';
import { loadEngine } from './accuracy/levels.mjs';

const engines = await loadEngine();
const { createRecommender, decodeModel, decodeRanker, encodeModel, encodeRanker } = engines;

const ITEMS = 10_000;
const PURCHASES = 500;
const DAY_MS = 86_400_000;
const START = Date.UTC(2026, 0, 1);

/** Mulberry32 (Tommy Ettinger, public domain): the same shop in every run. */
function seeded(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const random = seeded(7);
// A long tail over groups of things that go together.
const anItem = (group) =>
  `sku-${Math.min(ITEMS - 1, Math.floor(ITEMS * random() ** 2.2 * 0.7) + ((group * 37) % 3000))}`;

function customer(visits, lines) {
  const habit = Array.from({ length: 40 }, () => anItem(Math.floor(random() * 60)));
  return Array.from({ length: visits }, (_, day) => ({
    at: START + day * 3 * DAY_MS,
    items: Array.from({ length: lines }, () =>
      random() < 0.5
        ? habit[Math.floor(random() * habit.length)]
        : anItem(Math.floor(random() * 60)),
    ),
  }));
}

const args = process.argv.slice(process.argv[2] === 'recommend' ? 3 : 2);
const customers = Array.from({ length: Number(args[0] ?? 4000) }, () => ({
  visits: customer(12, 10),
}));
const model = await engines.trainModel(customers);
const fitted = encodeRanker(await engines.fitRanker(customers, { maxCustomers: 1000 }));
const bytes = encodeModel(model);
let from = performance.now();
const decoded = decodeModel(bytes);
const decodeMs = performance.now() - from;
from = performance.now();
const catalog = Array.from({ length: ITEMS }, (_, i) => ({ sku: `sku-${i}`, name: `Item ${i}` }));
const plain = createRecommender({ model: decoded, catalog });
const createMs = performance.now() - from;
const ranked = createRecommender({ model: decoded, ranker: decodeRanker(fitted), catalog });

const quantile = (values, share) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length * share)];
function measure(name, rounds, run) {
  for (let i = 0; i < 300; i++) run(i);
  const times = [];
  for (let i = 0; i < rounds; i++) {
    const began = performance.now();
    run(i);
    times.push(performance.now() - began);
  }
  const cells = [0.5, 0.9, 0.99].map((q) => `p${q * 100} ${quantile(times, q).toFixed(4)}`);
  console.log(`${name.padEnd(58)}${cells.join('  ')} ms`);
}

console.log(
  `${decoded.skus.length} items; model ${bytes.length} B, ${gzipSync(bytes).length} B gzip;`,
);
console.log(`ranker ${fitted.length} B, ${gzipSync(fitted).length} B gzip;`);
console.log(`decode ${decodeMs.toFixed(1)} ms, engine ${createMs.toFixed(1)} ms`);
for (const [name, engine] of [
  ['weights for any shop', plain],
  ['fitted ranker', ranked],
])
  for (const [visits, lines] of [
    [PURCHASES, 1],
    [50, 10],
    [PURCHASES, 10],
  ]) {
    const mine = engine.history(customer(visits, lines));
    const now = START + visits * 3 * DAY_MS;
    const basket = [decoded.skus[3], decoded.skus[40]];
    const query = { now, limit: 10, basket, timeZone: 'UTC' };
    console.log(`\n${name}, ${visits} visits of ${lines} items`);
    measure('10 of 10,000', 3000, () => engine.recommend(mine, query));
    const available = (sku) => sku.charCodeAt(5) % 2 === 0;
    measure('half of the shop sold out', 3000, () =>
      engine.recommend(mine, { ...query, available }),
    );
    const visitAt = (i) => ({ at: now + i, items: [decoded.skus[i % 100]] });
    measure('one more purchase', 3000, (i) => mine.add(visitAt(i)));
    measure('one more purchase, then the answer that knows it', 1000, (i) => {
      mine.add(visitAt(10_000 + i));
      engine.recommend(mine, { ...query, now: now + DAY_MS });
    });
  }
