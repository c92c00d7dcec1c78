import type { IdentityBackend, RawIdentifier } from '../identity/port.js';
import type {
  LinkData,
  ProfileRecord,
  Purchase,
  PurchaseInput,
  RecordOf,
  UnknownRecord,
} from '../profile/types.js';
import type { SealedBox, SyncCode } from './types.js';

export type { SyncCode } from './types.js';

/** Version of what goes over the wire. A server takes this one and the one before. */
export const SYNC_PROTOCOL = 1;

/**
 * A link on its way. Tokens of a device's own key never leave it: what identifies goes along instead, the account in the clear (it is
 * the shop's own number for this customer), anything else sealed to the backend. Where our server is, it answers with a link of its
 * own, under the shop's key, whose `same` is the id of this one; elsewhere the device that pulls an account makes its own token of it.
 * In the clear, as `account`, goes what is no secret: an account (`account`, `account:web`), and the random value that the two halves
 * of a merge share (type `merge`).
 */
export interface LinkClaim extends Omit<RecordOf<'link'>, 'data'> {
  readonly data: Omit<LinkData, 'token'> & {
    readonly identifier: { readonly account: string } | { readonly sealed: SealedBox };
  };
}

/** Somebody is to be forgotten everywhere: the ids are random and say nothing. Whoever takes it in keeps hashes under a key of its own. */
export interface ErasureClaim extends Omit<RecordOf<'erasure'>, 'data'> {
  readonly data: { readonly at: number; readonly subjects: readonly string[] };
}

/** A kiosk's box. Its id is the key it waits under. */
export interface SealedEntry {
  readonly id: string;
  readonly kind: 'sealed';
  readonly box: SealedBox;
}

/** What a device sends. Links with a token and bases are never among it. */
export type SentRecord =
  | Exclude<ProfileRecord, { readonly kind: 'link' | 'erasure' | 'base' }>
  | UnknownRecord
  | LinkClaim
  | ErasureClaim
  | SealedEntry;

/** What a device receives: records as they were sent, links and bases of our server, accounts to make tokens of, erasures. */
export type ReceivedRecord =
  Exclude<ProfileRecord, { readonly kind: 'erasure' }> | UnknownRecord | LinkClaim | ErasureClaim;

/** What became of one record: of those that are `rejected` the reason is a code of the protocol. */
export interface PushResult {
  readonly id: string;
  /** `duplicate` was there already; `erased` is about somebody who was forgotten: both are done with. */
  readonly status: 'accepted' | 'duplicate' | 'erased' | 'rejected';
  /** @defaultValue 'invalid' */
  readonly code?: SyncCode;
}

/** A batch on its way up. */
export interface PushBatch {
  /** Id of this device. */
  readonly client: string;
  readonly protocol: number;
  /** Version of the stored data. */
  readonly schema: number;
  readonly records: readonly SentRecord[];
  /**
   * Of the shop's own devices, where our server is: the version of this package, and when the oldest record was made that stays there
   * after this batch, set aside or not. A batch may be of nothing else.
   */
  readonly device?: { readonly version: string; readonly oldestUnsent?: number };
}

/** What a push gave. One result for each record; one that is missing counts as not sent, up to ten times in a row. */
export interface Pushed {
  readonly results: readonly PushResult[];
  /** Wall time of the backend, ms: the bound of this device's clock. */
  readonly serverTime: number;
}

/** What is asked for. */
export interface PullQuery {
  /** Opaque: kept and given back. Null in the beginning. */
  readonly cursor: string | null;
  readonly limit: number;
  /** Entries this device holds: it is told which of them were erased, whoever it is. */
  readonly subjects: readonly string[];
}

/** A part of what is new, or that the cursor is of no use: another epoch, behind the horizon, or another set of people. */
export type Pulled =
  | {
      readonly records: readonly ReceivedRecord[];
      readonly cursor: string;
      readonly more: boolean;
      readonly serverTime: number;
    }
  | { readonly resync: 'epoch' | 'horizon' | 'scope' };

/** One page of everything there is of whom the token is for; with the last one the cursor to go on from. */
export interface SnapshotPage {
  readonly records: readonly ReceivedRecord[];
  /** Opaque; null on the last page. */
  readonly page: string | null;
  readonly cursor: string;
}

/** What a call may use. */
export interface SyncCall {
  /** The call is given up: its round was stopped, or it took too long. */
  readonly signal: AbortSignal;
  /** The page is going: the request has to outlive it, and may hold 60 kB. */
  readonly keepalive?: boolean;
}

/**
 * Carries records to a backend and back. Rejects with a `SyncFailure` (anything else counts as `offline`); everything it does may be
 * done twice. Implement it to sync over something new; `regulars/testing` has its contract.
 */
export interface Transport {
  /** Short name for status and errors: `http`, `couchdb`. */
  readonly name: string;
  readonly kind: 'records';
  /** The most of one push: 500 records, 512 KB as JSON. */
  readonly limits: { readonly records: number; readonly bytes: number };
  /** Sends a batch; resolves with what became of each record. */
  readonly push: (batch: PushBatch, call: SyncCall) => Promise<Pushed>;
  /** Fetches what is new after a cursor. */
  readonly pull: (query: PullQuery, call: SyncCall) => Promise<Pulled>;
  /** Without it a resync pulls from the beginning. */
  readonly snapshot?: (
    query: { readonly page: string | null; readonly subjects: readonly string[] },
    call: SyncCall,
  ) => Promise<SnapshotPage>;
  /** Calls `poke` when there may be something new. A hint, never data: a missing one must not matter. Returns the way to stop. */
  readonly subscribe?: (poke: () => void, call: SyncCall) => () => void;
  /** What our server does for recognition. Without it there is no look-up: devices meet by `account` only. */
  readonly identity?: IdentityBackend;
}

/**
 * A shop's existing order API, and nothing else: no log, no cursor, no records on its side. What it lists is remembered like a
 * purchase that the page records.
 */
export interface OrdersTransport {
  readonly name: string;
  readonly kind: 'orders';
  /** The orders of whoever is verified here; `since`, ms, lies 30 days before the newest one known: what changed meanwhile is seen. */
  readonly list: (
    who: readonly RawIdentifier[],
    since: number | undefined,
    call: SyncCall,
  ) => Promise<readonly PurchaseInput[]>;
  /** Takes an order that was made on this device. Without it nothing leaves the device. */
  readonly send?: (purchase: Purchase, call: SyncCall) => Promise<void>;
}

/** What `syncOver` takes. */
export type SyncTransport = Transport | OrdersTransport;

/** What went wrong with a whole call. */
export type FailureKind =
  /** Nobody answered, or it was no answer of ours. */
  | 'offline'
  /** The token was refused, twice. */
  | 'auth'
  /** Told to wait. */
  | 'wait'
  /** The batch is too large. */
  | 'too-large'
  /** Something in the batch cannot be taken, and nobody says what. */
  | 'invalid'
  /** The backend needs a newer version of this library. */
  | 'upgrade-required';

/** What a transport rejects with. */
export class SyncFailure extends Error {
  readonly kind: FailureKind;
  /** How long to wait, ms, where the backend said so. */
  readonly retryAfterMs: number | undefined;
  constructor(
    kind: FailureKind,
    message: string,
    options: { readonly retryAfterMs?: number; readonly cause?: unknown } = {},
  ) {
    super(message, 'cause' in options ? { cause: options.cause } : {});
    this.name = 'SyncFailure';
    this.kind = kind;
    this.retryAfterMs = options.retryAfterMs;
  }
}
