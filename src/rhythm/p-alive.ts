import { amount, gapTail, usablePrior } from './gap-tail.js';
import type { RhythmPrior, RhythmSummary } from './types.js';

/** Probability, 0–1, that a customer has not left by now. Unlike that of a BG/NBD it is below 1 for whoever bought once. */
export function pAlive(summary: RhythmSummary, prior: RhythmPrior): number {
  const { a, b } = usablePrior(prior);
  const tail = gapTail(summary, summary.T - summary.tx, prior);
  return tail / (tail + a / (b + amount(summary.x)));
}

/** Probability, 0–1, that a customer buys within the next `horizonDays`. */
export function pActive(summary: RhythmSummary, horizonDays: number, prior: RhythmPrior): number {
  const open = amount(summary.T - summary.tx);
  const tail = gapTail(summary, open, prior);
  const still = tail > 0 ? gapTail(summary, open + amount(horizonDays), prior) / tail : 1;
  return pAlive(summary, prior) * (1 - still);
}
