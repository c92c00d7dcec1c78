import type { Usual, Why } from '../greeting/types.js';
import type { EvidenceLevel, IdentifierType, RevealField, Revealed } from '../identity/types.js';
import type { Json } from '../kernel/json.js';
import type {
  CardPurchase,
  Channel,
  ConsentPurpose,
  DismissalData,
  ItemStatistics,
  Place,
} from '../profile/types.js';
import type { Recommended } from '../recommend/types.js';

/** One thing known, for "what we know about you". */
export interface KnownFact {
  /** Give it to `rights.correct`, `remove` or `restore`; so will its key do. */
  readonly id: string;
  readonly key: string;
  readonly value: Json;
  /** Who said so: `customer`, `host`, `import`, `staff`. */
  readonly source: string;
  /** Who wrote it down: `device:<id>`, `staff:<id>`, `import`; absent where only the sum of older records is left. */
  readonly by?: string;
  readonly at: number;
  /** ms; afterwards it counts as unknown. Absent: as long as the customer is remembered. */
  readonly expiresAt?: number;
  readonly purpose: ConsentPurpose;
  /** The customer's own word: no import and no staff changes it. */
  readonly corrected: boolean;
  /** The staff's, and shown to nobody else but the customer, here. */
  readonly staffOnly?: true;
}

/** A class of what is known that this level does not see: told whether or not there is anything of it. */
export interface Withheld {
  readonly field: RevealField;
  readonly need: EvidenceLevel;
}

/** One answer to a purpose. */
export interface KnownAnswer {
  readonly id: string;
  readonly purpose: ConsentPurpose;
  readonly answer: 'granted' | 'denied';
  readonly at: number;
  /** Ids of the answers it took the place of. */
  readonly replaces: readonly string[];
  /** A later answer took its place. */
  readonly replaced: boolean;
}

/** An identifier that leads to the customer. The identifier itself is not kept. */
export interface KnownLink {
  /** Give it to `rights.remove`: "that is not mine". */
  readonly id: string;
  readonly type: IdentifierType;
  readonly level: EvidenceLevel;
  /** How it was shown. */
  readonly method: string;
  readonly at: number;
  readonly by?: string;
  /** It counts for nothing, and why. */
  readonly held?: string;
  /** What was bought under it waits for a proof. */
  readonly unproved?: true;
  /** Taken back; `rights.restore` brings it back. */
  readonly removed?: true;
}

/** An order. */
export interface KnownPurchase extends CardPurchase {
  /** The customer said "that was not me": it counts nowhere. `rights.restore` takes that back. */
  readonly removed?: true;
}

/** How often an item was on screen, and how often it was taken. */
export interface KnownExposure {
  readonly sku: string;
  readonly name: string;
  readonly shown: number;
  readonly accepted: number;
  readonly lastAt: number;
}

/** What was not recorded but computed. */
export interface KnownDerived {
  /** Paid visits of all time. */
  readonly paidVisits: number;
  /** When the newest of them began. */
  readonly visitTimes: readonly number[];
  /** The usual, its share of the weight, and why; null where there is none to name. */
  readonly usual: {
    readonly kind: Exclude<Usual['kind'], 'none'>;
    readonly items: readonly string[];
    readonly share: number;
    readonly why: Why | null;
  } | null;
  /** What would be recommended now: with the score, and what it rests on. */
  readonly recommendations: readonly (Recommended & {
    readonly name: string;
    readonly text: string;
  })[];
}

/** Where it is kept, and how long. */
export interface KnownKept {
  /** `sealed`: purchases wait on the disk of a kiosk, readable by the shop's backend alone. */
  readonly where: 'device' | 'memory' | 'sealed';
  /** The device forgets so many months after the last visit. */
  readonly months: number;
  /** When that is, if the customer does not come again; null where nothing outlives the page. */
  readonly until: number | null;
  /** An order, a visit or a look is only counted after so many months; an answer to a question is gone. A fact names its own end. */
  readonly orderMonths: number;
  readonly answerMonths: number;
}

/**
 * Everything known, in copies that are frozen. What the level may not see answers with the level it needs; facts it may not see are
 * in none of the lists, and their classes are in `withheld`, whether or not there are any.
 */
export interface Known {
  readonly at: number;
  readonly level: EvidenceLevel;
  readonly withheld: readonly Withheld[];
  readonly facts: readonly KnownFact[];
  /** What holds for each purpose. */
  readonly consent: { readonly [purpose in ConsentPurpose]: 'ask' | 'granted' | 'denied' };
  /** The answers it follows from, oldest first. */
  readonly consents: Revealed<readonly KnownAnswer[]>;
  readonly links: Revealed<readonly KnownLink[]>;
  /** Newest first. */
  readonly purchases: Revealed<readonly KnownPurchase[]>;
  /** Purchases that were dropped for want of room, or because their time was over: only what they count is left. */
  readonly olderPurchases: Revealed<number>;
  readonly paidVisits: Revealed<number>;
  readonly items: Revealed<readonly ItemStatistics[]>;
  readonly visits: Revealed<
    readonly { readonly at: number; readonly place?: Place; readonly channel: Channel }[]
  >;
  readonly issues: Revealed<
    readonly {
      readonly id: string;
      readonly at: number;
      readonly what: string;
      readonly state: 'open' | 'resolved';
      readonly owner?: string;
    }[]
  >;
  /** Answers to the shop's questions; a value of null was skipped. */
  readonly answers: Revealed<
    readonly { readonly question: string; readonly at: number; readonly value: Json }[]
  >;
  /** What the customer did not want to see. */
  readonly dismissals: Revealed<readonly DismissalData[]>;
  readonly exposures: Revealed<readonly KnownExposure[]>;
  /** Proofs by the staff. */
  readonly attestations: Revealed<
    readonly { readonly at: number; readonly staff: string; readonly method: string }[]
  >;
  /** Who of the staff looked, when, at what, and why. */
  readonly accesses: Revealed<
    readonly {
      readonly at: number;
      readonly staff: string;
      readonly fields: readonly string[];
      readonly why?: string;
    }[]
  >;
  readonly derived: Revealed<KnownDerived>;
  readonly kept: KnownKept;
}
