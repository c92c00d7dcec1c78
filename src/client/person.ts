import type { EvidenceLevel } from '../identity/types.js';
import { randomId } from '../kernel/random-id.js';
import type { Card } from '../profile/types.js';
import type { Core, Person, Visit } from './core.js';

/** Somebody nothing is known of. */
export function nobody(core: Pick<Core, 'random'>): Person {
  const subject = randomId(core.random);
  return { subject, customer: subject, remembered: false, claims: [] };
}

/** The level now: the proof while it lasts, else what the device remembers; none once stopped: nothing would tell of a no in another tab. */
export function levelOf(core: Core): EvidenceLevel {
  const { person, status } = core.state;
  if (status === 'stopped') return 'none';
  const { proof } = person;
  if (proof && (proof.until === undefined || core.clock.elapsed() < proof.until))
    return proof.level;
  return person.remembered ? 'device' : 'none';
}

/** True where the card shown is of whoever is here: a claim shows another's, and writes under an entry of its own. */
export function isOwn({ subject, customer, remembered }: Person, card: Card | undefined): boolean {
  return remembered || customer === subject || card?.subjects.includes(subject) === true;
}

/** Makes somebody the person here. Whatever was shown of another is gone with the next snapshot. */
export async function become(
  core: Core,
  person: Person,
  card: Card | undefined,
  sameStay = false,
): Promise<void> {
  const { state, vault } = core;
  const before = state.person.customer;
  const { subject, proof, remembered, claims } = state.person;
  const somebody = proof || remembered || claims.length > 0 || state.card;
  // a visit is one person's stay: what still comes for it belongs to whom it was
  if (!sameStay && state.visit && somebody && subject !== person.subject) {
    const old = state.visit;
    state.visit = newVisit(core);
    // the cart was theirs
    state.basket = [];
    if (old.exposuresChanged && core.mode !== 'kiosk')
      void core
        .acts()
        .then((acts) => acts.writeExposure(old, subject))
        .catch(core.report);
  }
  state.person = person;
  state.card = card;
  if (before !== person.customer) {
    state.whys.clear();
    state.targets.clear();
    state.choices.clear();
    if (state.visit) delete state.visit.spoken;
  }
  if (state.visit) state.visits.set(state.visit.token, person.subject);
  if (person.remembered && vault.remembered()?.customer !== person.customer) {
    await vault.remember({ subject: person.subject, customer: person.customer });
    state.tabs?.tell('person-changed');
  }
  core.refresh();
}

/** Whoever this device remembers, or nobody. */
export async function returnToDevice(core: Core): Promise<void> {
  const current = core.vault.remembered();
  if (!current) return become(core, nobody(core), undefined);
  const card = await core.vault.card(current.customer);
  return become(core, { ...current, remembered: true, claims: [] }, card);
}

/** What only a proof or a claim said is gone; whoever gave a number that nobody had is still here. */
export function lapse(core: Core): Promise<void> {
  const { person, card } = core.state;
  const { proof, ...rest } = person;
  const isOwn = proof?.level === 'claimed' && rest.customer === rest.subject && !rest.remembered;
  return isOwn && core.mode !== 'kiosk' ? become(core, rest, card, true) : returnToDevice(core);
}

/** A stay that begins now. */
export function newVisit({ random, clock }: Core): Visit {
  return {
    token: randomId(random),
    startedAt: clock.now(),
    exposures: new Map(),
    exposuresChanged: false,
  };
}
