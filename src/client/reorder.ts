import { resolveReorder, type ReorderLine } from '../greeting/reorder.js';
import { en } from '../greeting/locales/en.js';
import type { Reorder, UsualQuestion } from '../greeting/types.js';
import { minorDigits } from '../kernel/money.js';
import type { Core } from './core.js';
import { allMessages } from './explain.js';
import { mayWhole, speak } from './speak.js';
import { wantItems } from './want-items.js';
import { within } from './within.js';

const CATALOG_MS = 2_000;

/** The usual or an earlier purchase, against today's catalog. */
export async function reorderNow(core: Core, refOrPurchaseId: string): Promise<Reorder> {
  const { lines, ask } = linesOf(core, refOrPurchaseId);
  // a catalog that does not answer leaves what is known of it
  const { catalog } = core;
  const skus = lines.flatMap(({ sku }) => (sku === null ? [] : [sku]));
  await within(
    core,
    catalog.load().then(() => wantItems(catalog, skus)),
    CATALOG_MS,
  );
  const { locale, currency } = core.state;
  const price = (minor: number): string => formatPrice(minor, locale, currency);
  try {
    return resolveReorder(lines, core.catalog.item, allMessages(core), price, ask);
  } catch (error) {
    core.report(error); // a message of the host's threw: say it in ours
    return resolveReorder(lines, core.catalog.item, en, price, ask);
  }
}

function formatPrice(minor: number, locale: string, currency: string | undefined): string {
  if (currency === undefined) return String(minor);
  try {
    const format = new Intl.NumberFormat(locale, { style: 'currency', currency });
    return format.format(minor / 10 ** minorDigits(currency));
  } catch {
    return String(minor); // no language, or no currency, that anybody knows
  }
}

function linesOf(
  core: Core,
  refOrPurchaseId: string,
): { readonly lines: readonly ReorderLine[]; readonly ask: readonly UsualQuestion[] } {
  const { usual } = speak(core);
  if (usual.kind !== 'none' && usual.ref === refOrPurchaseId) return usual;
  const purchase = core.state.card?.purchases.find(({ id }) => id === refOrPurchaseId);
  return { lines: purchase && mayWhole(core, 'orders').ok ? purchase.lines : [], ask: [] };
}
