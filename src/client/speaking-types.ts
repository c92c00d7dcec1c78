import type { Channel, Place } from '../profile/types.js';
import type { Item, Recommended, RecommendSource } from '../recommend/types.js';

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

/** How many offers, and of which kind. */
export interface RecommendOptions {
  /** @defaultValue 4 */
  readonly limit?: number;
  readonly kinds?: readonly RecommendSource[];
  readonly exclude?: readonly string[];
  readonly newShare?: number;
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
