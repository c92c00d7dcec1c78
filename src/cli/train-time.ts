const DAY_MS = 86_400_000;
/** Smaller numbers are days: of an epoch, or of the data's own beginning. */
const MOST_DAYS = 100_000;

/**
 * A time as tables have it, in ms: a date, with or without time and offset (UTC where it says none), Unix seconds or milliseconds, a day's
 * number. Null for nothing, undefined for what is no time.
 */
export function timeToMs(value: unknown): number | null | undefined {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : value.getTime();
  if (typeof value === 'number' || typeof value === 'bigint') return numberToMs(Number(value));
  if (value === null || value === undefined) return null;
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  if (text === '') return null;
  if (/^-?\d+(?:\.\d+)?$/.test(text)) return numberToMs(Number(text));
  // as 1.12.2010 08:26
  const day = /^(\d{1,2})\.(\d{1,2})\.(\d{4})(.*)$/.exec(text);
  const written = day ? `${day[3]}-${pad(day[2])}-${pad(day[1])}${day[4]}` : text;
  const hasZone = /(?:z|utc|gmt|[+-]\d\d:?\d\d)$/i.test(written);
  const isDate = /^\d{4}-\d\d-\d\d$/.test(written);
  const iso = written.replace(/^(\d{4}-\d\d-\d\d) (?=\d)/, '$1T').replace(/T(?=\d:)/, 'T0');
  const ms = Date.parse(hasZone || isDate ? iso : iso.includes('T') ? `${iso}Z` : `${iso} UTC`);
  return Number.isNaN(ms) ? undefined : ms;
}

const pad = (digits: string | undefined): string => (digits ?? '').padStart(2, '0');

function numberToMs(number: number): number | undefined {
  if (!Number.isFinite(number)) return undefined;
  if (Math.abs(number) < MOST_DAYS) return Math.round(number * DAY_MS);
  // as 20101201
  if (Number.isInteger(number) && number >= 19_000_101 && number <= 21_001_231) {
    const text = String(number);
    const ms = Date.parse(`${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`);
    if (!Number.isNaN(ms)) return ms;
  }
  return Math.round(number > 1e11 ? number : number * 1000);
}
