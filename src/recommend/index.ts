export { createRecommender, type RecommenderOptions } from './create-recommender.js';
export { decodeModel } from './decode-model.js';
export { recommender, type RecommenderPlugOptions } from './recommender.js';
export type {
  CatalogModel,
  Item,
  ModifierGroup,
  ModifierOption,
  NeighbourTable,
  Recommended,
  Recommender,
  RecommenderLoaded,
  RecommenderPlug,
  RecommendHistory,
  RecommendQuery,
  RecommendReason,
  RecommendSource,
  RecommendVisit,
} from './types.js';
