import type { Random } from '../kernel/clock.js';

const FIRST_MS = 1_000;
const LONGEST_MS = 5 * 60_000;

/** A number from 0 up to 1. */
export function fraction(random: Random): number {
  const bytes = random(4);
  return new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0) / 2 ** 32;
}

/** How long to wait after so many failures in a row: anything up to a bound that doubles, so that two who failed together part. */
export function backOff(failures: number, random: Random): number {
  return fraction(random) * Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures, 20));
}
