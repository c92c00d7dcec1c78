import type { WordLists } from './locales/word-types.js';
import type {
  Daypart,
  Evidence,
  GreetingKind,
  GreetingPart,
  NameSlots,
  OccasionSlots,
} from './types.js';

/**
 * What a message may be filled with: a closed list, so that what must never be said (amounts, lateness, age, counted
 * absence) cannot be written. Product rule D12.
 */
export interface MessageSlots extends OccasionSlots {
  readonly name?: NameSlots;
  readonly items?: readonly {
    readonly name: string;
    readonly modifiers: readonly string[];
    readonly quantity: number;
  }[];
  readonly table?: string;
  readonly shop?: string;
  readonly daypart?: Daypart;
}

/** What the answer to a search may be filled with. */
export interface LookForSlots {
  /** What was looked for. */
  readonly item: string;
  /** What comes near it, and how it differs. */
  readonly substitute?: string;
  readonly difference?: string;
  /** Who has it, as the shop wrote it: "Corner Books, Elm St." */
  readonly referral?: string;
}

/** A language as its entry gives it (`regulars/locales/de`); `createMessages` makes it speak. */
export interface Locale {
  /** BCP 47 tag. */
  readonly lang: string;
  readonly dir: 'ltr' | 'rtl';
  /** Tag by whose rules lists are written. @defaultValue `lang` */
  readonly lists?: string;
  /** Who has read its words: nobody yet but their author, or two native readers who signed them. */
  readonly review: 'draft' | 'reviewed';
  /**
   * Compiled messages: what greets, what greets on rare occasions, and reasons.
   * @internal
   */
  readonly words: WordLists;
}

/** The words of one locale. Pure functions over the slots; values go in as parts, never into markup. */
export interface Messages {
  /** BCP 47 tag. */
  readonly lang: string;
  readonly dir: 'ltr' | 'rtl';
  /** Who has read these words: nobody yet but their author, or two native readers who signed them. */
  readonly review?: 'draft' | 'reviewed';
  /** The greeting. `usual` is what may be named, and whether it is a habit or only the last order. */
  readonly greeting: (
    kind: GreetingKind,
    slots: MessageSlots,
    usual: 'usual' | 'ask' | 'last' | 'none',
    /** Any whole number: which of several phrasings. The same number gives the same words. */
    variant?: number,
  ) => readonly GreetingPart[];
  /** "Latte (oat, extra hot) and 2 × almond croissant". */
  readonly items: (items: NonNullable<MessageSlots['items']>) => readonly GreetingPart[];
  /** "oat", "no onions", "extra cheese". @defaultValue the name, with the number in front when it is not 1 */
  readonly modifier?: (name: string, quantity: number) => string;
  /** One sentence after the other. @defaultValue with a space between them */
  readonly sentences?: (
    first: readonly GreetingPart[],
    second: readonly GreetingPart[],
  ) => readonly GreetingPart[];
  /** "Milk: oat or whole?"; null is "without". */
  readonly ask: (item: string, group: string, options: readonly (string | null)[]) => string;
  /** One plain sentence for a piece of evidence; an empty text where it needs none. */
  readonly evidence: (evidence: Evidence, formatDate: (ms: number) => string) => string;
  /** A change that reorder found. */
  readonly change: (
    kind: 'price' | 'gone' | 'unavailable' | 'modifier-gone' | 'option-missing',
    slots: {
      readonly item: string;
      readonly modifier?: string;
      readonly options?: readonly string[];
      readonly was?: string;
      readonly is?: string;
    },
  ) => string;
  /** What a search found: it is here, something near it, who has it instead, nothing. */
  readonly lookFor: (
    kind: 'have' | 'substitute' | 'referral' | 'none',
    slots: LookForSlots,
  ) => readonly GreetingPart[];
  /** "Filters may be running low." */
  readonly due: (item: string) => readonly GreetingPart[];
  /** "Please ask our staff about allergens." */
  readonly allergens: () => string;
}

/** What a greeting and the usual are said with: all but their reasons, and what reorder and a search say. */
export type SpokenMessages = Omit<
  Messages,
  'allergens' | 'change' | 'due' | 'evidence' | 'lookFor'
>;

/**
 * Words by a formatter of your own. `key` is what is said ("greeting.returning", "ask", "evidence.visits", "due"), `slots` what it may
 * be filled with, `locale` the tag of the words that are said otherwise. Text, or parts, or nothing to let ours speak.
 */
export type MessageFormatter = (
  key: string,
  slots: Readonly<Record<string, unknown>>,
  locale: string,
) => string | readonly GreetingPart[] | undefined;
