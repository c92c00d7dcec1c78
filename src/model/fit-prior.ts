import { priors } from '../rhythm/priors.js';
import type { RhythmPrior, RhythmSummary } from '../rhythm/types.js';
import { gapTerm, isUsable } from './buying-likelihood.js';
import { fitParameters, tooFew, type TooFew } from './fit-buying.js';

/** Options of {@link fitPrior}. */
export interface FitPriorOptions {
  /**
   * How much the start is believed: 1 doubts each of its parameters by a factor of e, which a few hundred customers outweigh; 0
   * not at all. @defaultValue 1
   */
  readonly ridge?: number;
  /** What the customers are, in words, for `prior.fittedOn`. */
  readonly fittedOn?: string;
}

/** Outcome of {@link fitPrior}. */
export type PriorFit =
  | {
      readonly kind: 'fitted';
      readonly prior: RhythmPrior;
      readonly logLikelihood: number;
      /** The other k, and how much less likely it makes the same customers; absent where the gaps were not given. */
      readonly other?: { readonly prior: RhythmPrior; readonly logLikelihood: number };
    }
  | TooFew;

/**
 * Fits the prior of a shop on its own customers, and chooses `k` by the likelihood. For a merchant's machine: thousands of
 * customers take seconds. Summaries that cannot be calculated with are left out. Needs 20 customers, of whom one came back.
 * @example fitPrior(customers.map((times) => summarise(times, now, 'Europe/Berlin')))
 */
export function fitPrior(
  summaries: readonly RhythmSummary[],
  start: RhythmPrior = priors.shop,
  { ridge = 1, fittedOn }: FitPriorOptions = {},
): PriorFit {
  const usable = summaries.filter(isUsable);
  const few = tooFew(usable);
  if (few) return few;
  const about = { n: usable.length, ...(fittedOn !== undefined && { fittedOn }) };
  const fit = (k: 1 | 2): { prior: RhythmPrior; logLikelihood: number } => {
    // Twice the steps at twice the rate make the same mean gap.
    const alpha = (start.alphaDays * start.k) / k;
    const found = fitParameters(usable, { name: 'mbg-nbd', k }, { ...start, alpha }, ridge);
    const { r, alpha: alphaDays, a, b } = found.parameters;
    return {
      prior: { k, r, alphaDays, a, b, ...about },
      logLikelihood: found.logLikelihood + (k === 2 ? gapTerm(usable) : 0),
    };
  };
  const one = fit(1);
  if (!usable.every(({ x, gaps }) => gaps.length === x && gaps.every((gap) => gap > 0)))
    return { kind: 'fitted', ...one };
  const two = fit(2);
  const [best, other] = two.logLikelihood > one.logLikelihood ? [two, one] : [one, two];
  return { kind: 'fitted', ...best, other };
}
