import { expect, it } from 'vitest';
import { nextStamp, stampMs } from '../../../src/kernel/stamp.js';

it('a stamp is later than the last one, also when the clock was set back', () => {
  const first = nextStamp(undefined, 1_000_000, 'aaaaaaaa');
  const second = nextStamp(first, 900_000, 'aaaaaaaa');
  expect(second > first).toBe(true);
  expect(stampMs(second)).toBe(1_000_000);
});
