import { indexCatalog, type CatalogIndex } from './catalog-index.js';
import { dueReason } from './due-items.js';
import { explainRecommended } from './explain-recommended.js';
import { pickCandidates } from './pick-candidates.js';
import type { Ranker } from './rank-types.js';
import { createScorer } from './score-items.js';
import { createSummary, inOrder, type HistorySummary, type OwnItem } from './summarize-history.js';
import type {
  CatalogModel,
  Item,
  Recommended,
  RecommendHistory,
  Recommender,
  RecommendQuery,
  RecommendReason,
  RecommendSource,
  RecommendVisit,
} from './types.js';

/** What the engine is made of; each part may be missing. */
export interface RecommenderOptions {
  /** What other customers buy. @defaultValue own history alone */
  readonly model?: CatalogModel | undefined;
  /** What was fitted on the store's own orders, for this model. @defaultValue weights that suit any shop */
  readonly ranker?: Ranker | undefined;
  /** What the shop sells: with it nothing else is offered, and variants, durables, aliases are known. */
  readonly catalog?: readonly Item[] | undefined;
  /** Older visits of a customer count no more. @defaultValue 50 */
  readonly maxVisits?: number;
}

// Items below this rank are not popular, whatever is left to offer.
const POPULAR_RANKS = 100;

const KINDS: readonly RecommendSource[] = ['again', 'due', 'together', 'popular'];

/** What a history holds; the summary is of one engine. */
interface HistoryState {
  /** In the order they came in. */
  readonly visits: RecommendVisit[];
  by?: unknown;
  summary?: HistorySummary;
  /** The newest of those that the summary counts. */
  newest?: RecommendVisit | undefined;
}

// Any engine can be asked with any history, also one that an engine with an older catalog made.
const states = new WeakMap<RecommendHistory, HistoryState>();

/**
 * The pure engine: the same history, query and model give the same list, ties by sku. `history(visits)` wants the
 * oldest visit first (visits that all have a time are sorted). Nothing in it waits, stores or calls out.
 * @example
 * const engine = createRecommender({ model: decodeModel(bytes) });
 * const mine = engine.history([{ at: 1760000000000, items: ['latte', 'scone'] }]);
 * engine.recommend(mine, { now: Date.now(), limit: 4, basket: ['latte'] });
 */
export function createRecommender(options: RecommenderOptions = {}): Recommender {
  const { model, ranker, maxVisits = 50 } = options;
  const catalog = indexCatalog(options.catalog);
  const skus = (model?.skus ?? []).map(catalog.canonical);
  const numbers = new Map<string, number>();
  skus.forEach((sku, number) => {
    if (!numbers.has(sku)) numbers.set(sku, number);
  });
  const rank = createRank(model, ranker, catalog, skus, numbers);
  const summaryOf = (state: HistoryState): HistorySummary => {
    if (state.by === rank && state.summary) return state.summary;
    const summary = createSummary(maxVisits, catalog, numbers);
    const ordered = inOrder(state.visits);
    ordered.forEach(summary.add);
    state.newest = ordered.at(-1);
    state.by = rank;
    return (state.summary = summary);
  };
  return {
    history: (visits) => {
      const state: HistoryState = { visits: [...visits] };
      const add = (visit: RecommendVisit): void => {
        const { newest, summary } = state;
        state.visits.push(visit);
        if (summary === undefined) return;
        // What came before others that are counted already, or without a time among those with one, is counted anew.
        if (newest !== undefined && laterThan(newest, visit) <= 0) delete state.summary;
        else summary.add(visit);
        state.newest = visit;
      };
      const history: RecommendHistory = { add };
      states.set(history, state);
      return history;
    },
    recommend: (history, query) => rank(summaryOf(states.get(history) ?? { visits: [] }), query),
  };
}

/** How much later the second visit was, ms; NaN where none has a time, and nothing where only one has. */
function laterThan({ at: a = NaN }: RecommendVisit, { at: b = NaN }: RecommendVisit): number {
  return Number.isFinite(a) === Number.isFinite(b) ? b - a : 0;
}

/** Ranks what may be offered to one customer. */
type Rank = (summary: HistorySummary, query: RecommendQuery) => readonly Recommended[];

function createRank(
  model: CatalogModel | undefined,
  ranker: Ranker | undefined,
  catalog: CatalogIndex,
  skus: readonly string[],
  numbers: ReadonlyMap<string, number>,
): Rank {
  const {
    steer,
    linked: linkedOf,
    scoreAny,
    scoreOwn,
    sums,
    clear,
  } = createScorer(model, catalog, numbers);
  const popularOnes = skus.slice(0, POPULAR_RANKS).map((_, number) => number);
  /** These, and what goes with them. */
  const avoidedOf = (keys: readonly string[] = []): ReadonlySet<number> => {
    const avoided = new Set(keys.map((key) => numbers.get(catalog.canonical(key)) ?? -1));
    for (const number of [...avoided]) {
      const { start, item } = model?.customers ?? {};
      for (let k = start?.[number] ?? 0; k < (start?.[number + 1] ?? 0); k++)
        if ((model?.sameVisit[k] ?? 0) > 0) avoided.add(item?.[k] ?? -1);
    }
    return avoided;
  };
  return (summary, query) => {
    const [again, due, linked, known] = KINDS.map((kind) => query.kinds?.includes(kind) ?? true);
    const { now } = query;
    const basket = [...new Set((query.basket ?? []).map(catalog.canonical))];
    steer(summary, basket);
    const dueOf = (item: OwnItem): RecommendReason | undefined =>
      due ? dueReason(item, query) : undefined;
    const own = [...summary.own.values()].filter((item) => again || dueOf(item));
    const avoided = avoidedOf(query.avoid);
    const together = linked ? linkedOf() : [];
    const isOffered = (number: number): boolean => !avoided.has(number);
    const offered = avoided.size > 0 ? together.filter(isOffered) : together;
    const isLinked = new Set(together.filter((number) => number < POPULAR_RANKS));
    const popular = popularOnes.filter((number) => !isLinked.has(number) && isOffered(number));
    const fresh = [...offered, ...(known ? popular : [])];
    const scores = new Float64Array(own.length + fresh.length);
    own.forEach((item, c) => (scores[c] = scoreOwn(item, summary, now)));
    fresh.forEach((number, c) => (scores[own.length + c] = scoreAny(number)));
    if (model) ranker?.rescore({ model, summary, sums, now, own, fresh, scores });
    // Before anything of the host's runs: `available` may throw, or ask this very engine.
    clear();
    const list = { own, fresh, linked: own.length + offered.length, scores, skus };
    const picked = pickCandidates(list, summary, catalog, basket, query, dueOf);
    return explainRecommended(picked, summary, catalog, model, basket, numbers);
  };
}
