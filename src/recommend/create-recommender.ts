import { indexCatalog, type CatalogIndex } from './catalog-index.js';
import { explainRecommended } from './explain-recommended.js';
import { addNeighbours, clearSum, createSum, createTouched, shareOf } from './neighbour-sums.js';
import { pickCandidates, type CandidateList } from './pick-candidates.js';
import {
  dueness,
  summarizeHistory,
  type HistorySummary,
  type OwnItem,
} from './summarize-history.js';
import type {
  CatalogModel,
  Item,
  Recommended,
  RecommendHistory,
  Recommender,
  RecommendQuery,
  RecommendSource,
  RecommendVisit,
} from './types.js';

/** What the engine is made of; each part may be missing. */
export interface RecommenderOptions {
  /** What other customers buy. @defaultValue own history alone */
  readonly model?: CatalogModel;
  /** What the shop sells: with it nothing else is offered, and variants, durables, aliases are known. */
  readonly catalog?: readonly Item[];
  /** Older visits of a customer count no more. @defaultValue 50 */
  readonly maxVisits?: number;
}

// Fitted on next baskets of real shops: what a term is worth when nothing was fitted for this one.
const WEIGHT = {
  share: 0.364,
  decayed9: 0.031,
  decayed6: 0.077,
  repeat: 0.008,
  customers: 0.052,
  next: 0.071,
  basket: 0.2,
  popular: 0.052,
  due: 0.345,
} as const;

// Items below this rank are not popular, whatever is left to offer.
const POPULAR_RANKS = 100;

/** Visits by history: any engine can be asked with any history. */
const visitsOf = new WeakMap<RecommendHistory, RecommendVisit[]>();

/**
 * The pure engine: the same history, query and model give the same list, ties by sku. `history(visits)` wants the
 * oldest visit first (visits that all have a time are sorted). Nothing in it waits, stores or calls out.
 * @example
 * const engine = createRecommender({ model: decodeModel(bytes) });
 * const mine = engine.history([{ at: 1760000000000, items: ['latte', 'scone'] }]);
 * engine.recommend(mine, { now: Date.now(), limit: 4, basket: ['latte'] });
 */
export function createRecommender(options: RecommenderOptions = {}): Recommender {
  const { model, maxVisits = 50 } = options;
  const catalog = indexCatalog(options.catalog);
  const skus = (model?.skus ?? []).map(catalog.canonical);
  const numbers = new Map<string, number>();
  skus.forEach((sku, number) => {
    if (!numbers.has(sku)) numbers.set(sku, number);
  });
  const rank = createRanking(model, catalog, skus, numbers);
  const summaries = new WeakMap<RecommendHistory, { summary: HistorySummary; of: number }>();
  const summaryOf = (history: RecommendHistory): HistorySummary => {
    const visits = visitsOf.get(history) ?? [];
    const known = summaries.get(history);
    if (known?.of === visits.length) return known.summary;
    const summary = summarizeHistory(visits, maxVisits, catalog, numbers);
    summaries.set(history, { summary, of: visits.length });
    return summary;
  };
  return {
    history: (visits) => {
      const kept = [...visits];
      const history: RecommendHistory = { add: (visit) => void kept.push(visit) };
      visitsOf.set(history, kept);
      return history;
    },
    recommend: (history, query) => rank(summaryOf(history), query),
  };
}

type Rank = (summary: HistorySummary, query: RecommendQuery) => readonly Recommended[];

function createRanking(
  model: CatalogModel | undefined,
  catalog: CatalogIndex,
  skus: readonly string[],
  numbers: ReadonlyMap<string, number>,
): Rank {
  const touched = createTouched(skus.length);
  const byCustomers = createSum(touched);
  const byNext = createSum(touched);
  const byBasket = createSum(touched);
  const top = model?.visits[0] || 1;

  const steer = (summary: HistorySummary, basket: readonly string[]): void => {
    if (model === undefined) return;
    // A sensitive item steers nothing: what it brings along would tell.
    const steers = (sku: string): boolean => !catalog.item(sku)?.sensitive;
    for (const { sku, number, decayed6 } of summary.own.values()) {
      if (number < 0 || !steers(sku)) continue;
      addNeighbours(byCustomers, model.customers ?? model.together, number, decayed6);
      addNeighbours(byNext, model.next, number, decayed6);
    }
    for (const sku of basket) {
      const number = numbers.get(sku);
      if (number !== undefined && steers(sku)) addNeighbours(byBasket, model.together, number, 1);
    }
  };

  const shopScore = (number: number): number =>
    (WEIGHT.popular * (model?.visits[number] ?? 0)) / top +
    WEIGHT.customers * shareOf(byCustomers, number) +
    WEIGHT.next * shareOf(byNext, number) +
    WEIGHT.basket * shareOf(byBasket, number);

  const ownScore = (item: OwnItem, { visits, most9, most6 }: HistorySummary, now: number): number =>
    (item.times / visits) *
      (WEIGHT.share +
        WEIGHT.repeat * (model?.repeat[item.number] ?? 0) +
        WEIGHT.due * dueness(item, now, model?.gapDays?.[item.number] ?? 0)) +
    (WEIGHT.decayed9 * item.decayed9) / most9 +
    (WEIGHT.decayed6 * item.decayed6) / most6 +
    (item.number < 0 ? 0 : shopScore(item.number));

  return (summary, query) => {
    const wants = (kind: RecommendSource): boolean => query.kinds?.includes(kind) ?? true;
    const basket = [...new Set((query.basket ?? []).map(catalog.canonical))];
    steer(summary, basket);
    const own = wants('again') ? [...summary.own.values()] : [];
    const fresh: number[] = [];
    if (wants('together')) fresh.push(...touched.list.subarray(0, touched.count));
    const linked = own.length + fresh.length;
    if (wants('popular'))
      for (let number = 0; number < Math.min(POPULAR_RANKS, skus.length); number++)
        if (!wants('together') || touched.marks[number] === 0) fresh.push(number);
    const scores = new Float64Array(own.length + fresh.length);
    own.forEach((item, c) => (scores[c] = ownScore(item, summary, query.now)));
    fresh.forEach((number, c) => (scores[own.length + c] = shopScore(number)));
    // Before anything of the host's runs: `available` may throw, or ask this very engine.
    for (const sum of [byCustomers, byNext, byBasket]) clearSum(sum);
    const list: CandidateList = { own, fresh, linked, scores, skus };
    const picked = pickCandidates(list, summary, catalog, basket, query);
    return explainRecommended(picked, summary, catalog, model, basket, numbers);
  };
}
