import { amount, ascending, sumOf } from './days.js';
import type { Due, RhythmSummary } from './types.js';

/**
 * Whether an item may be running low (product rule D9): bought on three days or more, by gaps whose spread is at most half of
 * their mean, and the last of them 0.9 to 2 of their medians ago; later it is dropped, not due. The expected gap is the customer's
 * mean, shrunk by three gaps of the item's own mean, `itemGapDays`, where that is known.
 */
export function dueOf({ tx, T, gaps }: RhythmSummary, itemGapDays = 0): Due {
  const count = gaps.length;
  const sum = sumOf(gaps);
  const mean = sum / count;
  const pseudo = itemGapDays > 0 ? 3 : 0;
  const days = (sum + pseudo * amount(itemGapDays)) / (count + pseudo);
  const dueDays = days > 0 ? { dueDays: days } : {};
  if (count < 2) return { say: 'none', ...dueDays };
  const squares = sumOf(gaps.map((gap) => (gap - mean) ** 2));
  const cv = Math.sqrt(squares / (count - 1)) / mean;
  const sorted = [...gaps].sort(ascending);
  const median = ((sorted[(count - 1) >> 1] ?? 0) + (sorted[count >> 1] ?? 0)) / 2;
  const ratio = (T - tx) / median;
  return { say: cv <= 0.5 && ratio >= 0.9 && ratio <= 2 ? 'due' : 'none', ...dueDays, cv };
}
