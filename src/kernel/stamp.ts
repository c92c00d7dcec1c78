/**
 * A hybrid logical clock in fixed-width text (Kulkarni et al. 2014): 12 hex digits of ms, 4 of a counter, 8 of the device.
 * Comparing two as text orders edits; a tie of time and counter is broken by the device, the same way everywhere.
 * It only orders: when something happened is told by the record's own time.
 */
export type Stamp = string;

const COUNTER_LIMIT = 0xffff;
const MS_LIMIT = 2 ** 48 - 1;

/**
 * The stamp after `last` (undefined at the first) at wall time `nowMs`. Later than `last` also when the clock was set back;
 * only after the last one there can be, in the year 10889, the same comes again: a wider one would sort before all others.
 */
export function nextStamp(last: Stamp | undefined, nowMs: number, device: string): Stamp {
  const lastMs = last === undefined ? 0 : stampMs(last);
  const counter = last === undefined ? 0 : Number.parseInt(last.slice(13, 17), 16);
  const now = Math.min(MS_LIMIT, Math.max(0, Math.floor(nowMs)) || 0); // a clock that gives NaN must not end the order
  if (now > lastMs) return writeStamp(now, 0, device);
  return counter < COUNTER_LIMIT || lastMs >= MS_LIMIT
    ? writeStamp(lastMs, Math.min(COUNTER_LIMIT, counter + 1), device)
    : writeStamp(lastMs + 1, 0, device);
}

/** The wall time inside a stamp, ms. */
export function stampMs(stamp: Stamp): number {
  return Number.parseInt(stamp.slice(0, 12), 16);
}

/** True for text of the right shape; data from elsewhere is checked before it takes part in an order. */
export function isStamp(value: unknown): value is Stamp {
  return typeof value === 'string' && /^[0-9a-f]{12}-[0-9a-f]{4}-[0-9a-f]{8}$/.test(value);
}

function writeStamp(ms: number, counter: number, device: string): Stamp {
  const wide = (n: number, width: number): string => n.toString(16).padStart(width, '0');
  return `${wide(ms, 12)}-${wide(counter, 4)}-${device.slice(0, 8).padStart(8, '0')}`;
}
