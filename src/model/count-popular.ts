import type { PopularList, RecommendVisit } from '../recommend/types.js';
import type { TrainingCustomer, TrainingCustomers } from './training-customers.js';

/** Where and when a visit was, as a page will ask: `{ place: 'main-st', daypart: 'morning' }`. */
export type WhereAndWhen = (
  visit: RecommendVisit,
) => { readonly place?: string; readonly daypart?: string } | undefined;

/** Items of a list: a page shows fewer. */
export const POPULAR_ITEMS = 50;
/** What one visit holds is no news of a place. */
export const POPULAR_VISITS = 2;

/** An item of a list, by its number. */
export interface PopularCount {
  readonly number: number;
  readonly visits: number;
}

/** Counts what is popular where and when, while customers go by. */
export interface PopularCounter {
  readonly watch: (customers: TrainingCustomers) => AsyncIterable<TrainingCustomer>;
  /** For each place, each time of day, and both, the most bought of these skus, ties in their order. */
  readonly lists: (skus: readonly string[]) => readonly PopularList[];
}

/** Counts of nothing yet. */
export function createPopularCounter(whereAndWhen: WhereAndWhen): PopularCounter {
  const counts = new Map<string, Map<string, number>>();
  const count = (key: readonly string[], items: Iterable<string>): void => {
    const text = JSON.stringify(key);
    const of = counts.get(text) ?? new Map<string, number>();
    counts.set(text, of);
    for (const sku of items) of.set(sku, (of.get(sku) ?? 0) + 1);
  };
  return {
    watch: async function* (customers) {
      for await (const customer of customers) {
        for (const visit of customer.visits) {
          const { place = '', daypart = '' } = whereAndWhen(visit) ?? {};
          const items = new Set(visit.items);
          if (place && daypart) count([place, daypart], items);
          if (place) count([place, ''], items);
          if (daypart) count(['', daypart], items);
        }
        yield customer;
      }
    },
    lists: (skus) => {
      const numbers = new Map(skus.map((sku, number) => [sku, number]));
      const kept = [...counts].map(([text, of]) => {
        const best = [...of]
          .map(([sku, visits]) => ({ number: numbers.get(sku) ?? -1, visits }))
          .filter(({ number, visits }) => number >= 0 && visits >= POPULAR_VISITS)
          .sort((a, b) => b.visits - a.visits || a.number - b.number)
          .slice(0, POPULAR_ITEMS);
        return [text, best] as const;
      });
      return popularLists(new Map(kept));
    },
  };
}

/** Lists in the order of their keys, which are `[place, daypart]` as JSON, either of them empty where it does not matter. */
export function popularLists(
  counts: ReadonlyMap<string, readonly PopularCount[]>,
): readonly PopularList[] {
  return [...counts.keys()].sort().flatMap((text): readonly PopularList[] => {
    const [place = '', daypart = ''] = JSON.parse(text) as readonly string[];
    const best = counts.get(text) ?? [];
    if (best.length === 0) return [];
    return [
      {
        ...(place && { place }),
        ...(daypart && { daypart }),
        item: Uint32Array.from(best, ({ number }) => number),
        visits: Uint32Array.from(best, ({ visits }) => visits),
      },
    ];
  });
}
