import { memoryStorage } from '../adapters/storage/memory.js';
import { uuidV7 } from '../kernel/ids.js';
import { withFormat } from '../profile/migrations.js';
import { attend } from './attend.js';
import { answerConsent, endRemembering } from './answer.js';
import { refoldCard } from '../profile/log.js';
import type { ProfileStorage } from '../profile/port.js';
import { commit } from './append.js';
import { createExplain } from './explain.js';
import { loadEngine } from './engine.js';
import { notMe } from './follow.js';
import { forgetHere } from './forget.js';
import { isForgotten } from './forgotten.js';
import { createHealer } from './heal.js';
import { makeDevice, moveHeld } from './hold.js';
import { lookAtRoom, withRoomIn } from './make-room-here.js';
import type { Acts, Core } from './core.js';
import type { Life } from './life.js';
import type { MarkerStore } from './marker.js';
import { createRecognition } from './recognition.js';
import { dismissRef, recordPurchase, writeExposure } from './remember.js';
import { reorderNow } from './reorder.js';
import { rightsHere } from './rights.js';
import { createSealing } from './sealed-purchases.js';

/**
 * Named here so that a bundler that splits by file keeps the first load in one chunk: two would cost a page 0.6 kB.
 * @public
 */
export { createClient } from './create-client.js';

/** The acts of one client. */
export function createActs(core: Core, life: Life, markers: MarkerStore): Acts {
  const { state, mode, options } = core;
  state.explain = createExplain(core);
  const { sealTo, storage } = options;
  if (mode === 'kiosk' && sealTo && storage) state.sealing = createSealing(core, sealTo, storage);
  const healer = createHealer(core, lookingAround(core, life), markers);
  return {
    ...createRecognition(core),
    record: (purchase, subject) => recordPurchase(core, purchase, subject),
    fact: (kind, key, value, options = {}) => {
      const at = core.clock.now();
      return commit(core, [
        {
          id: uuidV7(at, core.random),
          subject: core.state.person.subject,
          kind,
          by: `device:${core.vault.device().id}`,
          data: { key, value, at, source: 'customer', purpose: 'remember', ...options },
        },
      ]);
    },
    dismiss: (ref, reason) => dismissRef(core, ref, reason),
    writeExposure: (visit, subject) => writeExposure(core, visit, subject),
    reorder: (ref) => reorderNow(core, ref),
    answer: (purpose, answer) => answerConsent(core, life, markers, purpose, answer),
    forget: () => forgetHere(core, markers),
    notMe: () => {
      state.sealing?.unclaim(state.person.subject);
      return notMe(core, markers);
    },
    endRemembering: () => endRemembering(core, markers),
    attend: () => attend(core, life, markers, healer),
    heal: healer.heal,
    nudge: healer.nudge,
    loadEngine: () => {
      // after the opening, however late that is
      void core.inTurn(() => Promise.resolve()).then(() => lookAtRoom(core));
      return loadEngine(core);
    },
    createHeld: memoryStorage,
    makeDevice,
    moveHeld: (to, anonymous) => moveMine(core, to, anonymous),
    refold: (customer) =>
      withFormat((format) =>
        core.vault.run('readwrite', (transaction) => refoldCard(transaction, customer, format)),
      ),
    audit: async () => (await import('./audit.js')).auditHere(core, markers),
    ...rightsHere(core),
  };
}

/** A storage that comes back is looked at anew. */
function lookingAround(core: Core, life: Life): Life {
  const openStorage: Life['openStorage'] = async (remembered) => {
    await life.openStorage(remembered);
    void lookAtRoom(core);
  };
  return { ...life, openStorage };
}

/** A customer's yes is their own: what somebody before them left in memory does not move. */
function moveMine(core: Core, to: ProfileStorage, anonymous: string | undefined): Promise<void> {
  const { state, options, vault } = core;
  const mine = new Set([state.person.subject, ...(state.card?.subjects ?? [])]);
  // after a loss all that memory holds was recorded under the yes that the storage had been opened with
  const all = options.consent?.remember === 'granted' || state.comesBack === true;
  const moves = (subject: string): boolean =>
    (all || mine.has(subject)) && !isForgotten(core, subject);
  return withRoomIn(core, to, () => moveHeld(vault, to, anonymous, moves));
}
