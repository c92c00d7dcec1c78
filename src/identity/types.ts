/** How sure we are who it is. Ordered: each level may reveal more than the one before. A visit has exactly one. */
export type EvidenceLevel = 'none' | 'device' | 'claimed' | 'verified';

/** Kinds of identifiers we know the normal form of. */
export type KnownIdentifierType = 'account' | 'device' | 'email' | 'loyalty' | 'phone';

/** A kind of identifier: one of ours, or a name the host chose. */
export type IdentifierType = KnownIdentifierType | (string & {});

/** What a page knows of a person: `{ phone: '(425) 555-0100' }`. Numbers are taken as text. */
export type Identifiers = {
  readonly [type in IdentifierType]?: string | number | null | undefined;
};

/** An identifier in its normal form. */
export interface NormalIdentifier {
  readonly type: IdentifierType;
  /** The form that identifies: E.164 of a phone, the address of an e-mail in lower case. */
  readonly value: string;
  /** A looser form that only suggests (Gmail without dots and tags); equals `value` elsewhere. */
  readonly matchKey: string;
  /** True when a number was given where a text belongs. */
  readonly converted: boolean;
}

/** Why an identifier is of no use. */
export type BlockedReason = 'empty' | 'placeholder' | 'invalid' | 'too-long' | 'own' | 'no-region';

/** What normalizing gives. */
export type NormalizeResult =
  | { readonly ok: true; readonly identifier: NormalIdentifier }
  | { readonly ok: false; readonly type: IdentifierType; readonly reason: BlockedReason };

/**
 * Where the page stands: a person's own device, a device that a few share, a screen that anybody may use, or a till in the hands of
 * the staff.
 */
export type Mode = 'storefront' | 'shared' | 'kiosk' | 'staff';

/** Classes of what may be said, as the disclosure table has them. */
export type RevealField =
  'greeting' | 'name' | 'taste' | 'points' | 'orders' | 'contact' | 'birthday' | 'sensitive';

/** A host's loosening of the table: only by naming the field, never below what the table asks in a kiosk for `sensitive`. */
export type RevealOverrides = { readonly [field in RevealField]?: EvidenceLevel };

/** What a decision on revealing needs to know. */
export interface RevealContext {
  readonly level: EvidenceLevel;
  readonly mode: Mode;
  /** This customer once said, while verified, "greet me by my number". */
  readonly greetByNumber: boolean;
  /** The fact was given on this very device. */
  readonly givenHere: boolean;
}

/** The answer of the gate. `masked` says that only a masked form may be shown. */
export type RevealDecision =
  | { readonly ok: true; readonly masked: boolean }
  | { readonly ok: false; readonly need: EvidenceLevel };

/** What a reader gets through the gate. */
export type Revealed<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly need: EvidenceLevel };
