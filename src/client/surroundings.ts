import { localeTag } from '../greeting/nearest-locale.js';
import type { State } from './core.js';
import type { ContextChange, RegularsOptions } from './types.js';

/** What is around a customer before the page says more. */
export function surroundings(
  options: RegularsOptions,
): Pick<State, 'basket' | 'channel' | 'currency' | 'locale' | 'place' | 'timeZone'> {
  return {
    locale: localeTag(options.locale),
    currency: options.currency,
    timeZone: undefined,
    place: options.place,
    channel: options.mode === 'kiosk' ? 'kiosk' : options.mode === 'staff' ? 'pos' : 'web',
    basket: [],
  };
}

/** What a page says of the surroundings; what is of another shape changes nothing. */
export function takeContext(state: State, change: ContextChange): void {
  const { place, table, basket, ...texts } = change ?? {};
  for (const key of ['locale', 'currency', 'timeZone', 'channel'] as const)
    if (typeof texts[key] === 'string') Object.assign(state, { [key]: texts[key] });
  state.locale = localeTag(state.locale);
  if (Array.isArray(basket)) state.basket = basket.filter((sku) => typeof sku === 'string');
  if (place || typeof table === 'string')
    state.place = { ...state.place, ...place, ...(typeof table === 'string' && { table }) };
}
