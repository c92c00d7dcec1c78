import { amount } from './days.js';
import type { RhythmPrior, RhythmSummary } from './types.js';

/** A parameter of a prior, held between e⁻⁸ and e⁸: beyond, differences of logarithms lose all digits. */
export const parameter = (value: number): number =>
  value > 3.4e-4 ? Math.min(value, 2980) : 3.4e-4;

/**
 * Probability, 0–1, that a customer with these purchases who has not left stays away for longer than `gapDays`. Unlike
 * {@link pAlive} it does not ask whether they have left: at the door they have not. Falls with the gap.
 */
export function gapTail(
  { x, tx }: Pick<RhythmSummary, 'x' | 'tx'>,
  gapDays: number,
  { k, r, alphaDays }: RhythmPrior,
): number {
  const gap = amount(gapDays);
  const more = k === 2 ? 1 : 0;
  const shape = parameter(r) + (1 + more) * amount(x);
  const rate = parameter(alphaDays) + amount(tx);
  const none = Math.exp(-shape * Math.log1p(gap / rate));
  // With k 2, a gap that is under way may have one of its two steps behind it.
  return Math.min(1, none * (1 + (more * shape * gap) / (rate + gap)));
}
