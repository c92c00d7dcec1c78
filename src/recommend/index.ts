export { assignArm } from './assign-arm.js';
export { createRecommender, type RecommenderOptions } from './create-recommender.js';
export type { Ranker } from './rank-types.js';
export { recommender } from './recommender.js';
export type { RecommenderPlugOptions } from './plug-types.js';
export type { FileRequest, FileSource } from './take-file.js';
export type {
  CatalogModel,
  FileName,
  FileShelf,
  Item,
  KeptFile,
  ModifierGroup,
  ModifierOption,
  NeighbourTable,
  PopularList,
  RecommendCandidate,
  Recommended,
  Recommender,
  RecommenderHost,
  RecommenderLoaded,
  RecommenderPlug,
  RecommendHistory,
  RecommendQuery,
  RecommendReason,
  RecommendRule,
  RecommendSource,
  RecommendVisit,
} from './types.js';
