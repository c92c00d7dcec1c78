import { createOccasional, greetingWords } from './create-occasional.js';
import { createPen, named, part, type LocaleTraits, type Pen } from './create-spoken.js';
import { reasons } from './locales/en-reasons-words.js';
import type { ReasonsWords, Words } from './locales/word-types.js';
import type { Locale, Messages } from './messages.js';
import { flatten, type Piece } from './pieces.js';
import type { Evidence } from './types.js';

/** A day in words. */
type Dates = (ms: number) => string;

function shareIn({ say }: Pen, words: Words, given: Extract<Evidence, { kind: 'share' }>): Piece {
  const { of, daypart, weekend } = given;
  if (of <= 1) return say(words.lately);
  const count = Math.round(given.share * of);
  if (daypart === undefined) return say(words.share, { count, of });
  const week = weekend === undefined ? '' : weekend ? 'weekend' : 'weekday';
  return say(words['share-then'], { count, of, daypart, which: say(words.which, { week }) });
}

function datesIn({ say, list }: Pen, words: Words, ats: readonly number[], dates: Dates): Piece {
  if (ats.length === 0) return '';
  const count = ats.length - 3;
  const named = ats.slice(0, 3).map((at) => part('time', dates(at)));
  return say(words.bought, {
    dates: list(count > 0 ? [...named, say(words['more-days'], { count })] : named),
  });
}

function evidenceIn(pen: Pen, words: Words, given: Evidence, dates: Dates): Piece {
  const { say } = pen;
  switch (given.kind) {
    case 'visits': {
      const { count, days } = given;
      return days ? say(words.recent, { count, days }) : say(words.visits, { count });
    }
    case 'purchases':
      return datesIn(pen, words, given.ats, dates);
    case 'share':
      return shareIn(pen, words, given);
    case 'fact': {
      const date = part('time', dates(given.at));
      return say(given.source === 'customer' ? words.told : words.noted, { date });
    }
    case 'issue': {
      const message = given.state === 'open' ? words['issue-open'] : words['issue-settled'];
      return say(message, { date: part('time', dates(given.at)) });
    }
    case 'milestone':
      return say(words.visits, { count: given.ordinal - 1 });
    case 'rhythm':
    case 'held-out':
    case 'popular':
      return say(words[given.kind]);
    case 'asked':
      return part('item', given.query);
    case 'level':
      return say(words.level, { level: given.level });
    case 'together':
      return say(given.inBasket ? words['in-basket'] : words.together, {
        item: part('item', given.name),
      });
    case 'substitute':
      return say(words.near, {
        substitute: part('item', given.name),
        difference: given.difference.replace(/[.。]$/, ''),
      });
    case 'due':
      return say(words.every, { days: given.days });
  }
}

/**
 * Everything a locale says: what the pure functions of this entry take.
 * @example createMessages(de).due('Filter') // parts of "Vielleicht bald knapp: Filter."
 */
export function createMessages(locale: Locale): Messages {
  const why = named<ReasonsWords>(Object.keys(reasons), locale.words[2]);
  return createFrom(locale, { ...greetingWords(locale), ...why });
}

/** The same, of words by their names. */
export function createFrom(
  traits: LocaleTraits & Pick<Messages, 'review'>,
  words: Words,
): Messages {
  const pen = createPen(traits);
  const { say, list, text } = pen;
  const chosen = (options: readonly string[] = []): Piece =>
    options.length === 0
      ? ''
      : say(words.choose, {
          options: list(
            options.map((option) => part('modifier', option)),
            'disjunction',
          ),
        });
  const inTurn = (first: Piece, second: Piece): Piece =>
    typeof second === 'object' ? say(words.sentences, { first, second }) : first;

  return {
    ...createOccasional(traits, words, pen),
    ...(traits.review && { review: traits.review }),
    evidence: (given, dates) => text(evidenceIn(pen, words, given, dates)),
    change: (kind, { item: name, modifier: choice, options, was, is }) => {
      const fill = { item: part('item', name), modifier: part('modifier', choice), was, is };
      if (kind === 'price' || kind === 'gone' || kind === 'unavailable')
        return text(say(words[kind], fill));
      const message = kind === 'modifier-gone' ? words[kind] : words['choice-missing'];
      return text(inTurn(say(message, fill), chosen(options)));
    },
    lookFor: (kind, { item: name, substitute, difference, referral }) => {
      const item = part('item', name);
      if (kind === 'have') return flatten(say(words.have, { item }));
      if (kind === 'substitute') {
        const near = { substitute: part('item', substitute), difference };
        return flatten(inTurn(say(words.unavailable, { item }), say(words.near, near)));
      }
      const where =
        kind === 'referral' ? say(words.elsewhere, { referral: part('shop', referral) }) : '';
      return flatten(inTurn(say(words['have-not'], { item }), where));
    },
    due: (name) => flatten(say(words.due, { item: part('item', name) })),
    allergens: () => text(say(words.allergens)),
  };
}
