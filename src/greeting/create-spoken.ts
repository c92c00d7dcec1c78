import type { RareWords, SpokenWords } from './locales/word-types.js';
import { spoken } from './locales/en-spoken-words.js';
import type { Locale, MessageSlots, SpokenMessages } from './messages.js';
import { flatten, type Fill, type IntlTools, type Message, type Piece } from './pieces.js';
import type { GreetingPart, NameSlots } from './types.js';
import { partsToText } from './words.js';

/** What a locale is, beside its words. */
export interface LocaleTraits {
  /** BCP 47. */
  readonly lang: string;
  readonly dir: 'ltr' | 'rtl';
  /** The tag by whose rules lists are written. @defaultValue `lang` */
  readonly lists?: string;
}

/** A list by its names: languages come without them, which makes them smaller. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- which words they are only the caller knows
export function named<T>(names: readonly string[], list: readonly unknown[]): T {
  return Object.fromEntries(names.map((name, at) => [name, list[at]])) as T;
}

/** What of a language greets every day, by its names. */
export function everydayWords({ words: [often] }: Locale): SpokenWords {
  return named(Object.keys(spoken), often) as SpokenWords;
}

/** How messages become words. */
export interface Pen {
  readonly say: (message: Message, fill?: Fill) => readonly GreetingPart[];
  /** As one text, with what runs the other way isolated. */
  readonly text: (piece: Piece) => string;
  /** "A, B and C"; with `disjunction` "A, B or C". */
  readonly list: (entries: readonly Piece[], type?: Intl.ListFormatOptions['type']) => Piece;
}

/** Scripts in which the family name comes first, and without a space. */
const FAMILY_FIRST = /[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]/;

const bare = (piece: Piece): string => partsToText(flatten(piece));

/** A value; what is empty counts as not known. */
export const part = (type: GreetingPart['type'], value: string | undefined): Piece =>
  value ? { type, value } : undefined;

/** Formatters are made when the first word needs them. */
export function createPen({ lang, dir, lists = lang }: LocaleTraits): Pen {
  let numbers: Intl.NumberFormat | undefined;
  let plurals: Intl.PluralRules | undefined;
  let ordinals: Intl.PluralRules | undefined;
  const tools: IntlTools = {
    n: (value = 0) => (numbers ??= new Intl.NumberFormat(lang)).format(value),
    p: (value = 0) => (plurals ??= new Intl.PluralRules(lang)).select(value),
    o: (value = 0) => (ordinals ??= new Intl.PluralRules(lang, { type: 'ordinal' })).select(value),
  };
  return {
    say: (message, fill = {}) =>
      flatten(typeof message === 'string' ? message : message(fill, tools), tools.n),
    text: (piece) => partsToText(flatten(piece), dir),
    list: (entries, type = 'conjunction') => {
      let at = 0;
      // given the words themselves: some languages choose their "and" by what follows
      return new Intl.ListFormat(lists, { type })
        .formatToParts(entries.map(bare))
        .map((piece) => (piece.type === 'element' ? entries[at++] : piece.value));
    },
  };
}

/** What of a name is said, and in which order: the locale's to decide. */
function calledIn({ say }: Pen, words: SpokenWords, name: NameSlots): string {
  const { given, family, display } = name;
  const title = family && name.title; // "Dr." alone is nobody's name
  const full =
    given && family && (FAMILY_FIRST.test(given + family) ? family + given : `${given} ${family}`);
  return bare(say(words.called, { given, family, title, display, full }));
}

/** "Latte (oat) and 2 × cookie and 3 more": at most three things by name, the rest as a number. */
function itemsIn({ say, list }: Pen, words: SpokenWords): SpokenMessages['items'] {
  return (all) => {
    const named = all.slice(0, 3).map(({ name, quantity, modifiers }) => {
      const item = say(words.item, {
        item: part('item', name),
        modifiers: modifiers
          .map((value) => part('modifier', value))
          .reduce((first, second) => (first ? say(words.pair, { first, second }) : second), ''),
      });
      return quantity === 1 ? item : say(words.times, { count: quantity, item });
    });
    const count = all.length - named.length;
    return flatten(list(count > 0 ? [...named, say(words.more, { count })] : named));
  };
}

/** "oat", "no onions", "extra cheese". */
function modifierIn({ say }: Pen, words: SpokenWords): (name: string, quantity: number) => string {
  return (name, quantity) => {
    if (quantity === 1) return name;
    if (quantity !== 0 && quantity !== 2)
      return bare(say(words.times, { count: quantity, item: name }));
    const inWords = (modifier: string): string =>
      bare(say(quantity === 0 ? words.without : words.extra, { modifier }));
    // some vendors' names say it already: "no onions"
    const [before, after] = inWords('\n').toLowerCase().split('\n');
    const low = name.toLowerCase();
    const says = (before && low.startsWith(before)) || (after && low.endsWith(after));
    return says ? name : inWords(name);
  };
}

/** The sentences where something went wrong. */
export type Recovery = (name: Piece, slots: MessageSlots) => readonly Piece[];

/** What greets, made of the words of a locale. A kind whose words are not there is said like a neutral greeting. */
export function createSpoken(
  traits: LocaleTraits,
  words: SpokenWords & Partial<RareWords>,
  pen: Pen = createPen(traits),
  recovery?: Recovery,
): SpokenMessages {
  const { say, list, text } = pen;
  const items = itemsIn(pen, words);
  const inTurn = (sentences: readonly Piece[]): Piece =>
    sentences
      .filter((one) => bare(one))
      .reduce((first, second) => (first ? say(words.sentences, { first, second }) : second), '');

  const greeting: SpokenMessages['greeting'] = (kind, slots, said, variant = 0) => {
    const { name, daypart = '', ordinal, items: all = [], table } = slots;
    const fill: Fill = {
      name: part('name', kind !== 'neutral' && name ? calledIn(pen, words, name) : ''),
      hello: part('time', bare(say(words.hello, { daypart }))),
      items: items(all),
      table: part('table', table),
      ordinal,
    };
    const oneOf = (phrasings: readonly Message[] = words.neutral): Piece => {
      const phrasing = phrasings[variant % phrasings.length];
      return phrasing && say(phrasing, fill);
    };
    if (kind === 'recovery') return flatten(inTurn(recovery?.(fill.name, slots) ?? [oneOf()]));
    const tail = { usual: words.usual, ask: words.asked, last: words.last, none: undefined }[said];
    const names = all.length > 0 && kind !== 'first' && kind !== 'neutral';
    return flatten(inTurn([oneOf(words[kind]), names && tail ? say(tail, fill) : '']));
  };

  return {
    lang: traits.lang,
    dir: traits.dir,
    greeting,
    items,
    modifier: modifierIn(pen, words),
    sentences: (first, second) => say(words.sentences, { first, second }),
    ask: (item, group, options) => {
      const choices = options.map((option) => part('modifier', option ?? bare(say(words.plain))));
      const fill = { item: part('item', item), group: part('modifier', group) };
      return text(say(words.question, { ...fill, options: list(choices, 'disjunction') }));
    },
  };
}
