import type { RecommenderLoaded, RecommenderPlug } from '../recommend/types.js';
import type { Core } from './core.js';
import { shelfHere } from './shelf.js';
import { recommendNow } from './suggest.js';

/** Loads the engine at once, and makes it anew when the catalog is there: variants and durables are told by it. */
export async function loadEngine(core: Core): Promise<void> {
  const { state, options, catalog } = core;
  const { recommend } = options;
  if (!recommend) return;
  try {
    const withCatalog = catalog.load().then(async () => {
      if (catalog.items().length > 0) await makeEngine(core, recommend);
    });
    await Promise.all([makeEngine(core, recommend), withCatalog]);
  } catch (error) {
    state.modelState = 'failed';
    core.report(error);
    core.refresh();
  }
}

async function makeEngine(core: Core, plug: RecommenderPlug): Promise<void> {
  const { state, catalog } = core;
  const items = catalog.items();
  const sold = items.length > 0 ? items : undefined;
  const take = (loaded: RecommenderLoaded): void => {
    // one that was made before the catalog came is older than one that knows it
    if (!sold && catalog.items().length > 0 && state.engine) return;
    state.engine = loaded;
    state.suggest = recommendNow;
    core.refresh();
  };
  // the model may be long in coming, or never come: own history, and what was kept, do without
  const loaded = await plug.load(sold, { shelf: shelfHere(core), ready: take });
  if (loaded.model === 'failed' && state.modelState !== 'failed') core.notice('model-failed');
  if (loaded.error !== undefined) core.report(loaded.error);
  state.modelState = loaded.model;
  take(loaded);
}
