import type { PurchaseInput, Regulars } from 'regulars';
import { announce, byId } from '../shared/dom.js';

const DAY_MS = 86_400_000;

const latte = {
  sku: 'latte',
  name: 'Latte',
  quantity: 1,
  unitPrice: 390,
  modifiers: [
    { group: 'milk', id: 'oat', name: 'oat', quantity: 1, unitPrice: 50 },
    { group: 'extras', id: 'hot', name: 'extra hot', quantity: 1 },
  ],
};
const croissant = { sku: 'croissant', name: 'Almond croissant', quantity: 1, unitPrice: 360 };
const porridge = { sku: 'porridge', name: 'Rye porridge', quantity: 1, unitPrice: 650 };

/** Six mornings of our own invention, ending yesterday at five past eight: five with the same breakfast, one without. */
function mornings(now: number, table: string): readonly PurchaseInput[] {
  return [6, 5, 4, 3, 2, 1].map((ago) => {
    const day = new Date(now - ago * DAY_MS);
    const at = day.setHours(8, 5 + (ago % 3), 0, 0);
    return {
      // The same morning again is the same order: pressing twice adds nothing.
      id: `example:${new Date(at).toDateString()}`,
      at,
      place: { table },
      lines: ago === 5 ? [porridge] : [latte, croissant],
    };
  });
}

/** The button that lets a visitor see at once what a week brings. */
export function wireMornings(client: Regulars, table: string): void {
  const said = byId('mornings-done', HTMLParagraphElement);
  byId('mornings', HTMLButtonElement).addEventListener('click', () => {
    const live = async (): Promise<void> => {
      for (const order of mornings(Date.now(), table)) await client.record(order);
      const kept = client.get().consent.remember === 'granted';
      said.textContent = kept
        ? 'Six mornings are remembered: see the top of the page.'
        : 'Six mornings are noted, but you have not said that we may remember you: say yes at the top of the page.';
      if (kept) byId('greeting', HTMLElement).scrollIntoView({ block: 'center' });
    };
    live().catch(() => announce('The mornings could not be remembered.'));
  });
}
