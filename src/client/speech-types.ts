import type { ChosenGreeting } from '../greeting/choose-greeting.js';
import type { Greeting, Usual, UsualLine } from '../greeting/types.js';

/** What is said now. */
export interface Said {
  readonly greeting: Greeting;
  readonly usual: Usual;
}

/** Words that were shown, and while what is known is the same, stay. */
export interface Spoken {
  readonly key: string;
  /** Paid visits that were known then. */
  readonly visits: number;
  /** Orders that what they name rests on. */
  readonly orders: readonly string[];
  readonly greeting: ChosenGreeting['greeting'];
}

/** What speaks to somebody: loaded once somebody is known, or before where the host has words or rules of its own. */
export interface Speech {
  readonly speak: () => Said;
  /** From now on this visit hears the same words. */
  readonly fix: (greeting: ChosenGreeting['greeting']) => void;
  /** True where today's catalog may have these lines no more as they were. */
  readonly mayHaveChanged: (lines: readonly UsualLine[]) => boolean;
}
