import type { PlugState, RecommenderPlugOptions } from './plug-types.js';
import type { RecommenderPlug } from './types.js';

/**
 * What `createRegulars` recommends with; the engine itself is loaded after `start`. The last good model is kept on the device as
 * shop data: a page without a network begins with it, and asks for a newer one by its ETag. A model that cannot be had, or is none,
 * is told of, and the engine goes on with what it has: the kept one, else the customer's own history; so does a ranker. The next
 * `load` tries again.
 * @example
 * createRegulars({ shop: 'blue-door', recommend: recommender({ model: '/model.bin' }) });
 */
export function recommender(options: RecommenderPlugOptions = {}): RecommenderPlug {
  const state: PlugState = { coming: new Map(), waiting: new Set() };
  return {
    load: async (catalog = options.catalog, host = {}) =>
      (await import('./load-engine.js')).loadEngine(options, state, catalog, host),
  };
}
