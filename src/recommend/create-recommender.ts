import { indexCatalog, type CatalogIndex } from './catalog-index.js';
import { dueReason } from './due-items.js';
import { explainRecommended } from './explain-recommended.js';
import { pickCandidates } from './pick-candidates.js';
import { createScorer } from './score-items.js';
import { summarizeHistory, type HistorySummary, type OwnItem } from './summarize-history.js';
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
  /** What the shop sells: with it nothing else is offered, and variants, durables, aliases are known. */
  readonly catalog?: readonly Item[] | undefined;
  /** Older visits of a customer count no more. @defaultValue 50 */
  readonly maxVisits?: number;
}

// Items below this rank are not popular, whatever is left to offer.
const POPULAR_RANKS = 100;

const KINDS: readonly RecommendSource[] = ['again', 'due', 'together', 'popular'];

/** What a history holds; the summary is of one engine, until the next visit. */
interface HistoryState {
  readonly visits: RecommendVisit[];
  by?: unknown;
  summary?: HistorySummary;
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
  const { model, maxVisits = 50 } = options;
  const catalog = indexCatalog(options.catalog);
  const skus = (model?.skus ?? []).map(catalog.canonical);
  const numbers = new Map<string, number>();
  skus.forEach((sku, number) => {
    if (!numbers.has(sku)) numbers.set(sku, number);
  });
  const rank = createRank(model, catalog, skus, numbers);
  return {
    history: (visits) => {
      const state: HistoryState = { visits: [...visits] };
      const history: RecommendHistory = {
        add: (visit) => {
          state.visits.push(visit);
          delete state.summary;
        },
      };
      states.set(history, state);
      return history;
    },
    recommend: (history, query) => {
      const state = states.get(history) ?? { visits: [] };
      if (state.by !== rank) delete state.summary;
      state.by = rank;
      state.summary ??= summarizeHistory(state.visits, maxVisits, catalog, numbers);
      return rank(state.summary, query);
    },
  };
}

/** Ranks what may be offered to one customer. */
type Rank = (summary: HistorySummary, query: RecommendQuery) => readonly Recommended[];

function createRank(
  model: CatalogModel | undefined,
  catalog: CatalogIndex,
  skus: readonly string[],
  numbers: ReadonlyMap<string, number>,
): Rank {
  const { steer, isLinked, scoreAny, scoreOwn, clear } = createScorer(model, catalog, numbers);
  /** These, and what goes with them. */
  const avoidedOf = (keys: readonly string[] = []): ReadonlySet<number> => {
    const avoided = new Set(keys.map((key) => numbers.get(catalog.canonical(key)) ?? -1));
    for (const number of [...avoided]) {
      const { start, item } = model?.together ?? {};
      for (let k = start?.[number] ?? 0; k < (start?.[number + 1] ?? 0); k++)
        avoided.add(item?.[k] ?? -1);
    }
    return avoided;
  };
  return (summary, query) => {
    const [again, due, linked, known] = KINDS.map((kind) => query.kinds?.includes(kind) ?? true);
    const basket = [...new Set((query.basket ?? []).map(catalog.canonical))];
    steer(summary, basket);
    const dueOf = (item: OwnItem): RecommendReason | undefined =>
      due ? dueReason(item, query) : undefined;
    const own = [...summary.own.values()].filter((item) => again || dueOf(item));
    const avoided = avoidedOf(query.avoid);
    const together: number[] = [];
    const popular: number[] = [];
    skus.forEach((_, number) => {
      if (avoided.has(number)) return;
      if (linked && isLinked(number)) together.push(number);
      else if (number < POPULAR_RANKS && known) popular.push(number);
    });
    const fresh = [...together, ...popular];
    const scores = new Float64Array(own.length + fresh.length);
    own.forEach((item, c) => (scores[c] = scoreOwn(item, summary, query.now)));
    fresh.forEach((number, c) => (scores[own.length + c] = scoreAny(number)));
    // Before anything of the host's runs: `available` may throw, or ask this very engine.
    clear();
    const list = { own, fresh, linked: own.length + together.length, scores, skus };
    const picked = pickCandidates(list, summary, catalog, basket, query, dueOf);
    return explainRecommended(picked, summary, catalog, model, basket, numbers);
  };
}
