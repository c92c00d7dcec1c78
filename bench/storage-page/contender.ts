import type { Purchase } from '../../src/profile/types.js';
import type { Customer } from './customers.js';

/** What a contender read of a customer: enough to see that it read it. */
export interface CardRead {
  /** How many orders it has at hand: 50. */
  readonly orders: number;
  /** The id of the newest of them. */
  readonly newest: string | undefined;
}

/**
 * One way to keep customers, written as its documentation recommends for this job. What has `prepare` in its name is done before
 * the clock starts.
 */
export interface Contender<Order = unknown, Bulk = unknown> {
  /** Opens the database of the page. */
  readonly open: (name: string) => Promise<void>;
  /** The customer's profile and newest 50 orders. */
  readonly card: (customer: string) => Promise<CardRead>;
  readonly prepareAppend: (customer: string, order: Purchase) => Order | Promise<Order>;
  /** Resolves when the order is on disk. */
  readonly append: (order: Order) => Promise<unknown>;
  /** The same in another manner, where there is one worth a row. */
  readonly appendOtherwise?: (order: Order) => Promise<unknown>;
  /** The id of the customer with a token. */
  readonly find: (token: string) => Promise<string | undefined>;
  readonly prepareBulk: (customers: readonly Customer[]) => Bulk | Promise<Bulk>;
  readonly bulk: (prepared: Bulk) => Promise<unknown>;
  /** Puts down customers to begin with. @defaultValue bulk(prepareBulk(customers)) */
  readonly seed?: (customers: readonly Customer[]) => Promise<unknown>;
  /** Writes what `seed` left in memory. */
  readonly settle?: () => Promise<unknown>;
}
