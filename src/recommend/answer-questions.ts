import type { CatalogIndex } from './catalog-index.js';
import { dueReason } from './due-items.js';
import { explainRecommended, type Grounds } from './explain-recommended.js';
import { numberAt, pickCandidates, skuAt, type CandidateList } from './pick-candidates.js';
import { popularHere, type PopularHere } from './popular-here.js';
import type { Ranker } from './rank-types.js';
import { steers, WEIGHT, type Scorer } from './score-items.js';
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
  /** The place in the model of what the shop sells today, -1 for what it does not know. */
  readonly numberOf: (sku: string) => number;
  readonly scorer: Scorer;
  /** The history of nobody. */
  readonly nobody: HistorySummary;
  /** A byte an item, all zeros before and after. */
  readonly hidden: Uint8Array;
}

const KINDS: readonly RecommendSource[] = ['again', 'due', 'together', 'popular'];
/** Items below this rank are not popular, whatever is left to offer. */
export const POPULAR_RANKS = 100;
/** As much as a rule can: scores stay numbers. */
const FIRST = 1e6;
/** Of one category among five in a row, in a shop that has so many. */
const PER_CATEGORY = 2;
const CATEGORIES = 3;

/** Keys as the shop knows them today, each once. */
export function canonical({ catalog }: Knowledge, keys: readonly string[] = []): string[] {
  return [...new Set(keys.map(catalog.canonical))];
}

/** The numbers of those that may steer. */
export function steering({ catalog, numberOf }: Knowledge, skus: readonly string[]): number[] {
  return skus.filter((sku) => steers(numberOf(sku), catalog.item(sku))).map(numberOf);
}

/** What suits this customer, or nobody in particular, of the kinds that are wanted. */
export function answerQuestion(
  knowledge: Knowledge,
  summary: HistorySummary,
  query: RecommendQuery,
): readonly Recommended[] {
  const { model, ranker, skus, scorer, catalog } = knowledge;
  const { now, kinds } = query;
  const [again, due, together = true, popular = true] = KINDS.map(
    (kind) => kinds?.includes(kind) ?? true,
  );
  const asked = steering(knowledge, canonical(knowledge, query.basket));
  scorer.steer(summary, asked);
  const dueOf = (item: OwnItem | undefined): RecommendReason | undefined =>
    due && item ? dueReason(item, query) : undefined;
  const mine = [...summary.own.values()];
  const own = again ? mine : mine.filter(dueOf);
  const here = popularHere(model, query);
  const [fresh, linked] = newsFor(
    knowledge,
    mine,
    query,
    together,
    popular ? (here?.item ?? []) : undefined,
  );
  const scores = new Float64Array(own.length + fresh.length);
  own.forEach((item, c) => (scores[c] = scorer.scoreOwn(item, summary, now)));
  fresh.forEach((number, c) => (scores[own.length + c] = scorer.scoreAny(number)));
  const isMixed = (together || popular) && catalog.categories.size >= CATEGORIES;
  const list: CandidateList = {
    ...{ known: own, fresh, scores, skus, perCategory: isMixed ? PER_CATEGORY : Infinity },
    sourceAt: (c) => (own[c] ? 'again' : c < own.length + linked ? 'together' : 'popular'),
  };
  const isSomebody = summary !== knowledge.nobody;
  // Of nobody nothing else is known.
  if (here) addHere(list, here, isSomebody ? WEIGHT.popular : 1);
  if (model && isSomebody)
    ranker?.rescore({ model, summary, sums: scorer.sums, now, own, fresh, scores });
  const first = (c: number): RecommendReason | undefined => dueOf(own[c]);
  return finish(knowledge, list, query, { summary, asked, inBasket: true, first }, here);
}

/** Takes what may be taken of a list that is scored, and says why. */
export function finish(
  { model, catalog, scorer, hidden }: Knowledge,
  list: CandidateList,
  query: RecommendQuery,
  grounds: Omit<Grounds, 'hidden' | 'model' | 'popular'>,
  here?: PopularHere,
): readonly Recommended[] {
  // Before anything of the host's runs: `available` or a rule may throw, or ask this very engine.
  scorer.clear();
  applyRules(list, catalog, query);
  const picked = pickCandidates(list, grounds.summary, catalog, query);
  const popular = (number: number): RecommendReason => {
    const rank = here?.ranks.get(number);
    return rank === undefined
      ? { kind: 'popular', rank: number + 1 }
      : { kind: 'popular', rank: rank + 1, ...here?.where };
  };
  return explainRecommended(list, picked, { ...grounds, hidden, model, popular });
}

/** What is new to the customer: what something speaks for, and how many these are; with `here` what is popular there and at all. */
function newsFor(
  { model, hidden, scorer, catalog, numberOf, skus }: Knowledge,
  mine: readonly OwnItem[],
  { avoid = [] }: RecommendQuery,
  together: boolean,
  here: Iterable<number> | undefined,
): [fresh: number[], linked: number] {
  const hide = mine.map(({ number }) => number);
  for (const key of avoid) {
    const number = numberOf(catalog.canonical(key));
    hide.push(number);
    // What others buy with it would tell as much.
    if (model) {
      const { start, item } = model.customers;
      for (let k = start[number] ?? 0; k < (start[number + 1] ?? 0); k++)
        if ((model.sameVisit[k] ?? 0) > 0) hide.push(item[k] ?? -1);
    }
  }
  for (const number of hide) hidden[number] = 1;
  const fresh: number[] = [];
  const add = (number: number): void => {
    if (hidden[number] !== 0) return;
    hidden[number] = 1;
    fresh.push(number);
  };
  const { list } = scorer.touched;
  if (together) list.forEach(add);
  const linked = fresh.length;
  if (here) {
    for (const number of here) add(number);
    for (let number = 0; number < Math.min(POPULAR_RANKS, skus.length); number++) add(number);
  }
  for (const number of hide) hidden[number] = 0;
  for (const number of fresh) hidden[number] = 0;
  return [fresh, linked];
}

function addHere(list: CandidateList, { ranks, visits }: PopularHere, weight: number): void {
  list.scores.forEach((score, c) => {
    const rank = ranks.get(numberAt(list, c));
    if (rank !== undefined)
      list.scores[c] = score + weight * Math.sqrt((visits[rank] ?? 0) / (visits[0] ?? 1));
  });
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
