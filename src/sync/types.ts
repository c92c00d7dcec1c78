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
