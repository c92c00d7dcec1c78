import { hasAny, texts, type Texts } from './orders.js';
import { text } from './read.js';
import type { ParsedCustomer, ParsedId, ParseOptions } from './types.js';

const KINDS = ['loyalty', 'external', 'anonymous', 'email', 'phone'] as const;

/** A person as a payload has it, with the country of the phone number; identifiers normal enough to be told apart. */
export function personOf(
  person: Texts<ParsedId['kind'] | 'given' | 'family' | 'display' | 'country'>,
  options: ParseOptions,
): Pick<ParsedCustomer, 'ids' | 'name'> {
  const name = texts(person, 'given', 'family', 'display');
  const ids = KINDS.flatMap((kind): readonly ParsedId[] => {
    const said = text(person[kind]) ?? '';
    const value =
      kind === 'email'
        ? /^(?:mailto:)?(\S+@\S+)$/i.exec(said)?.[1]?.toLowerCase()
        : kind === 'phone'
          ? readPhone(said, text(person.country) ?? options.country)
          : said;
    // the customer 0 is a guest
    return value && value !== '0' ? [{ kind, value }] : [];
  });
  return { ids, ...(hasAny(name) && { name }) };
}

/** Calling codes of countries whose national numbers are completed. From ITU-T E.164. */
const CODES =
  'AT43AU61BE32BR55CA1CH41CZ420DE49DK45ES34FI358FR33GB44IE353IT39JP81KR82MX52NL31NO47NZ64PL48PT351SE46US1';

function readPhone(given: string, country = '-'): string {
  const dialed = given.normalize('NFKC').replace(/(ext|x|;|#).*/is, '');
  const isAbroad = /^\W*(tel:)?\+/i.test(dialed);
  // "+44 (0)20": the 0 is dialed at home only
  const digits = (isAbroad ? dialed.replace('(0)', '') : dialed).replace(/\D/g, '');
  const code = parseInt(CODES.split(country.toUpperCase())[1] ?? '');
  if (isAbroad) return digits && `+${digits}`;
  if (!digits || !code) return digits;
  // what is dialed before a number within its country; the 0 of Italy is part of the number
  const national = code === 39 ? /^$/ : code > 1 ? /^0/ : /^1(?=\d{10}$)/;
  return `+${digits.startsWith('00') ? digits.slice(2) : code + digits.replace(national, '')}`;
}
