import { amount } from './days.js';
import { gapTail, parameter } from './gap-tail.js';
import type { RhythmPrior, RhythmSummary } from './types.js';

/** Probability, 0–1, that a customer has not left by now. Unlike that of a BG/NBD it is below 1 for whoever bought once. */
export function pAlive(summary: RhythmSummary, prior: RhythmPrior): number {
  const tail = gapTail(summary, summary.T - summary.tx, prior);
  return tail / (tail + parameter(prior.a) / (parameter(prior.b) + amount(summary.x)));
}

/** Probability, 0–1, that a customer buys within the next `horizonDays`. */
export function pActive(summary: RhythmSummary, horizonDays: number, prior: RhythmPrior): number {
  const open = amount(summary.T - summary.tx);
  const alive = pAlive(summary, prior);
  const later = gapTail(summary, open + amount(horizonDays), prior);
  return alive > 0 ? alive * (1 - later / gapTail(summary, open, prior)) : 0;
}
