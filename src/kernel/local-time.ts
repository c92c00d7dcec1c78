/** A moment as a clock and a calendar on the wall show it. */
export interface WallTime {
  /** 0–23. */
  readonly hour: number;
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

/**
 * Hour, weekend and calendar day at `ms` in an IANA zone, or in the device's own; an unknown zone counts as UTC, an impossible
 * time as 1970.
 */
export function localTime(ms: number, timeZone?: string): WallTime {
  const moment = Math.abs(ms) <= 8.64e15 ? ms : 0;
  return timeZone === undefined ? deviceTime(moment) : zonedTime(moment, timeZone);
}

// The first formatter of a page loads the tables of all zones and costs as much as everything else of a greeting together.
function deviceTime(ms: number): WallTime {
  const date = new Date(ms);
  const two = (n: number): string => String(n).padStart(2, '0');
  return {
    hour: date.getHours(),
    weekend: date.getDay() % 6 === 0,
    localDay: `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`,
  };
}

function zonedTime(ms: number, timeZone: string): WallTime {
  const part: Partial<Record<Intl.DateTimeFormatPartTypes, string>> = {};
  for (const { type, value } of formatterOf(timeZone).formatToParts(ms)) part[type] = value;
  return {
    hour: Number(part.hour),
    weekend: part.weekday?.[0] === 'S',
    localDay: `${part.year}-${part.month}-${part.day}`,
  };
}
