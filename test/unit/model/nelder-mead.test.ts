import { describe, expect, it } from 'vitest';
import { minimize } from '../../../src/model/nelder-mead.js';

describe('minimize', () => {
  it('finds the end of the bent valley of Rosenbrock, in two dimensions and in four', () => {
    const valley = (at: readonly number[]): number =>
      at
        .slice(1)
        .reduce(
          (sum, y, i) => sum + 100 * (y - (at[i] ?? 0) ** 2) ** 2 + (1 - (at[i] ?? 0)) ** 2,
          0,
        );
    for (const start of [
      [-1.2, 1],
      [3, -3],
      [-1, 2, -1, 2],
    ]) {
      const { at, value } = minimize(valley, start, { tolerance: 1e-15 });
      expect(value).toBeLessThan(1e-9);
      for (const one of at) expect(one).toBeCloseTo(1, 3);
    }
  });

  it('keeps inside of where the function is defined, and starts again from a flat end', () => {
    const { at } = minimize(([x = 0]) => (x < 2 ? Infinity : (x - 1) ** 2), [7]);
    expect(at[0]).toBeGreaterThanOrEqual(2);
    expect(at[0]).toBeCloseTo(2, 5);
    expect(minimize(([x = 0]) => (x < 0 ? NaN : (x - 4) ** 2), [1]).at[0]).toBeCloseTo(4, 5);
  });

  it('ends where there is nothing to find', () => {
    expect(minimize(() => 1, [5, 5])).toMatchObject({ value: 1 });
    expect(minimize(() => Infinity, [5])).toEqual({ at: [5], value: Infinity });
  });
});
