import type { Channel, Place } from '../profile/types.js';
import type { Daypart } from '../greeting/types.js';
import type { Item, Recommended, RecommendRule, RecommendSource } from '../recommend/types.js';

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
export interface RecommendOptions {
  /**
   * `next-basket`: what this customer is likely to buy now. `buy-again`: only what they have bought. `due-now`: only what may be running
   * low. `goes-with`: what others buy together with the basket. `similar`: what there is instead of `sku`. `popular`: what others buy
   * here, at this time of day where the model knows. @defaultValue 'next-basket'
   */
  readonly question?: 'next-basket' | 'buy-again' | 'due-now' | 'goes-with' | 'similar' | 'popular';
  /** Of `similar`: what is looked at, or is out. */
  readonly sku?: string;
  /** @defaultValue 4 */
  readonly limit?: number;
  /** Of `next-basket`. @defaultValue all */
  readonly kinds?: readonly RecommendSource[];
  readonly exclude?: readonly string[];
  /** Share of the list for what was never bought, 0–1. @defaultValue by score alone */
  readonly newShare?: number;
  /** Skus in the cart. @defaultValue what `setContext` was given */
  readonly basket?: readonly string[];
  /** What can be bought now, beside what the catalog says of it. One that throws says no. */
  readonly available?: (sku: string) => boolean;
  /** @defaultValue id of the client's place */
  readonly place?: string;
  /** @defaultValue that of now, by the clock on the customer's wall */
  readonly daypart?: Daypart;
  /** The shop's own rules: what a candidate's score is multiplied by. One that throws counts as 1. */
  readonly rules?: readonly RecommendRule[];
  /** Most of one category among any five in a row. @defaultValue 2 where the catalog has three categories or more */
  readonly perCategory?: number;
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
