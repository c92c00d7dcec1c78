import type { Daypart } from './types.js';

/** A moment as the people in the shop would say it. */
export interface LocalTime {
  readonly daypart: Daypart;
  /** Saturday or Sunday. */
  readonly weekend: boolean;
  /** `2026-03-20`. */
  readonly localDay: string;
}

/** First hours of the parts of the day, product rule D15; before 5 it is still night. */
const PARTS: readonly (readonly [number, Daypart])[] = [
  [22, 'night'],
  [17, 'evening'],
  [15, 'afternoon'],
  [11, 'midday'],
  [5, 'morning'],
];

// Making a formatter costs a hundred times as much as using it.
const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  let found = formatters.get(timeZone);
  if (found === undefined) {
    const make = (zone: string): Intl.DateTimeFormat =>
      new Intl.DateTimeFormat('en-US-u-ca-gregory-nu-latn', {
        timeZone: zone,
        hourCycle: 'h23',
        weekday: 'short',
        year: 'numeric',
        month: '2-digit',
        day: '2-digit',
        hour: '2-digit',
      });
    try {
      found = make(timeZone);
    } catch {
      found = make('UTC');
    }
    formatters.set(timeZone, found);
  }
  return found;
}

/** Part of the day, weekend and calendar day at `ms` in an IANA zone; an unknown zone counts as UTC, an impossible time as 1970. */
export function daypartAt(ms: number, timeZone: string): LocalTime {
  const moment = Math.abs(ms) <= 8.64e15 ? ms : 0;
  const part: Partial<Record<Intl.DateTimeFormatPartTypes, string>> = {};
  for (const { type, value } of formatterOf(timeZone).formatToParts(moment)) part[type] = value;
  const hour = Number(part.hour);
  return {
    daypart: PARTS.find(([from]) => hour >= from)?.[1] ?? 'night',
    weekend: part.weekday?.startsWith('S') === true,
    localDay: `${part.year}-${part.month}-${part.day}`,
  };
}
