export { encodeModel } from './encode-model.js';
export { trainModel, type TrainModelOptions } from './train-model.js';
export { decodeModel } from '../recommend/decode-model.js';
export type { CatalogModel, NeighbourTable, RecommendVisit } from '../recommend/types.js';
