// npm run bench menu [-- --data FOLDER] [--tune] [--save]
// "Goes with this order", of a menu: one dish of each order is hidden, and is among the five that are offered to go with the others, or not.
// Menus are simulated (bench/menu/simulate.mjs) and the categories of a web shop (bench/menu/categories.mjs). With --tune other menus and
// validation customers, for some strengths of the ridge; without, what is told by docs/bench-menu.md, which --save writes.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../scripts/prepare.mjs';
import { readSet } from './accuracy/data.mjs';
import { categoryOrders } from './menu/categories.mjs';
import { simulateMenu } from './menu/simulate.mjs';
import { fromSource } from './support/from-source.mjs';
import { randomOf } from './support/statistics.mjs';

const SIZES = [100, 300, 1000];
const LENGTH = 5;
const ALPHA = 0.7;
const TEST_ORDERS = 300;
const CATEGORY_ORDERS = 150;
const SEEDS = { tune: [1, 2, 3], test: [101, 102, 103, 104, 105, 106, 107, 108] };
const DRAWS = 1000;
const RIDGES = [0.5, 1, 2, 4, 8];

const { values } = parseArgs({
  args: process.argv.slice(process.argv[2] === 'menu' ? 3 : 2),
  options: {
    data: { type: 'string', default: join(root, '../shared/data') },
    tune: { type: 'boolean', default: false },
    save: { type: 'boolean', default: false },
  },
});
const { trainModel, weighTogether, encodeModel, decodeModel, createRecommender } =
  await fromSource(`
  export { trainModel } from './src/model/train-model.ts';
  export { weighTogether } from './src/model/count-together.ts';
  export { encodeModel } from './src/model/encode-model.ts';
  export { decodeModel } from './src/recommend/decode-model.ts';
  export { createRecommender } from './src/recommend/create-recommender.ts';
`);

/** Orders counted: dishes by how often they are ordered, and each two of them. */
function count(orders) {
  const numbers = new Map();
  for (const order of orders)
    for (const dish of order) numbers.set(dish, numbers.get(dish) ?? numbers.size);
  const size = numbers.size;
  const counts = new Float64Array(size * size);
  for (const order of orders) {
    const held = [...new Set(order)].map((dish) => numbers.get(dish));
    for (const one of held) for (const other of held) counts[one * size + other]++;
  }
  return { numbers, dishes: [...numbers.keys()], size, counts };
}

/** A method that sums a weight over the basket; ties by how much is ordered. */
function byWeights({ numbers, dishes, size, counts }, weigh) {
  const own = (item) => counts[item * size + item];
  return (basket) => {
    const scores = new Float64Array(size);
    for (const dish of basket) {
      const one = numbers.get(dish);
      if (one === undefined) continue;
      for (let other = 0; other < size; other++)
        scores[other] += weigh(counts[one * size + other], own(one), own(other));
    }
    return dishes
      .map((dish, item) => ({ dish, item, score: scores[item] }))
      .filter(({ dish }) => !basket.includes(dish))
      .sort((a, b) => b.score - a.score || own(b.item) - own(a.item))
      .slice(0, LENGTH)
      .map(({ dish }) => dish);
  };
}

function byEngine(model) {
  const engine = createRecommender({ model: decodeModel(encodeModel(model)) });
  const query = { now: 0, limit: LENGTH, kinds: ['together', 'popular'] };
  return (basket) => engine.goesWith(basket, query).map(({ sku }) => sku);
}

async function methodsOf(orders) {
  const counted = count(orders);
  const customers = orders.map((items) => ({ visits: [{ items }] }));
  const model = await trainModel(customers);
  const plain = await trainModel(customers, { menuItems: 0 });
  const methods = {
    popularity: byWeights(counted, () => 0),
    lift: byWeights(counted, (both, one, other) => both / (one * other)),
    'asymmetric cosine, α .7': byWeights(
      counted,
      (both, one, other) => both / (one ** ALPHA * other ** (1 - ALPHA)),
    ),
    'Regulars, neighbours of the model': byEngine(plain),
    '**Regulars, EASE^R**': byEngine(model),
  };
  if (values.tune) {
    const meetings = count(customers.flatMap(({ visits }) => visits.map(({ items }) => items)));
    const at = model.skus.map((sku) => meetings.numbers.get(sku));
    const ordered = new Float64Array(at.length ** 2);
    at.forEach((one, i) =>
      at.forEach((other, j) => {
        ordered[i * at.length + j] = meetings.counts[one * meetings.size + other];
      }),
    );
    const alone = Uint32Array.from(at, (_, i) => i);
    for (const ridge of RIDGES) {
      const together = await weighTogether({ size: at.length, counts: ordered }, alone, ridge);
      methods[`ridge ${ridge}`] = byEngine({ ...model, together });
    }
  }
  return methods;
}

/** For each order the share of its dishes that are found when they are hidden, by method. */
async function hitsOf(orders, asked) {
  const methods = await methodsOf(orders);
  const hits = Object.fromEntries(Object.keys(methods).map((name) => [name, []]));
  for (const order of asked) {
    if (order.length < 2) continue;
    for (const [name, method] of Object.entries(methods)) {
      const found = order.filter((dish) =>
        method(order.filter((one) => one !== dish)).includes(dish),
      );
      hits[name].push(found.length / order.length);
    }
  }
  return hits;
}

const mean = (list) => list.reduce((sum, value) => sum + value, 0) / list.length;

/** Where 95 % of the means over orders drawn anew lie. */
function interval(list) {
  const random = randomOf(7);
  const means = Array.from({ length: DRAWS }, () => {
    let sum = 0;
    for (let i = 0; i < list.length; i++) sum += list[Math.floor(random() * list.length)];
    return sum / list.length;
  }).sort((a, b) => a - b);
  return [means[Math.round(0.025 * (DRAWS - 1))], means[Math.round(0.975 * (DRAWS - 1))]];
}

const digits = (value) => value.toFixed(3).replace(/^(-?)0/, '$1');

function* menus() {
  const seeds = values.tune ? SEEDS.tune : SEEDS.test;
  yield [
    'simulated menus',
    (size) => seeds.map((seed) => [simulateMenu(seed, size), simulateMenu(seed, TEST_ORDERS, 1)]),
  ];
  const set = readSet(values.data, 'online_retail');
  if (!set) return;
  yield [
    'Online Retail by category',
    (size) =>
      set.folds.slice(0, values.tune ? 2 : 5).map(({ train, val, test }, fold) => {
        const random = randomOf(fold + 1);
        const shuffled = (orders) =>
          orders
            .map((order) => [random(), order])
            .sort(([a], [b]) => a - b)
            .map(([, order]) => order);
        const asked = categoryOrders(values.data, set, values.tune ? val : test);
        return [
          shuffled(categoryOrders(values.data, set, train)).slice(0, size),
          shuffled(asked).slice(0, values.tune ? CATEGORY_ORDERS / 3 : CATEGORY_ORDERS),
        ];
      }),
  ];
}

const lines = [];
const say = (line) => {
  lines.push(line);
  console.log(line);
};
for (const [name, make] of menus()) {
  say(`\n## ${name[0].toUpperCase()}${name.slice(1)}\n`);
  say('| orders | method | HR@5 | ahead of popularity |');
  say('| --- | --- | --- | --- |');
  for (const size of SIZES) {
    const all = {};
    for (const [orders, asked] of make(size))
      for (const [method, hits] of Object.entries(await hitsOf(orders, asked)))
        (all[method] ??= []).push(...hits);
    for (const [method, hits] of Object.entries(all)) {
      const ahead = hits.map((hit, i) => hit - all.popularity[i]);
      const [low, high] = interval(ahead);
      const told =
        method === 'popularity' ? '' : `${digits(mean(ahead))} (${digits(low)} to ${digits(high)})`;
      say(`| ${size.toLocaleString('en')} | ${method} | ${digits(mean(hits))} | ${told} |`);
    }
  }
}
if (values.save && !values.tune) {
  const head = `# Menus, measured

\`npm run bench menu -- --save\` writes this page. Of each order one dish after the other is hidden; HR@5 is how often it is among the five things that are offered to go with the rest, first by order, then over orders. In brackets where the lead over popularity lies with 95 % confidence (bootstrap over orders). The strength of the ridge was chosen on other menus and on validation customers (\`--tune\`).

**Simulated menus.** A hundred dishes in eight sections; guests in parties of one or two with one of four minds (coffee and pastry, lunch, dinner, drinks), each with its own sections and its own favourites in them, popularity falling as one through the rank; twenty dishes that ask for another one. Eight menus, 300 other orders of each. The source is \`bench/menu/simulate.mjs\`.

**Online Retail by category.** A thing's category is the last word of its name (holder, bag, mug), some 250 of them. Orders of training customers, tried on orders of test customers, five folds.
`;
  writeFileSync(join(root, 'docs/bench-menu.md'), `${head}${lines.join('\n')}\n`);
}
