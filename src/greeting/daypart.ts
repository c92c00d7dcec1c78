import type { Daypart } from './types.js';

/** A moment as the people in the shop would say it. */
export interface LocalTime {
  readonly daypart: Daypart;
  /** Saturday or Sunday. */
  readonly weekend: boolean;
  /** `2026-03-20`. */
  readonly localDay: string;
}

// Making a formatter costs a hundred times as much as using it.
const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  let found = formatters.get(timeZone);
  if (!found) {
    try {
      found = new Intl.DateTimeFormat('en-US-u-ca-gregory-nu-latn', {
        timeZone,
        hourCycle: 'h23',
        weekday: 'short',
        year: 'numeric',
        month: '2-digit',
        day: '2-digit',
        hour: '2-digit',
      });
    } catch {
      found = formatterOf('UTC');
    }
    formatters.set(timeZone, found);
  }
  return found;
}

/** Part of the day (product rule D15), weekend and calendar day at `ms` in an IANA zone; an unknown zone counts as UTC, an impossible time as 1970. */
export function daypartAt(ms: number, timeZone: string): LocalTime {
  const part: Partial<Record<Intl.DateTimeFormatPartTypes, string>> = {};
  const moment = Math.abs(ms) <= 8.64e15 ? ms : 0;
  for (const { type, value } of formatterOf(timeZone).formatToParts(moment)) part[type] = value;
  const hour = Number(part.hour);
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
    weekend: part.weekday?.[0] === 'S',
    localDay: `${part.year}-${part.month}-${part.day}`,
  };
}
