import { shareOf } from './neighbour-sums.js';
import { rankFeatures } from './rank-features.js';
import type { Ranker } from './rank-types.js';

/** Candidates that are ranked anew: those the closed form puts first. */
const RANKED = 250;

// No cart lies in what was fitted: what goes with one counts as much as the first questions of the trees together.
const BASKET = 4;

/** The trees with what makes them work. */
export function createRanker(trees: Omit<Ranker, 'rescore' | 'version'>): Ranker {
  return {
    ...trees,
    version: 1,
    rescore: (context) => {
      const { own, fresh, scores, sums } = context;
      const { chosen, edge } = chooseBest(scores);
      const values = sumTrees(trees, rankFeatures(context, chosen), chosen.length);
      chosen.forEach((candidate, i) => {
        const number = own[candidate]?.number ?? fresh[candidate - own.length] ?? -1;
        const value =
          trees.scale * (scores[candidate] ?? 0) +
          (values[i] ?? 0) +
          BASKET * shareOf(sums.basket, number);
        // Above all that is left as it was.
        scores[candidate] = edge + 1 / (1 + Math.exp(-value));
      });
    },
  };
}

/** The candidates with the highest scores, and the score that the others do not exceed. */
export function chooseBest(scores: Float64Array): {
  readonly chosen: Uint32Array;
  readonly edge: number;
} {
  const edge = scores.length > RANKED ? nth(scores.slice(), scores.length - RANKED - 1) : 0;
  const chosen: number[] = [];
  for (let c = 0; c < scores.length; c++)
    if (scores.length <= RANKED || (scores[c] ?? 0) > edge) chosen.push(c);
  return { chosen: Uint32Array.from(chosen), edge };
}

/** The `n`th smallest (Hoare's selection): many times cheaper than a sort. */
function nth(values: Float64Array, n: number): number {
  let from = 0;
  let to = values.length - 1;
  while (from < to) {
    const pivot = values[(from + to) >> 1] ?? 0;
    let i = from;
    let j = to;
    while (i <= j) {
      while ((values[i] ?? pivot) < pivot) i++;
      while ((values[j] ?? pivot) > pivot) j--;
      if (i > j) break;
      const value = values[i] ?? 0;
      values[i++] = values[j] ?? 0;
      values[j--] = value;
    }
    if (n <= j) to = j;
    else if (n >= i) from = i;
    else break;
  }
  return values[n] ?? 0;
}

/** Each tree asks all candidates the same questions, one after the other: no branches, flat arrays. */
function sumTrees(
  { depth, features, thresholds, leaves }: Omit<Ranker, 'rescore' | 'version'>,
  columns: Float32Array,
  count: number,
): Float64Array {
  const values = new Float64Array(count);
  const leaf = new Uint8Array(count);
  for (let q = 0, base = 0; q < features.length; base += 2 ** depth) {
    leaf.fill(0);
    for (let level = 0; level < depth; level++, q++) {
      const from = (features[q] ?? 0) * count;
      const threshold = thresholds[q] ?? 0;
      for (let i = 0; i < count; i++)
        leaf[i] = ((leaf[i] ?? 0) << 1) | ((columns[from + i] ?? 0) > threshold ? 1 : 0);
    }
    for (let i = 0; i < count; i++)
      values[i] = (values[i] ?? 0) + (leaves[base + (leaf[i] ?? 0)] ?? 0);
  }
  return values;
}
