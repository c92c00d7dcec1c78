import { RegularsError } from '../kernel/errors.js';
import { uuidV7 } from '../kernel/ids.js';
import { eraseCustomer, listCustomers } from '../profile/log.js';
import { withFormat } from '../profile/migrations.js';
import type { ConsentPurpose, RecordDraft } from '../profile/types.js';
import { commit } from './append.js';
import { consentOf, PURPOSES } from './consent.js';
import type { Core } from './core.js';
import { noteForgotten } from './forgotten.js';
import type { Life } from './life.js';
import type { MarkerStore } from './marker.js';
import { askToPersist, lookAtRoom } from './make-room-here.js';
import { become, nobody } from './person.js';
import { destroyUnlessSealed, hasSealed } from './sealed-rows.js';
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

/** Erases the customer here from this device; the database too, when nobody else is in it. What is shown goes in any case. */
export async function forgetHere(core: Core, markers: MarkerStore): Promise<void> {
  const { vault, state } = core;
  const { customer, subject } = state.person;
  const known = markers.read() !== undefined;
  // first of all: a crash from here on leaves a database that nothing opens
  markers.erase();
  noteForgotten(core, [subject, customer, ...(state.card?.subjects ?? [])]);
  state.tabs?.tell('forgotten');
  await state.sealing?.refuse(state.person.subject);
  try {
    if (vault.keeps()) await eraseKept(core, customer);
    // a storage that was lost or is only read: nobody can be picked out of it any more
    // at a kiosk nothing of theirs is on the disk: a marker is of another use of this device
    else if (known && core.mode !== 'kiosk') await vault.release('destroy');
  } catch (error) {
    core.report(error);
    await vault.release('destroy');
  } finally {
    markers.erase();
    await vault.dropHeld();
    state.answeredRemember = undefined;
    await become(core, nobody(core), undefined);
  }
}

async function eraseKept(core: Core, customer: string): Promise<void> {
  const { vault } = core;
  const stays = await withFormat((format) =>
    vault.run('readwrite', async (transaction) => {
      await eraseCustomer(transaction, customer, { ...vault.env(), format });
      const others = await listCustomers(transaction, 1);
      return others.length > 0 || hasSealed(transaction);
    }),
  );
  if (stays) await vault.remember(null);
  await vault.release(stays ? 'close' : 'destroy');
}

/** The time the customer agreed to is over: nothing is shown of it, and nothing is kept. */
export async function endRemembering({ options }: Core, markers: MarkerStore): Promise<void> {
  markers.erase();
  await options.storage?.open({ name: `regulars:${options.shop}` });
  if (options.storage) await destroyUnlessSealed(options.storage);
}
