// How long one answer of the engine takes: 10,000 items, a customer with 500 purchases. Prints percentiles and sizes.
//   node bench/recommend.mjs [customers to train on]
import { performance } from 'node:perf_hooks';
import { gzipSync } from 'node:zlib';
import { decodeModel, encodeModel, trainModel } from 'regulars/model';
import { createRecommender } from 'regulars/recommend';

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

const trained = Number(process.argv[2] ?? 4000);
const model = await trainModel(
  Array.from({ length: trained }, () => ({ visits: customer(12, 10) })),
);
const bytes = encodeModel(model);
let from = performance.now();
const decoded = decodeModel(bytes);
const decodeMs = performance.now() - from;
from = performance.now();
const catalog = Array.from({ length: ITEMS }, (_, i) => ({ sku: `sku-${i}`, name: `Item ${i}` }));
const engine = createRecommender({ model: decoded, catalog });
const createMs = performance.now() - from;

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
  const cells = [0.5, 0.9, 0.99].map((q) => `p${q * 100} ${quantile(times, q).toFixed(3)}`);
  console.log(`${name.padEnd(58)}${cells.join('  ')} ms`);
}

console.log(
  `${decoded.skus.length} items; model ${bytes.length} B, ${gzipSync(bytes).length} B gzip;`,
);
console.log(`decode ${decodeMs.toFixed(1)} ms, engine ${createMs.toFixed(1)} ms`);
for (const [visits, lines] of [
  [PURCHASES, 1],
  [50, 10],
  [PURCHASES, 10],
]) {
  const history = customer(visits, lines);
  const mine = engine.history(history);
  const now = START + visits * 3 * DAY_MS;
  const basket = [decoded.skus[3], decoded.skus[40]];
  const shape = `${visits} visits of ${lines} items`;
  measure(`recommend 10 of 10,000, ${shape}`, 3000, () =>
    engine.recommend(mine, { now, limit: 10, basket }),
  );
  measure(`the same, half of the shop sold out`, 3000, () =>
    engine.recommend(mine, {
      now,
      limit: 10,
      basket,
      available: (sku) => sku.charCodeAt(5) % 2 === 0,
    }),
  );
  measure(`a purchase, then the answer that knows it`, 1000, (i) => {
    mine.add({ at: now + i, items: [decoded.skus[i % 100]] });
    engine.recommend(mine, { now: now + DAY_MS, limit: 10, basket });
  });
}
