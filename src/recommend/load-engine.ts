import { createRecommender } from './create-recommender.js';
import type { PlugState, RecommenderPlugOptions } from './plug-types.js';
import { takeFile, type Taken } from './take-file.js';
import type { FileName, FileShelf, Item, RecommenderHost, RecommenderLoaded } from './types.js';

// Named here so that a bundler that splits by file keeps the engine in one chunk.
/** @public */
export { createRecommender };

/** Makes the engine on what is there, and anew on what comes; resolves with the last. */
export async function loadEngine(
  options: RecommenderPlugOptions,
  state: PlugState,
  catalog: readonly Item[] | undefined,
  { shelf, ready }: RecommenderHost,
): Promise<RecommenderLoaded> {
  const made = (): RecommenderLoaded => {
    const { model, ranker, keptAt } = state;
    return {
      engine: createRecommender({ model, ranker, catalog }),
      model: model ? 'ready' : 'none',
      ranker: ranker ? 'ready' : 'none',
      ...(keptAt !== undefined && { keptAt }),
    };
  };
  const tell = (): void => ready?.(made());
  tell();
  state.waiting.add(tell);
  const failed: { -readonly [K in FileName | 'error']?: RecommenderLoaded[K] } = {};
  const takers = takersOf(options, state, shelf);
  for (const name of ['model', 'ranker'] as const) {
    if (options[name] === undefined) continue;
    const coming = state.coming.get(name) ?? takers[name]();
    state.coming.set(name, coming);
    try {
      await coming;
    } catch (error) {
      state.coming.delete(name);
      // what was kept goes on
      if (!state[name]) failed[name] = 'failed';
      failed.error ??= error;
    }
  }
  state.waiting.delete(tell);
  return { ...made(), ...failed };
}

// Each reader is a file of its own: who has no ranker does not load its code.
function takersOf(
  { model, ranker }: RecommenderPlugOptions,
  state: PlugState,
  shelf: FileShelf | undefined,
): { readonly [K in FileName]: () => Promise<void> } {
  return {
    model: async () => {
      const { readModel } = await import('./read-model.js');
      await takeFile('model', model, readModel, (file) => take(state, 'model', file), shelf);
    },
    ranker: async () => {
      const { readRanker } = await import('./read-ranker.js');
      await takeFile('ranker', ranker, readRanker, (file) => take(state, 'ranker', file), shelf);
    },
  };
}

function take<K extends FileName>(
  state: PlugState,
  name: K,
  { value, keptAt }: Taken<NonNullable<PlugState[K]>>,
): void {
  state[name] = value;
  if (name === 'model') state.keptAt = keptAt;
  for (const tell of state.waiting) tell();
}
