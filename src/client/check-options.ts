import { RegularsError } from '../kernel/errors.js';
import { priors } from '../rhythm/priors.js';
import { PURPOSES } from './consent.js';
import type { RegularsOptions } from './types.js';

/** Options that are objects, with a method that tells them. */
const OBJECTS = [
  ['storage', 'transact', 'what indexedDbStorage() gives'],
  ['recommend', 'load', 'what recommender() gives'],
  ['phone', 'load', 'what worldPhones() gives'],
  ['backend', 'lookUp', 'an IdentityBackend'],
  ['sync', 'attach', 'what syncOver() gives'],
  ['clock', 'after', 'a Clock'],
  ['deviceCookie', 'keep', 'an object with keep and erase'],
] as const;
const LISTS = [
  ['locales', 'a list like [de]', 'lang'],
  ['referrals', 'a list of { name, where }', 'name'],
] as const;
const TEXTS = [
  ['mode', /^(storefront|shared|kiosk|staff)$/, '"storefront", "shared", "kiosk" or "staff"'],
  ['currency', /^[A-Z]{3}$/, 'like "EUR"'],
  ['locale', /^/, 'like "en-GB"'],
  ['contact', /\S/, 'a text'],
] as const;

/** Throws one ERR_OPTIONS_INVALID that names every problem of the options. By hand: a schema would cost the first load 5 kB. */
export function checkOptions(options: RegularsOptions): void {
  const given = (options ?? {}) as unknown as Readonly<Record<string, unknown>>;
  const problems: string[] = [];
  const need = (name: string, right: boolean, wanted: string): void =>
    void (right || problems.push(`${name} must be ${wanted}`));
  const optional = (name: string, wanted: string, right: (value: unknown) => unknown): void =>
    need(name, given[name] === undefined || Boolean(right(given[name])), wanted);

  need(
    'shop',
    typeof given['shop'] === 'string' && /^[\w.-]{1,64}$/.test(given['shop']),
    '1–64 letters, digits or ._-',
  );
  for (const [name, method, wanted] of OBJECTS)
    optional(name, wanted, (value) => isObject(value, method));
  for (const [name, pattern, wanted] of TEXTS)
    optional(name, wanted, (value) => typeof value === 'string' && pattern.test(value));
  for (const name of ['onError', 'onNotice', 'random', 'messageFormatter'])
    optional(name, 'a function', (value) => typeof value === 'function');
  optional('proofs', 'a list of what jwsProof() gives', areProofs);
  optional('greetingRules', 'a list, or a function that gives one', isRules);
  optional('prior', '"shop", "grocery", "cafe" or what fitPrior() gives', isPrior);
  optional('holdOut', 'a share, 0 to 1', (share) => Number(share) >= 0 && Number(share) <= 1);
  for (const [name, wanted, key] of LISTS)
    optional(
      name,
      wanted,
      (list) => Array.isArray(list) && list.every((one) => typeof one?.[key] === 'string'),
    );
  optional('loyalty', 'like { check: "luhn", pattern: /^9/ }', isLoyalty);
  optional(
    'sealTo',
    'a public P-256 JWK',
    // whether it is a point of the curve shows when it is imported
    (key) => /^(?!.*"d":).*"crv":"P-256"/.test(JSON.stringify(key)),
  );
  optional('timeZone', 'like "Europe/Berlin"', isTimeZone);
  if (!isObject(given['consent'], 'get'))
    for (const [purpose, answer] of record(given['consent']))
      need(
        `consent.${purpose}`,
        (PURPOSES as readonly string[]).includes(purpose) &&
          /^(ask|granted|denied)$/.test(String(answer)),
        `one of ${PURPOSES.join()} set to "ask", "granted" or "denied"`,
      );
  for (const option of ['retention', 'idle', 'limits'])
    for (const [name, value] of record(given[option]))
      need(`${option}.${name}`, Number(value) > 0, 'above 0');
  if (problems.length > 0)
    throw new RegularsError('ERR_OPTIONS_INVALID', `createRegulars: ${problems.join('; ')}.`);
}

function record(value: unknown): [string, unknown][] {
  return Object.entries(value ?? {});
}

function isObject(value: unknown, method: string): boolean {
  return typeof (value as Readonly<Record<string, unknown>> | null)?.[method] === 'function';
}

function areProofs(proofs: unknown): boolean {
  return record(proofs).every(([, one]) => isObject(one, 'verify'));
}

function isRules(rules: unknown): boolean {
  return Array.isArray(rules) || typeof rules === 'function';
}

function isPrior(prior: unknown): boolean {
  if (typeof prior === 'string') return Object.hasOwn(priors, prior);
  const { r, alphaDays } = Object(prior) as Readonly<Record<string, unknown>>;
  return Number(r) > 0 && Number(alphaDays) > 0;
}

function isLoyalty(rules: unknown): boolean {
  return record(rules).every(([name, value]) =>
    name === 'check' ? /^(gs1|luhn|none)$/.test(String(value)) : isObject(value, 'exec'),
  );
}

function isTimeZone(zone: unknown): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: String(zone) }));
  } catch {
    return false;
  }
}
