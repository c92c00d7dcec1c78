import { RegularsError } from './errors.js';

/** How many digits the minor unit of an ISO 4217 currency has (EUR 2, JPY 0, KWD 3), as `Intl` knows it. Throws on an unknown code. */
export function minorDigits(currency: string): number {
  try {
    const { maximumFractionDigits } = new Intl.NumberFormat('en', {
      style: 'currency',
      currency,
    }).resolvedOptions();
    return maximumFractionDigits ?? 2;
  } catch (cause) {
    throw new RegularsError(
      'ERR_MONEY_INVALID',
      `"${currency}" is not an ISO 4217 currency code; write it like "EUR".`,
      { cause },
    );
  }
}

/**
 * An amount as prices are kept here: an integer of the currency's minor unit.
 * @example money(9.8, 'EUR') // 980
 */
export function money(amount: number, currency: string): number {
  const factor = 10 ** minorDigits(currency);
  // toPrecision first: 1.005 * 100 is 100.49999999999999 in binary
  const minor = Math.round(Number((amount * factor).toPrecision(15)));
  if (!Number.isSafeInteger(minor))
    throw new RegularsError(
      'ERR_MONEY_INVALID',
      `${amount} ${currency} is not an amount of money.`,
    );
  return minor;
}
