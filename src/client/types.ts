import type {
  BlockedReason,
  EvidenceLevel,
  Identifiers,
  IdentifierType,
  Mode,
  RevealField,
  Revealed,
} from '../identity/types.js';
import type { Audit } from './audit-types.js';
import type { ConsentSetting } from './option-types.js';
import type { ContextChange, Recommendations, RecommendOptions } from './speaking-types.js';
import type { StorageStatus } from './storage-status.js';
import type { SyncFace } from './sync-types.js';
import type { Known } from './known-types.js';
import type {
  Greeting,
  LookedFor,
  LookedForQuery,
  Reorder,
  Usual,
  Why,
} from '../greeting/types.js';
import type { SyncStatus } from '../sync/types.js';
import type { Json } from '../kernel/json.js';
import type { Readable } from '../kernel/readable.js';
import type {
  ConsentPurpose,
  DismissalReason,
  ProfileRecord,
  PurchaseInput,
} from '../profile/types.js';

export type * from './audit-types.js';
export type * from './option-types.js';
export type * from './speaking-types.js';
export type * from './storage-status.js';

// ----------------------------------------------------------------- snapshot

/** The customer, as far as the level lets the page know. */
export interface SnapshotCustomer {
  readonly id: string;
  /** First name, where it may be said. */
  readonly name?: string;
  readonly paidVisits?: number;
}

/** What is there to ask. */
export interface Ready {
  readonly card: boolean;
  readonly catalog: 'none' | 'loading' | 'ready' | 'failed';
  readonly model: 'none' | 'loading' | 'ready' | 'failed';
}

/** Everything a page shows, frozen; parts keep their reference while equal. */
export interface Snapshot {
  readonly status: 'idle' | 'starting' | 'ready' | 'stopped';
  readonly mode: Mode;
  readonly level: EvidenceLevel;
  /** Token of the visit; null before `start` and between visits. Pass it to `record` for an answer that comes late. */
  readonly visit: string | null;
  readonly customer: SnapshotCustomer | null;
  readonly ready: Ready;
  readonly consent: { readonly [purpose in ConsentPurpose]: ConsentSetting };
  readonly storage: StorageStatus;
  /** A yes to `remember` ends so many months after the last visit. */
  readonly remembersMonths: number;
  readonly greeting: Greeting;
  readonly usual: Usual;
  /** On a shared device: who may be picked with `choose`, masked, the last seen first; empty elsewhere. */
  readonly people: readonly Choice[];
  /** A kiosk's visit ends at this wall time unless somebody acts; null when nothing impends. */
  readonly endsAt: number | null;
  readonly sync: SyncStatus;
}

// -------------------------------------------------------------- recognition

/** A way to prove who it is: a one-time code, a QR on the customer's own phone, a signed token, the word of the staff. */
export type ProofKind = 'code' | 'qr' | 'token' | 'staff';

/** What came of recognizing. */
export type Recognition =
  | {
      readonly kind: 'found' | 'new';
      readonly level: EvidenceLevel;
      readonly blocked: readonly BlockedIdentifier[];
      /** Of these the links are held: they lead to somebody else, or are one too many. Empty for most. */
      readonly held: readonly IdentifierType[];
    }
  /** Several people have this identifier: `choose` one, or ask for a second identifier. Gone with the visit. */
  | { readonly kind: 'ambiguous'; readonly choices: readonly Choice[] }
  /** It would join known people, masked in `choices`: nothing was joined. What a proof says of one of them holds: `level`. */
  | {
      readonly kind: 'conflict';
      readonly level: EvidenceLevel;
      readonly held: readonly IdentifierType[];
      readonly choices: readonly Choice[];
    }
  /** A shared screen: looks the same for known and unknown. */
  | { readonly kind: 'unproven'; readonly prove: readonly ProofKind[] }
  | { readonly kind: 'blocked'; readonly blocked: readonly BlockedIdentifier[] }
  | { readonly kind: 'limited'; readonly retryAfterMs: number }
  | { readonly kind: 'unavailable'; readonly reason: 'server' | 'not-started' | 'stopped' };

/** An identifier that is of no use, and why. */
export interface BlockedIdentifier {
  readonly type: IdentifierType;
  readonly reason: BlockedReason;
}

/** One of several people, masked: "S*** P.". */
export interface Choice {
  readonly id: string;
  readonly label: string;
}

/** What the page knows beside the identifiers. */
export interface RecognizeOptions {
  /** Types that the host's backend has checked. Not in kiosks: there nothing a page says is proof. */
  readonly verified?: readonly IdentifierType[];
  /** Wall time in ms until which the host's word holds. @defaultValue this page load */
  readonly until?: number;
  /** As the customer gave it; kept as a fact, but not on somebody else who is only claimed. */
  readonly name?: string;
  /** The customer has said "yes, that's me": what happened here before, without a name, is given along with a claim too. */
  readonly mine?: boolean;
}

// ------------------------------------------------------------------ proving

/** What shall prove who it is: a token that the shop's backend has signed, the code that was asked for, or a QR on the customer's own phone. */
export type ProofGiven =
  { readonly token: string } | { readonly code: string } | { readonly qr: true };

/** How asking for a proof, or waiting for one, is stopped: the call rejects with the signal's reason. */
export interface ProofOptions {
  readonly signal?: AbortSignal;
}

/** What came of asking for a proof. It says nothing of whether the customer is known. */
export type ProofRequest =
  | {
      readonly kind: 'requested';
      readonly proof: 'code' | 'qr';
      /** Wall time in ms until which it can be answered. */
      readonly expiresAt: number;
      /** The text to show as a QR, for the customer's own phone. */
      readonly qr?: string;
    }
  | {
      readonly kind: 'refused';
      /** `no-claim`: nobody has typed where a code could be sent to. */
      readonly reason: 'limited' | 'no-claim' | 'not-configured' | 'offline' | 'visit-over';
      readonly retryAfterMs?: number;
    }
  | Extract<Recognition, { readonly kind: 'unavailable' }>;

/** What came of verifying. */
export type Verification =
  | {
      readonly kind: 'verified';
      /** Whether there is a history here. */
      readonly person: 'found' | 'new';
      readonly method: 'token' | 'code' | 'qr' | 'staff' | 'host';
      /** Wall time in ms until which it holds; what counts is the time that passes. */
      readonly until: number;
    }
  | {
      readonly kind: 'refused';
      readonly reason:
        | 'audience'
        | 'blocked'
        | 'cancelled'
        | 'expired'
        | 'issuer'
        | 'lifetime'
        | 'limited'
        | 'malformed'
        | 'no-id'
        | 'no-request'
        | 'nobody'
        | 'not-configured'
        | 'not-yet'
        | 'offline'
        | 'signature'
        | 'used'
        | 'visit-over'
        | 'wrong-code';
      /** After a wrong code. */
      readonly triesLeft?: number;
    }
  /** `ambiguous`: a phone that several people have was proved; `choose` says which. */
  | Extract<Recognition, { readonly kind: 'ambiguous' | 'unavailable' }>;

// -------------------------------------------------------------- remembering

/** What came of recording. */
export type RecordOutcome =
  /** Committed to the device; by a kiosk sealed. */
  | { readonly kind: 'kept' }
  /** In memory: for want of consent, in a kiosk, until storage has opened, or (sealed, in a kiosk) until there is room. */
  | {
      readonly kind: 'held';
      readonly reason:
        Exclude<NonNullable<StorageStatus['reason']>, 'evicted'> | 'opening' | 'quota';
    }
  | {
      readonly kind: 'refused';
      readonly reason:
        | 'quota'
        | 'storage'
        | 'read-only'
        | 'stopped'
        | 'server'
        | 'visit-unknown'
        | 'erased'
        | 'needs-proof'
        | 'no-consent'
        | 'not-found';
    };

// ------------------------------------------------------------------- rights

/** Everything kept of this customer, as JSON can carry it. */
export interface CustomerExport {
  readonly format: 'regulars-export';
  readonly version: 1;
  readonly shop: string;
  readonly exportedAt: number;
  readonly records: readonly ProfileRecord[];
  /** What was computed from the records. */
  readonly derived: Json;
}

/** How an export or import is watched and stopped. */
export interface TransferOptions {
  /** Stops it: the call rejects with the signal's reason, and what is committed stays. */
  readonly signal?: AbortSignal;
  /** Told now and then: records of an import, entries of the customer's in an export. */
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
}

/** What came of bringing an export along. */
export type Imported =
  | {
      readonly kind: 'imported';
      /** How many are new here. */
      readonly records: number;
      readonly duplicates: number;
      /** What does not travel: identity, consent, looks of staff, and what is no record. */
      readonly skipped: number;
    }
  | Extract<RecordOutcome, { readonly kind: 'refused' }>;

/** What of the customer is gone, and where it may still be. */
export type Forgotten =
  | { readonly kind: 'forgotten'; readonly scope: 'device' }
  | {
      readonly kind: 'forgotten';
      readonly scope: 'everywhere';
      /** True while the erasure waits here for a backend to be told; false where nothing of the customer can be anywhere else. */
      readonly pending: boolean;
    }
  /** Not started, or stopped: nothing was touched. */
  | Extract<RecordOutcome, { readonly kind: 'refused' }>;

/** What is forgotten, and how that is watched and stopped. */
export interface ForgetOptions extends Omit<TransferOptions, 'onProgress'> {
  /** `everywhere` leaves an erasure behind, keyed hashes of ids: neither a sync nor a second import brings the customer back. */
  readonly scope: 'device' | 'everywhere';
  /** Told at the beginning and at the end of forgetting everywhere: `done` of `total` places. */
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
}

/** What came back of an order. */
export interface RefundGiven {
  /** The order's id, or another it is known by. */
  readonly purchase: string;
  /** ms or ISO 8601. @defaultValue now */
  readonly at?: number | string | null;
  /** @defaultValue all of it */
  readonly lines?: readonly { readonly sku: string; readonly quantity?: number }[];
  /** The money, integer of the minor unit: less than the order's total is not all of it, where no lines are named. */
  readonly total?: number;
}

/** What the customer may do with what is known. */
export interface Rights {
  /** What is known, as far as the level lets it be shown. */
  readonly known: () => Promise<Known>;
  /** Keeps a fact the customer gave: `{ key: 'name.given', value: 'Shep' }`. */
  readonly remember: (fact: {
    readonly key: string;
    readonly value: Json;
    readonly purpose?: ConsentPurpose;
    readonly expiresAt?: number;
  }) => Promise<RecordOutcome>;
  /** The customer's own word on a fact, by the id or key that `known` gives: neither an import nor the staff undoes it. */
  readonly correct: (idOrKey: string, value: Json) => Promise<RecordOutcome>;
  /**
   * Takes something known out, by its id or key: a fact; an order that was not theirs, which counts nowhere from then on, also when
   * it is imported again; an identifier that is not theirs. Refused with `not-found` for what is not there, or not shown.
   */
  readonly remove: (idOrKey: string) => Promise<RecordOutcome>;
  /** Takes a `remove` back. */
  readonly restore: (idOrKey: string) => Promise<RecordOutcome>;
  /**
   * "Greet me by my number": first name and usual where that number is typed at a shared screen. A yes needs `verified`, and holds
   * until it is taken back.
   */
  readonly allowGreetingByNumber: (yes: boolean) => Promise<RecordOutcome>;
  /**
   * The answer to a purpose, of the person who is here. A no to `remember` wipes them from this device at once, a no to another
   * purpose what was kept for it; other tabs are told. Refused with `no-consent` where the consent platform says no.
   */
  readonly consent: (
    purpose: ConsentPurpose,
    answer: 'granted' | 'denied',
  ) => Promise<RecordOutcome>;
  /**
   * Everything kept, for taking along. Needs `verified`; a customer without any identifier, who has nothing to prove, needs the device
   * that keeps it. Else rejects with ERR_PROOF_NEEDED.
   */
  readonly export: (options?: TransferOptions) => Promise<CustomerExport>;
  /**
   * Brings along what `export` gave, as an object, JSON text or a file: under the person who is here now, kept or held like any
   * record; the same again adds nothing. Rejects with ERR_IMPORT_INVALID for what is no export of this shop.
   */
  readonly import: (
    source: CustomerExport | string | Blob,
    options?: TransferOptions,
  ) => Promise<Imported>;
  /** Every byte held here, per store: counted, and never shown. At a kiosk nothing of a visitor is in it after `endVisit`. */
  readonly audit: () => Promise<Audit>;
  /**
   * Erases this customer from this device: records, card, identifiers, marker. `everywhere` needs `verified` like `export`, and keeps
   * whom it names from coming back.
   */
  readonly forget: (options: ForgetOptions) => Promise<Forgotten>;
}

// ------------------------------------------------------------------- client

/** Events of `on`, with what they carry. */
export interface RegularsEvents {
  readonly 'customer-recognized': { readonly level: EvidenceLevel };
  readonly 'idle-warning': { readonly endsAt: number };
  readonly 'idle-cancelled': { readonly visit: string };
  /** Before the wipe: `waitUntil` holds it for the host's own, at most 2 s. */
  readonly 'visit-ending': {
    readonly visit: string;
    /** Holds the wipe until `promise` settles, at most 2 s. */
    readonly waitUntil: (promise: Promise<unknown>) => void;
  };
  readonly 'visit-ended': { readonly visit: string };
  readonly 'storage-changed': StorageStatus;
  readonly 'sync-changed': SyncStatus;
}

/** The client: one object for one shop on one page. */
export interface Regulars extends Readable<Snapshot> {
  /** Opens and reads what is there. Settles within 2 s, network or not; calling it again is a no-op. */
  readonly start: () => Promise<void>;
  /** Releases timers, channels and database; may be followed by `start`. */
  readonly stop: () => Promise<void>;

  /** Says who it may be; never rejects for want of knowing. Without `verified` the evidence is a claim. */
  readonly recognize: (
    identifiers: Identifiers,
    options?: RecognizeOptions,
  ) => Promise<Recognition>;
  /** Takes one of the choices of an `ambiguous` recognition. */
  readonly choose: (choiceId: string) => Promise<Recognition>;
  /** Asks the shop's backend for a code sent to what was typed, or for a QR that the customer's own phone confirms. */
  readonly requestProof: (kind: 'code' | 'qr', options?: ProofOptions) => Promise<ProofRequest>;
  /**
   * Takes a proof of who it is; with `{ qr: true }` it waits for the customer's phone. Whoever it is for is the customer from then
   * on, whoever was claimed before. Rejects only with the signal's reason.
   */
  readonly verify: (given: ProofGiven, options?: ProofOptions) => Promise<Verification>;
  /** The person is wrong: everything shown goes, on the next page too. */
  readonly notMe: () => Promise<void>;
  /** Ends the proof here and in every tab; what the device remembers stays. */
  readonly signOut: () => Promise<void>;
  /** The person has gone. In a kiosk nothing of them is left. */
  readonly endVisit: () => Promise<void>;
  /** No idle end while `promise` is pending: a payment. */
  readonly hold: (promise: Promise<unknown>) => void;
  /** Somebody is there, though no touch or key tells. */
  readonly keepAlive: () => void;

  /** What to say now. The same words stay for the visit once they were `shown`. */
  readonly greeting: () => Greeting;
  /** What this customer usually has, here and at this time of day. */
  readonly usual: () => Usual;
  /** What to offer, of what is loaded; `snapshot.ready` tells what is. */
  readonly recommend: (options?: RecommendOptions) => Recommendations;
  /** An earlier order, by the `ref` of the usual or the id of a purchase, against today's catalog. Below the level it needs: no lines, not ready. */
  readonly reorder: (refOrPurchaseId: string) => Promise<Reorder>;
  /**
   * The honest answer to somebody who looks for something, by item, sku or words: it is here; not it, but something near it and how
   * that differs; not it, but somebody else has it (option `referrals`); nothing.
   */
  readonly lookFor: (query: LookedForQuery) => Promise<LookedFor>;
  /** Why something was shown; undefined for a ref of another visit, and in the moment after the first greeting in which what explains is still being loaded. */
  readonly why: (ref: string) => Why | undefined;
  /** The value of a field, or the level it needs. */
  readonly reveal: (field: RevealField) => Revealed<Json>;
  /** These were really on screen. Asking never counts. */
  readonly shown: (refs: string | readonly string[]) => void;
  /** The customer looked at these, by sku: counted for the visit. No suggestion and no greeting comes of a look alone. */
  readonly viewed: (skus: string | readonly string[]) => Promise<void>;
  /** The customer took this one. */
  readonly accepted: (ref: string) => void;
  /** The customer did not want this one; `stop` and `wrong` hold for good. */
  readonly dismiss: (ref: string, reason: DismissalReason) => Promise<RecordOutcome>;

  /** Remembers an order; places none. Throws on an order that cannot be one, at once. */
  readonly record: (
    purchase: PurchaseInput,
    options?: { readonly visit?: string },
  ) => Promise<RecordOutcome>;
  /**
   * Remembers what came back of an order: of the customer here, who is fixed when it is asked. The same again is one refund. Throws on what
   * names no order, at once.
   */
  readonly refund: (refund: RefundGiven) => Promise<RecordOutcome>;
  /**
   * One opaque text for an attribute of the cart, where the check-out is somebody else's: the order's webhook brings it back, and
   * the shop's server records the order for whoever is here now. It needs `sealTo`; undefined without, and of whoever said no to being
   * remembered.
   */
  readonly carryToken: () => Promise<string | undefined>;
  /** What changed around the customer; what is left out stays. */
  readonly setContext: (change: ContextChange) => void;
  /** One part of the snapshot, heard of only when it changes. */
  readonly select: <T>(part: (snapshot: Snapshot) => T) => Readable<T>;
  /** Listens to an event; returns the way to stop. */
  readonly on: <E extends keyof RegularsEvents>(
    event: E,
    handler: (detail: RegularsEvents[E]) => void,
  ) => () => void;
  readonly rights: Rights;
  readonly sync: SyncFace;
}
