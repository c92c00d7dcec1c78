import { defaultGreetingRules, exposureOf, rulesWith } from '../greeting/default-rules.js';
import { rare } from '../greeting/locales/en-rare-words.js';
import { english } from '../greeting/locales/en-spoken.js';
import { spoken } from '../greeting/locales/en-spoken-words.js';
import { createOccasional, greetingWords } from '../greeting/create-occasional.js';
import type { GreetingRule } from '../greeting/types.js';
import type { Core, Occasions } from './core.js';
import { formattedBy } from './formatted-by.js';

// Named here for the reason given in acts.ts.
/** @public */
export { createClient } from './create-client.js';
/** @public */
export { money } from '../kernel/money.js';

/** Said once: what it thanks or wishes for is not said again in the next stay. */
const ONCE = /^(birthday|follow-up|milestone)$/;

const inEnglish = createOccasional(english, { ...spoken, ...rare });

/** What speaks on rare occasions, and in what the host has changed. */
export function occasionsOf({ options, state, report }: Core): Occasions {
  const { holdOut = 0, messageFormatter } = options;
  return {
    rules: rulesOf(options, report),
    english: inEnglish,
    spoken: (locale) => createOccasional(locale, greetingWords(locale)),
    formatted: (words) => (messageFormatter ? formattedBy(messageFormatter, words, report) : words),
    noted: ({ greeting: { kind, ref }, rule }) => {
      // in an experiment all that was greeted is counted, beside all that was not
      if (kind !== 'neutral' ? holdOut > 0 || ONCE.test(kind) : rule === 'held-out')
        state.targets.set(ref, { sku: exposureOf(kind === 'neutral' ? 'held-out' : kind) });
    },
  };
}

/** The host's rules, or ours. */
function rulesOf(
  { greetingRules, holdOut = 0 }: Core['options'],
  report: Core['report'],
): readonly GreetingRule[] {
  if (greetingRules && typeof greetingRules !== 'function') return greetingRules;
  const defaults = holdOut > 0 ? rulesWith(holdOut) : defaultGreetingRules;
  try {
    const given = greetingRules?.(defaults);
    return Array.isArray(given) ? given : defaults;
  } catch (error) {
    report(error);
    return defaults;
  }
}
