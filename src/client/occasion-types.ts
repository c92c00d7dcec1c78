import type { ChosenGreeting } from '../greeting/choose-greeting.js';
import type { Locale, SpokenMessages } from '../greeting/messages.js';
import type { Greeting, GreetingKind, GreetingRule } from '../greeting/types.js';
import type { Card } from '../profile/types.js';

/** Words that were shown, and while what is known is the same, stay. */
export interface Spoken {
  readonly key: string;
  /** Paid visits that were known then. */
  readonly visits: number;
  /** Orders that what they name rests on. */
  readonly orders: readonly string[];
  readonly greeting: ChosenGreeting['greeting'];
}

/** What speaks on rare occasions, and in what the host has changed. */
export interface Occasions {
  /** Who may speak, in their order. */
  readonly rules: readonly GreetingRule[];
  /** English, with the words of rare occasions. */
  readonly english: SpokenMessages;
  /** Another language, with the same. */
  readonly spoken: (locale: Locale) => SpokenMessages;
  /** The words as the host's formatter says them, if it gave one. */
  readonly formatted: <T extends SpokenMessages>(words: T) => T;
  /** Why nothing is said, where the customer did not want it. */
  readonly resting: (
    card: Card | undefined,
    kind: GreetingKind,
  ) => Extract<Greeting, { readonly kind: 'none' }> | undefined;
  /** Has what is said once counted when it is shown. */
  readonly noted: (chosen: ChosenGreeting) => void;
}
