/** Anything a payload may hold, read field by field. */
export type Loose = { readonly [key: string]: unknown };

/** An object to read fields of; of anything else, one without fields. */
export const object = (value: unknown): Loose =>
  typeof value === 'object' && value !== null ? (value as Loose) : {};

/** A list; of anything else, an empty one. */
export const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** Entities that are common in names of goods: each name ends with what it stands for, an accent's with the accent alone. */
const ENTITIES = new Map(
  'amp& lt< gt> quot" apos\' nbsp\u00a0 ndash– mdash— hellip… lsquo‘ rsquo’ ldquo“ rdquo” euro€ deg° reg® trade™ times× szligß aeligæ AEligÆ oslashø OslashØ grave\u0300 acute\u0301 circ\u0302 tilde\u0303 uml\u0308 ring\u030a caron\u030c cedil\u0327'
    .split(' ')
    .map((each) => [each.slice(0, -1), each.slice(-1)]),
);

const decode = (text: string): string =>
  text.replace(/&(#x?)?(\w+);/gi, (whole, hash: string | undefined, name: string) => {
    const code = hash ? parseInt(name, hash[1] ? 16 : 10) : 0;
    if (code > 0 && code < 0x110000) return String.fromCodePoint(code);
    const accent = ENTITIES.get(name.slice(1));
    return ENTITIES.get(name) ?? (accent ? (name[0] + accent).normalize() : whole);
  });

/** Text without HTML entities and white space at its ends; numbers as text; undefined for what is empty. */
export function text(value: unknown): string | undefined {
  const given = typeof value === 'bigint' || Number.isFinite(value) ? String(value) : value;
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

/** Making a formatter costs a hundred times as much as reading an amount. */
const minorDigits = new Map<string, number>();

function digitsOf(currency: string): number {
  const known = minorDigits.get(currency);
  if (known !== undefined) return known;
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  minorDigits.set(currency, digits);
  return digits;
}

/**
 * An amount as an integer of the currency's minor unit, by the digits and not by multiplying: `"12.90"` in EUR is 1290, in JPY 13,
 * half a unit away from zero. `"1.234,50"`, `"1'234.50"`, `"12,90 €"` and `"€ 12,-"` are read, too. Of a single mark before three
 * digits, a comma parts thousands, and a point does where the currency has no decimals. Null for what is no amount or has no currency.
 */
export function amount(value: unknown, currency: string | null | undefined): number | null {
  // what binary arithmetic leaves of nothing is written with an exponent
  const given = typeof value === 'number' && Math.abs(value) < 1e-6 ? '0' : text(value);
  if (!given || given.length > 40 || !currency) return null;
  const body = /^\D*?(\d[\d\s.,'’]*)\D*$/.exec(given.replace(/^-?(?=\.)/, '$&0'))?.[1]?.trim();
  if (!body) return null;
  const digits = digitsOf(currency);
  const mark = /[.,](?=[^.,]*$)/.exec(body)?.[0] ?? '.';
  const parts = body.split(mark);
  const parted = mark === ',' || (!digits && typeof value === 'string');
  const isWhole = parts.length > 2 || (parted && /^[1-9]\d{0,2}[.,]\d{3}$/.test(body));
  const [whole, part] = (isWhole ? [body, ''] : [...parts, '']).map((each) =>
    each.replace(/\D/g, ''),
  ) as [string, string];
  const minor =
    Number(whole + part.slice(0, digits).padEnd(digits, '0')) +
    ((part[digits] ?? '') >= '5' ? 1 : 0);
  if (!Number.isSafeInteger(minor)) return null;
  return minor && /^\D*[-−]|\d\s*[-−]\D*$|^\([^)]*\)$/.test(given) ? -minor : minor;
}

/**
 * An instant, ISO 8601 in UTC. Reads ISO text (also with a blank for the T, or `-0500`), RFC 2822, epoch seconds, ms and µs as numbers
 * or digits. A time without an offset is read by `local`, which is given it as if it were UTC (`read-zone.ts`, or the vendor's rule that it is UTC);
 * without one it is unknown, never the zone of this machine. Null for what is none.
 */
export function instant(value: unknown, local?: (shown: number) => number): string | null {
  const given = text(value) ?? '';
  const epoch = /^\d{9,}(\.\d+)?$/.test(given) ? Number(given) : 0;
  const ms = epoch
    ? epoch / (epoch > 1e15 ? 1000 : epoch > 1e12 ? 1 : 0.001)
    : parseDate(given, local);
  // of years that have four digits, as everything that is kept
  return ms >= 0 && ms < 253_402_300_800_000 - 1 ? new Date(Math.round(ms)).toISOString() : null;
}

function parseDate(given: string, local?: (shown: number) => number): number {
  const [whole, day, time, fraction = '', zone] =
    /^(\d{4}-\d\d-\d\d)(?:[T ]+(\d\d:\d\d(?::\d\d)?)([.,]\d+)? *(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?)?$/i.exec(
      given,
    ) ?? [];
  // RFC 2822; without an offset it would be read in the zone of this machine
  if (!whole) return /\d{4}.*([+-]\d{4}|GMT|UTC|Z)/.test(given) ? Date.parse(given) : NaN;
  if (!time) return Date.parse(`${day}T00:00Z`);
  const shown = `${day}T${time}${fraction.replace(',', '.').slice(0, 4)}`;
  if (!zone) return local ? local(Date.parse(`${shown}Z`)) : NaN;
  return Date.parse(
    shown +
      (/\d/.test(zone) ? zone.replace(/^(...):?(..)?$/, (_, h, m = '00') => `${h}:${m}`) : 'Z'),
  );
}
