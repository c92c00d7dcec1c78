import { RegularsError } from '../kernel/errors.js';
import type { RegularsOptions } from './types.js';

const PURPOSES = ['remember', 'suggest', 'measure', 'health', 'share'];

/** Throws one ERR_OPTIONS_INVALID that names every problem of the options. By hand: a schema would cost the first load 5 kB. */
export function checkOptions(options: RegularsOptions): void {
  const problems: string[] = [];
  const need = (right: boolean, problem: string): void => void (right || problems.push(problem));
  const given = (options ?? {}) as unknown as Record<string, unknown>;
  const is = (name: string, type: 'function' | 'object' | 'string', wanted: string): void =>
    need(
      given[name] === undefined || (typeof given[name] === type && given[name] !== null),
      wanted,
    );

  const {
    shop,
    mode = 'storefront',
    consent,
    storage,
    currency,
    idle,
  } = given as Partial<RegularsOptions>;
  need(
    typeof shop === 'string' && /^[\w.-]{1,64}$/.test(shop),
    'shop: a name of 1–64 letters, digits, ".", "_" or "-", such as "blue-door"',
  );
  need(
    mode === 'storefront' || mode === 'kiosk',
    `mode: "storefront" or "kiosk", not "${String(mode)}"`,
  );
  need(
    storage === undefined || typeof storage?.transact === 'function',
    'storage: what indexedDbStorage() or memoryStorage() gives',
  );
  need(
    currency === undefined || /^[A-Z]{3}$/.test(String(currency)),
    'currency: an ISO 4217 code in capitals, such as "EUR"',
  );
  is('locale', 'string', 'locale: a BCP 47 tag');
  is('onError', 'function', 'onError: a function');
  is('onNotice', 'function', 'onNotice: a function');
  is('clock', 'object', 'clock: an object with now, elapsed and after');
  is('random', 'function', 'random: a function of a length');
  is('recommend', 'object', 'recommend: what recommender() gives');
  is('messages', 'object', 'messages: an object of functions');
  for (const [purpose, answer] of Object.entries(consent ?? {}))
    need(
      PURPOSES.includes(purpose) && ['ask', 'granted', 'denied'].includes(answer as string),
      `consent.${purpose}: one of ${PURPOSES.join(', ')}; each "ask", "granted" or "denied"`,
    );
  for (const [name, ms] of Object.entries(idle ?? {}))
    need(typeof ms === 'number' && ms > 0, `idle.${name}: ms above 0`);
  need(
    given['timeZone'] === undefined || isTimeZone(given['timeZone']),
    'timeZone: an IANA name, such as "Europe/Berlin"',
  );
  if (problems.length > 0)
    throw new RegularsError('ERR_OPTIONS_INVALID', `createRegulars: ${problems.join('; ')}.`);
}

function isTimeZone(zone: unknown): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: zone as string }));
  } catch {
    return false;
  }
}
