import { isModel } from './check-model.js';
import { decodeModel } from './decode-model.js';
import type { CatalogModel } from './types.js';

/** The model that was given, or that lies in the bytes. */
export function readModel(given: unknown): CatalogModel {
  return typeof given === 'object' && given !== null && isModel(given)
    ? given
    : decodeModel(given as Uint8Array);
}
