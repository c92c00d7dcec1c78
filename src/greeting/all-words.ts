import { RegularsError } from '../kernel/errors.js';
import { createMessages } from './create-messages.js';
import { formattedBy } from './formatted-by.js';
import type { HostWords } from './host-words.js';
import { en } from './locales/en.js';
import type { Locale, MessageFormatter, Messages } from './messages.js';

const made = new WeakMap<Locale, Messages>();

/** All words of a language, made once. */
function wordsOf(locale: Locale): Messages {
  const known = made.get(locale) ?? createMessages(locale);
  made.set(locale, known);
  return known;
}

/** All words beside those of a greeting: the host's, else ours. */
export function allWords(
  { locale, ...own }: HostWords,
  messageFormatter: MessageFormatter | undefined,
  report: (error: unknown) => void,
): Messages {
  const { evidence, change, lookFor, due, allergens } = locale ? wordsOf(locale) : en;
  const reasons = {
    ...{ lang: own.lang, dir: own.dir },
    evidence,
    change,
    lookFor,
    due,
    allergens,
  };
  const ours = messageFormatter ? formattedBy(messageFormatter, reasons, report) : reasons;
  return { ...ours, ...own, ...orOurs(own, ours, report) };
}

/** Of the host's own reasons those that it gave; where one throws, or gives what cannot be shown, ours is said. */
function orOurs<T extends object>(
  theirs: { readonly [K in keyof T]?: unknown },
  ours: T,
  report: (error: unknown) => void,
): T {
  const wrapped = Object.entries(ours).map(([name, our]: [string, unknown]) => {
    const their: unknown = theirs[name as keyof T];
    if (typeof our !== 'function' || typeof their !== 'function') return [name, our];
    const say = (...given: readonly unknown[]): unknown => {
      try {
        const said: unknown = (their as (...all: typeof given) => unknown)(...given);
        if (typeof said === 'string' || Array.isArray(said)) return said;
        throw new RegularsError('ERR_OPTIONS_INVALID', `messages.${name} must give its words.`);
      } catch (error) {
        report(error);
        return (our as (...all: typeof given) => unknown)(...given);
      }
    };
    return [name, say];
  });
  return Object.fromEntries(wrapped) as T;
}
