/** A customer's purchases as the models see them, in any unit of time. */
export interface BuyingCustomer {
  /** Purchase days after the first. */
  readonly x: number;
  /** From the first to the last of them. */
  readonly tx: number;
  /** From the first to the end of what was observed. */
  readonly T: number;
  /** Gaps between purchase days; a k of 2 is tried only where all customers have theirs. */
  readonly gaps?: readonly number[];
}

/** Parameters of the models, `alpha` in the unit of time of the customers. */
export interface BuyingParameters {
  readonly r: number;
  readonly alpha: number;
  readonly a: number;
  readonly b: number;
}

/** `bg-nbd`: nobody leaves before the second purchase. `mbg-nbd`: after any purchase, the first included. */
export type BuyingModelName = 'bg-nbd' | 'mbg-nbd';

/** A kind of likelihood. */
export interface LikelihoodKind {
  readonly name: BuyingModelName;
  /** Gaps of an exponential, or the more regular sum of two. */
  readonly k: 1 | 2;
}

interface Counted extends BuyingCustomer {
  readonly times: number;
}

/** More purchase days nobody has: a table is made for each number up to the largest. */
const MOST = 50_000;

/** Customers that can be calculated with. */
export const isUsable = ({ x, tx, T }: BuyingCustomer): boolean =>
  Number.isInteger(x) && x >= 0 && x <= MOST && tx >= 0 && tx <= T && T < 1e9 && x > 0 === tx > 0;

/** The same three numbers once, with how many customers have them: most customers have bought once. */
export function countEqual(customers: readonly BuyingCustomer[]): readonly Counted[] {
  const found = new Map<string, Counted>();
  for (const { x, tx, T } of customers) {
    const key = `${x} ${tx} ${T}`;
    found.set(key, { x, tx, T, times: (found.get(key)?.times ?? 0) + 1 });
  }
  return [...found.values()];
}

/** What the gaps themselves add where k is 2: without it, likelihoods of different k cannot be compared. */
export const gapTerm = (customers: readonly BuyingCustomer[]): number =>
  customers.reduce(
    (sum, { gaps = [] }) => sum + gaps.reduce((inner, gap) => inner + Math.log(gap), 0),
    0,
  );

/**
 * Log-likelihood of counted customers. Ratios of gamma functions are sums of logarithms, a table for each number of purchases:
 * nothing is subtracted, so no digits are lost.
 */
export function logLikelihood(
  customers: readonly Counted[],
  { name, k }: LikelihoodKind,
  { r, alpha, a, b }: BuyingParameters,
): number {
  const modified = name === 'mbg-nbd';
  const most = customers.reduce((max, { x }) => Math.max(max, x), 0);
  // ln Γ(r + kx) / Γ(r), and ln of the probability to be still there after x purchases
  const table = new Float64Array(most + 1);
  for (let x = 1; x <= most; x++) {
    const n = r + k * (x - 1);
    const stays = Math.log(b + x - 1) - Math.log(a + b + x - (modified ? 0 : 1));
    table[x] = (table[x - 1] ?? 0) + Math.log(n) + (k === 2 ? Math.log(n + 1) : 0) + stays;
  }
  const first = r * Math.log(alpha) - (modified ? Math.log(a + b) : 0);
  let sum = 0;
  for (const { x, tx, T, times } of customers) {
    const shape = r + k * x;
    const rate = alpha + tx;
    const gap = T - tx;
    const none = Math.exp(-shape * Math.log1p(gap / rate));
    const tail = k === 2 ? none * (1 + (shape * gap) / (rate + gap)) : none;
    const ended = modified ? a + (b + x) * tail : tail + (x > 0 ? a / (b + x - 1) : 0);
    sum += times * (first + (table[x] ?? 0) - shape * Math.log(rate) + Math.log(ended));
  }
  return sum;
}
