import { hash32 } from '../kernel/hash.js';
import { daypartAt } from './daypart.js';
import { everybody } from './everyday-rules.js';
import { enSpoken } from './locales/en-spoken.js';
import type { MessageSlots, SpokenMessages } from './messages.js';
import { usableNames } from './name.js';
import type { Evidence, Greeting, GreetingChoice, GreetingInput, GreetingRule } from './types.js';
import { labelOf } from './line-key.js';
import { isolateParts, itemSlots, partsToText } from './words.js';

/** A greeting, the rule that spoke, and why. */
export interface ChosenGreeting {
  readonly greeting: Extract<Greeting, { readonly text: string }>;
  /** Name of the rule. */
  readonly rule: string;
  readonly because: readonly Evidence[];
  /** What rules and messages of the host threw; they were skipped. */
  readonly errors: readonly unknown[];
}

/** What the words may use: for a neutral greeting nothing. */
function slotsOf(
  choice: GreetingChoice,
  { context, usual }: GreetingInput,
  messages: SpokenMessages,
): MessageSlots {
  if (choice.kind === 'neutral') return {};
  const name = usableNames(context.name);
  // whoever waits for an answer is not asked for an order
  const known = usual.kind === 'none' || choice.kind === 'recovery' ? undefined : usual;
  return {
    ...choice.slots,
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
  // What cannot be had as it was is not offered: what has changed of it is said instead.
  const changes = slots.items && input.usual.kind !== 'none' ? (input.usual.changes ?? []) : [];
  const said = slots.items && changes.length === 0 ? input.usual.kind : 'none';
  // A neutral greeting is the same to the byte for everybody: no variant and no ref that a customer's seed could colour.
  const { sentences = (first, second) => [...first, { type: 'text', value: ' ' }, ...second] } =
    messages;
  const parts = isolateParts(
    changes.reduce(
      (before, { text }) => sentences(before, [{ type: 'change', value: text }]),
      messages.greeting(kind, slots, said, neutral ? 0 : (hash32(kind) + seed) >>> 0),
    ),
    messages.dir,
  );
  const text = partsToText(parts);
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
