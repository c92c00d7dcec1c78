import {
  countEqual,
  isUsable,
  logLikelihood,
  type BuyingCustomer,
  type BuyingModelName,
  type BuyingParameters,
  type LikelihoodKind,
} from './buying-likelihood.js';
import { minimize } from './nelder-mead.js';

/** Fewer customers say nothing of all others. */
const ENOUGH = 20;
/** Beyond, in logarithms, a parameter says nothing and costs digits. */
const WIDEST = 8;

/** A fitted model. */
export interface BuyingModel extends BuyingParameters {
  readonly name: BuyingModelName;
}

/** Outcome when there are not enough customers: 20, of whom one came back. */
export interface TooFew {
  readonly kind: 'too-few';
  /** Customers that could be calculated with. */
  readonly customers: number;
  /** Those who bought on more than one day. */
  readonly returned: number;
}

/** Outcome of a fit. */
export type BuyingFit =
  { readonly kind: 'fitted'; readonly model: BuyingModel; readonly logLikelihood: number } | TooFew;

const fromLogs = ([r = 0, alpha = 0, a = 0, b = 0]: readonly number[]): BuyingParameters => ({
  r: Math.exp(r),
  alpha: Math.exp(alpha),
  a: Math.exp(a),
  b: Math.exp(b),
});

/** Whether they are enough, or what there is. */
export function tooFew(customers: readonly BuyingCustomer[]): TooFew | undefined {
  const returned = customers.filter(({ x }) => x > 0).length;
  return customers.length >= ENOUGH && returned > 0
    ? undefined
    : { kind: 'too-few', customers: customers.length, returned };
}

/** Parameters of the highest likelihood, drawn towards those at `start` by `ridge`: 1 believes in them as in one customer's worth of doubt by a factor of e. */
export function fitParameters(
  customers: readonly BuyingCustomer[],
  kind: LikelihoodKind,
  start: BuyingParameters,
  ridge: number,
): { readonly parameters: BuyingParameters; readonly logLikelihood: number } {
  const counted = countEqual(customers);
  const from = [start.r, start.alpha, start.a, start.b].map(Math.log);
  const { at } = minimize((logs) => {
    if (logs.some((one) => Math.abs(one) > WIDEST)) return Infinity;
    const drawn = logs.reduce((sum, one, i) => sum + (one - (from[i] ?? 0)) ** 2, 0);
    return (ridge / 2) * drawn - logLikelihood(counted, kind, fromLogs(logs));
  }, from);
  const parameters = fromLogs(at);
  return { parameters, logLikelihood: logLikelihood(counted, kind, parameters) };
}

function fitBuying(name: BuyingModelName, customers: readonly BuyingCustomer[]): BuyingFit {
  const usable = customers.filter(isUsable);
  const few = tooFew(usable);
  if (few) return few;
  const longest = usable.reduce((max, { T }) => Math.max(max, T), 0);
  const start = { r: 1, alpha: Math.min(Math.max(longest / 5, 1), 1000), a: 1, b: 2 };
  const fit = fitParameters(usable, { name, k: 1 }, start, 0);
  return {
    kind: 'fitted',
    model: { name, ...fit.parameters },
    logLikelihood: fit.logLikelihood,
  };
}

/**
 * Fits the BG/NBD model of Fader, Hardie and Lee (2005). For reports beside others: it holds everybody who bought once for a
 * customer for ever. Times are in any one unit.
 */
export function fitBgNbd(customers: readonly BuyingCustomer[]): BuyingFit {
  return fitBuying('bg-nbd', customers);
}

/** Fits the MBG/NBD model, which a `RhythmPrior` with `k` 1 is, without any prior belief. Times are in any one unit. */
export function fitMbgNbd(customers: readonly BuyingCustomer[]): BuyingFit {
  return fitBuying('mbg-nbd', customers);
}
