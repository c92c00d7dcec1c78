import { priors } from '../rhythm/priors.js';
import { returnTone } from '../rhythm/return-tone.js';
import { summarise } from '../rhythm/summarise.js';
import type { GreetingChoice, GreetingRule } from './types.js';

const DAY_MS = 86_400_000;

/** What everybody hears. */
export const everybody: GreetingChoice = {
  kind: 'neutral',
  because: [{ kind: 'level', level: 'none' }],
};

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

/** Comes back after a gap that is long for this customer: who comes every week is asked earlier than who comes every spring. */
const lapsed: GreetingRule = {
  name: 'lapsed',
  choose: ({ card, context: { now, timeZone, prior = 'shop' } }) => {
    // nobody is missed within two weeks
    if (!card || !(now - (card.visitTimes[0] ?? now) > 13 * DAY_MS)) return undefined;
    const summary = summarise(card.visitTimes, now, timeZone);
    const gap = summary.T - summary.tx;
    const { tone, tail } = returnTone(
      summary,
      gap,
      typeof prior === 'string' ? priors[prior] : prior,
    );
    return tone === 'missed'
      ? {
          kind: 'lapsed',
          because: [
            { kind: 'rhythm', tail },
            { kind: 'visits', count: card.paidVisits },
          ],
        }
      : undefined;
  },
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

/** The rules for every day, in the order of product rule D3; those of rare occasions stand between the first and the others. */
export const everydayRules: readonly GreetingRule[] = [unknown, lapsed, regular, returning, first];
