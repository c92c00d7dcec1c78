export type { BuyingCustomer, BuyingModelName, BuyingParameters } from './buying-likelihood.js';
export type { WhereAndWhen } from './count-popular.js';
export { encodeModel } from './encode-model.js';
export { encodeRanker } from './encode-ranker.js';
export {
  evaluate,
  type EvaluatedRecommender,
  type Evaluation,
  type EvaluationCustomer,
  type EvaluationMetrics,
  type EvaluationSplit,
  type WithInterval,
} from './evaluate.js';
export { expectedPurchases, pAliveIn } from './expected-purchases.js';
export {
  fitBgNbd,
  fitMbgNbd,
  type BuyingFit,
  type BuyingModel,
  type TooFew,
} from './fit-buying.js';
export { fitRanker, type FitRankerOptions } from './fit-ranker.js';
export { fitPrior, type FitPriorOptions, type PriorFit } from './fit-prior.js';
export {
  expectedSpend,
  fitGammaGamma,
  type SpendFit,
  type SpendModel,
  type Spender,
} from './gamma-gamma.js';
export type {
  OfferedCounts,
  TrainingCustomer,
  TrainingCustomers,
  TrainingExposure,
} from './training-customers.js';
export type { TrainingDatabase } from './port.js';
export {
  trainInDatabase,
  type TrainedInDatabase,
  type TrainInDatabaseOptions,
} from './train-in-database.js';
export type { HereColumn, TrainingReads } from './training-queries.js';
export { trainingSql, type TrainingSql, type TrainingSqlOptions } from './training-sql.js';
export { trainModel, type TrainModelOptions } from './train-model.js';
export { decodeModel } from '../recommend/decode-model.js';
export { decodeRanker } from '../recommend/decode-ranker.js';
export type { Ranker } from '../recommend/rank-types.js';
export type {
  CatalogModel,
  NeighbourTable,
  PopularList,
  Recommender,
  RecommendVisit,
} from '../recommend/types.js';
export { isRhythmPrior } from '../rhythm/is-rhythm-prior.js';
export type { RhythmPrior, RhythmSummary } from '../rhythm/types.js';
