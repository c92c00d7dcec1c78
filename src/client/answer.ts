import { RegularsError } from '../kernel/errors.js';
import { uuidV7 } from '../kernel/ids.js';
import type { Card, ConsentPurpose, RecordDraft } from '../profile/types.js';
import { commit } from './append.js';
import { answersOf, consentOf, ON_DEVICE, PURPOSES, sourceOf } from './consent.js';
import type { Core } from './core.js';
import { forgetHere } from './forget.js';
import type { Life } from './life.js';
import { isFarAhead, type MarkerStore } from './marker.js';
import { hostSaysYes, noteAgreed } from './may-keep.js';
import { askToPersist, lookAtRoom } from './make-room-here.js';
import { wipeDevice } from './owed.js';
import { isOwn } from './person.js';
import { dropPurpose } from './retain.js';
import type { RecordOutcome } from './types.js';

/** The card of whoever answers: a claim shows another's, for whom nobody but that one can speak. */
async function cardOfAnswerer({ state, vault }: Core): Promise<Card | undefined> {
  const { person, card } = state;
  return isOwn(person, card) ? card : vault.card(person.subject);
}

/** An answer, ready to be appended: it names the answers it replaces. */
function consentDraft(
  core: Core,
  purpose: ConsentPurpose,
  answer: 'granted' | 'denied',
  card: Card | undefined,
): RecordDraft {
  const at = core.clock.now();
  return {
    id: uuidV7(at, core.random),
    subject: core.state.person.subject,
    kind: 'consent',
    by: `device:${core.vault.device().id}`,
    data: { purpose, answer, at, replaces: card?.consentRecords[purpose] ?? [] },
  };
}

/** Takes an answer to a purpose. A yes to `remember` opens the storage and moves in what memory holds; a no wipes. */
export async function answerConsent(
  core: Core,
  life: Pick<Life, 'openStorage'>,
  markers: MarkerStore,
  purpose: ConsentPurpose,
  answer: 'granted' | 'denied',
): Promise<RecordOutcome> {
  const { state } = core;
  if (!PURPOSES.includes(purpose) || !['granted', 'denied'].includes(answer))
    throw new RegularsError('ERR_OPTIONS_INVALID', `consent: "${purpose}" cannot be "${answer}".`);
  if (answer === 'granted' && sourceOf(core.options) && answersOf(core)[purpose] === 'denied')
    return { kind: 'refused', reason: 'no-consent' };
  if (purpose !== 'remember') return answerPurpose(core, purpose, answer);
  if (answer === 'denied') return refuse(core, markers);
  const card = await cardOfAnswerer(core);
  if (consentOf(core, 'remember') !== 'granted' || card?.consent.remember !== 'granted') {
    const outcome = await commit(core, [consentDraft(core, purpose, answer, card)]);
    if (outcome.kind === 'refused') return outcome;
  }
  noteAgreed(core, [state.person.subject, ...(card?.subjects ?? [])]);
  state.refused = undefined;
  state.sealing?.allow(state.person.subject);
  await life.openStorage(true);
  core.refresh();
  // nobody waits for what the browser, or the person, says to it
  void lookAtRoom(core).then(() => askToPersist(core));
  return commit(core, []);
}

/** A no to being remembered: all goes at once. Where the host says yes for everybody, that no is kept, and nothing else is. */
async function refuse(core: Core, markers: MarkerStore): Promise<RecordOutcome> {
  const { state } = core;
  const stands = core.mode === 'storefront' && hostSaysYes(core) && !sourceOf(core.options);
  await forgetHere(core, markers, stands || markers.isRefused());
  state.refused = stands ? ON_DEVICE : state.person.subject;
  await state.sealing?.refuse(state.person.subject);
  core.refresh();
  return { kind: 'held', reason: 'no-consent' };
}

/** An answer to another purpose: a yes moves in what waited for it, a no wipes what was kept for it. */
async function answerPurpose(
  core: Core,
  purpose: ConsentPurpose,
  answer: 'granted' | 'denied',
): Promise<RecordOutcome> {
  const { vault, state } = core;
  const card = await cardOfAnswerer(core);
  const outcome = await commit(core, [consentDraft(core, purpose, answer, card)]);
  if (outcome.kind === 'refused') return outcome;
  if (vault.holds() && vault.isOpen()) await vault.open(undefined);
  if (answer === 'denied') await dropPurpose(core, purpose);
  if (!isOwn(state.person, state.card)) {
    // the no of a claim holds for what it shows, as long as it does; its yes for nobody else
    if (state.card && answer === 'denied')
      state.card = { ...state.card, consent: { ...state.card.consent, [purpose]: answer } };
  } else if (answer === 'granted' && vault.isOpen())
    state.card = (await vault.card(state.person.customer)) ?? state.card;
  core.refresh();
  return outcome;
}

/** The time the customer agreed to is over: nothing is shown of it, and nothing is kept. */
export async function endRemembering(core: Core, markers: MarkerStore): Promise<void> {
  const marker = markers.read();
  if (marker && isFarAhead(core.clock.now() - marker.at)) return;
  await wipeDevice(core, markers);
}
