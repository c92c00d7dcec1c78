import type { EvidenceLevel, RevealField } from '../identity/types.js';
import type { Json } from '../kernel/json.js';
import type { ExplainedLink } from '../profile/explain-links.js';
import type { ConsentPurpose, HeldReason } from '../profile/types.js';
import type { RecordOutcome } from './types.js';

/** What a role may see: fields of the disclosure table, what the staff noted, and what went wrong. */
export type StaffField = RevealField | 'notes' | 'issues' | 'links';

/** Somebody of the staff. `id` stands in every record they make, for the customer to see: a number will do. */
export interface StaffMember {
  readonly id: string;
  /** One of `roles`. */
  readonly role: string;
}

/** Nobody is signed in, or nobody has touched the till for a while. */
export interface Locked {
  readonly kind: 'locked';
}

/** No customer is here. */
export interface NobodyHere {
  readonly kind: 'nobody';
}

/** What came of an attestation. */
export type Attested =
  | Locked
  | NobodyHere
  | {
      readonly kind: 'attested';
      readonly level: EvidenceLevel;
      /** Wall time, ms: when the proof is over. */
      readonly until: number;
    }
  /** It could not be written down, so it does not count. */
  | Extract<RecordOutcome, { readonly kind: 'refused' }>;

/** What a note needs beside its words (product rule P17). */
export interface NoteOptions {
  readonly purpose: ConsentPurpose;
  /** ms; afterwards it is gone. */
  readonly expiresAt: number;
}

/** A note, as a role that may see notes gets it. */
export interface StaffNote {
  readonly id: string;
  readonly text: string;
  readonly at: number;
  readonly purpose: ConsentPurpose;
  readonly expiresAt: number;
}

/** What came of looking at a field. */
export type StaffRevealed =
  | Locked
  | NobodyHere
  /** The role has no such field, whatever is known. */
  | { readonly kind: 'absent' }
  /** The customer is not known well enough: attest first. */
  | { readonly kind: 'unproven'; readonly need: EvidenceLevel }
  | { readonly kind: 'revealed'; readonly value: Json }
  /** The look could not be written down, so there is none. */
  | Extract<RecordOutcome, { readonly kind: 'refused' }>;

/** What came of making two customers one. */
export type Merged =
  | Locked
  | {
      readonly kind: 'merged';
      /** The customer both are now. */
      readonly customer: string;
      /** Give it to `unlink` to part them again; absent when they were one before. */
      readonly link?: string;
    }
  /** They would be too much for one customer: nothing was joined. */
  | { readonly kind: 'held'; readonly held: HeldReason }
  /** One of them is not known here. */
  | { readonly kind: 'unknown' }
  | Extract<RecordOutcome, { readonly kind: 'refused' }>;

/** What came of taking a link back. */
export type Unlinked =
  | Locked
  | { readonly kind: 'unlinked'; readonly links: number }
  /** No link that stands has this id. */
  | { readonly kind: 'unknown' }
  | Extract<RecordOutcome, { readonly kind: 'refused' }>;

/** One thing that somebody of the staff did. The customer sees the same in `rights.known()`. */
export interface StaffAct {
  readonly at: number;
  /** Whose act: `StaffMember.id`; empty where nobody was signed in. */
  readonly staff: string;
  readonly what:
    'looked' | 'attested' | 'noted' | 'merged' | 'unlinked' | 'linked' | 'issue' | 'other';
  /** What was looked at. */
  readonly fields?: readonly string[];
  readonly why?: string;
  /** How it was attested. */
  readonly method?: string;
}

/** What came of writing down that something went wrong. */
export type IssueOpened =
  | Locked
  | NobodyHere
  | {
      readonly kind: 'opened';
      /** Give it to `resolveIssue`. */
      readonly issue: string;
    }
  | Extract<RecordOutcome, { readonly kind: 'refused' }>;

/** What came of settling it. */
export type IssueResolved =
  | Locked
  | NobodyHere
  /** The role has no `issues`. */
  | { readonly kind: 'absent' }
  | { readonly kind: 'resolved' }
  /** No open issue of the customer here has this id. */
  | { readonly kind: 'unknown' }
  | Extract<RecordOutcome, { readonly kind: 'refused' }>;

/** Something that went wrong. */
export interface StaffIssue {
  readonly id: string;
  readonly at: number;
  readonly what: string;
  readonly state: 'open' | 'resolved';
  readonly owner?: string;
}

/** What `createStaff` takes. */
export interface StaffOptions {
  /** Fields per role: `{ cashier: ['name', 'taste'], manager: ['name', 'taste', 'orders', 'notes'] }`. */
  readonly roles: { readonly [role: string]: readonly StaffField[] };
  /** Who signs in now. @defaultValue nobody: locked */
  readonly who?: StaffMember;
  /** The till locks when nobody has touched it for so long. @defaultValue 120000: 2 min */
  readonly lockAfterMs?: number;
  /** Told when it locks: show the sign-in. */
  readonly onLock?: () => void;
}

/** A till in the hands of the staff. Each look and each act is a record with who, when and why; the customer can see it. */
export interface Staff {
  /** Who is signed in; null when locked. */
  readonly who: () => StaffMember | null;
  /** Unlocks. Rejects no PIN: whether it is them is for your own sign-in to know. Throws for a role that `roles` does not have. */
  readonly signIn: (who: StaffMember) => void;
  /** Locks; the timers and listeners are released. */
  readonly signOut: () => void;
  /** The customer in front was checked: `'id-card'`, `'known-to-me'`. Their level is `verified` for 30 min, or until the visit ends. */
  readonly attest: (method: string) => Promise<Attested>;
  /** Notes something for the staff. No greeting and no suggestion rests on it; the customer can see it when verified. Throws without purpose and end. */
  readonly note: (
    text: string,
    options: NoteOptions,
  ) => Promise<RecordOutcome | Locked | NobodyHere>;
  /** Looks at a field of the customer here, and writes down that it was looked at. */
  readonly reveal: (field: StaffField, why?: string) => Promise<StaffRevealed>;
  /** Makes two customers one, by the ids of either. Nothing of theirs is moved: `unlink` parts them exactly. */
  readonly merge: (a: string, b: string, options: { readonly reason: string }) => Promise<Merged>;
  /** Takes a link back, by its id of `explain`; of a merge both halves. */
  readonly unlink: (link: string, reason: string) => Promise<Unlinked>;
  /** Why somebody is taken for who they are: every link that leads to them. A look, so it is written down. @defaultValue the customer here */
  readonly explain: (
    customer?: string,
  ) => Promise<
    Locked | NobodyHere | { readonly kind: 'links'; readonly links: readonly ExplainedLink[] }
  >;
  /** What went wrong for the customer here, the open ones first. A look, so it is written down; only for a role with `issues`. */
  readonly issues: () => Promise<
    | Locked
    | NobodyHere
    | { readonly kind: 'absent' }
    | { readonly kind: 'issues'; readonly issues: readonly StaffIssue[] }
  >;
  /**
   * Writes down that something went wrong for the customer here. Until it is resolved they are greeted with that, whatever there is
   * to celebrate, and nothing is offered. `what` is for the staff; `owner` handles it, by the name a customer may hear.
   */
  readonly openIssue: (what: string, options?: { readonly owner?: string }) => Promise<IssueOpened>;
  /** It is right again: the next greeting thanks for having told, once. Only for a role with `issues`. */
  readonly resolveIssue: (id: string) => Promise<IssueResolved>;
  /** What the staff did with a customer, newest first. @defaultValue the customer here */
  readonly log: (
    customer?: string,
  ) => Promise<Locked | NobodyHere | { readonly kind: 'log'; readonly acts: readonly StaffAct[] }>;
}
