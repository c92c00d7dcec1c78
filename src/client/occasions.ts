import {
  defaultGreetingRules,
  exposureOf,
  refutable,
  rulesWith,
} from '../greeting/default-rules.js';
import { rare } from '../greeting/locales/en-rare-words.js';
import { english } from '../greeting/locales/en-spoken.js';
import { spoken } from '../greeting/locales/en-spoken-words.js';
import { createOccasional, greetingWords } from '../greeting/create-occasional.js';
import type { Greeting, GreetingKind, GreetingRule } from '../greeting/types.js';
import type { Card } from '../profile/types.js';
import type { Core } from './core.js';
import type { Occasions } from './occasion-types.js';
import { formattedBy } from './formatted-by.js';
import { REST_MS } from './speak.js';

// Named here for the reason given in acts.ts.
/** @public */
export { createClient } from './create-client.js';
/** @public */
export { money } from '../kernel/money.js';

/** Said once: what it thanks or wishes for is not said again in the next stay. */
const ONCE = /^(birthday|follow-up|milestone)$/;

const inEnglish = createOccasional(english, { ...spoken, ...rare });

/** What speaks on rare occasions, and in what the host has changed. */
export function occasionsOf(core: Core): Occasions {
  const { options, state, report } = core;
  const { holdOut = 0, messageFormatter } = options;
  return {
    rules: rulesOf(options, report),
    english: inEnglish,
    spoken: (locale) => createOccasional(locale, greetingWords(locale)),
    formatted: (words) => (messageFormatter ? formattedBy(messageFormatter, words, report) : words),
    resting: (card, kind) => restingGreeting(core, card, kind),
    noted: ({ greeting: { kind, ref }, rule }) => {
      // in an experiment all that was greeted is counted, beside all that was not
      if (kind !== 'neutral' ? holdOut > 0 || ONCE.test(kind) : rule === 'held-out')
        state.targets.set(ref, { sku: exposureOf(kind === 'neutral' ? 'held-out' : kind) });
    },
  };
}

/**
 * Dismissed in this visit, twice running within 30 days, or for good (product rule D8). What went wrong comes before any rest
 * (D3): only its own dismissals let it rest.
 */
function restingGreeting(
  { state, clock }: Core,
  card: Card | undefined,
  kind: GreetingKind,
): Extract<Greeting, { readonly kind: 'none' }> | undefined {
  const greetings = (card?.dismissals ?? []).flatMap(({ at, reason, target }) =>
    target.kind === 'greeting' ? [{ at, reason, of: target.greeting }] : [],
  );
  if (greetings.some(({ reason }) => reason === 'stop')) return { kind: 'none', reason: 'stopped' };
  const [last, before] = greetings.filter(({ of }) => of === kind || !/^(rec|fol)/.test(kind));
  const rests =
    last &&
    (last.at >= (state.visit?.startedAt ?? Infinity) ||
      (before && clock.now() - last.at < REST_MS));
  return rests ? { kind: 'none', reason: 'dismissed' } : undefined;
}

/** The host's rules, or ours; each lets the next one speak where the customer has called it wrong. */
function rulesOf(
  { greetingRules, holdOut = 0 }: Core['options'],
  report: Core['report'],
): readonly GreetingRule[] {
  const defaults = holdOut > 0 ? rulesWith(holdOut) : defaultGreetingRules;
  try {
    const given = typeof greetingRules === 'function' ? greetingRules(defaults) : greetingRules;
    return Array.isArray(given) ? given.map(refutable) : defaults;
  } catch (error) {
    report(error);
    return defaults;
  }
}
