import type { EvidenceLevel, IdentifierType } from '../identity/types.js';
import type { Json } from '../kernel/json.js';
import type { Stamp } from '../kernel/stamp.js';

// ---------------------------------------------------------------- purchases

/** Where a purchase stands. */
export type PurchaseStatus = 'paid' | 'open' | 'partially_refunded' | 'refunded' | 'cancelled';

/** By which door it came. */
export type Channel = 'web' | 'app' | 'kiosk' | 'pos' | 'phone' | 'unknown';

/** One location of a shop, and a table there. */
export interface Place {
  readonly id?: string;
  readonly name?: string;
  readonly table?: string;
}

/** A choice on a line: `{ group: 'milk', name: 'oat' }`. */
export interface Modifier {
  readonly group?: string;
  readonly id?: string;
  readonly name: string;
  /** 0 means "no", 2 means "extra". */
  readonly quantity: number;
  /** The vendor's prefix, "NO" or "EXTRA". */
  readonly pre?: string;
  /** Integer of the currency's minor unit. */
  readonly unitPrice?: number;
  /** Id of the modifier it hangs on. */
  readonly under?: string;
}

/** One line of a purchase. At least one of `sku` and `name` says what it is. */
export interface PurchaseLine {
  readonly sku: string | null;
  readonly name: string;
  readonly quantity: number;
  /** Integer of the currency's minor unit; null when unknown. */
  readonly unitPrice: number | null;
  readonly category?: string;
  readonly modifiers: readonly Modifier[];
  readonly note?: string;
  readonly seat?: number;
  /** How many of `quantity` came back. */
  readonly refundedQuantity?: number;
}

/** A purchase as it is kept. No customer in it: that is the record's subject. */
export interface Purchase {
  /** The source's id, with a prefix that names the source: `web:9001`. The same id again replaces, never adds. */
  readonly id: string;
  /** When it happened, ms. */
  readonly at: number;
  readonly status: PurchaseStatus;
  readonly lines: readonly PurchaseLine[];
  /** Integer of the minor unit of `currency`; null when unknown. */
  readonly total: number | null;
  /** ISO 4217, upper case. */
  readonly currency: string | null;
  readonly place?: Place;
  readonly channel: Channel;
  readonly gift?: boolean;
  /** Other ids of the same order; purchases that share one are one. */
  readonly refs?: readonly string[];
  /** The source's revision, or its updated-at in ms: the higher one holds. */
  readonly revision?: number;
}

// -------------------------------------------------- purchases as a page has them

/** A line as a page has it: `sku` or `name` is required, the rest has defaults. */
export interface LineInput extends Partial<Omit<PurchaseLine, 'modifiers'>> {
  readonly modifiers?: readonly (Partial<Modifier> & { readonly name: string })[];
}

/** An order as a page has it: `id` and `lines` are required. */
export interface PurchaseInput {
  readonly id: string;
  readonly lines: readonly LineInput[];
  /** ms or ISO 8601. @defaultValue now; for an order that is known, the time it has */
  readonly at?: number | string | null;
  /** @defaultValue 'paid'; for an order that is known, what it was given before, unless that was 'open' */
  readonly status?: PurchaseStatus;
  readonly total?: number | null;
  /** @defaultValue the client's; for an order that is known, its own */
  readonly currency?: string | null;
  /** @defaultValue the client's place and table; for an order that is known, its own */
  readonly place?: Place;
  /** @defaultValue web, or kiosk in kiosk mode; for an order that is known, its own */
  readonly channel?: Channel;
  readonly gift?: boolean;
  readonly refs?: readonly string[];
  readonly revision?: number;
  /** Whose it is, as parsers of `formats` give it; links are made at `claimed`. @defaultValue the current customer */
  readonly customer?: {
    readonly ids?: readonly { readonly kind: string; readonly value: string }[];
    readonly name?: {
      readonly given?: string;
      readonly family?: string;
      readonly display?: string;
    };
  };
}

// ------------------------------------------------------------------ records

/** What the customer agrees to, each apart. */
export type ConsentPurpose = 'remember' | 'suggest' | 'measure' | 'health' | 'share';

/** What a record of each kind carries. Closed and complete from the start. */
export interface RecordData {
  readonly purchase: Purchase;
  /** Things that came back; without `lines` the whole purchase. */
  readonly refund: {
    readonly purchase: string;
    readonly at: number;
    readonly lines?: readonly { readonly sku: string; readonly quantity: number }[];
  };
  /** One stay of one person. */
  readonly visit: { readonly at: number; readonly place?: Place; readonly channel: Channel };
  /** Something known: `name.given`, `birthday`, `diet`. */
  readonly fact: FactData;
  /** The customer's own word on a fact; outranks imports and staff. `value` null removes it. */
  readonly correction: FactData;
  readonly link: LinkData;
  /** Takes a link back, by the id of its record; counts under the subject of that link only. */
  readonly unlink: { readonly link: string; readonly reason?: string };
  readonly consent: ConsentData;
  /** Something that went wrong, as it stands at `stamp`. */
  readonly issue: {
    readonly issue: string;
    readonly at: number;
    readonly what: string;
    readonly state: 'open' | 'resolved';
    readonly owner?: string;
  };
  /** An answer to a question; null when skipped. */
  readonly answer: { readonly question: string; readonly at: number; readonly value: Json };
  readonly dismissal: DismissalData;
  /** One a visit and writer; the newest of a visit holds. */
  readonly exposure: {
    readonly visit: string;
    readonly at: number;
    readonly items: { readonly [sku: string]: ExposureCounts };
  };
  /** A proof by the staff. */
  readonly attestation: { readonly at: number; readonly staff: string; readonly method: string };
  /** Somebody of the staff looked. */
  readonly access: {
    readonly at: number;
    readonly staff: string;
    readonly fields: readonly string[];
    readonly why?: string;
  };
  /** The customer is forgotten: absorbs all else, whatever its clock. Keyed hashes only. */
  readonly erasure: {
    readonly at: number;
    readonly subjects: readonly string[];
    readonly purchases: readonly string[];
  };
  /** The folded state of one subject through number `through` of the log. */
  readonly base: BaseData;
}

/** The closed list of kinds. */
export type RecordKind = keyof RecordData;

/** A record of kind `K`: appended once, never edited. */
export interface RecordOf<K extends RecordKind> {
  /** UUID; version 7, or 8 when made from the content. */
  readonly id: string;
  readonly shop: string;
  /** The entry the visit came by; never a merged id. */
  readonly subject: string;
  readonly kind: K;
  readonly stamp: Stamp;
  /** Who wrote it: `device:<id>`, `import`, `staff:<id>`. */
  readonly by: string;
  readonly data: RecordData[K];
}

/** Any record of a kind we know. */
export type ProfileRecord = { [K in RecordKind]: RecordOf<K> }[RecordKind];

/** A record of a newer version's kind: carried along, never folded, never dropped. */
export interface UnknownRecord extends Omit<RecordOf<'visit'>, 'kind' | 'data'> {
  readonly kind: string & { readonly unknown?: never };
  readonly data: unknown;
}

/** A record before it is stamped; the log stamps it inside its transaction. */
export type RecordDraft = {
  [K in RecordKind]: Omit<RecordOf<K>, 'stamp' | 'shop'> & { readonly stamp?: Stamp };
}[RecordKind];

/** Something known of a customer, with who said so and what for. */
export interface FactData {
  readonly key: string;
  readonly value: Json;
  readonly at: number;
  /** Who said so. */
  readonly source: 'customer' | 'host' | 'import' | 'staff';
  readonly purpose: ConsentPurpose;
  /** ms; afterwards the fact counts as unknown. */
  readonly expiresAt?: number;
  /** A note of the staff's, which no word to the customer rests on; it ends (product rule P17). */
  readonly staffOnly?: true;
  /** How sure we were of who it is when it was said: what was said while `verified` outranks the rest. @defaultValue not verified */
  readonly level?: EvidenceLevel;
}

/** An identifier that leads to a customer. */
export interface LinkData {
  readonly type: IdentifierType;
  /** Keyed hash of type and value; never the value. */
  readonly token: string;
  readonly level: EvidenceLevel;
  /** How it was shown: `host`, `typed`, `adopted`, `merged`. */
  readonly method: string;
  readonly at: number;
  /** Attached to the identifier, not to a person: what is bought under it stays unproved until a proof. */
  readonly unproved?: boolean;
  /** Why, of a merge. */
  readonly reason?: string;
  /** ms: of what happened under its subject only what happened from then on counts, while the link stands (identity rule 4.4). @defaultValue all of it */
  readonly since?: number;
  /** Id of the link whose identifier this is too, under the key of the shop: the two are one, and are taken back as one. */
  readonly same?: string;
}

/**
 * Why a link counts for nothing: it would join two known people, or somebody to a value that several people have; or it is one
 * too many of its type, or of all.
 */
export type HeldReason = 'two-people' | 'shared' | 'limit' | 'cap';

/** An answer to one purpose. */
export interface ConsentData {
  readonly purpose: ConsentPurpose;
  readonly answer: 'granted' | 'denied';
  readonly at: number;
  /** Ids of the answers this one was given in view of; among answers not replaced the strictest stands. */
  readonly replaces: readonly string[];
}

/** What the customer did not want: a gift, not now, never again, or it is wrong. */
export type DismissalReason = 'gift' | 'not-now' | 'stop' | 'wrong';

/** What the customer did not want, and why. */
export interface DismissalData {
  readonly at: number;
  readonly reason: DismissalReason;
  /** What was dismissed. */
  readonly target:
    | { readonly kind: 'greeting'; readonly greeting: string }
    | { readonly kind: 'item'; readonly sku: string; readonly category?: string }
    | { readonly kind: 'usual'; readonly skus: readonly string[] };
}

/** How often an item was on screen in one visit, and what came of it. */
export interface ExposureCounts {
  readonly shown: number;
  readonly accepted: number;
  readonly ignored: number;
  readonly viewed: number;
}

/** What a base carries: it stands for the records up to `through`. */
export interface BaseData {
  readonly through: number;
  readonly state: FoldState;
}

// --------------------------------------------------------- fold and the card

/**
 * Everything a set of records says of one customer, with nothing decided that a later record could change:
 * registers with their winners, sets by id. `combine` of two states is commutative, associative and idempotent.
 * Plain JSON data; every map has its keys sorted.
 */
export interface FoldState {
  /** Winner of each purchase id, by (revision, stamp). */
  readonly purchases: { readonly [purchaseId: string]: Stamped<Purchase> };
  readonly refunds: { readonly [recordId: string]: Stamped<RecordData['refund']> };
  readonly visits: { readonly [recordId: string]: Stamped<RecordData['visit']> };
  /** Winner of each fact key: a correction outranks a fact, then the later stamp. */
  readonly facts: { readonly [key: string]: Stamped<FactData> & { readonly corrected: boolean } };
  readonly links: {
    readonly [recordId: string]: StampedBy<LinkData> & { readonly subject: string };
  };
  readonly unlinks: { readonly [recordId: string]: StampedBy<RecordData['unlink']> };
  readonly consents: { readonly [recordId: string]: Stamped<ConsentData> };
  /** Winner of each issue id, by stamp. */
  readonly issues: { readonly [issueId: string]: Stamped<RecordData['issue']> };
  readonly answers: { readonly [recordId: string]: Stamped<RecordData['answer']> };
  readonly dismissals: { readonly [recordId: string]: Stamped<DismissalData> };
  /** Winner of each `visit` and writer, by stamp. */
  readonly exposures: { readonly [visitAndWriter: string]: Stamped<RecordData['exposure']> };
  readonly attestations: { readonly [recordId: string]: Stamped<RecordData['attestation']> };
  readonly accesses: { readonly [recordId: string]: Stamped<RecordData['access']> };
  readonly erasures: { readonly [recordId: string]: Stamped<RecordData['erasure']> };
  /** What was dropped for want of room, by subject and writer; absent when nothing was. */
  readonly older?: { readonly [subjectAndWriter: string]: Stamped<OlderData> };
  /** Stamp of the first record folded, also when a later one took its place; absent when there was none. */
  readonly since?: Stamp;
}

/**
 * What is left of records that were dropped for want of room: enough to count what they counted, and to know them when they come
 * again; not enough to show them. Names are hashes of ten characters.
 */
export interface OlderData {
  /** How many records: of two states of one subject and writer the one with more holds. */
  readonly revision: number;
  /** How many of them had been delivered to a backend. */
  readonly delivered: number;
  /** Their ids, hashed and sorted. */
  readonly records: string;
  readonly purchases: readonly OlderPurchase[];
  /** What `purchases` name by number. */
  readonly goods: readonly Pick<PurchaseLine, 'sku' | 'name' | 'category'>[];
  readonly places: readonly string[];
  /** Keys of the exposures that are in the sums, hashed and sorted. */
  readonly exposureKeys: string;
  readonly exposures: Card['exposures'];
}

/** A purchase that was dropped, in a tenth of its bytes. */
export type OlderPurchase = readonly [
  /** Hashes of its id and its refs, one after the other. */
  names: string,
  at: number,
  stamp: Stamp,
  /** Number in `places`; -1 for none. */
  place: number,
  /** Three numbers a line: which of `goods`, how many, how many of them came back. */
  lines: readonly number[],
  /** What most purchases are not. */
  unusual?: Pick<Purchase, 'gift' | 'revision'> & { readonly status?: PurchaseStatus },
];

/** A value with the record it came from. */
export interface Stamped<T> {
  readonly stamp: Stamp;
  readonly data: T;
  /** Id of the record it came from. */
  readonly record: string;
}

/** A value with the record it came from, and who wrote that. */
export interface StampedBy<T> extends Stamped<T> {
  readonly by?: string;
}

/** One item's history with one customer. */
export interface ItemStatistics {
  readonly sku: string;
  readonly name: string;
  readonly category?: string;
  /** Purchases that hold it (paid, not fully refunded, not a gift). */
  readonly purchases: number;
  readonly quantity: number;
  readonly firstAt: number;
  readonly lastAt: number;
}

/** A purchase with its status derived from refunds, as a card holds it. */
export interface CardPurchase extends Purchase {
  /** Bought under a claim nobody proved: counted nowhere and shown to nobody before a proof. */
  readonly unproved?: boolean;
  /** The status its source gave, where refunds made it another. */
  readonly givenStatus?: PurchaseStatus;
}

/** A link as a card holds it. */
export interface CardLink extends LinkData {
  readonly record: string;
  readonly subject: string;
}

/** A link that counts for nothing, as a card holds it. */
export interface HeldLink extends CardLink {
  readonly held: HeldReason;
}

/** What one customer allows, as the answers stand together; absent = never asked. */
export type ConsentState = { readonly [purpose in ConsentPurpose]?: 'granted' | 'denied' };

/**
 * What a page needs to know a customer: one read. Computed from the log, never the truth itself.
 * At most 50 purchases, 500 items and 64 kB as JSON.
 */
export interface Card {
  /** Id of the customer: the oldest verified subject, else the oldest. */
  readonly id: string;
  readonly subjects: readonly string[];
  readonly facts: {
    readonly [key: string]: FactData & {
      readonly record: string;
      /** The customer's own correction. */
      readonly corrected?: true;
    };
  };
  readonly consent: ConsentState;
  /** Record ids of the consent answers not yet replaced, by purpose: what the next answer replaces. */
  readonly consentRecords: { readonly [purpose in ConsentPurpose]?: readonly string[] };
  /** Active links, oldest first. */
  readonly links: readonly CardLink[];
  /** Links that count for nothing, with the reason; oldest first, absent when there is none. */
  readonly heldLinks?: readonly HeldLink[];
  /** The newest 50, newest first. */
  readonly purchases: readonly CardPurchase[];
  /** Purchases of all time beyond those 50 (any status). */
  readonly olderPurchases: number;
  /** At most 500, most purchases first, then latest. */
  readonly items: readonly ItemStatistics[];
  /** Items of all time beyond those; absent when there is none. */
  readonly olderItems?: number;
  /** Times of the newest 100 paid visits (product rule D1), newest first. */
  readonly visitTimes: readonly number[];
  /** Paid visits of all time (D1, D2). */
  readonly paidVisits: number;
  /** Paid visits that a purchase after the newest one may still belong to, newest first. */
  readonly openVisits?: readonly { readonly at: number; readonly place: string }[];
  /** Short hashes of what the card once counted and no longer shows, five characters each; absent when they are too many. */
  readonly seen?: string;
  /** The latest stamp in it. */
  readonly stamp?: Stamp;
  readonly issues: readonly (RecordData['issue'] & { readonly stamp: Stamp })[];
  /** The newest 100, newest first. */
  readonly dismissals: readonly DismissalData[];
  /** Per sku: times shown without a click, and when last. */
  readonly exposures: {
    readonly [sku: string]: {
      readonly shown: number;
      readonly accepted: number;
      readonly lastAt: number;
      /** Times shown since the last click, or since it last rested; absent for none. */
      readonly ignored?: number;
      /** When it had last been shown three times in a row without a click: from then on it rests. */
      readonly restedAt?: number;
    };
  };
  /** True after an erasure: nothing else is in the card. */
  readonly erased?: true;
  /** True when more than usual had to be left out to stay within 64 kB. */
  readonly trimmed?: true;
  /** True when records of it were dropped here for want of room: what they counted for is in the card, what they were is not. */
  readonly partial?: true;
}
