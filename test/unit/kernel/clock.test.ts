import { afterEach, expect, it, vi } from 'vitest';
import { systemClock } from '../../../src/kernel/clock.js';

afterEach(() => vi.restoreAllMocks());

it('counts what passed while the laptop slept, and never goes back', () => {
  const monotonic = vi.spyOn(performance, 'now');
  const wall = vi.spyOn(Date, 'now');
  const at = (ms: number, wallMs: number): number => {
    monotonic.mockReturnValue(ms);
    wall.mockReturnValue(wallMs);
    return systemClock.elapsed();
  };
  const start = Date.UTC(2100, 0);
  const before = at(1_000, start);
  expect(at(2_000, start + 1_000) - before).toBe(1_000);
  // eight hours asleep: only the wall clock has gone on
  expect(at(2_000, start + 28_800_000) - before).toBe(28_800_000);
  // set back by an hour: elapsed time goes on with the other clock
  expect(at(3_000, start + 25_200_000) - before).toBe(28_801_000);
});
