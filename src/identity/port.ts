import type { ProfileRecord } from '../profile/types.js';
import type { CustomerView, IdentifierType, LoyaltyRules, ReadPhone } from './types.js';

export type { CustomerView } from './types.js';

/** An identifier in its normal form, as it goes to the shop's own backend: in a request body over TLS, and nowhere else. */
export interface RawIdentifier {
  readonly type: IdentifierType;
  readonly value: string;
}

/** What a backend answers to a typed identifier: a view of the one customer who allowed it, and the same to everybody else. */
export type LookedUp =
  { readonly kind: 'view'; readonly view: CustomerView } | { readonly kind: 'unproven' };

/** A customer whom a till may know while the network is away. */
export interface DirectoryEntry {
  /** Says which two entries are of one customer; random to everybody else. */
  readonly of: string;
  /** Tokens of what identifies them, under the key of the directory. */
  readonly tokens: readonly string[];
  readonly view: CustomerView;
}

/** The keys of a directory, base64url. They are for the memory of a till and for no disk. */
export interface DirectoryKeys {
  /** Makes tokens: of all directories of the shop. */
  readonly digest: string;
  /** Seals what the till puts on its disk from now on, and what that key is called. */
  readonly seal: string;
  readonly id: string;
  /** The key of the name that was asked for, while what it sealed has not expired. */
  readonly was?: string;
}

/** A page of the customers who allowed a claim to be told something. */
export interface DirectoryPage {
  readonly entries: readonly DirectoryEntry[];
  /** Opaque; null on the last page. */
  readonly page: string | null;
  /** Wall time of the server, ms. */
  readonly serverTime: number;
  /** With the first page. */
  readonly keys?: DirectoryKeys;
}

/** A proof that was begun. It looks the same for known and unknown identifiers. */
export interface ProofChallenge {
  /** Opaque; given back to `checkProof`. */
  readonly id: string;
  /** How long it can be answered, ms. */
  readonly lifetimeMs: number;
  /** For a QR: the text it shows. The customer's own phone opens it. */
  readonly qr?: string;
}

/** What came of asking for a proof: it is `limited` for whoever asks too often, known or not. */
export type ProofBegun =
  | ({ readonly kind: 'begun' } & ProofChallenge)
  | { readonly kind: 'limited'; readonly retryAfterMs: number };

/** What came of checking an answer. */
export type ProofChecked =
  | {
      readonly kind: 'proved';
      /** Whose proof it is; the first is the one that leads. */
      readonly identifiers: readonly RawIdentifier[];
      readonly name?: string;
      /** How long the proof holds, ms. @defaultValue 30 min in a kiosk, 24 h elsewhere */
      readonly lifetimeMs?: number;
      /** Opaque; `pull` takes it. */
      readonly session?: string;
    }
  | { readonly kind: 'wrong'; readonly triesLeft: number }
  /** `refused`: the customer said no on the own phone. */
  | { readonly kind: 'expired' | 'limited' | 'refused' };

/** How a call to a backend is stopped. */
export interface BackendCall {
  readonly signal: AbortSignal;
  /** A till asks: it may know what a kiosk may not hold. */
  readonly staff?: boolean;
}

/**
 * What a shop's backend does for recognition. A rejection counts as "the backend cannot be reached": the page goes on neutrally.
 */
export interface IdentityBackend {
  /** The proofs it carries out. */
  readonly proofs: readonly ('code' | 'qr')[];
  /** Whom these lead to, as far as a claim may show it; the same to all who did not allow it, in text and in time. */
  readonly lookUp: (who: readonly RawIdentifier[], call: BackendCall) => Promise<LookedUp>;
  /** Begins a proof: sends a code, or gives the text of a QR. It looks the same for known and unknown identifiers. */
  readonly requestProof: (
    kind: 'code' | 'qr',
    who: readonly RawIdentifier[],
    call: BackendCall,
  ) => Promise<ProofBegun>;
  /** With a code: answers at once. Without: waits until the QR was confirmed, refused or is over. */
  readonly checkProof: (
    challenge: string,
    code: string | undefined,
    call: BackendCall,
  ) => Promise<ProofChecked>;
  /** A page of a shop's directory, for a till: see `tillDirectory` of `regulars/directory`. */
  readonly directory?: (
    asked: { readonly page: string | null; readonly was?: string },
    call: BackendCall,
  ) => Promise<DirectoryPage>;
  /** The records of whom a proof was for: at a kiosk for this visit only, in memory. */
  readonly pull?: (session: string, call: BackendCall) => Promise<readonly ProfileRecord[]>;
}

/** What a signed token says, once its signature was checked. */
export type TokenChecked =
  | {
      readonly ok: true;
      readonly identifiers: readonly RawIdentifier[];
      readonly name?: string;
      /** The token's own id: it is taken once. */
      readonly id: string;
      /** Wall time in ms from which it is refused as expired: so long its id is to be remembered. */
      readonly expiresAt: number;
      /** Opaque; `pull` of a backend takes it. */
      readonly session?: string;
    }
  | {
      readonly ok: false;
      readonly reason:
        | 'audience'
        | 'expired'
        | 'issuer'
        | 'lifetime'
        | 'malformed'
        | 'no-id'
        | 'nobody'
        | 'not-yet'
        | 'signature';
    };

/** Checks tokens that the shop's backend has signed: an entry of `proofs`. It rejects only where it cannot check at all. */
export interface ProofVerifier {
  readonly kind: 'token';
  /** Never rejects for what the token is; `now` is wall time in ms. */
  readonly verify: (token: string, now: number) => Promise<TokenChecked>;
}

/** Numbers of the whole world: `worldPhones()` of `regulars/phone/world`. */
export interface PhonePlug {
  /** Loads what reads them, once; rejects where that cannot be had, and tries again when it is called again. */
  readonly load: () => Promise<ReadPhone>;
}

/** What a shop says of the identifiers it takes. */
export interface IdentifierRules {
  /** ISO 3166-1 alpha-2, for phone numbers without a country code. */
  readonly region?: string;
  /** The shop's own numbers and addresses, which identify nobody. */
  readonly ownIdentifiers?: readonly string[];
  /** What the numbers of the shop's own loyalty cards look like. @defaultValue anything */
  readonly loyalty?: LoyaltyRules;
  /** `worldPhones()` of `regulars/phone/world`: numbers of every region. @defaultValue our own table of 16 regions */
  readonly phone?: PhonePlug;
}
