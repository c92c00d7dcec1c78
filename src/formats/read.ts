/** Anything a payload may hold, read field by field. */
export type Loose = { readonly [key: string]: unknown };

/** An object to read fields of; of anything else, one without fields. */
export const object = (value: unknown): Loose =>
  typeof value === 'object' && value !== null ? (value as Loose) : {};

/** A list, without holes; of anything else, an empty one. */
export const list = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? [...(value as unknown[])] : [];

/** An object without the fields that are undefined. */
export const defined = <T extends object>(
  fields: T,
): { [K in keyof T]: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };

/** Entities that are common in names of goods, each before what it stands for; an accent's before the accent alone. */
const ENTITIES =
  'amp& lt< gt> quot" apos\' nbsp\u00a0 ndash– mdash— hellip… lsquo‘ rsquo’ ldquo“ rdquo” euro€ szligß grave\u0300 acute\u0301 circ\u0302 tilde\u0303 uml\u0308 ring\u030a cedil\u0327';

const entity = (name: string): string | undefined =>
  new RegExp(`(?:^| )${name}([^\\w ])`).exec(ENTITIES)?.[1];

const decode = (text: string): string =>
  text.replace(/&(#x?)?(\w{1,9});/gi, (whole, hash: string | undefined, name: string) => {
    const code = parseInt(name, hash?.[1] ? 16 : 10);
    if (hash) return code > 0 && code < 0x110000 ? String.fromCodePoint(code) : whole;
    const accent = entity(name.slice(1));
    return entity(name) ?? (accent ? (name[0] + accent).normalize() : whole);
  });

/** Text without HTML entities and white space at its ends; numbers as text; undefined for what is empty. */
export const text = (value: unknown): string | undefined =>
  typeof value === 'string' || typeof value === 'bigint' || Number.isFinite(value)
    ? decode(String(value)).trim() || undefined
    : undefined;

/** The first that is a text with something in it. */
export function first(...values: readonly unknown[]): string | undefined {
  for (const value of values) {
    const found = text(value);
    if (found) return found;
  }
  return undefined;
}

/** A number from a number or a decimal text. */
export function number(value: unknown): number | undefined {
  const given = typeof value === 'number' ? value : Number(text(value) ?? NaN);
  return Number.isFinite(given) ? given : undefined;
}

/** ISO 4217 in upper case: the first that is one. */
export const currencyOf = (...values: readonly unknown[]): string | undefined =>
  values.map((value) => text(value)?.toUpperCase() ?? '').find((code) => /^[A-Z]{3}$/.test(code));

/** Decimals of currencies: making a formatter costs a hundred times as much as reading an amount. */
const decimals: { [currency: string]: number } = {};

const digitsOf = (currency: string): number =>
  (decimals[currency] ??=
    new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions()
      .maximumFractionDigits ?? 2);

/** The engine shifts decimals by the digits, not by multiplying. */
function shifted(plain: string | number, currency: string): number | null {
  const minor = Math.round(Number(`${plain}e${digitsOf(currency)}`)) + 0;
  return Number.isSafeInteger(minor) ? minor : null;
}

/** A decimal, as APIs write it, as an integer of the currency's minor unit. Null for what is none or has no currency. */
export const decimal = (value: unknown, currency: string | null | undefined): number | null =>
  currency ? shifted(number(value) ?? NaN, currency) : null;

/**
 * An amount as an integer of the currency's minor unit, by the digits and not by multiplying: `"12.90"` in EUR is 1290, in JPY 13,
 * half a unit away from zero. `"1.234,50"`, `"1'234.50"`, `"12,90 €"` and `"€ 12,-"` are read, too. Of a single mark before three
 * digits, a comma parts thousands, and a point does where the currency has no decimals. Null for what is no amount or has no currency.
 */
export function amount(value: unknown, currency: string | null | undefined): number | null {
  // what binary arithmetic leaves of nothing is written with an exponent
  const given = typeof value === 'number' && Math.abs(value) < 1e-6 ? '0' : text(value);
  if (!given || given.length > 40 || !currency) return null;
  const body = /^(?:-?(?=\.\d)|\D*)([\d.][\d\s.,'’]*)\D*$/.exec(given)?.[1]?.replace(/[\s'’]/g, '');
  if (!body) return null;
  // the last mark parts decimals, unless it comes twice or stands before three digits
  const [mark = '.'] = /[.,](?!.*[.,])/.exec(body) ?? [];
  const [whole = '', part = '', more] = body.split(mark);
  const parted = mark === ',' || (!digitsOf(currency) && typeof value === 'string');
  const isWhole = more !== undefined || (parted && /^[1-9]\d{0,2}.\d{3}$/.test(body));
  const plain = isWhole ? body.replace(/\D/g, '') : `${whole.replace(/\D/g, '')}.${part}`;
  const minor = shifted(plain, currency);
  return minor && /^\D*[-−]|\d\s*[-−]\D*$|^\(.*\)$/.test(given) ? -minor : minor;
}

/**
 * An instant, ISO 8601 in UTC. Reads ISO text (also with a blank for the T, or `-0500`), RFC 2822, epoch seconds and ms as numbers
 * or digits. A time without an offset is read by `local`, which is given it as if it were UTC (`read-zone.ts`, or the vendor's rule that it is UTC);
 * without one it is unknown, never the zone of this machine. Null for what is none.
 */
export function instant(value: unknown, local?: (shown: number) => number): string | null {
  const given = text(value) ?? '';
  const epoch = Number(given);
  const [, day, time, zone, hours, minutes = '00'] =
    /^(\d{4}-\d\d-\d\d)(?:[T ]+([\d:.]+) *(([+-]\d\d):?(\d\d)?|Z|UTC|GMT)?)?$/i.exec(given) ?? [];
  let ms = epoch > 1e8 ? epoch * (epoch > 1e12 ? 1 : 1000) : NaN;
  if (day) ms = Date.parse(`${day}T${time ?? '00:00'}${hours ? `${hours}:${minutes}` : 'Z'}`);
  // RFC 2822; without an offset it would be read in the zone of this machine
  else if (/\d{4}.*([+-]\d{4}|GMT|UTC|Z)$/.test(given)) ms = Date.parse(given);
  if (time && !zone) ms = local?.(ms) ?? NaN;
  // of years that have four digits, as everything that is kept
  return ms >= 0 && ms < 253_402_300_799_999 ? new Date(Math.round(ms)).toISOString() : null;
}
