import { chooseGreeting, type ChosenGreeting } from '../greeting/choose-greeting.js';
import { daypartAt } from '../greeting/daypart.js';
import { findUsual } from '../greeting/find-usual.js';
import { countsAsBought } from '../greeting/usual-orders.js';
import type { Greeting, NameSlots, SpeakContext, Usual } from '../greeting/types.js';
import { decideReveal } from '../identity/reveal-field.js';
import type { RevealDecision, RevealField } from '../identity/types.js';
import { hash32 } from '../kernel/hash.js';

import type { Card } from '../profile/types.js';
import type { Core } from './core.js';
import type { Spoken } from './occasion-types.js';
import { levelOf } from './person.js';
import { rulesHere } from './rules-here.js';
import { consentOf } from './consent.js';

const DAY_MS = 86_400_000;
/** A dismissed "not now" rests so long, as does an item shown three times without a click (product rule D8). */
export const REST_MS: number = 30 * DAY_MS;

/** The gate: nothing of a customer is shown but through it. At a till, what a role has not is not there. */
export function gate(core: Core, field: RevealField): RevealDecision {
  return core.state.role?.(field) ?? levelGate(core, field);
}

/** What the level lets through, whoever looks: for the customer's own rights. */
export function levelGate(core: Core, field: RevealField): RevealDecision {
  const name = factHere(core, 'name.given');
  return decideReveal(
    field,
    {
      level: levelOf(core),
      mode: core.mode,
      greetByNumber: core.state.person.view !== undefined,
      givenHere: name !== undefined && name.source !== 'import',
    },
    core.options.reveal,
  );
}

/** The gate for what has no masked form. */
export function mayWhole(core: Core, field: RevealField): RevealDecision {
  const decision = gate(core, field);
  return decision.ok && decision.masked ? { ok: false, need: 'verified' } : decision;
}

/** What is known of whoever is here; of a claim at a kiosk just what it may say. */
export function cardHere({ state }: Core): Card | undefined {
  return state.person.view?.card ?? state.card;
}

/** What is known under a key, unless its time is over. */
export function factHere(core: Core, key: string): Card['facts'][string] | undefined {
  const fact = cardHere(core)?.facts[key];
  return core.clock.now() >= Number(fact?.expiresAt) ? undefined : fact;
}

/** What the customer is called, where it may be said. */
export function namesHere(core: Core): NameSlots | undefined {
  const names: { -readonly [K in keyof NameSlots]: NameSlots[K] } = {};
  if (!gate(core, 'name').ok) return undefined;
  for (const key of ['given', 'family', 'title', 'display'] as const) {
    const value = factHere(core, `name.${key}`)?.value;
    if (typeof value === 'string') names[key] = value;
  }
  return (names.given ?? names.family ?? names.display) ? names : undefined;
}

/** First name, where it may be said. */
export function nameHere(core: Core): string | undefined {
  return namesHere(core)?.given;
}

/** The card, where anything of it may speak: somebody is known, and has not said no. */
export function speakingCard(core: Core): Card | undefined {
  const card = cardHere(core);
  const known =
    levelOf(core) !== 'none' &&
    (core.mode !== 'kiosk' || gate(core, 'name').ok) &&
    consentOf(core, 'remember') !== 'denied';
  return known && !card?.erased ? card : undefined;
}

/** The customer only looks around. */
export function isPaused(core: Core): boolean {
  return factHere(core, 'paused')?.value === true;
}

export function contextOf(core: Core): SpeakContext {
  const { state, clock, options } = core;
  const { person, channel, currency, place } = state;
  const level = levelOf(core);
  const name = namesHere(core);
  const now = clock.now();
  // product rule D15: on the web the customer's zone, which is the device's unless the page knows better; elsewhere the shop's
  const timeZone = state.timeZone ?? (/^(web|app)$/.test(channel) ? undefined : options.timeZone);
  const day = Date.parse(daypartAt(now, timeZone).localDay) / DAY_MS;
  return {
    ...{ now, level, channel, locale: state.locale, mode: core.mode, shop: options.shop },
    // one further each day: nobody hears the same sentence two days running
    seed: (hash32(person.customer) + day) >>> 0,
    may: {
      taste: gate(core, 'taste').ok && consentOf(core, 'suggest') !== 'denied',
      birthday: mayWhole(core, 'birthday').ok,
      issues: !state.role?.('issues'),
    },
    ...{ basket: state.basket, contact: options.contact, prior: options.prior },
    ...(timeZone !== undefined && { timeZone }),
    ...(currency !== undefined && { currency }),
    ...(place && { place }),
    ...(name && { name }),
  };
}

/** Greeting and usual of this moment; the words that were shown stay for the visit. */
export function speak(core: Core): { readonly greeting: Greeting; readonly usual: Usual } {
  const { state, messages } = core;
  const card = speakingCard(core);
  const context = contextOf(core);
  const found = usualNow(core, card, context);
  const usual = state.usualToday?.(found) ?? found;
  const { visit } = state;
  const key = keyOf(core, context, card);
  if (usual.kind !== 'none')
    state.whys.set(usual.ref, () => state.explain?.usual(usual, card, context));
  const { spoken } = visit ?? {};
  if (spoken && stands(spoken, key, card))
    return {
      greeting: state.occasions?.resting(card, spoken.greeting.kind) ?? spoken.greeting,
      usual,
    };

  const input = { ...(card && { card }), context, usual };
  const chosen = chooseGreeting(input, rulesHere(core, card), messages);
  chosen.errors.forEach(core.report);
  const greeting = state.occasions?.resting(card, chosen.greeting.kind) ?? chosen.greeting;
  state.whys.set(chosen.greeting.ref, () => state.explain?.greeting(chosen, card, context));
  state.occasions?.noted(chosen);
  return { greeting, usual };
}

/** A message of the host that throws costs the page its words, not its start. */
function usualNow(core: Core, card: Card | undefined, context: SpeakContext): Usual {
  const { catalog, messages, report, state } = core;
  if (card && isPaused(core)) return { kind: 'none', reason: 'dismissed' };
  const view = card && state.person.view?.usual(context);
  if (view) return view;
  try {
    return findUsual(card, context, catalog.item, { messages });
  } catch (error) {
    report(error);
    return findUsual(card, context, catalog.item);
  }
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
export function fixGreeting(core: Core, greeting: ChosenGreeting['greeting']): void {
  const { visit } = core.state;
  const card = speakingCard(core);
  const context = contextOf(core);
  const key = keyOf(core, context, card);
  if (!visit || (visit.spoken && stands(visit.spoken, key, card))) return;
  const usual = usualNow(core, card, context);
  const orders = usual.kind === 'none' ? [] : usual.purchases;
  visit.spoken = { key, visits: card?.paidVisits ?? 0, orders, greeting };
}
