import type { CatalogIndex } from './catalog-index.js';
import { dueReason } from './due-items.js';
import { explainRecommended } from './explain-recommended.js';
import { settle, type Workspace } from './neighbour-sums.js';
import { pickCandidates, skuAt, type CandidateList } from './pick-candidates.js';
import { liftHere, popularHere } from './popular-here.js';
import type { Ranker } from './rank-types.js';
import { createWeigher, steer, steers, worthOfOwn } from './score-items.js';
import type { HistorySummary, OwnItem } from './summarize-history.js';
import type {
  CatalogModel,
  Recommended,
  RecommendQuery,
  RecommendReason,
  RecommendSource,
} from './types.js';

/** What an engine answers from. */
export interface Knowledge {
  readonly model: CatalogModel | undefined;
  readonly ranker: Ranker | undefined;
  readonly catalog: CatalogIndex;
  /** The model's, as the shop sells them today. */
  readonly skus: readonly string[];
  /** Places in the model of further keys of an item that has one already. */
  readonly twins: readonly number[];
  /** The place in the model of what the shop sells today, -1 for what it does not know. */
  readonly numberOf: (sku: string) => number;
  /** What each item is worth to anybody. */
  readonly standing: Float64Array;
  /** The history of nobody. */
  readonly nobody: HistorySummary;
  /** Gives a workspace that is wiped, and takes it back. */
  readonly borrow: () => Workspace;
  readonly giveBack: (work: Workspace) => void;
}

/** Items below this rank are not popular, whatever is left to offer. */
export const POPULAR_RANKS = 100;
/** As much as a rule can: scores stay numbers. */
const FIRST = 1e6;
/** Of one category among five in a row, in a shop that has so many. */
const PER_CATEGORY = 2;
const CATEGORIES = 3;

/** The numbers of those that may steer, each once. */
export function steering({ catalog, numberOf }: Knowledge, keys: readonly string[]): number[] {
  return [...new Set(keys.map(catalog.canonical))]
    .filter((sku) => steers(numberOf(sku), catalog.item(sku)))
    .map(numberOf);
}

/** Of which kinds a list is; what is new to the customer is what others buy, with theirs or at all. */
function wantedOf(kinds: RecommendQuery['kinds']): {
  readonly wants: (kind: RecommendSource) => boolean;
  readonly brings: (kind: RecommendSource) => boolean;
  readonly named: (kind: RecommendSource) => RecommendSource;
} {
  const wants = (kind: RecommendSource): boolean => kinds?.includes(kind) ?? true;
  return {
    wants,
    brings: (kind) => wants(kind) || wants('new'),
    named: (kind) => (wants(kind) ? kind : 'new'),
  };
}

/** What suits this customer, or nobody in particular, of the kinds that are wanted. */
export function answerQuestion(
  knowledge: Knowledge,
  summary: HistorySummary,
  query: RecommendQuery,
): readonly Recommended[] {
  const { model, ranker, skus, standing, catalog, nobody } = knowledge;
  const { now } = query;
  const { wants, brings, named } = wantedOf(query.kinds);
  const dueOf = (item: OwnItem | undefined): RecommendReason | undefined =>
    item && wants('due') ? dueReason(item, query) : undefined;
  const work = knowledge.borrow();
  const { sums } = work;
  // In what sells to anybody no basket has a say.
  const basket = summary === nobody && !brings('together') ? [] : query.basket;
  if (model) steer(model, work, summary, steering(knowledge, basket ?? []));
  const mine = [...summary.own.values()];
  const own = wants('again') ? mine : mine.filter(dueOf);
  for (const { number } of mine) settle(work, number);
  for (const number of knowledge.twins) settle(work, number);
  settleAvoided(knowledge, work, query);

  const fresh: number[] = [];
  const add = (number: number): void => {
    if (settle(work, number)) fresh.push(number);
  };
  if (brings('together')) work.met.forEach(add);
  const linked = fresh.length;
  const here = popularHere(model, query);
  const lift = model && here && liftHere(model, here);
  for (const number of [...(here?.item ?? []), ...skus.slice(0, POPULAR_RANKS).keys()]) {
    if (settle(work, number) && brings('popular')) fresh.push(number);
    if (lift) sums.here.values[number] = (standing[number] ?? 0) * (Math.sqrt(lift(number)) - 1);
  }

  const worth = createWeigher(sums, standing);
  const scores = new Float64Array(own.length + fresh.length);
  own.forEach(
    (item, c) => (scores[c] = worthOfOwn(item, summary, now, model) + worth(item.number)),
  );
  fresh.forEach((number, c) => (scores[own.length + c] = worth(number)));
  if (model && summary !== nobody)
    ranker?.rescore({ model, summary, sums, now, own, fresh, scores });
  const isMixed =
    (brings('together') || brings('popular')) && catalog.categories.size >= CATEGORIES;
  return finish(knowledge, work, query, {
    ...{ known: own, fresh, scores, skus, summary, here },
    perCategory: isMixed ? PER_CATEGORY : Infinity,
    sourceAt: (c) => (own[c] ? 'again' : named(c < own.length + linked ? 'together' : 'popular')),
    reasonAt: (c) => dueOf(own[c]),
  });
}

/** What is not the customer's business; and what others above all buy with it, which would tell as much. */
function settleAvoided(
  { model, catalog, numberOf }: Knowledge,
  work: Workspace,
  { avoid = [] }: RecommendQuery,
): void {
  for (const key of avoid) {
    const number = numberOf(catalog.canonical(key));
    settle(work, number);
    if (model === undefined) continue;
    const { start, item, weight } = model.together ?? model.customers;
    const strengthAt = (k: number): number =>
      (weight[k] ?? 0) * (model.together ? 1 : (model.sameVisit[k] ?? 0));
    let least = Number.MIN_VALUE;
    const end = start[number + 1] ?? 0;
    for (let k = start[number] ?? end; k < end; k++) least = Math.max(least, strengthAt(k) / 2);
    // Not all that is ever bought with it: on a menu that would be everything.
    for (let k = start[number] ?? end; k < end; k++)
      if (strengthAt(k) >= least) settle(work, item[k] ?? -1);
  }
}

/** Takes what may be taken of a list that is scored, and says why. */
export function finish(
  { catalog, giveBack }: Knowledge,
  work: Workspace,
  query: RecommendQuery,
  list: CandidateList,
): readonly Recommended[] {
  applyRules(list, catalog, query);
  const answer = explainRecommended(list, pickCandidates(list, catalog, query), work.sums);
  giveBack(work);
  return answer;
}

/** What a rule leaves out is never given. */
function applyRules(
  list: CandidateList,
  catalog: CatalogIndex,
  { rules = [] }: RecommendQuery,
): void {
  if (rules.length === 0) return;
  list.scores.forEach((score, c) => {
    const sku = skuAt(list, c);
    const candidate = { sku, score, source: list.sourceAt(c), item: catalog.item(sku) };
    let factor = 1;
    for (const rule of rules) {
      const by: unknown = rule(candidate);
      if (typeof by === 'number' && by >= 0) factor *= by;
    }
    list.scores[c] = factor > 0 ? score * Math.min(factor, FIRST) : -Infinity;
  });
}
