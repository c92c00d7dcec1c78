import {
  createPen,
  createSpoken,
  everydayWords,
  named,
  part,
  type LocaleTraits,
  type Pen,
  type Recovery,
} from './create-spoken.js';
import type { RareWords, SpokenWords } from './locales/word-types.js';
import type { Locale, SpokenMessages } from './messages.js';

/** Names of what greets on rare occasions, in the order of a language's list. */
const RARE = ['birthday', 'milestone', 'follow-up', 'sorry', 'wrong', 'handled', 'reach'] as const;

/** What of a language greets, by its names. */
export function greetingWords(locale: Locale): SpokenWords & RareWords {
  return { ...everydayWords(locale), ...(named(RARE, locale.words[1]) as RareWords) };
}

/** Something went wrong: that we are sorry, what it was, who handles it, how to reach them. */
function recoveryIn({ say }: Pen, { lang }: LocaleTraits, words: RareWords): Recovery {
  const { sorry, wrong, handled, reach } = words;
  return (name, { weekday, staff, contact }) => {
    // 2023 began on a Sunday
    const day = new Intl.DateTimeFormat(lang, { weekday: 'long', timeZone: 'UTC' });
    return [
      say(sorry, { name }),
      say(wrong, {
        weekday:
          weekday === undefined ? '' : part('time', day.format(Date.UTC(2023, 0, 1 + weekday))),
      }),
      say(handled, { staff: part('staff', staff) }),
      contact && say(reach, { contact: part('contact', contact) }),
    ];
  };
}

/** What greets, on rare occasions too. */
export function createOccasional(
  traits: LocaleTraits,
  words: SpokenWords & RareWords,
  pen: Pen = createPen(traits),
): SpokenMessages {
  return createSpoken(traits, words, pen, recoveryIn(pen, traits, words));
}
