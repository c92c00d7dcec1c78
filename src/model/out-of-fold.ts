import { decodeModel } from '../recommend/decode-model.js';
import type { CatalogModel } from '../recommend/types.js';
import type { VisitStore } from './collect-visits.js';
import { encodeModel } from './encode-model.js';
import { countModel, type TrainModelOptions } from './train-model.js';

/** Customers, and a model that was counted without any of them. */
export interface OutOfFold {
  readonly customers: readonly number[];
  readonly model: CatalogModel;
}

/**
 * Parts the customers at random; each part comes with the model of all others, as coarse as a page reads it from its bytes.
 * @yields every part once
 */
export function* outOfFold(
  store: VisitStore,
  folds: number,
  random: () => number,
  options: TrainModelOptions,
): Generator<OutOfFold> {
  const foldOf = Uint8Array.from({ length: store.customers }, () => Math.floor(random() * folds));
  const all = [...foldOf.keys()];
  for (let fold = 0; fold < folds; fold++) {
    const others = all.filter((customer) => foldOf[customer] !== fold);
    const model = countModel(store, Uint32Array.from(others), options);
    yield {
      customers: all.filter((customer) => foldOf[customer] === fold),
      model: decodeModel(encodeModel(model)),
    };
  }
}
