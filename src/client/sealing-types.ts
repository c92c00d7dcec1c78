import type { NormalIdentifier } from '../identity/types.js';
import type { RecordDraft } from '../profile/types.js';
import type { RecordOutcome } from './types.js';

/** Seals what is bought at a kiosk, so that it may wait on a disk that anybody could read. */
export interface Sealing {
  /** Somebody typed or scanned this: sealed at once, for a payment that is answered after they have gone. */
  readonly claimed: (
    subject: string,
    claims: readonly (NormalIdentifier & { readonly token: string })[],
  ) => void;
  /** What was typed was not theirs; or goes with a purchase that has just been recorded. */
  readonly unclaim: (subject: string) => void;
  /** Remembers for this visit, and writes what is new, sealed. */
  readonly record: (
    subject: string,
    drafts: readonly RecordDraft[],
    identifiers: readonly (NormalIdentifier & { readonly token: string })[],
  ) => Promise<RecordOutcome>;
  /** They said no, or want to be forgotten: what was written of them is deleted, and nothing more is. */
  readonly refuse: (subject: string) => Promise<void>;
  /** They said yes after all. */
  readonly allow: (subject: string) => void;
  /** Tries to write what waits in memory. */
  readonly resume: () => void;
  readonly stop: () => void;
}
