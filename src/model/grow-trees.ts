import { FEATURES } from '../recommend/rank-features.js';
import type { Ranker } from '../recommend/rank-types.js';
import {
  bestQuestion,
  histogramsOf,
  type Gradients,
  type Histograms,
  type RankRows,
} from './ask-rows.js';

/** How trees are grown. */
export interface GrowOptions {
  readonly trees: number;
  readonly depth: number;
  /** What of a leaf's best value is taken. */
  readonly rate: number;
  /** Pull of a leaf towards nothing. */
  readonly ridge: number;
  /** Share of the customers, and of the features, that a tree sees. */
  readonly rowShare: number;
  readonly featureShare: number;
  /** Share of the customers that tell when to stop; of so many customers those are not missed. */
  readonly heldOutShare: number;
  readonly enough: number;
  readonly random: () => number;
  /** Told which share of the work is done, 0–1. */
  readonly onDone: (share: number) => void;
}

const FEATURE_NUMBERS: readonly number[] = Array.from({ length: FEATURES }, (_, f) => f);

/**
 * Boosts symmetric trees, all nodes of a level asking one question, towards putting what was bought first among a
 * customer's candidates (softmax over each list). Begins with the closed form. Customers held out say how many trees are
 * worth having, none where the closed form is not improved on; then, where customers are not many, as many are grown on all.
 */
export function growTrees(rows: RankRows, options: GrowOptions): Trees {
  const { trees, random, onDone } = options;
  const scale = bestScale(rows);
  const isHeldOut = new Uint8Array(rows.groups.length - 1);
  // all lists of a customer, or none
  for (let g = 0; g < isHeldOut.length; g++)
    isHeldOut[g] =
      rows.isMore[g] === 1 ? (isHeldOut[g - 1] ?? 0) : random() < options.heldOutShare ? 1 : 0;
  const customers = rows.isMore.reduce((count, isMore) => count + 1 - isMore, 0);
  const isEnough = customers >= options.enough;
  const onTried = (tree: number): void => onDone(((isEnough ? 1 : TRIED) * tree) / trees);
  const tried = boost(rows, scale, isHeldOut, { ...options, onTree: onTried });
  const { best } = tried;
  if (isEnough) return firstTrees(tried.grown, best);
  const onTree = (tree: number): void => onDone(TRIED + ((1 - TRIED) * tree) / best);
  const { grown } = boost(rows, scale, isHeldOut.fill(0), { ...options, trees: best, onTree });
  onDone(1);
  return grown;
}

function firstTrees({ scale, depth, features, thresholds, leaves }: Trees, count: number): Trees {
  return {
    ...{ scale, depth },
    features: features.slice(0, count * depth),
    thresholds: thresholds.slice(0, count * depth),
    leaves: leaves.slice(0, count * 2 ** depth),
  };
}

// Half of the time goes by with how many trees there are to be.
const TRIED = 0.5;

/** Grows all trees; `best` of them were the best to those held out. */
function boost(
  rows: RankRows,
  scale: number,
  isHeldOut: Uint8Array,
  options: GrowOptions & { readonly onTree: (grown: number) => void },
): { readonly grown: Trees; readonly best: number } {
  const { trees, depth, random } = options;
  const size = rows.bought.length;
  const gradients: Gradients = {
    values: Float64Array.from(rows.scores, (score) => scale * score),
    first: new Float64Array(size),
    second: new Float64Array(size),
  };
  const grown: Trees = {
    ...{ scale, depth },
    features: new Uint8Array(trees * depth),
    thresholds: new Float32Array(trees * depth),
    leaves: new Float32Array(trees * 2 ** depth),
  };
  const leafOf = new Uint8Array(size);
  let best = { trees: 0, loss: lossOf(rows, gradients.values, isHeldOut) };
  for (let tree = 0; tree < trees; tree++) {
    const seen = differentiate(rows, gradients, isHeldOut, options);
    const columns = Uint8Array.from(FEATURE_NUMBERS.filter(() => random() < options.featureShare));
    leafOf.fill(0);
    let histograms: Histograms | undefined;
    for (let q = tree * depth; q < (tree + 1) * depth; q++) {
      histograms = histogramsOf(rows, gradients, seen, leafOf, columns, histograms);
      const { feature, step } = bestQuestion(histograms, columns, options.ridge);
      grown.features[q] = feature;
      grown.thresholds[q] = rows.cuts[feature]?.[step] ?? Infinity;
      ask(rows, feature, step, leafOf);
    }
    const values = leafValues(gradients, seen, leafOf, options);
    grown.leaves.set(values, tree * 2 ** depth);
    for (let row = 0; row < size; row++)
      gradients.values[row] = (gradients.values[row] ?? 0) + (values[leafOf[row] ?? 0] ?? 0);
    const loss = lossOf(rows, gradients.values, isHeldOut);
    if (loss < best.loss) best = { trees: tree + 1, loss };
    options.onTree(tree + 1);
  }
  return { grown, best: best.trees };
}

type Trees = Omit<Ranker, 'rescore' | 'version'>;

/** Sends each row on by its answer. */
function ask({ steps }: RankRows, feature: number, step: number, leafOf: Uint8Array): void {
  for (let row = 0, at = feature; row < leafOf.length; row++, at += FEATURES)
    leafOf[row] = ((leafOf[row] ?? 0) << 1) | ((steps[at] ?? 0) > step ? 1 : 0);
}

/** How much the closed form's score is to count by itself. */
function bestScale(rows: RankRows): number {
  const all = new Uint8Array(rows.groups.length - 1).fill(1);
  let best = { scale: 0, loss: Infinity };
  for (let scale = 1; scale <= 16; scale++) {
    const values = Float64Array.from(rows.scores, (score) => scale * score);
    const loss = lossOf(rows, values, all);
    if (loss < best.loss) best = { scale, loss };
  }
  return best.scale;
}

/** How unlikely what was bought is, over the groups that are counted. */
function lossOf(
  { bought, weights, groups }: RankRows,
  values: Float64Array,
  isCounted: Uint8Array,
): number {
  let loss = 0;
  for (let g = 0; g + 1 < groups.length; g++) {
    if (isCounted[g] !== 1) continue;
    let sum = 0;
    let wanted = 0;
    let total = 0;
    for (let row = groups[g] ?? 0; row < (groups[g + 1] ?? 0); row++) {
      const value = values[row] ?? 0;
      sum += (weights[row] ?? 1) * Math.exp(value);
      if (bought[row] !== 1) continue;
      wanted++;
      total += value;
    }
    loss += Math.log(sum) - total / wanted;
  }
  return loss;
}

/** Gradients of a share of the groups; gives their rows. */
function differentiate(
  { bought, weights, groups }: RankRows,
  { values, first, second }: Gradients,
  isHeldOut: Uint8Array,
  { rowShare, random }: GrowOptions,
): Uint32Array {
  const seen = new Uint32Array(bought.length);
  let count = 0;
  for (let g = 0; g + 1 < groups.length; g++) {
    if (isHeldOut[g] === 1 || random() >= rowShare) continue;
    const from = groups[g] ?? 0;
    const end = groups[g + 1] ?? 0;
    let most = -Infinity;
    let wanted = 0;
    for (let row = from; row < end; row++) {
      most = Math.max(most, values[row] ?? 0);
      wanted += bought[row] ?? 0;
    }
    let sum = 0;
    const part = (row: number): number => (weights[row] ?? 1) * Math.exp((values[row] ?? 0) - most);
    for (let row = from; row < end; row++) sum += part(row);
    for (let row = from; row < end; row++) {
      const share = part(row) / sum;
      first[row] = share - (bought[row] ?? 0) / wanted;
      second[row] = share * (1 - share);
      seen[count++] = row;
    }
  }
  return seen.subarray(0, count);
}

function leafValues(
  { first, second }: Gradients,
  seen: Uint32Array,
  leafOf: Uint8Array,
  { depth, rate, ridge }: GrowOptions,
): Float32Array {
  const firsts = new Float64Array(2 ** depth);
  const seconds = new Float64Array(2 ** depth);
  for (const row of seen) {
    const leaf = leafOf[row] ?? 0;
    firsts[leaf] = (firsts[leaf] ?? 0) + (first[row] ?? 0);
    seconds[leaf] = (seconds[leaf] ?? 0) + (second[row] ?? 0);
  }
  return Float32Array.from(firsts, (g, leaf) => (-rate * g) / ((seconds[leaf] ?? 0) + ridge));
}
