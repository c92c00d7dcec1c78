export { createRecommender, type RecommenderOptions } from './create-recommender.js';
export type { Ranker } from './rank-types.js';
export type { FileSource } from './read-file.js';
export { recommender, type RecommenderPlugOptions } from './recommender.js';
export type {
  CatalogModel,
  Item,
  ModifierGroup,
  ModifierOption,
  NeighbourTable,
  PopularList,
  RecommendCandidate,
  Recommended,
  Recommender,
  RecommenderLoaded,
  RecommenderPlug,
  RecommendHistory,
  RecommendQuery,
  RecommendReason,
  RecommendRule,
  RecommendSource,
  RecommendVisit,
} from './types.js';
