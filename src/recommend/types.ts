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
  /** Where it was: training counts what is popular there. */
  readonly place?: string;
}

/**
 * Where a recommendation comes from. `again` own habit, `due` own rhythm, `together` bought with the basket or habit, `popular` what
 * others buy, `similar` instead of a thing. `new`: never bought by this customer, where a page asks for that and not for `together` or
 * `popular`, which say what it comes from.
 */
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
  /** Rank `rank` (1 is first) of the shop's most bought items; of those at this place, or at this time of day, where it says so. */
  | {
      readonly kind: 'popular';
      readonly rank: number;
      readonly place?: string;
      readonly daypart?: string;
    }
  /** The shop names it instead of `sku`; `difference` in the shop's words. */
  | { readonly kind: 'substitute'; readonly sku: string; readonly difference: string };

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
  /** What goes with a basket, where it was trained apart, as for a menu. @defaultValue `customers`, by `sameVisit` */
  readonly together?: NeighbourTable;
  /** What sells at one place, at one time of day, or there and then. @defaultValue nothing is known of it */
  readonly popular?: readonly PopularList[];
}

/** The most bought items of a place, of a time of day, or of both. */
export interface PopularList {
  readonly place?: string;
  readonly daypart?: string;
  /** Numbers, most bought first. */
  readonly item: Uint32Array;
  /** Visits that hold it there and then, to a few per cent. */
  readonly visits: Uint32Array;
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
   * Skus that are not the customer's business, given away for example: neither they nor what above all is bought with them is
   * offered, unless the customer has bought it.
   */
  readonly avoid?: readonly string[];
  /** Where the customer is, as the visits that the model was trained on name it. */
  readonly place?: string;
  /** Which time of day it is, as the model's lists name it: `morning`, `midday`, `afternoon`, `evening`, `night`. */
  readonly daypart?: string;
  /** The shop's own rules, each asked about each candidate. */
  readonly rules?: readonly RecommendRule[];
  /**
   * Most of one category among any five in a row; `Infinity` for any number.
   * @defaultValue 2 where the catalog has three categories or more; of what is bought again alone, any number
   */
  readonly perCategory?: number;
  /** IANA zone in which days are told, for what is due. @defaultValue the device's */
  readonly timeZone?: string;
  /** Share of the list given to things never bought, 0–1. @defaultValue by score alone */
  readonly newShare?: number;
}

/**
 * A rule of the shop's: what a candidate's score is multiplied by. 0 leaves it out, 1 leaves it as it is, 1.2 helps it along,
 * `Infinity` puts it first. What is no such number counts as 1. What cannot be bought is not offered, whatever a rule says.
 * @example
 * const ownBrandFirst: RecommendRule = ({ item }) => (item?.category === 'own-brand' ? 1.2 : 1);
 */
export type RecommendRule = (candidate: RecommendCandidate) => number;

/** What a rule looks at. */
export interface RecommendCandidate {
  readonly sku: string;
  readonly score: number;
  /** What may be running low is `again` here. */
  readonly source: RecommendSource;
  readonly item?: Item | undefined;
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
  /** What the customer is likely to buy now, best first; equal input gives equal output. */
  readonly recommend: (history: RecommendHistory, query: RecommendQuery) => readonly Recommended[];
  /** Only what the customer has bought before. */
  readonly buyAgain: (history: RecommendHistory, query: RecommendQuery) => readonly Recommended[];
  /** Only what may be running low, by the customer's own rhythm with it. */
  readonly dueNow: (history: RecommendHistory, query: RecommendQuery) => readonly Recommended[];
  /** What others bought together with these, whoever asks. With `kinds` of `together` and `popular` it is filled up. */
  readonly goesWith: (basket: readonly string[], query: RecommendQuery) => readonly Recommended[];
  /** What the shop names instead of it, with the difference; then what is bought instead of it, of its category where it has one. */
  readonly similar: (sku: string, query: RecommendQuery) => readonly Recommended[];
  /** What others buy most; at `place` and `daypart`, where the model knows. */
  readonly popular: (query: RecommendQuery) => readonly Recommended[];
}

/** The files that an engine is made of. */
export type FileName = 'model' | 'ranker';

/** A file, as it is kept on the device. */
export interface KeptFile {
  readonly bytes: Uint8Array;
  /** The server's name for this version. */
  readonly etag?: string;
  /** When it came, ms. */
  readonly at: number;
}

/** Keeps the last good files; shop data, nothing of a customer. */
export interface FileShelf {
  /** The kept file; undefined where there is none. */
  readonly get: (name: FileName) => Promise<KeptFile | undefined>;
  /** Resolves whether or not there was room. */
  readonly put: (name: FileName, file: Omit<KeptFile, 'at'>) => Promise<void>;
}

/** What the client lends a plug. */
export interface RecommenderHost {
  /** @defaultValue nothing is kept */
  readonly shelf?: FileShelf;
  /** Given an engine as soon as there is one, on own history or on what was kept: a slow network may put off the rest for ever. */
  readonly ready?: (loaded: RecommenderLoaded) => void;
}

/**
 * What `createRegulars` is given to recommend with: `recommender({ model })`. The client loads it after `start()` and
 * asks only what is loaded.
 */
export interface RecommenderPlug {
  /**
   * Loads the engine, and the files that were given; resolves with the engine on them, and what became of them. Rejects only where the
   * engine's own code cannot be had. Called again, with a newer catalog, it makes a new engine on the files that are there.
   * `catalog` left out is the plug's own.
   */
  readonly load: (catalog?: readonly Item[], host?: RecommenderHost) => Promise<RecommenderLoaded>;
}

/** What loading gave: an engine in any case, and what became of the model. */
export interface RecommenderLoaded {
  readonly engine: Recommender;
  readonly model: 'ready' | 'none' | 'failed';
  /** What became of the ranker, if one was given. @defaultValue none was given */
  readonly ranker?: 'ready' | 'none' | 'failed';
  /** When the model came that is in use for want of an answer about a newer one, ms. */
  readonly keptAt?: number;
  /** Why the model, else the ranker, failed, or could not be looked at for a newer one; without personal data. */
  readonly error?: unknown;
}
