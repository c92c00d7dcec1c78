import { hash32 } from '../kernel/hash.js';
import { daypartAt } from './daypart.js';
import { enSpoken } from './locales/en-spoken.js';
import type { MessageSlots, SpokenMessages } from './messages.js';
import { usableNames } from './name.js';
import type { Evidence, Greeting, GreetingChoice, GreetingInput, GreetingRule } from './types.js';
import { labelOf } from './line-key.js';
import { itemSlots, partsToText } from './words.js';

const DAY_MS = 86_400_000;

/** A greeting, the rule that spoke, and why. */
export interface ChosenGreeting {
  readonly greeting: Extract<Greeting, { readonly text: string }>;
  /** Name of the rule. */
  readonly rule: string;
  readonly because: readonly Evidence[];
  /** What rules and messages of the host threw; they were skipped. */
  readonly errors: readonly unknown[];
}

const everybody: GreetingChoice = { kind: 'neutral', because: [{ kind: 'level', level: 'none' }] };

/** Nothing of this person may be said: nobody known, no consent, or a level below both name and taste. Then "back" may not be said either. */
const unknown: GreetingRule = {
  name: 'unknown',
  choose: ({ card, context }) =>
    card === undefined ||
    card.erased ||
    card.consent.remember === 'denied' ||
    context.level === 'none' ||
    (!context.may.taste && context.name === undefined)
      ? everybody
      : undefined,
};

/** At least five paid visits in the last 90 days. */
const regular: GreetingRule = {
  name: 'regular',
  choose: ({ card, context }) => {
    const since = context.now - 90 * DAY_MS;
    const count = card?.visitTimes.filter((at) => at >= since).length ?? 0;
    return count >= 5
      ? { kind: 'regular', because: [{ kind: 'visits', count, days: 90 }] }
      : undefined;
  },
};

/** Has bought here before. */
const returning: GreetingRule = {
  name: 'returning',
  choose: ({ card }) =>
    card !== undefined && card.paidVisits > 0
      ? { kind: 'returning', because: [{ kind: 'visits', count: card.paidVisits }] }
      : undefined,
};

/** Known, and has bought nothing yet. */
const first: GreetingRule = {
  name: 'first',
  choose: ({ card, context }) =>
    card === undefined
      ? undefined
      : { kind: 'first', because: [{ kind: 'level', level: context.level }] },
};

/** The rules of product.md D3 that this release has, in their order: the first that gives something speaks. */
export const defaultGreetingRules: readonly GreetingRule[] = [unknown, regular, returning, first];

/** What the words may use: for a neutral greeting nothing. */
function slotsOf(
  choice: GreetingChoice,
  { context, usual }: GreetingInput,
  messages: SpokenMessages,
): MessageSlots {
  if (choice.kind === 'neutral') return {};
  const name = usableNames(context.name);
  const known = usual.kind === 'none' ? undefined : usual;
  return {
    daypart: daypartAt(context.now, context.timeZone).daypart,
    ...(name === undefined ? {} : { name }),
    ...(known === undefined ? {} : { items: itemSlots(known.lines, messages) }),
    // At a table already, nobody is sent to another one.
    ...(known?.table === undefined || context.place?.table !== undefined
      ? {}
      : { table: labelOf(known.table) }),
  };
}

function say(
  choice: GreetingChoice,
  input: GreetingInput,
  messages: SpokenMessages,
): ChosenGreeting['greeting'] {
  const { kind } = choice;
  const { seed } = input.context;
  const neutral = kind === 'neutral';
  const slots = slotsOf(choice, input, messages);
  const said = neutral ? 'none' : input.usual.kind;
  // A neutral greeting is the same to the byte for everybody: no variant and no ref that a customer's seed could colour.
  const parts = messages
    .greeting(kind, slots, said, neutral ? 0 : hash32(kind, seed))
    .filter(({ value }) => value !== '');
  const text = partsToText(parts, messages.dir);
  const ref = `g:${kind}${neutral ? '' : `:${hash32(text, seed).toString(36)}`}`;
  return { kind, text, parts, ref, lang: messages.lang, dir: messages.dir };
}

/**
 * Picks the greeting: the first rule that gives something speaks, and nobody is greeted neutrally when none does. Never throws:
 * a rule or a message of the host that does is skipped and told in `errors`. Pure: the same input gets the same words.
 * @example chooseGreeting({ card, context, usual }, defaultGreetingRules, en).greeting.text // "Welcome back, Maya."
 */
export function chooseGreeting(
  input: GreetingInput,
  rules: readonly GreetingRule[],
  messages: SpokenMessages,
): ChosenGreeting {
  const errors: unknown[] = [];
  const attempt = <T>(act: () => T): T | undefined => {
    try {
      return act();
    } catch (error) {
      errors.push(error);
      return undefined;
    }
  };
  for (const { name, choose } of rules) {
    const choice = attempt(() => choose(input));
    const greeting =
      choice &&
      (attempt(() => say(choice, input, messages)) ?? attempt(() => say(choice, input, enSpoken)));
    if (choice && greeting) return { greeting, rule: name, because: choice.because, errors };
  }
  const greeting =
    attempt(() => say(everybody, input, messages)) ?? say(everybody, input, enSpoken);
  return { greeting, rule: 'neutral', because: everybody.because, errors };
}
