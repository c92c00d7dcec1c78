import { FEATURES } from '../recommend/rank-features.js';
import { STEPS, type RankRows } from './ask-rows.js';

// Cuts are taken from the first customers, then every row is a byte for each feature.
const FIRST_GROUPS = 400;

/** Takes customers' candidates, one customer at a time. */
export interface RowCollector {
  /**
   * Features as `rankFeatures` gives them; a list of which nothing was bought teaches nothing. The lists of a customer come one after
   * the other; one that was offered has weights, and is kept whole.
   */
  readonly add: (
    columns: Float32Array,
    bought: Uint8Array,
    customer?: number,
    weights?: Uint8Array,
  ) => void;
  readonly taken: () => RankRows;
}

interface Group {
  readonly rows: Float32Array;
  readonly bought: Uint8Array;
  readonly weights: Uint8Array;
  readonly isMore: boolean;
}

/** Rows of nobody. Of what was not bought a share is kept: the rest says the same again. */
export function createRows(negativeShare: number, random: () => number): RowCollector {
  let waiting: Group[] = [];
  let customers = 0;
  let last: number | undefined;
  let cuts: readonly Float32Array[] | undefined;
  const table = createTable();
  const settle = (): readonly Float32Array[] => {
    const settled = (cuts ??= Array.from({ length: FEATURES }, (_, f) => cutsOf(waiting, f)));
    for (const group of waiting) table.push(group, settled);
    waiting = [];
    return settled;
  };
  return {
    add: (columns, all, customer, given) => {
      if (!all.includes(1)) return;
      const isKept = (i: number): boolean =>
        all[i] === 1 || given !== undefined || random() < negativeShare;
      const kept = [...all.keys()].filter(isKept);
      const isMore = customer !== undefined && customer === last;
      waiting.push({ ...rowsOf(columns, all, given, kept), isMore });
      last = customer;
      if (!isMore) customers++;
      if (cuts || customers >= FIRST_GROUPS) settle();
    },
    taken: () => {
      const settled = settle();
      return { ...table.taken(), cuts: settled };
    },
  };
}

/** Rows in steps, as many as come. */
function createTable(): {
  readonly push: (group: Group, cuts: readonly Float32Array[]) => void;
  readonly taken: () => Omit<RankRows, 'cuts'>;
} {
  let steps = new Uint8Array(FEATURES * 65_536);
  let bought = new Uint8Array(65_536);
  let weights = new Uint8Array(65_536);
  const isMore: number[] = [];
  const scores: number[] = [];
  const groups = [0];
  let size = 0;
  return {
    push: (group, cuts) => {
      while ((size + group.bought.length) * FEATURES > steps.length) {
        steps = grown(steps);
        bought = grown(bought);
        weights = grown(weights);
      }
      for (let at = 0; at < group.rows.length; at++)
        steps[size * FEATURES + at] = stepOf(group.rows[at] ?? 0, cuts[at % FEATURES]);
      bought.set(group.bought, size);
      weights.set(group.weights, size);
      isMore.push(group.isMore ? 1 : 0);
      for (let at = FEATURES - 1; at < group.rows.length; at += FEATURES)
        scores.push(group.rows[at] ?? 0);
      size += group.bought.length;
      groups.push(size);
    },
    taken: () => ({
      steps: steps.subarray(0, size * FEATURES),
      bought: bought.subarray(0, size),
      weights: weights.subarray(0, size),
      scores: Float32Array.from(scores),
      groups: Uint32Array.from(groups),
      isMore: Uint8Array.from(isMore),
    }),
  };
}

/** Those candidates of a list that are kept, row by row. */
function rowsOf(
  columns: Float32Array,
  bought: Uint8Array,
  weights: Uint8Array | undefined,
  kept: readonly number[],
): Omit<Group, 'isMore'> {
  const rows = new Float32Array(kept.length * FEATURES);
  kept.forEach((candidate, row) => {
    for (let f = 0; f < FEATURES; f++)
      rows[row * FEATURES + f] = columns[f * bought.length + candidate] ?? 0;
  });
  return {
    rows,
    bought: Uint8Array.from(kept, (i) => bought[i] ?? 0),
    weights: Uint8Array.from(kept, (i) => weights?.[i] ?? 1),
  };
}

function grown(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(2 * bytes.length);
  larger.set(bytes);
  return larger;
}

/** Values that split a feature's rows into parts of about one size, each once. */
function cutsOf(groups: readonly { readonly rows: Float32Array }[], feature: number): Float32Array {
  const values: number[] = [];
  for (const { rows } of groups)
    for (let at = feature; at < rows.length; at += FEATURES) values.push(rows[at] ?? 0);
  values.sort((a, b) => a - b);
  const cuts = new Set<number>();
  for (let part = 1; part < STEPS; part++)
    cuts.add(values[Math.floor((part * values.length) / STEPS)] ?? 0);
  return Float32Array.from(cuts);
}

/** How many cuts a value lies above. */
function stepOf(value: number, cuts: Float32Array = new Float32Array()): number {
  let from = 0;
  let to = cuts.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (value > (cuts[middle] ?? 0)) from = middle + 1;
    else to = middle;
  }
  return from;
}
