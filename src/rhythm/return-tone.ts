import { amount } from './days.js';
import { gapTail } from './gap-tail.js';
import type { ReturnTone, RhythmPrior, RhythmSummary, ToneOptions } from './types.js';

/**
 * "Welcome back" or "we have missed you"? A gap is long for a customer when it is longer than their own longest, and fewer than a
 * fifth of those who stay stay away longer. Nobody is missed within two weeks, nor at the second visit, when no gap is known.
 * @example returnTone(summary, summary.T - summary.tx, priors.shop).tone // 'again'
 */
export function returnTone(
  summary: RhythmSummary,
  gapDays: number,
  prior: RhythmPrior,
  { tail: long = 0.2, minDays = 14 }: ToneOptions = {},
): ReturnTone {
  const gap = amount(gapDays);
  const longestGap = summary.gaps.reduce((longest, one) => (one > longest ? one : longest), 0);
  const tail = gapTail(summary, gap, prior);
  // Who comes once a year comes now a few weeks sooner, now later: the next season is no absence.
  const grace = longestGap < 300 ? 0 : 31;
  const missed = longestGap > 0 && gap >= minDays && gap > longestGap + grace && tail < long;
  const tone = summary.last === undefined ? 'first' : missed ? 'missed' : 'again';
  return { tone, tail, gapDays: gap, longestGap };
}
