import type { Ranker } from './rank-types.js';
import type { FileSource } from './take-file.js';
import type { CatalogModel, FileName, Item } from './types.js';

/** What the plug is made of. */
export interface RecommenderPlugOptions {
  /** What `trainModel` resolved to, the bytes of `encodeModel`, their address, or a way to fetch them. @defaultValue own history alone */
  readonly model?: CatalogModel | FileSource;
  /** What `fitRanker` resolved to, the bytes of `encodeRanker`, their address, or a way to fetch them. @defaultValue weights that suit any shop */
  readonly ranker?: Ranker | FileSource;
  /** What the shop sells, where the client is given no catalog of its own. */
  readonly catalog?: readonly Item[];
}

/** What one plug has loaded so far. */
export interface PlugState {
  model?: CatalogModel;
  ranker?: Ranker;
  keptAt?: number | undefined;
  /** What comes from its source, or has come; what failed is tried again. */
  readonly coming: Map<FileName, Promise<void>>;
  /** Told when something has come. */
  readonly waiting: Set<() => void>;
}
