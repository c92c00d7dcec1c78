import { localTime } from '../kernel/local-time.js';
import type { RhythmSummary } from './types.js';

const DAY_MS = 86_400_000;

/** Calendar days, so that neither the hour nor a night of 23 hours counts. */
const dayOf = (ms: number, timeZone: string | undefined): number =>
  Date.parse(localTime(ms, timeZone).localDay) / DAY_MS;

/**
 * Purchase days of a customer until `now`, in an IANA zone or the device's own. Several purchases of a day are one; times are in
 * any order; what is no time is left out. A purchase in the future, of a clock that ran ahead, counts as one of `now`.
 * @example summarise(card.visitTimes, now, 'Europe/Berlin').x // 7: came back on seven days
 */
export function summarise(times: readonly number[], now: number, timeZone?: string): RhythmSummary {
  const past = times
    .filter((at) => Math.abs(at) <= 8.64e15)
    .map((at) => (at > now ? now : at))
    .sort((one, other) => one - other);
  const last = past.at(-1);
  if (last === undefined) return { x: 0, tx: 0, T: 0, gaps: [] };
  const days = [...new Set(past.map((at) => dayOf(at, timeZone)))].filter(Number.isFinite);
  const gaps = days.slice(1).map((day, index) => day - (days[index] ?? day));
  const first = days[0] ?? 0;
  const tx = (days.at(-1) ?? 0) - first;
  const open = dayOf(now >= last ? now : last, timeZone) - first;
  return { x: gaps.length, tx, T: open > tx ? open : tx, gaps, last };
}
