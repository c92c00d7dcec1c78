import { defaultGreetingRules, refutable, rulesWith } from './default-rules.js';
import type { SpeechOptions } from './speech-options.js';
import type { GreetingRule } from './types.js';

/** The host's rules, or ours; each lets the next one speak where the customer has called it wrong. */
export function hostRules(
  { greetingRules, holdOut = 0 }: Pick<SpeechOptions, 'greetingRules' | 'holdOut'>,
  report: (error: unknown) => void,
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
