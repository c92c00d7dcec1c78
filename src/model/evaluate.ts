import type { Recommender, RecommendVisit } from '../recommend/types.js';
import type { TrainingCustomers } from './training-customers.js';
import { seeded } from './seeded.js';

/** How customers are parted: each is scored once, by a recommender that was made of the other parts. */
export interface EvaluationSplit {
  /** @defaultValue 5 */
  readonly folds?: number;
  /** The same seed and customers are parted the same way. @defaultValue 1 */
  readonly seed?: number;
}

/** A mean over customers, and where it lies with 95 % confidence had other customers come: by the bootstrap over customers. */
export interface WithInterval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  /** Customers that it is a mean of. */
  readonly customers: number;
}

/**
 * How well the newest visit of customers was told from those before. Recall is the share of its items that the list has;
 * NDCG weighs their places, the ideal going over the whole visit; hit is the share of customers with an item in the list.
 */
export interface EvaluationMetrics {
  readonly recall5: WithInterval;
  readonly ndcg5: WithInterval;
  readonly hit5: WithInterval;
  readonly recall10: WithInterval;
  readonly ndcg10: WithInterval;
  readonly hit10: WithInterval;
  readonly recall20: WithInterval;
  readonly ndcg20: WithInterval;
  readonly hit20: WithInterval;
  /** Recall at 10 of what the customer had bought before, and had not. */
  readonly repeatRecall10: WithInterval;
  readonly newRecall10: WithInterval;
}

/** The recommender beside the two that anybody can have. */
export interface Evaluation {
  readonly recommender: EvaluationMetrics;
  /** What most visits of the other customers hold. */
  readonly popularity: EvaluationMetrics;
  /** Own items by the visits that hold them, filled up by popularity: hard to beat. */
  readonly ownFrequency: EvaluationMetrics;
}

/** A customer, as the recommender to be tried may be made of them. */
export interface EvaluationCustomer {
  /** Oldest first. */
  readonly visits: readonly RecommendVisit[];
}

/** Of an engine what is measured. */
export type EvaluatedRecommender = Pick<Recommender, 'history' | 'recommend'>;

type Metric = keyof EvaluationMetrics;

const METRICS: readonly Metric[] = [
  ...(['recall5', 'ndcg5', 'hit5'] as const),
  ...(['recall10', 'ndcg10', 'hit10', 'recall20', 'ndcg20', 'hit20'] as const),
  ...(['repeatRecall10', 'newRecall10'] as const),
];
const LENGTHS = [5, 10, 20] as const;
const LENGTH = 20;
/** How often other customers are drawn. */
const DRAWS = 1000;

/**
 * Measures a recommender on a shop's own orders, beside popularity and own frequency. The recommender is made anew for each
 * part of the customers from all others, so that nothing of a customer is in what scores that customer. Customers with
 * one visit are trained on, but there is nothing to tell of them.
 * @example
 * const { recommender, ownFrequency } = await evaluate(customers, {}, async (others) =>
 *   createRecommender({ model: await trainModel(others) }),
 * );
 */
export async function evaluate(
  customers: TrainingCustomers,
  split: EvaluationSplit,
  recommender: (
    others: readonly EvaluationCustomer[],
  ) => EvaluatedRecommender | Promise<EvaluatedRecommender>,
): Promise<Evaluation> {
  const { folds = 5, seed = 1 } = split;
  const random = seeded(seed);
  const parts: EvaluationCustomer[][] = Array.from(
    { length: Math.max(2, Math.floor(folds)) },
    () => [],
  );
  for await (const customer of customers)
    parts[Math.floor(random() * parts.length)]?.push(customer);
  const rows = { recommender: [], popularity: [], ownFrequency: [] } as Record<
    keyof Evaluation,
    (readonly number[])[]
  >;
  for (const part of parts) {
    const others = parts.filter((one) => one !== part).flat();
    const engine = await recommender(others);
    const popular = mostHeld(others.flatMap(({ visits }) => visits));
    for (const { visits } of part) {
      const target = visits.at(-1);
      if (target === undefined || visits.length < 2) continue;
      const before = visits.slice(0, -1);
      const own = mostHeld(before);
      const query = { now: target.at ?? 0, limit: LENGTH };
      const lists = {
        recommender: engine.recommend(engine.history(before), query).map(({ sku }) => sku),
        popularity: popular.slice(0, LENGTH),
        ownFrequency: [...new Set([...own, ...popular.slice(0, LENGTH + own.length)])],
      };
      for (const method of Object.keys(lists) as (keyof Evaluation)[])
        rows[method].push(measure(lists[method], new Set(target.items), new Set(own)));
    }
  }
  return {
    recommender: summarizeRows(rows.recommender, seed),
    popularity: summarizeRows(rows.popularity, seed),
    ownFrequency: summarizeRows(rows.ownFrequency, seed),
  };
}

/** Skus by how many visits hold them, ties by sku. */
function mostHeld(visits: readonly RecommendVisit[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { items } of visits)
    for (const sku of new Set(items)) counts.set(sku, (counts.get(sku) ?? 0) + 1);
  return [...counts]
    .sort(([a, many], [b, more]) => more - many || (a < b ? -1 : 1))
    .map(([sku]) => sku);
}

/** One customer's metrics, in the order of METRICS; NaN where there is nothing to measure. */
function measure(
  list: readonly string[],
  wanted: ReadonlySet<string>,
  owned: ReadonlySet<string>,
): readonly number[] {
  const gainAt = (rank: number): number => 1 / Math.log2(rank + 2);
  const ideal = [...wanted].reduce((sum, _, rank) => sum + gainAt(rank), 0);
  const cells = LENGTHS.flatMap((length) => {
    let hits = 0;
    let gain = 0;
    list.slice(0, length).forEach((sku, rank) => {
      if (!wanted.has(sku)) return;
      hits++;
      gain += gainAt(rank);
    });
    return [hits / wanted.size, gain / ideal, wanted.size > 0 ? Math.min(1, hits) : NaN];
  });
  const top = new Set(list.slice(0, 10));
  const recallOf = (skus: readonly string[]): number =>
    skus.filter((sku) => top.has(sku)).length / skus.length;
  const isOwn = (sku: string): boolean => owned.has(sku);
  return [
    ...cells,
    recallOf([...wanted].filter(isOwn)),
    recallOf([...wanted].filter((sku) => !isOwn(sku))),
  ];
}

function summarizeRows(rows: readonly (readonly number[])[], seed: number): EvaluationMetrics {
  const entries = METRICS.map((metric, column) => {
    const values = rows.map((row) => row[column] ?? NaN).filter((value) => !Number.isNaN(value));
    return [metric, withInterval(Float64Array.from(values), seeded(seed))] as const;
  });
  return Object.fromEntries(entries) as Record<Metric, WithInterval>;
}

function withInterval(values: Float64Array, random: () => number): WithInterval {
  const customers = values.length;
  if (customers === 0) return { mean: 0, low: 0, high: 0, customers };
  const mean = values.reduce((sum, value) => sum + value, 0) / customers;
  // One customer alone says nothing of others.
  if (customers === 1) return { mean, low: 0, high: 1, customers };
  const means = Float64Array.from({ length: DRAWS }, () => {
    let sum = 0;
    for (let i = 0; i < customers; i++) sum += values[Math.floor(random() * customers)] ?? 0;
    return sum / customers;
  }).sort();
  const at = (share: number): number => means[Math.round(share * (DRAWS - 1))] ?? mean;
  return { mean, low: at(0.025), high: at(0.975), customers };
}
