import type { GreetingPart } from './types.js';

/** What compiled messages give: texts, values, and lists of both. */
export type Piece = string | number | GreetingPart | readonly Piece[] | undefined;

/** Numbers and plurals of a language. */
export interface IntlTools {
  /** A whole number as it is written. */
  readonly n: (value: number | undefined) => string;
  /** Its plural category. */
  readonly p: (value: number | undefined) => Intl.LDMLPluralRule;
  /** Its ordinal category. */
  readonly o: (value: number | undefined) => Intl.LDMLPluralRule;
}

type Pieces =
  | 'contact'
  | 'date'
  | 'dates'
  | 'difference'
  | 'display'
  | 'family'
  | 'first'
  | 'full'
  | 'given'
  | 'group'
  | 'hello'
  | 'is'
  | 'item'
  | 'items'
  | 'modifier'
  | 'modifiers'
  | 'name'
  | 'options'
  | 'referral'
  | 'second'
  | 'staff'
  | 'substitute'
  | 'table'
  | 'title'
  | 'was'
  | 'weekday'
  | 'which';

/** Everything a message may be filled with: closed, so that nothing else can be said (product rule D12). */
export type Fill = { readonly [K in Pieces]?: Piece } & {
  readonly [K in 'count' | 'days' | 'of' | 'ordinal']?: number | undefined;
} & { readonly [K in 'daypart' | 'level' | 'week']?: string };

/** A message that says something of its values. */
export type Phrase = (fill: Fill, tools: IntlTools) => Piece;

/** A compiled message; one without values is its text. */
export type Message = Phrase | string;

/** A piece as parts, numbers as `write` has them; neighbouring texts become one, and what is empty is left out. */
export function flatten(
  piece: Piece,
  write: (value: number) => string = String,
  into: GreetingPart[] = [],
): GreetingPart[] {
  if (typeof piece === 'number') return flatten(write(piece), write, into);
  if (typeof piece === 'string') {
    const last = into[into.length - 1];
    if (last?.type === 'text') into[into.length - 1] = { type: 'text', value: last.value + piece };
    else {
      // "Maya K." brings the full stop along
      const value = last?.value.endsWith('.') ? piece.replace(/^\./, '') : piece;
      if (value) into.push({ type: 'text', value });
    }
  } else if (piece && 'value' in piece) {
    if (piece.type === 'text') flatten(piece.value, write, into);
    else if (piece.value) into.push(piece);
  } else piece?.forEach((one) => flatten(one, write, into));
  return into;
}
