/** One choice of a modifier group of an item. */
export interface ModifierOption {
  readonly id: string;
  readonly name: string;
  /** Integer of the currency's minor unit. */
  readonly price?: number;
  readonly available?: boolean;
  /** What the customer gets without choosing. */
  readonly default?: boolean;
}

/** Choices that belong together: milk, size. */
export interface ModifierGroup {
  readonly id: string;
  readonly name: string;
  readonly min?: number;
  readonly max?: number;
  readonly options: readonly ModifierOption[];
}

/** A thing the shop sells. `T` is the host's own reference, which comes back untouched. */
export interface Item<T = unknown> {
  readonly sku: string;
  readonly name: string;
  /** The host's own: a variant id, a cart payload. */
  readonly ref?: T;
  /** Variants of one product are offered once. */
  readonly product?: string;
  /** Other keys the same thing has in orders. */
  readonly aliases?: readonly string[];
  readonly category?: string;
  /** Integer of the currency's minor unit. */
  readonly price?: number;
  /** @defaultValue true */
  readonly available?: boolean;
  readonly modifierGroups?: readonly ModifierGroup[];
  /** A durable: not offered again within so many days. */
  readonly repurchaseDays?: number;
  readonly allergens?: readonly string[];
  /** Never in a greeting or a suggestion. */
  readonly sensitive?: boolean;
  readonly substitutes?: readonly { readonly sku: string; readonly difference: string }[];
  readonly image?: string;
  readonly url?: string;
}

/** One earlier visit, as the engine sees it. */
export interface RecommendVisit {
  /** ms; without times only the order counts. */
  readonly at?: number;
  readonly items: readonly string[];
}

/** Where a recommendation comes from. `again` own habit, `due` own rhythm, `together` bought with the basket or habit, `popular` what others buy. */
export type RecommendSource = 'again' | 'due' | 'together' | 'similar' | 'new' | 'popular';

/** Why an item is offered: facts for a sentence, not the sentence. */
export type RecommendReason =
  /** Bought on `times` of the customer's last `visits` visits. */
  | {
      readonly kind: 'bought';
      readonly times: number;
      readonly visits: number;
      readonly lastAt?: number;
    }
  /** Customers who buy `sku`, which this one has bought or has in the basket, buy it too; with `inBasket`, at the same visit. */
  | { readonly kind: 'together'; readonly sku: string; readonly inBasket: boolean }
  /** Bought on `times` days, about every `days` days: the last time long enough ago that it may be running low (product rule D9). */
  | { readonly kind: 'due'; readonly times: number; readonly days: number }
  /** Rank `rank` (1 is first) of the shop's most bought items. */
  | { readonly kind: 'popular'; readonly rank: number };

/** One recommendation of the pure engine. */
export interface Recommended {
  readonly sku: string;
  readonly score: number;
  readonly source: RecommendSource;
  readonly reasons: readonly RecommendReason[];
}

/** A trained catalog model, decoded: items numbered by popularity, neighbours by number. Made by `regulars/model`. */
export interface CatalogModel {
  readonly version: 1;
  /** When it was trained, ms. */
  readonly trainedAt: number;
  /** Skus, most bought first. */
  readonly skus: readonly string[];
  /** Customers' visits that hold the item, same order. */
  readonly visits: Uint32Array;
  /** Customers whose newest visit holds the item: what sells now; same order. */
  readonly recent: Uint32Array;
  /** Share of buyers' later visits in which the item was bought again, 0–1, shrunk; same order. */
  readonly repeat: Float32Array;
  /** Visits that hold it, for each of its buyers, shrunk; same order. */
  readonly perBuyer: Float32Array;
  /** Mean days until a buyer buys it again, shrunk, 0 where unknown; same order. */
  readonly gapDays: Float32Array;
  /** Neighbours by "bought by the same customer, at any visit": numbers and weights 0–1, strongest first. */
  readonly customers: NeighbourTable;
  /** Of each neighbour in `customers` the share of its pairs that came at one visit, 0–1: what goes with a basket. */
  readonly sameVisit: Float32Array;
  /** Neighbours by "bought at the next visit". */
  readonly next: NeighbourTable;
}

/** Rows of numbers with weights, packed: row `i` is `[start[i], start[i + 1])` of `item` and `weight`. */
export interface NeighbourTable {
  readonly start: Uint32Array;
  readonly item: Uint32Array;
  readonly weight: Float32Array;
}

/** What a page asks. */
export interface RecommendQuery {
  readonly now: number;
  readonly limit: number;
  /** Skus in the cart: steer, and are never offered. */
  readonly basket?: readonly string[];
  readonly exclude?: readonly string[];
  /** True for what can be bought now. @defaultValue everything can */
  readonly available?: (sku: string) => boolean;
  /** Kinds of sources wanted. @defaultValue all */
  readonly kinds?: readonly RecommendSource[];
  /**
   * Skus that are not the customer's business, given away for example: neither they nor what other customers buy with them is
   * offered, unless the customer has bought it.
   */
  readonly avoid?: readonly string[];
  /** IANA zone in which days are told, for what is due. @defaultValue the device's */
  readonly timeZone?: string;
  /** Share of the list given to things never bought, 0–1. @defaultValue by score alone */
  readonly newShare?: number;
}

/** A customer's visits, ready to be asked. */
export interface RecommendHistory {
  /** Adds the newest visit; the next answer knows it. */
  readonly add: (visit: RecommendVisit) => void;
}

/** The pure engine. */
export interface Recommender {
  /** Prepares a customer's visits, oldest first. */
  readonly history: (visits: readonly RecommendVisit[]) => RecommendHistory;
  /** The best items for now, best first; equal input gives equal output. */
  readonly recommend: (history: RecommendHistory, query: RecommendQuery) => readonly Recommended[];
}

/**
 * What `createRegulars` is given to recommend with: `recommender({ model })`. The client loads it after `start()` and
 * asks only what is loaded.
 */
export interface RecommenderPlug {
  /**
   * Loads the model, if one was given; resolves with the engine and what became of the model. Never rejects.
   * Called again, with a newer catalog, it makes a new engine on the model that is there. @defaultValue the plug's own catalog
   */
  readonly load: (catalog?: readonly Item[]) => Promise<RecommenderLoaded>;
  /**
   * The engine on what is there at once: own history, and the model once it is loaded. For use until `load` resolves,
   * which a slow network may put off for ever. @defaultValue nothing is recommended until then
   */
  readonly now?: (catalog?: readonly Item[]) => RecommenderLoaded;
}

/** What loading gave: an engine in any case, and what became of the model. */
export interface RecommenderLoaded {
  readonly engine: Recommender;
  readonly model: 'ready' | 'none' | 'failed';
  /** What became of the ranker, if one was given. @defaultValue none was given */
  readonly ranker?: 'ready' | 'none' | 'failed';
  /** Why the model, else the ranker, failed, without personal data. */
  readonly error?: unknown;
}
