import { answerQuestion, type Knowledge } from './answer-questions.js';
import { indexCatalog } from './catalog-index.js';
import { createHistories } from './create-histories.js';
import type { Ranker } from './rank-types.js';
import { createWorkspace, wipe, type Workspace } from './neighbour-sums.js';
import { standingOf } from './score-items.js';
import { similarItems } from './similar-items.js';
import { createSummary } from './summarize-history.js';
import type { CatalogModel, Item, Recommender } from './types.js';

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
  const twins: number[] = [];
  skus.forEach((sku, number) => {
    if (numbers.has(sku)) twins.push(number);
    else numbers.set(sku, number);
  });
  const numberOf = (sku: string): number => numbers.get(sku) ?? -1;
  const nobody = createSummary(0, catalog, numberOf);
  // More than one only where `available` or a rule asks this very engine; one that throws keeps what it was lent.
  const idle: Workspace[] = [];
  const knowledge: Knowledge = {
    ...{ model, ranker, catalog, skus, twins, numberOf, nobody, standing: standingOf(model) },
    borrow: () => idle.pop() ?? createWorkspace(skus.length),
    giveBack: (work) => {
      wipe(work);
      idle.push(work);
    },
  };
  const { history, summaryOf } = createHistories(() => createSummary(maxVisits, catalog, numberOf));
  const answer: Recommender['recommend'] = (mine, query) =>
    answerQuestion(knowledge, summaryOf(mine), query);
  return {
    history,
    recommend: answer,
    buyAgain: (mine, query) => answer(mine, { kinds: ['again', 'due'], ...query }),
    dueNow: (mine, query) => answer(mine, { ...query, kinds: ['due'] }),
    goesWith: (basket, query) =>
      answerQuestion(knowledge, nobody, { kinds: ['together'], ...query, basket }),
    popular: (query) => answerQuestion(knowledge, nobody, { ...query, kinds: ['popular'] }),
    similar: (sku, query) => similarItems(knowledge, sku, query),
  };
}
