import { isRhythmPrior, priors } from './priors.js';
import type { RhythmPrior, RhythmSummary } from './types.js';

/** A number from 0 that can be calculated with: of NaN and of what is negative, 0. */
export const amount = (value: number): number => (value > 0 ? Math.min(value, 1e9) : 0);

/** A prior that cannot be calculated with counts as that of a shop. */
export const usablePrior = (prior: RhythmPrior): RhythmPrior =>
  isRhythmPrior(prior) ? prior : priors.shop;

/**
 * Probability, 0–1, that a customer with these purchases who has not left stays away for longer than `gapDays`. Unlike
 * {@link pAlive} it does not ask whether they have left: at the door they have not. Falls with the gap.
 */
export function gapTail(
  { x, tx }: Pick<RhythmSummary, 'x' | 'tx'>,
  gapDays: number,
  prior: RhythmPrior,
): number {
  const { k, r, alphaDays } = usablePrior(prior);
  const gap = amount(gapDays);
  const shape = r + k * amount(x);
  const rate = alphaDays + amount(tx);
  const none = Math.exp(-shape * Math.log1p(gap / rate));
  // With k 2, a gap that is under way may have one of its two steps behind it.
  return Math.min(1, k === 1 ? none : none * (1 + (shape * gap) / (rate + gap)));
}
