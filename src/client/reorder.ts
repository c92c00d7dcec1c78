import { resolveReorder, type ReorderLine } from '../greeting/reorder.js';
import type { Reorder, UsualQuestion } from '../greeting/types.js';
import { minorDigits } from '../kernel/money.js';
import type { Core } from './core.js';
import { allMessages } from './explain.js';
import { gate, speak } from './speak.js';

/** The usual or an earlier purchase, against today's catalog. */
export async function reorderNow(core: Core, refOrPurchaseId: string): Promise<Reorder> {
  const { lines, ask } = linesOf(core, refOrPurchaseId);
  await core.catalog.load();
  await core.catalog.want(lines.flatMap(({ sku }) => (sku === null ? [] : [sku])));
  const { locale, currency } = core.state;
  const price = (minor: number): string =>
    currency === undefined
      ? String(minor)
      : new Intl.NumberFormat(locale, { style: 'currency', currency }).format(
          minor / 10 ** minorDigits(currency),
        );
  return resolveReorder(lines, core.catalog.item, allMessages(core), price, ask);
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
