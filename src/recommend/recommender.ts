import { createRecommender } from './create-recommender.js';
import { isModel } from './check-model.js';
import { decodeModel } from './decode-model.js';
import type { CatalogModel, Item, RecommenderLoaded, RecommenderPlug } from './types.js';

/** What the plug is made of. */
export interface RecommenderPlugOptions {
  /** What `trainModel` resolved to, the bytes of `encodeModel`, or a way to fetch them. @defaultValue own history alone */
  readonly model?: CatalogModel | Uint8Array | (() => Promise<Uint8Array | ArrayBuffer | Response>);
  /** What the shop sells, where the client is given no catalog of its own. */
  readonly catalog?: readonly Item[];
}

/**
 * What `createRegulars` recommends with. A model that cannot be had, or is none, is told of, and the engine goes on
 * with the customer's own history; the next `load` tries again.
 * @example
 * createRegulars({ shop: 'blue-door', recommend: recommender({ model: () => fetch('/model.bin') }) });
 */
export function recommender(options: RecommenderPlugOptions = {}): RecommenderPlug {
  let model: CatalogModel | undefined;
  const now = (catalog = options.catalog): RecommenderLoaded => ({
    engine: createRecommender({ model, catalog }),
    model: model ? 'ready' : 'none',
  });
  return {
    now,
    load: async (catalog) => {
      try {
        model ??= options.model && (await readModel(options.model));
        return now(catalog);
      } catch (error) {
        return { ...now(catalog), model: 'failed', error };
      }
    },
  };
}

async function readModel(
  model: NonNullable<RecommenderPlugOptions['model']>,
): Promise<CatalogModel> {
  const given = typeof model === 'function' ? await model() : model;
  if (isModel(given)) return given;
  // An answer that is an error page is no model, and decodeModel says so.
  return decodeModel('arrayBuffer' in given ? await given.arrayBuffer() : given);
}
