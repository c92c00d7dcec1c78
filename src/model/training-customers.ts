import type { RecommendVisit } from '../recommend/types.js';

/** What came of an offer. */
export interface OfferedCounts {
  /** How often it was on screen, and how often it was taken. */
  readonly shown: number;
  readonly accepted: number;
  /** The customer said that they do not want it. */
  readonly dismissed?: boolean;
}

/** What was offered to a customer at one visit: the counts of an exposure record. */
export interface TrainingExposure {
  /** ms */
  readonly at: number;
  readonly items: { readonly [sku: string]: OfferedCounts };
}

/** A customer to learn from. */
export interface TrainingCustomer {
  /** Oldest first; one without items counts nowhere. */
  readonly visits: readonly RecommendVisit[];
  /** Draws the sample where there is one; kept nowhere. @defaultValue which in the row it is */
  readonly id?: string;
  /** What was offered to them on pages, and what came of it: `fitRanker` learns from it. @defaultValue nothing is known */
  readonly exposures?: readonly TrainingExposure[];
}

/** Customers as they come, one by one or all at once. */
export type TrainingCustomers = Iterable<TrainingCustomer> | AsyncIterable<TrainingCustomer>;
