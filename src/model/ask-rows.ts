import { FEATURES } from '../recommend/rank-features.js';

/** Steps that a feature is kept in. */
export const STEPS = 64;

/** What trees are grown on: rows of steps, in groups of which each is one customer's candidates. */
export interface RankRows {
  /** Row by row, `FEATURES` steps each. */
  readonly steps: Uint8Array;
  /** 1 for what was in the basket. */
  readonly bought: Uint8Array;
  /** How many rows each stands for: more than 1 where it was offered in vain. */
  readonly weights: Uint8Array;
  /** What the closed form gives each row. */
  readonly scores: Float32Array;
  /** Rows of group `g`: from `groups[g]` to `groups[g + 1]`. */
  readonly groups: Uint32Array;
  /** 1 for a group of the same customer as the one before. */
  readonly isMore: Uint8Array;
  /** For each feature what lies between two steps. */
  readonly cuts: readonly Float32Array[];
}

/** Of the loss, by each row's value. */
export interface Gradients {
  readonly values: Float64Array;
  readonly first: Float64Array;
  readonly second: Float64Array;
}

/** Sums of gradients by node, feature and step. */
export interface Histograms {
  readonly firsts: Float64Array;
  readonly seconds: Float64Array;
}

const CELLS = FEATURES * STEPS;

/**
 * The histograms of the rows that are seen. Below the root only rows of the answer that fewer gave are gone through: what is left of
 * the level above (`above`) is the other's.
 */
export function histogramsOf(
  { steps }: RankRows,
  { first, second }: Gradients,
  seen: Uint32Array,
  leafOf: Uint8Array,
  columns: Uint8Array,
  above: Histograms | undefined,
): Histograms {
  const nodes = above ? (2 * above.firsts.length) / CELLS : 1;
  const firsts = new Float64Array(nodes * CELLS);
  const seconds = new Float64Array(nodes * CELLS);
  let yes = 0;
  for (const row of seen) yes += (leafOf[row] ?? 0) & 1;
  const side = 2 * yes < seen.length ? 1 : 0;
  for (const row of seen) {
    const leaf = leafOf[row] ?? 0;
    if (above && (leaf & 1) !== side) continue;
    const g = first[row] ?? 0;
    const h = second[row] ?? 0;
    const base = leaf * CELLS;
    const at = row * FEATURES;
    for (let c = 0; c < columns.length; c++) {
      const feature = columns[c] ?? 0;
      const cell = base + feature * STEPS + (steps[at + feature] ?? 0);
      firsts[cell] = (firsts[cell] ?? 0) + g;
      seconds[cell] = (seconds[cell] ?? 0) + h;
    }
  }
  if (above)
    for (let parent = 0; parent < nodes / 2; parent++) {
      const counted = (2 * parent + side) * CELLS;
      const other = (2 * parent + 1 - side) * CELLS;
      for (let k = 0; k < CELLS; k++) {
        firsts[other + k] = (above.firsts[parent * CELLS + k] ?? 0) - (firsts[counted + k] ?? 0);
        seconds[other + k] = (above.seconds[parent * CELLS + k] ?? 0) - (seconds[counted + k] ?? 0);
      }
    }
  return { firsts, seconds };
}

/** What parts the rows best when all nodes are asked the same. */
export function bestQuestion(
  { firsts, seconds }: Histograms,
  columns: Uint8Array,
  ridge: number,
): { readonly feature: number; readonly step: number } {
  let best = { feature: 0, step: STEPS - 1, gain: 0 };
  const gains = new Float64Array(STEPS - 1);
  for (const feature of columns) {
    gains.fill(0);
    for (let from = feature * STEPS; from < firsts.length; from += CELLS)
      addGains(gains, firsts, seconds, from, ridge);
    gains.forEach((gain, step) => {
      if (gain > best.gain) best = { feature, step, gain };
    });
  }
  return best;
}

/** What each cut of one node's histogram gains. */
function addGains(
  gains: Float64Array,
  firsts: Float64Array,
  seconds: Float64Array,
  from: number,
  ridge: number,
): void {
  let g = 0;
  let h = 0;
  for (let step = 0; step < STEPS; step++) {
    g += firsts[from + step] ?? 0;
    h += seconds[from + step] ?? 0;
  }
  const whole = (g * g) / (h + ridge);
  let left = 0;
  let weight = 0;
  for (let step = 0; step < STEPS - 1; step++) {
    left += firsts[from + step] ?? 0;
    weight += seconds[from + step] ?? 0;
    const right = g - left;
    const gain = (left * left) / (weight + ridge) + (right * right) / (h - weight + ridge) - whole;
    gains[step] = (gains[step] ?? 0) + gain;
  }
}
