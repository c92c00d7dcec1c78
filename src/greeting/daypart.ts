import { wallTime } from '../kernel/local-time.js';
import type { Daypart } from './types.js';

/** A moment as the people in the shop would say it. */
export interface LocalTime {
  readonly daypart: Daypart;
  /** Saturday or Sunday. */
  readonly weekend: boolean;
  /** `2026-03-20`. */
  readonly localDay: string;
}

/** Part of the day (product rule D15), weekend and calendar day at `ms` in an IANA zone; an unknown zone counts as UTC, an impossible time as 1970. */
export function daypartAt(ms: number, timeZone?: string): LocalTime {
  const [month, ofMonth, year, hour] = wallTime(ms, timeZone);
  const midnight = new Date(Date.UTC(year, month - 1, ofMonth));
  return {
    daypart:
      hour < 5 || hour >= 22
        ? 'night'
        : hour < 11
          ? 'morning'
          : hour < 15
            ? 'midday'
            : hour < 17
              ? 'afternoon'
              : 'evening',
    weekend: midnight.getUTCDay() % 6 === 0,
    localDay: midnight.toISOString().slice(0, 10),
  };
}
