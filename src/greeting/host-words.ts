import { createOccasional, greetingWords } from './create-occasional.js';
import { formattedBy } from './formatted-by.js';
import { rare } from './locales/en-rare-words.js';
import { english } from './locales/en-spoken.js';
import { spoken } from './locales/en-spoken-words.js';
import type { Locale, Messages, SpokenMessages } from './messages.js';
import { nearestLocale } from './nearest-locale.js';
import type { SpeechOptions } from './speech-options.js';

/** What a greeting is said with, and the language that it was made of. */
export type HostWords = SpokenMessages & Partial<Messages> & { readonly locale?: Locale };

const inEnglish = createOccasional(english, { ...spoken, ...rare });

/** What a greeting is said with in a language: the host's words before those of the nearest language, English where there is none. */
export function hostWords(
  tag: string,
  { locales = [], messages, messageFormatter }: SpeechOptions,
  report: (error: unknown) => void,
): HostWords {
  const locale = nearestLocale(locales, tag);
  const base =
    locale && 'words' in locale
      ? { ...createOccasional(locale, greetingWords(locale)), locale }
      : (locale ?? inEnglish);
  const own = Object.entries(messages ?? {}).filter(([, value]) => value !== undefined);
  const words: HostWords = { ...base, ...Object.fromEntries(own) };
  return messageFormatter ? formattedBy(messageFormatter, words, report) : words;
}
