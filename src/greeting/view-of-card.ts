import { decideReveal } from '../identity/reveal-field.js';
import type { CustomerView, RevealOverrides } from '../identity/types.js';
import type { Card } from '../profile/types.js';
import { findUsual } from './find-usual.js';
import type { SpeakContext } from './types.js';
import type { ItemOf } from './usual-orders.js';

/** Where and when a claim is looked up. */
export type ViewContext = Omit<SpeakContext, 'level' | 'may' | 'mode' | 'name'>;

/**
 * What of a customer a claim at a kiosk may show: the card cut by the disclosure table and what the shop asks for beyond it, on the backend, so that the rest never leaves
 * it. Undefined for whoever has not allowed "greet me by my number", and for whoever is not to be remembered.
 */
export function viewOfCard(
  card: Card,
  context: ViewContext,
  itemOf?: ItemOf,
  reveal?: RevealOverrides,
): CustomerView | undefined {
  const greetByNumber = card.facts['greet-by-number']?.value === true;
  const may = (field: 'name' | 'taste'): boolean =>
    decideReveal(
      field,
      { level: 'claimed', mode: 'kiosk', greetByNumber, givenHere: false },
      reveal,
    ).ok;
  const [says, knows] = [may('name'), may('taste')];
  if (!(says || knows) || card.erased || card.consent.remember === 'denied') return undefined;
  const name = card.facts['name.given']?.value;
  const taste = knows && card.consent.suggest !== 'denied';
  const usual = findUsual(
    card,
    { ...context, level: 'claimed', mode: 'kiosk', may: { taste } },
    itemOf,
  );
  // to whoever waits for an answer nothing is offered
  const isWronged = card.issues.some(({ state }) => state === 'open');
  // a question would be one about what was bought before: only a habit speaks
  const lines = usual.kind === 'usual' && !isWronged ? usual.lines : [];
  return {
    ...(says && typeof name === 'string' && { name }),
    paidVisits: card.paidVisits,
    ...(lines.length > 0 && {
      usual: lines.map(({ sku, name: item, quantity, modifiers }) => ({
        ...{ sku, name: item, quantity },
        modifiers: modifiers.map(({ group, name: choice, quantity: count }) => ({
          ...(group !== undefined && { group }),
          ...{ name: choice, quantity: count },
        })),
      })),
    }),
  };
}
