/** How sure we are who it is. Ordered: each level may reveal more than the one before. A visit has exactly one. */
export type EvidenceLevel = 'none' | 'device' | 'claimed' | 'verified';

/** Kinds of identifiers we know the normal form of. */
export type KnownIdentifierType = 'account' | 'device' | 'email' | 'loyalty' | 'phone';

/**
 * A kind of identifier: one of ours, or a name the host chose (`tableToken`: a small letter first, then letters, digits, `_`, `-`
 * and `.`, 32 at most). An account and a card may name whose they are: `account:magento`, `loyalty:miles`.
 */
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
export type BlockedReason =
  | 'bad-type'
  | 'check-digit'
  | 'empty'
  | 'invalid'
  | 'no-region'
  | 'own'
  | 'placeholder'
  | 'too-long';

/** What the numbers of the shop's own loyalty cards look like. */
export interface LoyaltyRules {
  /**
   * The last digit is a check digit: `luhn` as on most plastic cards (ISO/IEC 7812-1), `gs1` as under barcodes (EAN, UPC-A, GSRN). A
   * UPC-A is one card with its 12 digits and with the 0 that some scanners put in front. @defaultValue 'none'
   */
  readonly check?: 'gs1' | 'luhn' | 'none';
  /** What the number matches once it is upper-case and without spaces and dashes; write `^` and `$`. @defaultValue anything */
  readonly pattern?: RegExp;
}

/**
 * Reads a phone number anywhere in the world: digits as dialed in a region (ISO 3166-1 alpha-2), or with `+` and the country code.
 * Gives E.164, or `undefined` for a number that cannot exist; never throws.
 */
export type ReadPhone = (digits: string, region: string | undefined) => string | undefined;

/** What a scanned text comes to. `no-card`: it is something else, such as a product, a payment or the key of a wireless network. */
export type CardText =
  | { readonly ok: true; readonly loyalty: string }
  | { readonly ok: false; readonly reason: BlockedReason | 'no-card' };

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
  | 'greeting'
  | 'name'
  | 'taste'
  | 'points'
  | 'contact'
  | 'address'
  | 'orders'
  | 'payment'
  | 'birthday'
  | 'sensitive';

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

/** What of a customer a claim may show: never more than the disclosure table has for it. */
export interface CustomerView {
  /** First name. */
  readonly name?: string;
  readonly paidVisits?: number;
  /** What the customer usually has, of safe categories, as lines without prices. */
  readonly usual?: readonly {
    readonly sku: string | null;
    readonly name: string;
    readonly quantity: number;
    readonly modifiers: readonly {
      readonly group?: string;
      readonly name: string;
      readonly quantity: number;
    }[];
  }[];
}
