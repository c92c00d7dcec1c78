import { wallTime } from '../kernel/local-time.js';
import { amount, ascending, sumOf } from './days.js';
import type { RhythmSummary } from './types.js';

const DAY_MS = 86_400_000;

/**
 * Purchase days of a customer until `now`, in an IANA zone or the device's own. Several purchases of a day are one; days are those
 * of the calendar, so that neither the hour nor a night of 23 hours counts. Times are in any order; what is no time is left out. A
 * purchase in the future, of a clock that ran ahead, counts as one of `now`.
 * @example summarise(card.visitTimes, now, 'Europe/Berlin').x // 7: came back on seven days
 */
export function summarise(times: readonly number[], now: number, timeZone?: string): RhythmSummary {
  const past = times.filter((at) => Math.abs(at) < 8.639e15).map((at) => (at > now ? now : at));
  const dayOf = (at: number): number => {
    const [month, day, year] = wallTime(at, timeZone);
    return Date.UTC(year, month - 1, day) / DAY_MS;
  };
  const last = past.sort(ascending).at(-1);
  if (last === undefined) return { x: 0, tx: 0, T: 0, gaps: [] };
  // Where a clock is set back at midnight, a later moment has an earlier day.
  const days = [...new Set(past.map(dayOf))].sort(ascending);
  const gaps = days.slice(1).map((day, index) => day - (days[index] ?? day));
  const tx = sumOf(gaps);
  return { x: gaps.length, tx, T: tx + amount(dayOf(now) - dayOf(last)), gaps, last };
}
