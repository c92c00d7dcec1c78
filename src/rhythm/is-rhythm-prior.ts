import type { RhythmPrior } from './types.js';

/** Whether `value` can be calculated with: `k` 1 or 2, and each parameter between e⁻⁸ and e⁸. */
export function isRhythmPrior(value: unknown): value is RhythmPrior {
  const { k, r, alphaDays, a, b } = (value ?? {}) as Readonly<Record<string, unknown>>;
  return (
    (k === 1 || k === 2) &&
    // Beyond, differences of logarithms lose all digits.
    [r, alphaDays, a, b].every((one) => typeof one === 'number' && Math.abs(Math.log(one)) <= 8)
  );
}
