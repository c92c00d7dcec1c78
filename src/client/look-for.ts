import { labelOf } from '../greeting/line-key.js';
import { en } from '../greeting/locales/en.js';
import { lookFor } from '../greeting/look-for.js';
import type { LookedFor, LookedForQuery } from '../greeting/types.js';
import type { Core } from './core.js';
import { allMessages } from './explain.js';
import { shopHere, tellOf, wantWithSubstitutes } from './today.js';
import { within } from './within.js';

const CATALOG_MS = 2_000;

/** What the shop can say to somebody who looks for something, of the catalog as far as it answers in time. */
export async function lookForNow(core: Core, query: LookedForQuery): Promise<LookedFor> {
  const { catalog } = core;
  const given: unknown = typeof query === 'string' ? query : query?.sku;
  const key = typeof given === 'string' && given.length <= 200 ? given.trim() : '';
  const loaded = catalog.load().then(() => wantWithSubstitutes(core, key === '' ? [] : [key]));
  await within(core, loaded, CATALOG_MS);
  const shop = shopHere(core);
  // of a source by sku an answer about this very sku is an answer
  const here = { ...shop, complete: catalog.complete() || catalog.answered.has(key) };
  let found: LookedFor;
  try {
    found = lookFor(query, here, allMessages(core));
  } catch (error) {
    core.report(error); // a message of the host's threw: say it in ours
    found = lookFor(query, here, en);
  }
  tellOf(core, labelOf(key), found);
  return found;
}
