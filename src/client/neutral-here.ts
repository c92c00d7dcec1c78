import type { Locale, Messages } from '../greeting/messages.js';
import type { Greeting } from '../greeting/types.js';
import type { Core } from './core.js';
import { nearestLocale } from '../greeting/nearest-locale.js';

/** English as `en.mf2` has it. */
const ENGLISH = { lang: 'en', dir: 'ltr' } as const;
const WELCOME = 'Welcome.';

/** What everybody hears, in the language of the moment: all that a page needs before anybody is known. */
export function neutralHere({ options, state }: Core): Greeting {
  const locale = nearestLocale(options.locales ?? [], state.locale) ?? ENGLISH;
  const own = options.messages;
  const { lang, dir, greeting }: Pick<Messages, 'dir' | 'lang'> & Partial<Messages> = locale;
  let parts = [{ type: 'text' as const, value: welcomeIn(locale) }] as ReturnType<
    Messages['greeting']
  >;
  try {
    parts = (own?.greeting ?? greeting)?.('neutral', {}, 'none', 0) ?? parts;
  } catch {
    // told when what speaks is there, and says it again
  }
  return {
    kind: 'neutral',
    text: parts.map(({ value }) => value).join(''),
    parts,
    ref: 'g:neutral',
    lang: own?.lang ?? lang,
    dir: own?.dir ?? dir,
  };
}

/** The third of the words of a language; without a name, a time or a number it is one text. */
function welcomeIn(locale: Partial<Locale>): string {
  const [neutral] = (locale.words?.[0]?.[2] ?? [WELCOME]) as readonly unknown[];
  return typeof neutral === 'string' ? neutral : WELCOME;
}
