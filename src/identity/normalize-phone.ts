import type { BlockedReason, ReadPhone } from './types.js';

/** Country code; shortest and longest national number, without the prefix that is dialed within the country. */
type Plan = readonly [code: string, min: number, max: number];

const NORTH_AMERICA: Plan = ['1', 10, 10];
const ITALY = '39';

// National numbering plans as published with ITU-T E.164. From elsewhere a number needs its country code.
const PLANS: { readonly [region: string]: Plan } = {
  AT: ['43', 6, 13],
  BE: ['32', 8, 9],
  BR: ['55', 10, 11],
  CA: NORTH_AMERICA,
  CH: ['41', 9, 9],
  DE: ['49', 6, 13],
  ES: ['34', 9, 9],
  FR: ['33', 9, 9],
  GB: ['44', 9, 10],
  IT: [ITALY, 6, 11],
  JP: ['81', 9, 10],
  KR: ['82', 8, 10],
  NL: ['31', 9, 9],
  PL: ['48', 9, 9],
  PT: ['351', 9, 9],
  US: NORTH_AMERICA,
};

/** Shorter than this and without the national prefix it may be a local number: it is not completed by guess. */
const MIN_BARE = 9;

const EXTENSION = /[\s,;(]*(?:[,;#x]|ext(?:n|ension)?)[\s:.=]*\d{1,9}\)?$/i;

/** Digits, with `+` in front where the country code is there; empty for what is no number. `zero` is what "(0)" becomes. */
function dialed(text: string, zero: string): string {
  const digits = text
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '') // numbers copied from contacts come wrapped in direction marks
    .replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => String(digit.charCodeAt(0) & 15))
    .replace(EXTENSION, '')
    .replace(/\(\s*0\s*\)/, zero)
    .replace(/^tel:|[\s().\-/\u2010-\u2015\u2212\u30fc]/gi, '')
    .replace(/^00/, '+');
  return /^\+?\d+$/.test(digits) ? digits : '';
}

const prefixOf = ([code]: Plan): string => (code === '1' ? code : '0');

/** In E.164, if the national number has a shape that the plan knows. */
function complete(digits: string, plan: Plan): readonly [value: string] | 'invalid' {
  const [code, min, max] = plan;
  const prefix = prefixOf(plan);
  // in Italy the 0 is part of the number
  const number = code !== ITALY && digits.startsWith(prefix) ? digits.slice(prefix.length) : digits;
  const start = code === '1' ? /^[2-9]\d\d[2-9]/ : code === ITALY ? /^\d/ : /^[1-9]/;
  return number.length >= min && number.length <= max && start.test(number)
    ? [`+${code}${number}`]
    : 'invalid';
}

/** A number without `+`, as it is dialed within its country, or with the country code and the `+` forgotten. */
function completeDomestic(digits: string, plan: Plan): readonly [value: string] | 'invalid' {
  const [code] = plan;
  if (digits.startsWith(prefixOf(plan))) return complete(digits, plan);
  // Germany and Austria have numbers of any length: there nothing but the 0 tells a whole one from a local one
  const whole = digits.length >= MIN_BARE && code !== '49' && code !== '43';
  const value = whole ? complete(digits, plan) : 'invalid';
  const rest = digits.startsWith(code) ? digits.slice(code.length) : '';
  return value === 'invalid' && rest.length >= MIN_BARE ? complete(rest, plan) : value;
}

type Read = readonly [value: string] | 'invalid' | 'no-region';

const planOf = (region: string): Plan | undefined =>
  Object.hasOwn(PLANS, region) ? PLANS[region] : undefined;

/** What our own table makes of it. */
function readHere(text: string, digits: string, home: string): Read {
  if (!digits.startsWith('+')) {
    const plan = planOf(home);
    return plan === undefined ? 'no-region' : completeDomestic(digits, plan);
  }
  const plan = Object.values(PLANS).find(([code]) => digits.startsWith(code, 1));
  if (plan !== undefined) return complete(digits.slice(1 + plan[0].length), plan);
  const abroad = dialed(text, '');
  return /^\+[1-9]\d{7,14}$/.test(abroad) ? [abroad] : 'invalid';
}

/** What the whole world's plans make of it, and ours of what is dialed at home: a local number is not completed by guess. */
function readAnywhere(
  text: string,
  digits: string,
  home: string,
  read: ReadPhone,
  here: Read,
): Read {
  const known = typeof here !== 'string';
  const region = home === '' ? undefined : home;
  if (!known && region === undefined && !digits.startsWith('+')) return 'no-region';
  const value =
    read(known ? here[0] : digits, region) ?? (known ? undefined : read(dialed(text, ''), region));
  if (value === undefined) return 'invalid';
  const guessed = !known && !digits.startsWith('+') && planOf(home);
  return guessed && value.startsWith(`+${guessed[0]}`) ? 'invalid' : [value];
}

/**
 * A phone number in E.164: `+` and digits. With a country code it is taken from everywhere (by its length, in 16 regions by their plan);
 * without one only in these regions, and never without its area code. Given `read`, every region is one that is known, and a number that
 * cannot exist is none. Gives the reason otherwise.
 */
export function normalizePhone(
  text: string,
  region: string | undefined,
  read?: ReadPhone,
): readonly [value: string] | BlockedReason {
  const digits = dialed(text, '0');
  if (digits === '') return 'invalid';
  const home = region?.toUpperCase() ?? '';
  const here = readHere(text, digits, home);
  return read ? readAnywhere(text, digits, home, read, here) : here;
}
