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

/** The same, in their order. */
export type SpokenList = readonly [
  called: Message,
  hello: Message,
  neutral: readonly Message[],
  first: readonly Message[],
  returning: readonly Message[],
  regular: readonly Message[],
  lapsed: readonly Message[],
  usual: Message,
  last: Message,
  asked: Message,
  sentences: Message,
  item: Message,
  pair: Message,
  times: Message,
  more: Message,
  without: Message,
  extra: Message,
  question: Message,
  plain: Message,
];

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

/** The same, in their order. */
export type RareList = readonly [
  birthday: readonly Message[],
  milestone: readonly Message[],
  followUp: readonly Message[],
  sorry: Message,
  wrong: Message,
  handled: Message,
  reach: Message,
];

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

/** The same, in their order. */
export type ReasonsList = readonly [
  visits: Message,
  recent: Message,
  bought: Message,
  moreDays: Message,
  lately: Message,
  share: Message,
  shareThen: Message,
  which: Message,
  told: Message,
  noted: Message,
  level: Message,
  together: Message,
  inBasket: Message,
  popular: Message,
  issueOpen: Message,
  issueSettled: Message,
  rhythm: Message,
  heldOut: Message,
  due: Message,
  every: Message,
  price: Message,
  gone: Message,
  unavailable: Message,
  modifierGone: Message,
  choiceMissing: Message,
  choose: Message,
  have: Message,
  haveNot: Message,
  near: Message,
  elsewhere: Message,
  allergens: Message,
];

/** All messages of a language. */
export type Words = SpokenWords & RareWords & ReasonsWords;

/** All messages of a language, in their order. */
export type WordLists = readonly [spoken: SpokenList, rare: RareList, reasons: ReasonsList];
