/** Anything a payload may hold, read field by field. */
export type Loose = { readonly [key: string]: unknown };

/** An object to read fields of; of anything else, one without fields. */
export const object = (value: unknown): Loose =>
  typeof value === 'object' && value !== null ? (value as Loose) : {};

/** A list; of anything else, an empty one. */
export const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const ENTITIES: { readonly [name: string]: string } = {
  ...{ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ', ndash: '–', mdash: '—' },
  ...{ hellip: '…', lsquo: '‘', rsquo: '’', ldquo: '“', rdquo: '”', eacute: 'é', euro: '€' },
};

const decode = (text: string): string =>
  text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(\w{2,8}));/gi, (whole, decimal, hex, name) => {
    const code = decimal ? Number(decimal) : hex ? parseInt(String(hex), 16) : 0;
    if (code > 0 && code <= 0x10ffff) return String.fromCodePoint(code);
    return ENTITIES[String(name)] ?? whole;
  });

/** Text without HTML entities and white space at its ends; numbers as text; undefined for what is empty. */
export function text(value: unknown): string | undefined {
  const given = typeof value === 'number' || typeof value === 'bigint' ? String(value) : value;
  return typeof given === 'string' ? decode(given).trim() || undefined : undefined;
}

/** A number from a number or a decimal text. */
export function number(value: unknown): number | undefined {
  const given = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof given === 'number' && Number.isFinite(given) ? given : undefined;
}

/** ISO 4217 in upper case; undefined for what is none. */
export function currencyOf(...values: readonly unknown[]): string | undefined {
  for (const value of values) {
    const code = text(value)?.toUpperCase();
    if (code !== undefined && /^[A-Z]{3}$/.test(code)) return code;
  }
  return undefined;
}

/**
 * An amount as an integer of the currency's minor unit, by the digits and not by multiplying: `"12.90"` in EUR is 1290, in JPY 13,
 * half a unit away from zero. `"1.234,50"`, `"1,234.50"` and `"€ 12,90"` are read, too. Null for what is no amount.
 */
export function amount(value: unknown, currency: string | null | undefined): number | null {
  const given = typeof value === 'number' ? plain(value) : value;
  if (typeof given !== 'string') return null;
  const marks = given.replace(/[^\d.,-]/g, '');
  const at = decimalMark(marks);
  const whole = marks.slice(0, at).replace(/\D/g, '');
  const part = marks.slice(at).replace(/\D/g, '');
  if (whole + part === '') return null;
  const digits = currency ? digitsOf(currency) : 2;
  const all = whole + part.slice(0, digits).padEnd(digits, '0');
  const minor = Number(all) + (Number(part[digits] ?? 0) >= 5 ? 1 : 0);
  if (!Number.isSafeInteger(minor)) return null;
  return marks.startsWith('-') && minor !== 0 ? -minor : minor;
}

const digitsOf = (currency: string): number =>
  new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions()
    .maximumFractionDigits ?? 2;

/** Without an exponent. */
const plain = (value: number): string =>
  Number.isFinite(value) ? (/e/.test(String(value)) ? value.toFixed(10) : String(value)) : '';

/** Where the decimals begin: at the last mark, unless it stands before three digits and so parts thousands. */
function decimalMark(marks: string): number {
  const at = Math.max(marks.lastIndexOf('.'), marks.lastIndexOf(','));
  if (at < 0) return marks.length;
  const mark = marks[at] ?? '';
  const repeated = marks.indexOf(mark) !== at;
  const grouped = mark === ',' && /^,\d{3}$/.test(marks.slice(at)) && !marks.includes('.');
  return repeated || grouped ? marks.length : at;
}

/**
 * An instant, ISO 8601 in UTC. Reads ISO text (also with a blank for the T, or `-0500`), RFC 2822, epoch seconds and ms as numbers
 * or digits. A time without an offset is read by `local`, which is given it as if it were UTC (`read-zone.ts`, or the vendor's rule that it is UTC);
 * without one it is unknown, never the zone of this machine. Null for what is none.
 */
export function instant(value: unknown, local?: (shown: number) => number): string | null {
  const given = text(value);
  if (given === undefined) return null;
  const ms = /^\d{9,}(\.\d+)?$/.test(given)
    ? Number(given) * (Number(given) > 1e12 ? 1 : 1000)
    : parseDate(given, local);
  return Math.abs(ms) <= 8.64e15 ? new Date(ms).toISOString() : null;
}

function parseDate(given: string, local?: (shown: number) => number): number {
  const iso =
    /^(\d{4}-\d\d-\d\d)(?:[T ]+(\d\d:\d\d(?::\d\d)?)([.,]\d+)?)? *(Z|UTC|[+-]\d\d:?\d\d)?$/i.exec(
      given,
    );
  if (!iso) return /\d{4}.*([+-]\d{4}|GMT|UTC|Z)/.test(given) ? Date.parse(given) : NaN;
  const [, day, time, fraction = '', zone] = iso;
  if (time === undefined) return Date.parse(`${day}T00:00:00Z`);
  const shown = `${day}T${time}${time.length < 6 ? ':00' : ''}${fraction.replace(',', '.').slice(0, 4)}`;
  if (zone !== undefined)
    return Date.parse(shown + (/[\d]/.test(zone) ? zone.replace(/:?(\d\d)$/, ':$1') : 'Z'));
  return local ? local(Date.parse(`${shown}Z`)) : NaN;
}
