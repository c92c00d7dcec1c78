import type { Channel, Place } from '../profile/types.js';
import type { OfferOptions } from '../greeting/offer-items.js';
import type { Item, Recommended } from '../recommend/types.js';

/** One offer on the page. */
export interface RecommendedItem<T = unknown> extends Recommended {
  readonly item?: Item<T>;
  readonly name: string;
  /** The reason in the customer's language. */
  readonly text: string;
  readonly ref: string;
}

/** What to offer, or why nothing. */
export type Recommendations<T = unknown> =
  | { readonly kind: 'items'; readonly items: readonly RecommendedItem<T>[] }
  | {
      readonly kind: 'none';
      readonly reason: 'not-configured' | 'no-consent' | 'not-ready' | 'nothing';
    };

/** What is asked, and of what. */
export interface RecommendOptions extends OfferOptions {
  /** Skus in the cart. @defaultValue what `setContext` was given */
  readonly basket?: readonly string[];
  /** @defaultValue id of the client's place */
  readonly place?: string;
  /** Which arm of which experiment this is, `shelf:b`: counted with what is shown and taken of it. */
  readonly arm?: string;
}

/** What changes around the customer. */
export interface ContextChange {
  readonly locale?: string;
  readonly currency?: string;
  readonly timeZone?: string;
  readonly place?: Place;
  readonly table?: string;
  readonly channel?: Channel;
  /** Skus in the cart. */
  readonly basket?: readonly string[];
}
