import { createOccasional, greetingWords } from '../greeting/create-occasional.js';
import { rare } from '../greeting/locales/en-rare-words.js';
import { english } from '../greeting/locales/en-spoken.js';
import { spoken } from '../greeting/locales/en-spoken-words.js';
import type { Locale, Messages, SpokenMessages } from '../greeting/messages.js';
import type { Core } from './core.js';
import { formattedBy } from './formatted-by.js';
import { nearestLocale } from '../greeting/nearest-locale.js';

/** What a greeting is said with here and now, and the language that it was made of. */
export type WordsHere = SpokenMessages & Partial<Messages> & { readonly locale?: Locale };

const inEnglish = createOccasional(english, { ...spoken, ...rare });

const made = new WeakMap<Core, { readonly tag: string; readonly words: WordsHere }>();

/** What a greeting is said with, in the language of the moment: the host's before those of the nearest language, English where there is none. */
export function wordsHere(core: Core): WordsHere {
  const { locale: tag } = core.state;
  const known = made.get(core);
  if (known?.tag === tag) return known.words;
  const words = wordsIn(tag, core);
  made.set(core, { tag, words });
  return words;
}

function wordsIn(tag: string, { options, report }: Core): WordsHere {
  const { locales = [], messages, messageFormatter } = options;
  const locale = nearestLocale(locales, tag);
  const base =
    locale && 'words' in locale
      ? { ...createOccasional(locale, greetingWords(locale)), locale }
      : (locale ?? inEnglish);
  const own = Object.entries(messages ?? {}).filter(([, value]) => value !== undefined);
  const words: WordsHere = { ...base, ...Object.fromEntries(own) };
  return messageFormatter ? formattedBy(messageFormatter, words, report) : words;
}
