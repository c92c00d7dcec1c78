import { resolveReorder, type ReorderLine } from '../greeting/reorder.js';
import { en } from '../greeting/locales/en.js';
import type { Reorder, UsualQuestion } from '../greeting/types.js';
import { minorDigits } from '../kernel/money.js';
import type { Core } from './core.js';
import { allMessages } from './explain.js';
import { gate, speak } from './speak.js';
import { within } from './within.js';

const CATALOG_MS = 2_000;

/** The usual or an earlier purchase, against today's catalog. */
export async function reorderNow(core: Core, refOrPurchaseId: string): Promise<Reorder> {
  const { lines, ask } = linesOf(core, refOrPurchaseId);
  // a catalog that does not answer leaves what is known of it
  const { load, want } = core.catalog;
  const skus = lines.flatMap(({ sku }) => (sku === null ? [] : [sku]));
  await within(
    core,
    load().then(() => want(skus)),
    CATALOG_MS,
  );
  const { locale, currency } = core.state;
  const price = (minor: number): string =>
    currency === undefined
      ? String(minor)
      : new Intl.NumberFormat(locale, { style: 'currency', currency }).format(
          minor / 10 ** minorDigits(currency),
        );
  try {
    return resolveReorder(lines, core.catalog.item, allMessages(core), price, ask);
  } catch (error) {
    core.report(error); // a message of the host's threw: say it in ours
    return resolveReorder(lines, core.catalog.item, en, price, ask);
  }
}

function linesOf(
  core: Core,
  refOrPurchaseId: string,
): { readonly lines: readonly ReorderLine[]; readonly ask: readonly UsualQuestion[] } {
  const { usual } = speak(core);
  if (usual.kind !== 'none' && usual.ref === refOrPurchaseId) return usual;
  const purchase = core.state.card?.purchases.find(({ id }) => id === refOrPurchaseId);
  return { lines: purchase && gate(core, 'orders').ok ? purchase.lines : [], ask: [] };
}
