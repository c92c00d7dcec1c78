import type { Item } from '../recommend/types.js';
import type { Channel, Modifier, Place, PurchaseLine, PurchaseStatus } from '../profile/types.js';

/** What a payload itself does not say. */
export interface ParseOptions {
  /** When the payload came, ISO 8601 or ms: the time of events that carry none. */
  readonly receivedAt?: string | number;
  /** IANA name: the zone of dates without an offset. */
  readonly timeZone?: string;
  /** ISO 4217: the currency of amounts that name none. */
  readonly currency?: string;
  /** ISO 3166-1 alpha-2: the country of phone numbers in national form; without it they stay as they are written. */
  readonly country?: string;
  /** Leaves out what the vendor marks as a test, also where a payload is one as a whole (Stripe's `livemode: false`). @defaultValue false */
  readonly liveOnly?: boolean;
}

/** An identifier as the payload has it, trimmed and in lower case where that is safe. */
export interface ParsedId {
  readonly kind: 'email' | 'phone' | 'loyalty' | 'external' | 'anonymous';
  readonly value: string;
}

/** A person's name as the payload has it. A display name is never an identity. */
export interface ParsedName {
  readonly given?: string;
  readonly family?: string;
  readonly display?: string;
}

/** A modifier, with the free text of it that some vendors have; `record` drops the text. */
export interface ParsedModifier extends Modifier {
  readonly note?: string;
}

/** A line with the currency of its price. */
export interface ParsedLine extends Omit<PurchaseLine, 'modifiers'> {
  readonly currency: string | null;
  readonly modifiers: readonly ParsedModifier[];
}

/** One order, the same whatever shop system it came from. Give it to `record` or `importPurchases`. */
export interface ParsedPurchase {
  /** `source:native id`; the same id again replaces, never adds. */
  readonly id: string;
  /** ISO 8601 instant in UTC; null when the payload has none. */
  readonly at: string | null;
  readonly status: PurchaseStatus;
  readonly lines: readonly ParsedLine[];
  /** Integer of the minor unit of `currency`. */
  readonly total: number | null;
  /** ISO 4217, upper case. */
  readonly currency: string | null;
  readonly place?: Place;
  readonly channel: Channel;
  readonly customer: { readonly ids: readonly ParsedId[]; readonly name?: ParsedName };
  readonly gift?: boolean;
  /** What was noticed while reading this one. */
  readonly warnings?: readonly string[];
}

/** A member of a loyalty programme. */
export interface ParsedCustomer {
  readonly ids: readonly ParsedId[];
  readonly name?: ParsedName;
  /** Points now. */
  readonly balance?: number;
  /** Points ever. */
  readonly lifetimePoints?: number;
  /** Ids of purchases, as `ParsedPurchase.id` has them. */
  readonly visits?: readonly string[];
}

/** Things that came back from an order that is not in this payload; for an order that is, its lines and status say so. */
export interface ParsedRefund {
  /** `ParsedPurchase.id` of the order. */
  readonly purchase: string;
  /** ISO 8601 instant in UTC. */
  readonly at: string | null;
  /** What came back, in money: less than the order's total is less than all of it. Integer of the minor unit. */
  readonly total?: number;
  /** What came back. @defaultValue all of it */
  readonly lines?: readonly { readonly sku: string; readonly quantity: number }[];
}

/** Why something was not read. */
export type SkipReason =
  /** It is nothing this parser reads; also text that is no JSON and no CSV. */
  | 'not-an-order'
  /** It has no id: it could not be told from others. */
  | 'no-id'
  /** The vendor marks it as a test. */
  | 'test'
  /** An account that is switched off. */
  | 'inactive'
  /** It has no sku and no name. */
  | 'no-name';

/** Something that was not read. */
export interface Skipped {
  readonly reason: SkipReason;
  /** Where in the input: `orders[3]`, `row 12`. */
  readonly where: string;
}

/** What a parser of orders gives. */
export interface ParsedOrders {
  readonly purchases: readonly ParsedPurchase[];
  readonly customers: readonly ParsedCustomer[];
  readonly refunds: readonly ParsedRefund[];
  readonly skipped: readonly Skipped[];
  /** What was noticed and belongs to no purchase. */
  readonly warnings: readonly string[];
}

/** What a parser of catalogs gives. */
export interface ParsedCatalog {
  /** Fit for the option `catalog`. Prices are in the currency of the payload, or of the options. */
  readonly items: readonly Item[];
  readonly skipped: readonly Skipped[];
  /** What was noticed. */
  readonly warnings: readonly string[];
}
