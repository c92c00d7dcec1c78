// Compiled from en.mf2 by scripts/compile-messages.mjs: change that file.
import type { Message } from '../pieces.js';

/** Messages of the section [spoken]. */
export interface SpokenWords {
  readonly called: Message;
  readonly hello: Message;
  readonly neutral: readonly Message[];
  readonly first: readonly Message[];
  readonly returning: readonly Message[];
  readonly regular: readonly Message[];
  readonly lapsed: readonly Message[];
  readonly usual: Message;
  readonly last: Message;
  readonly asked: Message;
  readonly sentences: Message;
  readonly item: Message;
  readonly pair: Message;
  readonly times: Message;
  readonly more: Message;
  readonly without: Message;
  readonly extra: Message;
  readonly question: Message;
  readonly plain: Message;
}

/** Messages of the section [rare]. */
export interface RareWords {
  readonly birthday: readonly Message[];
  readonly milestone: readonly Message[];
  readonly 'follow-up': readonly Message[];
  readonly sorry: Message;
  readonly wrong: Message;
  readonly handled: Message;
  readonly reach: Message;
}

/** Messages of the section [reasons]. */
export interface ReasonsWords {
  readonly visits: Message;
  readonly recent: Message;
  readonly bought: Message;
  readonly 'more-days': Message;
  readonly lately: Message;
  readonly share: Message;
  readonly 'share-then': Message;
  readonly which: Message;
  readonly told: Message;
  readonly noted: Message;
  readonly level: Message;
  readonly together: Message;
  readonly 'in-basket': Message;
  readonly popular: Message;
  readonly 'issue-open': Message;
  readonly 'issue-settled': Message;
  readonly rhythm: Message;
  readonly 'held-out': Message;
  readonly due: Message;
  readonly every: Message;
  readonly price: Message;
  readonly gone: Message;
  readonly unavailable: Message;
  readonly 'modifier-gone': Message;
  readonly 'choice-missing': Message;
  readonly choose: Message;
  readonly have: Message;
  readonly 'have-not': Message;
  readonly near: Message;
  readonly elsewhere: Message;
  readonly allergens: Message;
}

/** All messages of a language. */
export type Words = SpokenWords & RareWords & ReasonsWords;
