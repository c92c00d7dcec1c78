import type { NameSlots } from '../greeting/types.js';
import { decideReveal } from '../identity/reveal-field.js';
import type { RevealDecision, RevealField } from '../identity/types.js';

import type { Card } from '../profile/types.js';
import type { Core } from './core.js';
import { levelOf } from './person.js';
import { neutralHere } from './neutral-here.js';
import type { Said } from './speech-types.js';
import { consentOf } from './consent.js';

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

/** What somebody likes may steer what is said to them: the level lets it, and they have not said no. */
export function mayTaste(core: Core): boolean {
  return gate(core, 'taste').ok && consentOf(core, 'suggest') !== 'denied';
}

/** Greeting and usual of this moment; until what speaks to somebody is loaded, what everybody hears. */
export function speak(core: Core): Said {
  return (
    core.state.speech?.speak() ?? {
      greeting: neutralHere(core),
      usual: { kind: 'none', reason: mayTaste(core) ? 'no-history' : 'need-proof' },
    }
  );
}
