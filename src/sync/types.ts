import type { IdentifierType } from '../identity/types.js';
import type { ProfileRecord } from '../profile/types.js';

/**
 * Records that only a shop's backend can read: made by a kiosk, kept on its disk, opened with the private key that the kiosk
 * never had. Plain JSON, all texts base64url. It says whom it is for, not who made it: whoever has the public key can make one.
 */
export interface SealedBox {
  readonly v: 1;
  /** Which key it is for: thumbprint of the public key (RFC 7638). */
  readonly kid: string;
  /** The public half of a key made for this box alone: a P-256 point, uncompressed. */
  readonly epk: string;
  /** 12 random bytes. */
  readonly iv: string;
  /** What is sealed, and its authentication tag. */
  readonly box: string;
}

/** What somebody typed or scanned, in its normal form: a shop's backend makes its own token of it. */
export interface SealedIdentifier {
  /** The token that the link has in whose place the backend puts its own. */
  readonly token: string;
  readonly type: IdentifierType;
  /** E.164 of a phone, the address of an email in lower case. */
  readonly value: string;
}

/** What is in a box. */
export interface SealedContent {
  /** Purchases and the links of who made them; the tokens of the links are the kiosk's own. */
  readonly records: readonly ProfileRecord[];
  readonly identifiers: readonly SealedIdentifier[];
}

/** The closed list of what a backend may say is wrong. */
export type SyncCode =
  | 'auth'
  | 'erased'
  | 'invalid'
  | 'rate'
  | 'resync'
  | 'scope'
  | 'skew'
  | 'too-large'
  | 'unavailable'
  | 'upgrade-required';

/** How syncing stands. */
export interface SyncStatus {
  readonly state:
    /** Nothing is configured, or the client is not started. */
    | 'off'
    | 'idle'
    | 'syncing'
    /** Nobody answers; it is tried again by itself. */
    | 'offline'
    /** Told to wait, or waiting after a failure: `until`. */
    | 'waiting'
    /** The backend refuses this page's token: sign the customer in again. */
    | 'needs-auth'
    /** The backend needs a newer version of this library. */
    | 'upgrade-required'
    /** The storage cannot be written. */
    | 'blocked';
  /** How many records wait to be sent, those of customers who are not here included. */
  readonly waiting: number;
  /** How many were set aside: `refused` lists them. */
  readonly refused: number;
  /** When all was sent and fetched last, wall time in ms. */
  readonly lastAt?: number;
  /** Until when nothing is asked, wall time in ms. */
  readonly until?: number;
}

/** A record that the backend refuses for good. It stays on this device. */
export interface RefusedRecord {
  readonly id: string;
  readonly kind: string;
  readonly code: SyncCode;
  /** When it was set aside, wall time in ms. */
  readonly at: number;
}
