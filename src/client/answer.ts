import { RegularsError } from '../kernel/errors.js';
import { uuidV7 } from '../kernel/ids.js';
import type { ConsentPurpose, RecordDraft } from '../profile/types.js';
import { commit } from './append.js';
import { consentOf, PURPOSES } from './consent.js';
import type { Core } from './core.js';
import { forgetHere } from './forget.js';
import type { Life } from './life.js';
import type { MarkerStore } from './marker.js';
import { askToPersist, lookAtRoom } from './make-room-here.js';
import { destroyUnlessSealed } from './sealed-rows.js';
import type { RecordOutcome } from './types.js';

/** An answer, ready to be appended: it names the answers it replaces. */
function consentDraft(
  core: Core,
  purpose: ConsentPurpose,
  answer: 'granted' | 'denied',
): RecordDraft {
  const at = core.clock.now();
  return {
    id: uuidV7(at, core.random),
    subject: core.state.person.subject,
    kind: 'consent',
    by: `device:${core.vault.device().id}`,
    data: { purpose, answer, at, replaces: core.state.card?.consentRecords[purpose] ?? [] },
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
  if (purpose !== 'remember') return commit(core, [consentDraft(core, purpose, answer)]);
  if (answer === 'denied') {
    await forgetHere(core, markers);
    state.answeredRemember = 'denied';
    await state.sealing?.refuse(state.person.subject);
    core.refresh();
    return { kind: 'held', reason: 'no-consent' };
  }
  if (consentOf(core, 'remember') !== 'granted' || state.card?.consent.remember !== 'granted') {
    const outcome = await commit(core, [consentDraft(core, purpose, answer)]);
    if (outcome.kind === 'refused') return outcome;
  }
  state.answeredRemember = 'granted';
  state.sealing?.allow(state.person.subject);
  await life.openStorage(true);
  core.refresh();
  // nobody waits for what the browser, or the person, says to it
  void lookAtRoom(core).then(() => askToPersist(core));
  return commit(core, []);
}

/** The time the customer agreed to is over: nothing is shown of it, and nothing is kept. */
export async function endRemembering({ options }: Core, markers: MarkerStore): Promise<void> {
  markers.erase();
  await options.storage?.open({ name: `regulars:${options.shop}` });
  if (options.storage) await destroyUnlessSealed(options.storage);
}
