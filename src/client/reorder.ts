import type { ReorderLine } from '../greeting/reorder.js';
import type { Reorder, UsualQuestion } from '../greeting/types.js';
import type { CardPurchase } from '../profile/types.js';
import type { Core } from './core.js';
import { mayWhole, speak } from './speak.js';
import { pricedLines, pricedUsual, resolveHere, wantWithSubstitutes } from './today.js';
import { within } from './within.js';

const CATALOG_MS = 2_000;

/** The usual or an earlier purchase, against today's catalog. */
export async function reorderNow(core: Core, refOrPurchaseId: string): Promise<Reorder> {
  const { person } = core.state;
  const found = await linesOf(core, refOrPurchaseId);
  // a catalog that does not answer leaves what is known of it
  const { catalog } = core;
  const skus = found.lines.flatMap(({ sku }) => sku ?? []);
  const loaded = catalog.load().then(() => wantWithSubstitutes(core, skus));
  await within(core, loaded, CATALOG_MS);
  // somebody else is here by now
  const { lines, ask } = core.state.person.customer === person.customer ? found : NOTHING;
  return resolveHere(core, lines, ask);
}

interface Lines {
  readonly lines: readonly ReorderLine[];
  readonly ask: readonly UsualQuestion[];
}

const NOTHING: Lines = { lines: [], ask: [] };

async function linesOf(core: Core, refOrPurchaseId: string): Promise<Lines> {
  const { usual } = speak(core);
  if (usual.kind !== 'none' && usual.ref === refOrPurchaseId)
    return { lines: pricedUsual(core, usual), ask: usual.ask };
  if (!mayWhole(core, 'orders').ok) return NOTHING;
  const shown = core.state.card?.purchases.find(({ id }) => id === refOrPurchaseId);
  // a card has the newest, and of a very large one not its lines
  const purchase = shown?.lines.length ? shown : await purchaseBefore(core, refOrPurchaseId);
  return purchase && !purchase.unproved && mayWhole(core, 'orders').ok
    ? { lines: pricedLines(core, purchase), ask: [] }
    : NOTHING;
}

async function purchaseBefore(core: Core, id: string): Promise<CardPurchase | undefined> {
  try {
    return await (await import('./rights.js')).purchaseHere(core, id);
  } catch (error) {
    core.report(error); // not to be had just now: nothing is said of it
    return undefined;
  }
}
