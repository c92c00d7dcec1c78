import type { BuyingCustomer } from './buying-likelihood.js';
import type { BuyingModel } from './fit-buying.js';

/** Probability, 0–1, that a customer has not left. Unlike `pAlive` of `regulars/rhythm` it knows the BG/NBD too. */
export function pAliveIn(
  { name, r, alpha, a, b }: BuyingModel,
  { x, tx, T }: BuyingCustomer,
): number {
  const tail = Math.exp((r + x) * (Math.log(alpha + tx) - Math.log(alpha + T)));
  if (name === 'mbg-nbd') return tail / (tail + a / (b + x));
  return x > 0 ? tail / (tail + a / (b + x - 1)) : 1;
}

/**
 * Purchases to be expected of a customer in the `horizon` after what was observed, in the unit of time of the model. For somebody
 * new, all three numbers are 0.
 */
export function expectedPurchases(
  model: BuyingModel,
  customer: BuyingCustomer,
  horizon: number,
): number {
  const { name, r, alpha, a, b } = model;
  const { x, T } = customer;
  const shape = r + x;
  // While the probability to leave is p, so many purchases come on average.
  const purchases = (p: number): number =>
    -Math.expm1(-shape * Math.log1p((p * horizon) / (alpha + T))) / p;
  const stayed = b + x + (name === 'mbg-nbd' ? 1 : 0);
  return pAliveIn(model, customer) * betaMean(purchases, a, stayed);
}

const STEP = 1 / 32;
const FARTHEST = 12;

/**
 * Mean of `f(p)` where p is beta distributed. Summed over sinh of p's log-odds, where the ends of the distribution, however steep,
 * fall off twice exponentially: a dozen digits, and no hypergeometric series that fails at a = 1.
 */
function betaMean(f: (p: number) => number, a: number, b: number): number {
  const points: { p: number; weight: number }[] = [];
  for (let s = -FARTHEST; s <= FARTHEST; s += STEP) {
    const odds = Math.sinh(s);
    const logP = -softplus(-odds);
    const weight = a * logP - b * softplus(odds) + Math.log(Math.cosh(s));
    points.push({ p: Math.max(Math.exp(logP), 1e-300), weight });
  }
  const most = points.reduce((max, { weight }) => Math.max(max, weight), -Infinity);
  let sum = 0;
  let whole = 0;
  for (const { p, weight } of points) {
    const share = Math.exp(weight - most);
    whole += share;
    sum += share * f(p);
  }
  return sum / whole;
}

/** ln(1 + eˣ) without overflow. */
const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
