import { everydayRules } from '../greeting/everyday-rules.js';
import type { GreetingRule } from '../greeting/types.js';
import type { Card } from '../profile/types.js';
import type { Core } from './core.js';

/**
 * True where more than the rules for every day may speak: something that is to be settled, a greeting that was
 * not wanted, a pause, a birthday, a round visit, or
 * the host's own rules and words. Only then what knows of them is waited for.
 */
export function mayHaveOccasion({ options }: Core, card: Card | undefined): boolean {
  if (options.greetingRules || options.messageFormatter) return true;
  if (!card) return false;
  const { dismissals, issues, facts, paidVisits } = card;
  return [
    options.holdOut,
    issues[0],
    dismissals.some(({ target }) => target.kind === 'greeting'),
    facts['paused'],
    facts['birthday'],
    // the coming visit, and the one that has just been paid for
    [paidVisits, paidVisits + 1].some((nth) => nth === 10 || (nth > 0 && nth % 25 === 0)),
  ].some(Boolean);
}

/** The rules in use. Those of rare occasions are not there before a card may have one: until then nothing personal is said to it. */
export function rulesHere(core: Core, card: Card | undefined): readonly GreetingRule[] {
  return core.state.occasions?.rules ?? (mayHaveOccasion(core, card) ? [] : everydayRules);
}
