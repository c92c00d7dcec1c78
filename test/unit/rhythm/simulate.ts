import type { RhythmPrior, RhythmSummary } from '../../../src/rhythm/types.js';
import { randomOf } from '../../../bench/support/statistics.mjs';

/** A customer drawn from a prior: what a shop saw until a day, and what came afterwards. */
export interface Simulated {
  readonly summary: RhythmSummary;
  /** Has not left by the end of what was seen. */
  readonly alive: boolean;
  /** Purchases in the time after it. */
  readonly later: number;
}

/** Customers as the model says they are: the rates gamma, the probabilities to leave beta. */
export function simulate(
  prior: RhythmPrior,
  { count, days, horizon, seed }: { count: number; days: number; horizon: number; seed: number },
): readonly Simulated[] {
  const random = randomOf(seed);
  const normal = (): number =>
    Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  // Marsaglia and Tsang (2000)
  const gamma = (shape: number): number => {
    if (shape < 1) return gamma(shape + 1) * (1 - random()) ** (1 / shape);
    const d = shape - 1 / 3;
    for (;;) {
      const z = normal();
      const v = (1 + z / Math.sqrt(9 * d)) ** 3;
      if (v > 0 && Math.log(1 - random()) < (z * z) / 2 + d - d * v + d * Math.log(v)) return d * v;
    }
  };
  const beta = (a: number, b: number): number => {
    const one = gamma(a);
    return one / (one + gamma(b));
  };
  return Array.from({ length: count }, () => {
    const rate = gamma(prior.r) / prior.alphaDays;
    const leaves = beta(prior.a, prior.b);
    const gaps: number[] = [];
    let [at, tx, later] = [0, 0, 0];
    let alive = random() >= leaves;
    let left = !alive;
    while (!left) {
      let gap = 0;
      for (let step = 0; step < prior.k; step++) gap -= Math.log(1 - random()) / rate;
      at += gap;
      if (at > days + horizon) break;
      left = random() < leaves;
      if (at > days) later++;
      else {
        gaps.push(gap);
        tx = at;
        alive = !left;
      }
    }
    return { summary: { x: gaps.length, tx, T: days, gaps, last: at }, alive, later };
  });
}

/** Mean distance of what was said from what came, over ten groups of what was said. */
export function calibrationError(
  pairs: readonly { readonly said: number; readonly came: boolean }[],
): number {
  const groups = Array.from({ length: 10 }, () => ({ said: 0, came: 0 }));
  for (const { said, came } of pairs) {
    const group = groups[Math.min(9, Math.floor(said * 10))];
    if (group) {
      group.said += said;
      group.came += Number(came);
    }
  }
  return groups.reduce((sum, { said, came }) => sum + Math.abs(said - came), 0) / pairs.length;
}
