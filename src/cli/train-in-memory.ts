import type { TrainingCustomer } from '../model/training-customers.js';
import { trainModel } from '../model/train-model.js';
import { compareText } from '../profile/fold-records.js';
import { VISIT_MS } from '../profile/visit-hours.js';
import { Exit } from './exit.js';
import type { Bought } from './train-lines.js';
import { createKeys, type TrainStore } from './train-store.js';

/** Lines that are trained on without a database. */
const MOST_LINES = 2_000_000;

/** An order, put together. */
interface Order {
  readonly customer: string;
  at: number | null;
  readonly skus: string[];
}

/** Orders in memory, for those who have few and no DuckDB. */
export function createMemoryStore(): TrainStore {
  const orders = new Map<string, Order>();
  let lines = 0;
  const take = ({ customer, order, at, skus, isWhole }: Bought): void => {
    const known = orders.get(order);
    if (isWhole || !known) {
      // an order that is told anew stands where it was told last
      orders.delete(order);
      orders.set(order, { customer, at, skus: [...skus] });
      return;
    }
    known.skus.push(...skus);
    if (at !== null) known.at = Math.min(at, known.at ?? at);
  };
  return {
    isKept: false,
    kept: () => 0,
    lines: () => Promise.resolve(lines),
    restart: () => Promise.resolve(),
    add: (_, __, bought) => {
      for (const one of bought) {
        lines += one.skus.length;
        if (lines > MOST_LINES)
          throw new Exit(
            1,
            'These are more orders than fit into memory; with DuckDB any number does: npm install @duckdb/node-api',
          );
        take(one);
      }
      return Promise.resolve();
    },
    train: async (options, progress) => {
      const customers = customersOf([...orders.values()]);
      const model = await trainModel(customers, options);
      progress(1);
      const counted = customers.reduce(
        (sum, { visits }) => sum + visits.reduce((all, { items }) => all + new Set(items).size, 0),
        0,
      );
      return {
        ...{ model, customers: customers.length, lines: counted },
        // by their hashes, as in SQL: files are in the order of time or of names
        sampled: (limit) => listed([...customers].sort(byId).slice(0, limit)),
      };
    },
    close: () => undefined,
    remove: () => undefined,
  };
}

const byId = (a: TrainingCustomer, b: TrainingCustomer): number =>
  compareText(a.id ?? '', b.id ?? '');

/** @yields each */
async function* listed<T>(list: readonly T[]): AsyncGenerator<T> {
  for (const one of list) yield await Promise.resolve(one);
}

/** Customers with their visits, by time; orders that follow within four hours are one, as in SQL. */
function customersOf(orders: readonly Order[]): TrainingCustomer[] {
  const byCustomer = new Map<string, Order[]>();
  for (const order of orders) {
    if (order.skus.length === 0) continue;
    const known = byCustomer.get(order.customer);
    if (known) known.push(order);
    else byCustomer.set(order.customer, [order]);
  }
  const keyOf = createKeys();
  return [...byCustomer].map(([customer, own]) => {
    const id = String(keyOf(customer));
    const visits: { at?: number; items: string[] }[] = [];
    let last: number | null = null;
    for (const { at, skus } of own.sort((a, b) => (a.at ?? -Infinity) - (b.at ?? -Infinity) || 0)) {
      if (at !== null && last !== null && at - last <= VISIT_MS) visits.at(-1)?.items.push(...skus);
      else visits.push({ items: [...skus], ...(at !== null && { at }) });
      last = at;
    }
    return { id, visits };
  });
}
