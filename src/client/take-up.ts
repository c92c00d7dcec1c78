import type { Card } from '../profile/types.js';
import type { Core } from './core.js';
import { wrote } from './sync-line.js';

/** The current customer's card among `cards` is shown from now on; other tabs are told. */
export function takeUp(core: Core, cards: readonly Card[], tell = true): void {
  const { state } = core;
  const { subject, customer } = state.person;
  const mine = cards.find(
    (card) =>
      card.id === customer ||
      card.subjects.includes(customer) ||
      (customer === subject && card.subjects.includes(subject)),
  );
  if (mine) {
    state.card = mine;
    state.person = { ...state.person, customer: mine.id };
  }
  if (tell && core.vault.keeps()) state.tabs?.tell('changed');
  if (tell) wrote(core);
  core.refresh();
}
