import { chooseBest, createRanker } from '../recommend/create-ranker.js';
import { createRecommender } from '../recommend/create-recommender.js';
import { rankFeatures } from '../recommend/rank-features.js';
import type { RankContext, Ranker } from '../recommend/rank-types.js';
import type { CatalogModel, RecommendVisit } from '../recommend/types.js';
import { collectVisits, type VisitStore } from './collect-visits.js';
import { growTrees } from './grow-trees.js';
import { offeredLists, withOffers } from './offered-lists.js';
import type { TrainingCustomers, TrainingExposure } from './training-customers.js';
import { outOfFold } from './out-of-fold.js';
import { createRows, type RowCollector } from './rank-rows.js';
import { seeded } from './seeded.js';
import { TRAINING, type TrainModelOptions } from './train-model.js';

/** How a ranker is fitted. The options of `trainModel` are to be those of the model it will stand beside. */
export interface FitRankerOptions extends TrainModelOptions {
  /** Customers whose visits are learned from; of more a sample. @defaultValue 20,000 */
  readonly maxCustomers?: number;
  /** The same seed and customers give the same ranker. @defaultValue 1 */
  readonly seed?: number;
  /** Told now and then which share of the work is done, 0–1. */
  readonly progress?: (done: number) => void;
}

/**
 * What counts where the caller says nothing.
 * @public the bench compares it with what was written down
 */
export const RANKING = {
  folds: 5,
  maxCustomers: 20_000,
  targets: 6,
  negativeShare: 0.5,
  trees: 220,
  depth: 4,
  rate: 0.08,
  heldOutShare: 0.1,
  enough: 5000,
  ridge: 5,
  rowShare: 0.5,
  featureShare: 0.6,
} as const;

// A third of the time goes by with the rows.
const ROWS_DONE = 0.3;

/**
 * Fits on a store's own orders what the engine's weights are for any shop: of each customer the newest visit is to be told
 * from those before, where customers are few the older ones too, and nothing that was not
 * bought is left out. Out of fold: the model that describes a customer to the trees was counted without that customer.
 * What was offered to customers on pages, and taken or not, is learned from too, where it is given.
 * Where customers held out are not told better than by the weights for any shop, the ranker has no trees: it is those weights.
 * @example
 * const ranker = await fitRanker(customers);
 * await writeFile('ranker.bin', encodeRanker(ranker));
 */
export async function fitRanker(
  customers: TrainingCustomers,
  options: FitRankerOptions = {},
): Promise<Ranker> {
  const { maxCustomers = RANKING.maxCustomers, seed = 1, progress = () => undefined } = options;
  const { customers: seen, offers } = withOffers(customers);
  const store = await collectVisits(seen, options.maxVisits ?? TRAINING.maxVisits);
  const random = seeded(seed);
  const share = maxCustomers / store.customers;
  const isFew = store.customers < RANKING.enough;
  const rows = createRows(isFew ? 1 : RANKING.negativeShare, random);
  let fold = 0;
  for (const { customers: part, model } of outOfFold(store, RANKING.folds, random, options)) {
    const scored = part.filter(() => random() < share);
    collectFold(store, model, scored, rows, offers, isFew ? RANKING.targets : 1);
    progress((ROWS_DONE * ++fold) / RANKING.folds);
  }
  const onDone = (grown: number): void => progress(ROWS_DONE + (1 - ROWS_DONE) * grown);
  return createRanker(growTrees(rows.taken(), { ...RANKING, random, onDone }));
}

/** Rows of customers whom the model has not seen: of each the newest visits, and what was offered. */
function collectFold(
  store: VisitStore,
  model: CatalogModel,
  scored: readonly number[],
  rows: RowCollector,
  offers: readonly (readonly TrainingExposure[])[],
  targets: number,
): void {
  /** Gives the rows of the best candidates, by their skus. */
  let give: (context: RankContext, chosen: Uint32Array, skuAt: (c: number) => string) => void;
  // The very candidates and numbers that the engine hands to a ranker.
  const rescore = (context: RankContext): void => {
    const { own, fresh, scores } = context;
    const { chosen } = chooseBest(scores);
    give(context, chosen, (c) => own[c]?.sku ?? model.skus[fresh[c - own.length] ?? -1] ?? '');
  };
  const engine = createRecommender({ model, ranker: { ...NO_TREES, rescore } });
  for (const customer of scored) {
    const visits = visitsOf(store, customer);
    for (let back = 1; back <= targets && back < visits.length; back++) {
      const { items = [], at = 0 } = visits.at(-back) ?? {};
      const wanted = new Set(items);
      give = (context, chosen, skuAt) => {
        const bought = Uint8Array.from(chosen, (c) => (wanted.has(skuAt(c)) ? 1 : 0));
        rows.add(rankFeatures(context, chosen), bought, customer);
      };
      engine.recommend(engine.history(visits.slice(0, -back)), { now: at, limit: 0 });
    }
    for (const { visits: before, at, refused } of offeredLists(offers[customer] ?? [], visits)) {
      give = (context, chosen, skuAt) => {
        const offered = chosen.filter((c) => refused.has(skuAt(c)));
        const against = Uint8Array.from(offered, (c) => refused.get(skuAt(c)) ?? 0);
        const taken = against.map((weight) => (weight === 0 ? 1 : 0));
        const weights = against.map((weight) => Math.max(1, weight));
        rows.add(rankFeatures(context, offered), taken, customer, weights);
      };
      engine.recommend(engine.history(before), { now: at, limit: 0 });
    }
  }
}

const NO_TREES = {
  version: 1,
  scale: 0,
  depth: 0,
  features: new Uint8Array(),
  thresholds: new Float32Array(),
  leaves: new Float32Array(),
} as const;

function visitsOf(
  { customerStart, visitStart, lines, ats, skus }: VisitStore,
  customer: number,
): RecommendVisit[] {
  const visits: RecommendVisit[] = [];
  for (let v = customerStart[customer] ?? 0; v < (customerStart[customer + 1] ?? 0); v++) {
    const at = ats[v] ?? NaN;
    const items = Array.from(
      lines.subarray(visitStart[v] ?? 0, visitStart[v + 1] ?? 0),
      (line) => skus[line] ?? '',
    );
    visits.push({ items, ...(Number.isFinite(at) && { at }) });
  }
  return visits;
}
