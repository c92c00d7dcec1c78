// Making a formatter costs a hundred times as much as using it.
const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  let found = formatters.get(timeZone);
  if (!found) {
    const numeric = 'numeric';
    try {
      found = new Intl.DateTimeFormat('en-US-u-ca-gregory-nu-latn', {
        timeZone,
        hourCycle: 'h23',
        year: numeric,
        month: numeric,
        day: numeric,
        hour: numeric,
      });
    } catch {
      found = formatterOf('UTC');
    }
    formatters.set(timeZone, found);
  }
  return found;
}

/**
 * What a calendar and a clock on the wall show at `ms` in an IANA zone, or in the device's own: month (1 is January), day, year,
 * hour. An unknown zone counts as UTC, an impossible time as 1970.
 */
export function wallTime(
  ms: number,
  timeZone?: string,
): readonly [month: number, day: number, year: number, hour: number] {
  // A day less than a date can be: that of a zone may lie beyond it.
  const date = new Date(Math.abs(ms) < 8.639e15 ? ms : 0);
  // The first formatter of a page loads the tables of all zones and costs as much as everything else of a greeting together.
  if (timeZone === undefined)
    return [date.getMonth() + 1, date.getDate(), date.getFullYear(), date.getHours()];
  const [month = 0, day = 0, year = 0, hour = 0] =
    formatterOf(timeZone).format(date).match(/\d+/g) ?? [];
  return [+month, +day, +year, +hour];
}
