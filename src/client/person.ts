import type { EvidenceLevel } from '../identity/types.js';
import { randomId } from '../kernel/random-id.js';
import type { Card } from '../profile/types.js';
import type { Core, Person } from './core.js';

/** Somebody nothing is known of. */
export function nobody(core: Pick<Core, 'random'>): Person {
  const subject = randomId(core.random);
  return { subject, customer: subject, remembered: false, claims: [] };
}

/** The level now: the proof while it lasts, else what the device remembers. */
export function levelOf(core: Core): EvidenceLevel {
  const { person } = core.state;
  const { proof } = person;
  if (proof && (proof.until === undefined || core.clock.elapsed() < proof.until))
    return proof.level;
  return person.remembered ? 'device' : 'none';
}

/** Makes somebody the person here. Whatever was shown of another is gone with the next snapshot. */
export async function become(core: Core, person: Person, card: Card | undefined): Promise<void> {
  const { state, vault } = core;
  const before = state.person.customer;
  state.person = person;
  state.card = card;
  if (before !== person.customer) {
    state.visit?.whys.clear();
    state.visit?.targets.clear();
    if (state.visit) delete state.visit.spoken;
  }
  if (state.visit) state.visits.set(state.visit.token, person.subject);
  if (person.remembered && vault.remembered()?.customer !== person.customer) {
    await vault.remember({ subject: person.subject, customer: person.customer });
    state.tabs?.tell('person-changed');
  }
  if (person.proof?.until !== undefined)
    core.clock.after(Math.max(0, person.proof.until - core.clock.elapsed()), core.refresh);
  core.refresh();
}
