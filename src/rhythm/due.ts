import type { Due, RhythmSummary } from './types.js';

const PSEUDO_GAPS = 3;

function middle(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const half = sorted.length / 2;
  return ((sorted[Math.ceil(half) - 1] ?? 0) + (sorted[Math.floor(half)] ?? 0)) / 2;
}

/**
 * Whether an item may be running low (product rule D9): bought on three days or more, by gaps whose spread is at most half of
 * their mean, and the last of them 0.9 to 2 of their medians ago; later it is dropped, not due. The expected gap is the customer's
 * mean, shrunk by three gaps of the item's own mean, `itemGapDays`, where that is known.
 */
export function dueOf({ x, tx, T, gaps }: RhythmSummary, itemGapDays = 0): Due {
  const known = itemGapDays > 0 && Number.isFinite(itemGapDays);
  const sum = gaps.reduce((total, gap) => total + gap, 0);
  const mean = sum / gaps.length;
  if (gaps.length === 0)
    return known && x === 0 && T > 0 ? { say: 'none', dueDays: itemGapDays } : { say: 'none' };
  const dueDays = known ? (sum + PSEUDO_GAPS * itemGapDays) / (gaps.length + PSEUDO_GAPS) : mean;
  if (gaps.length === 1) return { say: 'none', dueDays };
  const spread = gaps.reduce((total, gap) => total + (gap - mean) ** 2, 0) / (gaps.length - 1);
  const cv = Math.sqrt(spread) / mean;
  const ratio = (T - tx) / middle(gaps);
  return { say: cv <= 0.5 && ratio >= 0.9 && ratio <= 2 ? 'due' : 'none', dueDays, cv };
}
