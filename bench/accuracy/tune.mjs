// Parameters of the anchors, chosen on validation customers: one at a time, until none gets better.
import { meansOf, measure } from './metrics.mjs';
import { poolOf, tifuKnn, upCf } from './anchors.mjs';

const GRIDS = {
  tifuKnn: {
    alpha: [0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 0.9],
    across: [0.5, 0.7, 0.9, 1],
    within: [0.6, 0.8, 0.9, 1],
    groups: [2, 3, 7, 12],
    neighbours: [50, 100, 300, 600, 900],
  },
  upCf: {
    recent: [1, 2, 3, 5, 10, 20, 50],
    power: [1, 2, 3, 5, 7, 10],
    alpha: [0, 0.25, 0.5, 0.75, 1],
    neighbours: [100, 300, 900, 1_000_000],
  },
};
const MAKE = { tifuKnn, upCf };
const ROUNDS = 2;

/** Recall and NDCG at 10, as one number. */
function valueOf(pools, make, parameters) {
  let sum = 0;
  for (const { pool, people } of pools) {
    const recommend = make(pool, parameters);
    const rows = people.map(({ before, numbers, owned }) =>
      measure(recommend(before, 20), numbers, owned),
    );
    const [recall, gain] = meansOf(rows);
    sum += recall + gain;
  }
  return sum / pools.length;
}

/** The best parameters of each anchor, from those given on. */
export function tune(set, from, folds, progress) {
  const pools = set.folds.slice(0, folds).map((fold) => ({
    pool: poolOf(set, fold.train),
    people: fold.val.map((id) => {
      const visits = set.customers.get(id);
      const before = visits.slice(0, -1);
      const owned = new Set(before.flatMap(({ numbers }) => [...numbers]));
      return { before, numbers: visits.at(-1).numbers, owned };
    }),
  }));
  const best = {};
  for (const [method, grid] of Object.entries(GRIDS)) {
    let parameters = from[method];
    let value = valueOf(pools, MAKE[method], parameters);
    for (let round = 0; round < ROUNDS; round++) {
      const before = value;
      for (const [name, choices] of Object.entries(grid))
        for (const choice of choices) {
          if (choice === parameters[name]) continue;
          const tried = { ...parameters, [name]: choice };
          progress(`${set.set} ${method} ${JSON.stringify(tried)}, best ${value.toFixed(4)}`);
          const result = valueOf(pools, MAKE[method], tried);
          if (result > value) [value, parameters] = [result, tried];
        }
      if (value === before) break;
    }
    best[method] = parameters;
    console.log(`${set.set} ${method} ${value.toFixed(4)} ${JSON.stringify(parameters)}`);
  }
  return best;
}
