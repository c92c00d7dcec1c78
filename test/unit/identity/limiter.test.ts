import { expect, it } from 'vitest';
import {
  createMissLimiter,
  limitedFor,
  recordMiss,
  type MissState,
} from '../../../src/identity/limiter.js';

const missTimes = (state: MissState | undefined, times: number, at: number): MissState => {
  let next = state;
  for (let i = 0; i < times; i++) next = recordMiss(next, at);
  return next ?? createMissLimiter();
};

it('seven misses in a minute are no hindrance, the eighth makes a pause of 60 s', () => {
  const seven = missTimes(undefined, 7, 1000);
  expect(limitedFor(seven, 1000)).toBe(0);
  const eight = recordMiss(seven, 2000);
  expect(limitedFor(eight, 2000)).toBe(60_000);
  expect(limitedFor(eight, 61_999)).toBe(1);
  expect(limitedFor(eight, 62_000)).toBe(0);
});

it('misses older than 60 s count no more', () => {
  const seven = missTimes(undefined, 7, 0);
  expect(limitedFor(recordMiss(seven, 60_000), 60_000)).toBe(0);
  expect(limitedFor(recordMiss(seven, 59_999), 59_999)).toBe(60_000);
});

it('each further pause is twice as long, an hour at most', () => {
  let state: MissState | undefined;
  let now = 0;
  const pauses: number[] = [];
  for (let i = 0; i < 8; i++) {
    state = missTimes(state, 8, now);
    pauses.push(limitedFor(state, now) / 60_000);
    now += limitedFor(state, now);
  }
  expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
});

it('an hour without a pause forgives', () => {
  const once = missTimes(undefined, 8, 0);
  expect(limitedFor(missTimes(once, 8, 60_000 + 3_599_999), 60_000 + 3_599_999)).toBe(120_000);
  expect(limitedFor(missTimes(once, 8, 60_000 + 3_600_000), 60_000 + 3_600_000)).toBe(60_000);
});

it('a device that has missed nothing is not limited', () => {
  expect(limitedFor(undefined, 5)).toBe(0);
  expect(limitedFor(createMissLimiter(), 5)).toBe(0);
});
