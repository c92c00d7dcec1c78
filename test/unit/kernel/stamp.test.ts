import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isStamp, nextStamp, stampMs } from '../../../src/kernel/stamp.js';

it('a stamp is later than the last one, also when the clock was set back', () => {
  const first = nextStamp(undefined, 1_000_000, 'aaaaaaaa');
  const second = nextStamp(first, 900_000, 'aaaaaaaa');
  expect(second > first).toBe(true);
  expect(stampMs(second)).toBe(1_000_000);
});

it('stamps sort as they were made, whatever the clock says', () => {
  const clock = fc.oneof(fc.integer({ min: -10, max: 1e13 }), fc.constant(Number.NaN));
  fc.assert(
    fc.property(fc.array(clock, { minLength: 2 }), (times) => {
      let last: string | undefined;
      for (const now of times) {
        const next = nextStamp(last, now, '0123456789abcdef');
        expect(isStamp(next)).toBe(true);
        expect(last === undefined || next > last).toBe(true);
        last = next;
      }
    }),
    { seed: 1 },
  );
});

it('a full counter moves the time on', () => {
  const full = '0000000f4240-ffff-aaaaaaaa';
  expect(nextStamp(full, 0, 'aaaaaaaa')).toBe('0000000f4241-0000-aaaaaaaa');
});

it('the last stamp there can be is not passed: all stamps are of one width', () => {
  const last = 'ffffffffffff-ffff-aaaaaaaa';
  expect(nextStamp(last, 0, 'aaaaaaaa')).toBe(last);
  expect(isStamp(nextStamp(undefined, 1e300, 'aaaaaaaa'))).toBe(true);
  expect(isStamp(nextStamp(last, Infinity, 'aaaaaaaa'))).toBe(true);
});

it('text of another shape is no stamp', () => {
  for (const value of ['', 'x', '0000000f4240-ffff-aaaaaaaa ', 7, null])
    expect(isStamp(value)).toBe(false);
});
