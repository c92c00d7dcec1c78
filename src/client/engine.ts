import type { Item, RecommenderLoaded, RecommenderPlug } from '../recommend/types.js';
import type { Core } from './core.js';
import { keepCatalog, keptCatalog, shelfHere } from './shelf.js';
import { recommendNow } from './suggest.js';

/** Loads the engine at once, and makes it anew when the catalog is there: variants and durables are told by it. */
export async function loadEngine(core: Core): Promise<void> {
  const { state, options, catalog } = core;
  const { recommend } = options;
  if (!recommend) return;
  try {
    const withCatalog = catalog.load().then(async () => {
      const sold = catalog.items();
      if (sold.length > 0) {
        await makeEngine(core, recommend, sold);
        await keepCatalog(core);
        return;
      }
      const kept = catalog.state() === 'failed' ? await keptCatalog(core) : [];
      if (kept.length > 0) await makeEngine(core, recommend, kept);
    });
    await Promise.all([makeEngine(core, recommend), withCatalog]);
  } catch (error) {
    state.modelState = 'failed';
    core.report(error);
    core.refresh();
  }
}

const knowing = new WeakSet<Core>();

async function makeEngine(
  core: Core,
  plug: RecommenderPlug,
  sold?: readonly Item[],
): Promise<void> {
  const { state } = core;
  const take = (loaded: RecommenderLoaded): void => {
    // one that knows no catalog is older than one that does
    if (!sold && knowing.has(core)) return;
    if (sold) knowing.add(core);
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
