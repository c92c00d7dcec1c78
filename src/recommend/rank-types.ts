import type { Sums } from './neighbour-sums.js';
import type { HistorySummary, OwnItem } from './summarize-history.js';
import type { CatalogModel } from './types.js';

/** What a ranker is given for one answer: the candidates, and all that is known of them and of the customer. */
export interface RankContext {
  readonly model: CatalogModel;
  readonly summary: HistorySummary;
  readonly sums: Sums;
  readonly now: number;
  /** What the customer has bought, then numbers of further items of the model. */
  readonly own: readonly OwnItem[];
  readonly fresh: readonly number[];
  /** By the closed form: of the own ones, then of the fresh. The ranker writes its own over those of the best. */
  readonly scores: Float64Array;
}

/**
 * Weights that were fitted on a store's own orders by `fitRanker` of `regulars/model`; `decodeRanker` there reads its
 * bytes. Unlike a model it holds no item and no count: trees over what is known of a candidate.
 */
export interface Ranker {
  readonly version: 1;
  /** What the closed form's score counts before the trees add theirs. */
  readonly scale: number;
  /** Questions to a tree: each leaf is reached by as many answers. */
  readonly depth: number;
  /** For each tree and question the feature that is asked, and above what the answer is yes. */
  readonly features: Uint8Array;
  readonly thresholds: Float32Array;
  /** For each tree its 2 ** depth leaves. */
  readonly leaves: Float32Array;
  /**
   * Scores the best candidates anew.
   * @internal
   */
  readonly rescore: (context: RankContext) => void;
}
