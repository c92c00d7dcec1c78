import { createRecommender } from './create-recommender.js';
import type { Ranker } from './rank-types.js';
import type { FileSource } from './read-file.js';
import type { CatalogModel, Item, RecommenderLoaded, RecommenderPlug } from './types.js';

/** What the plug is made of. */
export interface RecommenderPlugOptions {
  /** What `trainModel` resolved to, the bytes of `encodeModel`, or a way to fetch them. @defaultValue own history alone */
  readonly model?: CatalogModel | FileSource;
  /** What `fitRanker` resolved to, the bytes of `encodeRanker`, or a way to fetch them. @defaultValue weights that suit any shop */
  readonly ranker?: Ranker | FileSource;
  /** What the shop sells, where the client is given no catalog of its own. */
  readonly catalog?: readonly Item[];
}

/**
 * What `createRegulars` recommends with. A model that cannot be had, or is none, is told of, and the engine goes on
 * with the customer's own history; so does a ranker, and the engine goes on without it. The next `load` tries again.
 * @example
 * createRegulars({ shop: 'blue-door', recommend: recommender({ model: () => fetch('/model.bin') }) });
 */
export function recommender(options: RecommenderPlugOptions = {}): RecommenderPlug {
  let model: CatalogModel | undefined;
  let ranker: Ranker | undefined;
  const now = (catalog = options.catalog): RecommenderLoaded => ({
    engine: createRecommender({ model, ranker, catalog }),
    model: model ? 'ready' : 'none',
    ranker: ranker ? 'ready' : 'none',
  });
  return {
    now,
    load: async (catalog) => {
      const failed: { model?: 'failed'; ranker?: 'failed'; error?: unknown } = {};
      const attempt = async (
        part: 'model' | 'ranker',
        read: () => Promise<void>,
      ): Promise<void> => {
        try {
          await read();
        } catch (error) {
          failed[part] = 'failed';
          failed.error ??= error;
        }
      };
      // What reads files is loaded beside the files, not before the first greeting.
      await attempt('model', async () => {
        if (options.model && !model) {
          const { readModel } = await import('./read-file.js');
          model = await readModel(options.model);
        }
      });
      await attempt('ranker', async () => {
        if (options.ranker && !ranker) {
          const { readRanker } = await import('./read-file.js');
          ranker = await readRanker(options.ranker);
        }
      });
      return { ...now(catalog), ...failed };
    },
  };
}
