import { uuidV7 } from '../kernel/ids.js';
import type { Json } from '../kernel/json.js';
import type { Card, ConsentPurpose, DismissalReason, PurchaseInput } from '../profile/types.js';
import type { Reorder } from '../greeting/types.js';
import { answerConsent, forgetHere } from './answer.js';
import { refoldCard } from '../profile/log.js';
import type { ProfileStorage } from '../profile/port.js';
import { commit } from './append.js';
import { moveHeld } from './hold.js';
import type { Core, Visit } from './core.js';
import type { Life } from './life.js';
import type { MarkerStore } from './marker.js';
import { levelOf } from './person.js';
import { createRecognition, type RecognitionActs } from './recognition.js';
import { dismissRef, recordPurchase, writeExposure } from './remember.js';
import { reorderNow } from './reorder.js';
import { exportHere, knownHere } from './rights.js';
import type { CustomerExport, Known, RecordOutcome, Rights } from './types.js';

/** A fact's more than key and value. */
type FactOptions = Omit<Parameters<Rights['remember']>[0], 'key' | 'value'>;

/**
 * Everything that a person's act asks for: whatever writes, looks up or exports. A greeting needs none of it, so it is a
 * module of its own, which `start` loads once the greeting is there.
 */
export interface Acts extends RecognitionActs {
  readonly record: (purchase: PurchaseInput, subject: string) => Promise<RecordOutcome>;
  readonly fact: (
    kind: 'fact' | 'correction',
    key: string,
    value: Json,
    options?: FactOptions,
  ) => Promise<RecordOutcome>;
  readonly dismiss: (ref: string, reason: DismissalReason) => Promise<RecordOutcome>;
  readonly writeExposure: (visit: Visit, subject: string) => Promise<void>;
  readonly reorder: (refOrPurchaseId: string) => Promise<Reorder>;
  readonly answer: (
    purpose: ConsentPurpose,
    answer: 'granted' | 'denied',
  ) => Promise<RecordOutcome>;
  readonly forget: () => Promise<void>;
  /** Moves what memory holds into a storage. */
  readonly moveHeld: (to: ProfileStorage, anonymous: string | undefined) => Promise<void>;
  /** Computes a card anew from its records. */
  readonly refold: (customer: string) => Promise<Card | undefined>;
  readonly known: () => Known;
  readonly export: () => Promise<CustomerExport>;
}

/** The acts of one client. */
export function createActs(core: Core, life: Life, markers: MarkerStore): Acts {
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
    moveHeld: (to, anonymous) => moveHeld(core.vault, to, anonymous),
    refold: (customer) =>
      core.vault.run('readwrite', (transaction) => refoldCard(transaction, customer)),
    known: () => knownHere(core, levelOf(core)),
    export: () => exportHere(core, levelOf(core)),
  };
}
