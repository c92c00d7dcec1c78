import { gammaln } from 'simple-statistics';
import { minimize } from './nelder-mead.js';

/** What a customer spends. */
export interface Spender {
  /** Purchases that the mean is of. */
  readonly x: number;
  /** Mean amount of a purchase. */
  readonly mean: number;
}

/** Parameters of the Gamma-Gamma model, `gamma` in the unit of money of the spenders. */
export interface SpendModel {
  readonly p: number;
  readonly q: number;
  readonly gamma: number;
}

/** Outcome of a fit. Customers without a purchase, or who paid nothing, do not count. */
export type SpendFit =
  | { readonly kind: 'fitted'; readonly model: SpendModel; readonly logLikelihood: number }
  | { readonly kind: 'too-few'; readonly customers: number };

function logLikelihood(spenders: readonly Spender[], { p, q, gamma }: SpendModel): number {
  const constant = q * Math.log(gamma) - gammaln(q);
  return spenders.reduce((sum, { x, mean }) => {
    const shape = p * x;
    return (
      sum +
      gammaln(shape + q) -
      gammaln(shape) +
      constant +
      (shape - 1) * Math.log(mean) +
      shape * Math.log(x) -
      (shape + q) * Math.log(gamma + x * mean)
    );
  }, 0);
}

/**
 * Fits the Gamma-Gamma model of Fader and Hardie (2013): what customers spend in a purchase, where the amounts do not hang on how
 * often they come. Needs 20 customers. A report for the shop: amounts are never said to a customer.
 */
export function fitGammaGamma(spenders: readonly Spender[]): SpendFit {
  const usable = spenders.filter(({ x, mean }) => x > 0 && x < 1e9 && mean > 0 && mean < 1e15);
  if (usable.length < 20) return { kind: 'too-few', customers: usable.length };
  const average = usable.reduce((sum, { mean }) => sum + mean, 0) / usable.length;
  const toModel = ([p = 0, q = 0, gamma = 0]: readonly number[]): SpendModel => ({
    p: Math.exp(p),
    q: Math.exp(q),
    gamma: average * Math.exp(gamma),
  });
  const { at } = minimize(
    (logs) =>
      logs.some((one) => Math.abs(one) > 8) ? Infinity : -logLikelihood(usable, toModel(logs)),
    [1, 1, 0],
  );
  const model = toModel(at);
  return { kind: 'fitted', model, logLikelihood: logLikelihood(usable, model) };
}

/** What a customer is expected to spend in a purchase, between their own mean and all customers'. `undefined` where that has no mean. */
export function expectedSpend(
  { p, q, gamma }: SpendModel,
  { x, mean }: Spender,
): number | undefined {
  const weight = p * x + q - 1;
  return weight > 0 ? (p * (gamma + x * mean)) / weight : undefined;
}
