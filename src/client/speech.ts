import { chooseGreeting, type ChosenGreeting } from '../greeting/choose-greeting.js';
import { exposureOf } from '../greeting/default-rules.js';
import { usualInWords } from '../greeting/usual-in-words.js';
import { hostRules } from '../greeting/host-rules.js';
import { mayHaveChanged } from '../greeting/line-key.js';
import { restingGreeting } from '../greeting/resting.js';
import type {
  Greeting,
  GreetingKind,
  GreetingRule,
  SpeakContext,
  Usual,
} from '../greeting/types.js';
import { countsAsBought } from '../greeting/usual-orders.js';
import type { Card } from '../profile/types.js';
import { contextOf } from './context-here.js';
import type { Core } from './core.js';
import { isPaused, speakingCard } from './speak.js';
import type { Said, Speech, Spoken } from './speech-types.js';
import { wordsHere } from './words-here.js';

// Named here for the reason given in acts.ts.
/** @public */
export { createClient } from './create-client.js';
/** @public */
export { money } from '../kernel/money.js';

/** Said once: what it thanks or wishes for is not said again in the next stay. */
const ONCE = /^(birthday|follow-up|milestone)$/;

/** What speaks to somebody: before anybody is known, a page does without. */
export function createSpeech(core: Core): Speech {
  const rules = hostRules(core.options, core.report);
  return {
    speak: () => speakNow(core, rules),
    fix: (greeting) => fixGreeting(core, greeting),
    mayHaveChanged: (lines) => mayHaveChanged(lines, core.catalog.item),
  };
}

/** Greeting and usual of this moment; the words that were shown stay for the visit. */
function speakNow(core: Core, rules: readonly GreetingRule[]): Said {
  const { state } = core;
  const card = speakingCard(core);
  const context = contextOf(core);
  const found = usualNow(core, card, context);
  const usual = state.usualToday?.(found) ?? found;
  if (usual.kind !== 'none')
    state.whys.set(usual.ref, () => state.explain?.usual(usual, card, context));
  const { spoken } = state.visit ?? {};
  if (spoken && stands(spoken, keyOf(core, context, card), card))
    return {
      greeting: resting(core, card, spoken.greeting.kind) ?? spoken.greeting,
      usual,
    };

  const input = { ...(card && { card }), context, usual };
  const chosen = chooseGreeting(input, rules, wordsHere(core));
  chosen.errors.forEach(core.report);
  const greeting = resting(core, card, chosen.greeting.kind) ?? chosen.greeting;
  state.whys.set(chosen.greeting.ref, () => state.explain?.greeting(chosen, card, context));
  countOnce(core, chosen);
  return { greeting, usual };
}

/** Has what is said once, and all that an experiment compares, counted when it is shown. */
function countOnce(
  { state, options: { holdOut = 0 } }: Core,
  { greeting: { kind, ref }, rule }: ChosenGreeting,
): void {
  // in an experiment all that was greeted is counted, beside all that was not
  if (kind !== 'neutral' ? holdOut > 0 || ONCE.test(kind) : rule === 'held-out')
    state.targets.set(ref, { sku: exposureOf(kind === 'neutral' ? 'held-out' : kind) });
}

/** What somebody usually has, unless they only look around. */
function usualNow(core: Core, card: Card | undefined, context: SpeakContext): Usual {
  const { catalog, report, state } = core;
  if (card && isPaused(core)) return { kind: 'none', reason: 'dismissed' };
  const view = card && state.person.view?.usual(context);
  if (view) return view;
  return usualInWords(card, context, catalog.item, wordsHere(core), report);
}

/** While this is the same, the words that were shown stay: whatever is bought meanwhile, but not what they name being refused. */
function keyOf(
  { state }: Core,
  { level, name, locale, may }: SpeakContext,
  card: Card | undefined,
): string {
  const { issues = [], facts = {}, dismissals = [] }: Partial<Card> = card ?? {};
  return JSON.stringify([
    ...[state.visit?.token, state.person.customer, level, name, locale, !card, may.taste],
    ...[issues.map((issue) => issue.state), facts['birthday']?.record, facts['paused']?.record],
    dismissals.filter(
      ({ reason, target: { kind } }) =>
        kind === 'usual' || (kind === 'item' && reason !== 'not-now'),
    ).length,
  ]);
}

/** Of a visit that turned out not to be theirs nothing is said any more, nor of an order that was taken back. */
function stands({ key, visits, orders }: Spoken, now: string, card: Card | undefined): boolean {
  return (
    key === now &&
    !(Number(card?.paidVisits) < visits) &&
    orders.every((id) => card?.purchases.some((one) => one.id === id && countsAsBought(one)))
  );
}

/** From now on this visit hears the same words. */
function fixGreeting(core: Core, greeting: ChosenGreeting['greeting']): void {
  const { visit } = core.state;
  const card = speakingCard(core);
  const context = contextOf(core);
  const key = keyOf(core, context, card);
  if (!visit || (visit.spoken && stands(visit.spoken, key, card))) return;
  const usual = usualNow(core, card, context);
  const orders = usual.kind === 'none' ? [] : usual.purchases;
  visit.spoken = { key, visits: card?.paidVisits ?? 0, orders, greeting };
}

/** What the customer has asked to rest, rests. */
function resting(
  { state, clock }: Core,
  card: Card | undefined,
  kind: GreetingKind,
): Extract<Greeting, { readonly kind: 'none' }> | undefined {
  return restingGreeting(card, kind, clock.now(), state.visit?.startedAt);
}
