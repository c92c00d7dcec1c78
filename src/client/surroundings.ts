import { minorDigits } from '../kernel/money.js';
import type { State } from './core.js';
import type { ContextChange, RegularsOptions } from './types.js';

/** What is around a customer before the page says more. */
export function surroundings(
  options: RegularsOptions,
): Pick<State, 'basket' | 'channel' | 'currency' | 'locale' | 'place' | 'timeZone'> {
  return {
    locale: options.locale ?? 'en',
    currency: options.currency,
    timeZone: options.timeZone,
    place: options.place,
    channel: options.mode === 'kiosk' ? 'kiosk' : 'web',
    basket: [],
  };
}

/** What a page says of the surroundings; what is none of it, or of another shape, changes nothing. */
export function takeContext(state: State, change: ContextChange): void {
  const { locale, currency, timeZone, place, table, channel, basket } = change ?? {};
  const can = (make: () => unknown): boolean => {
    try {
      return Boolean(make());
    } catch {
      return false;
    }
  };
  if (typeof locale === 'string' && can(() => Intl.getCanonicalLocales(locale)))
    state.locale = locale;
  if (typeof currency === 'string' && can(() => minorDigits(currency))) state.currency = currency;
  if (typeof timeZone === 'string' && can(() => new Intl.DateTimeFormat('en', { timeZone })))
    state.timeZone = timeZone;
  if (channel) state.channel = channel;
  if (Array.isArray(basket)) state.basket = basket.filter((sku) => typeof sku === 'string');
  if (place || typeof table === 'string')
    state.place = { ...state.place, ...place, ...(typeof table === 'string' && { table }) };
}
