import type * as PhoneLibrary from 'libphonenumber-js/min';
import type { PhonePlug } from '../../identity/port.js';
import type { ReadPhone } from '../../identity/types.js';
import { RegularsError } from '../../kernel/errors.js';

type Library = typeof PhoneLibrary;

/** Numbers of every region, for `createRegulars`; and for the field that they are typed into. */
export interface WorldPhones extends PhonePlug {
  /**
   * What somebody is typing, spaced as numbers of their region are: "(425) 555-01". For a region ISO 3166-1 alpha-2; a number that begins
   * with `+` needs none. Gives the text as it is until `load` has resolved. Unlike what identifies, it judges nothing.
   */
  readonly formatAsTyped: (text: string, region?: string) => string;
}

/** More digits no number has, and a field may hold anything. */
const LONGEST_TEXT = 64;

/** Loads the library: some 30 kB, of which a page that nobody types a number into fetches nothing. */
async function loadLibrary(): Promise<Library> {
  try {
    return await import('libphonenumber-js/min');
  } catch (cause) {
    throw new RegularsError(
      'ERR_OPTIONS_INVALID',
      'worldPhones could not load libphonenumber-js; if it is not installed: npm install libphonenumber-js',
      { cause, retryable: true },
    );
  }
}

/** The country codes of libraries are in capitals; of a region it does not know, only numbers with `+` can be read. */
function countryOf(
  library: Library,
  region: string | undefined,
): PhoneLibrary.CountryCode | undefined {
  const code = region?.toUpperCase() ?? '';
  return library.isSupportedCountry(code) ? code : undefined;
}

/**
 * Phone numbers of all regions by the numbering plans of libphonenumber: whether a number can exist, and its E.164. The library
 * is loaded when the first number is read (or by `load`). Needs the package `libphonenumber-js`. Unlike our own table of 16 regions
 * it also tells numbers that have the right length and are nobody's. Where it cannot be loaded the client goes on with that table.
 * @example createRegulars({ shop: 'blue-door', region: 'SE', phone: worldPhones() })
 */
export function worldPhones(): WorldPhones {
  let library: Library | undefined;
  let loading: Promise<ReadPhone> | undefined;
  const read: ReadPhone = (digits, region) => {
    if (!library || !/^\+?\d{1,30}$/.test(digits)) return undefined;
    const number = library.parsePhoneNumberFromString(digits, {
      ...optional(countryOf(library, region)),
      extract: false,
    });
    // a number with an extension in it is one that we have not read to its end
    return number?.isValid() === true && number.ext === undefined ? number.number : undefined;
  };
  return {
    load: () =>
      (loading ??= loadLibrary().then(
        (loaded) => {
          library = loaded;
          return read;
        },
        (error: unknown) => {
          loading = undefined; // the network may be back at the next number
          throw error;
        },
      )),
    formatAsTyped: (text, region) => {
      if (!library || typeof text !== 'string' || text.length > LONGEST_TEXT) return text;
      const typed = text.normalize('NFKC').replace(/^\s+/, '');
      return new library.AsYouType(countryOf(library, region)).input(typed);
    },
  };
}

function optional(defaultCountry: PhoneLibrary.CountryCode | undefined): {
  readonly defaultCountry?: PhoneLibrary.CountryCode;
} {
  return defaultCountry === undefined ? {} : { defaultCountry };
}
