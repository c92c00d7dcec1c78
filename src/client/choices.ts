import { maskName } from '../identity/mask.js';
import type { NormalIdentifier } from '../identity/types.js';
import { randomId } from '../kernel/ids.js';
import { compareText } from '../profile/fold-records.js';
import type { Card } from '../profile/types.js';
import type { Core } from './core.js';
import type { Choice } from './types.js';

/** Offers people to choose from, masked; their order says nothing of who came first. Only the last offer stands. */
export async function choicesOf(
  core: Core,
  customers: readonly string[],
  claims: readonly NormalIdentifier[],
  mine?: boolean,
): Promise<readonly Choice[]> {
  const { choices } = core.state;
  const people = await Promise.all(
    [...new Set(customers)].map(async (customer) => {
      const label = maskedName(await core.vault.card(customer));
      return { id: randomId(core.random), label, customer };
    }),
  );
  people.sort((a, b) => compareText(a.label, b.label) || compareText(a.id, b.id));
  choices.clear();
  for (const { id, customer } of people) choices.set(id, { customer, claims, mine });
  return people.map(({ id, label }) => ({ id, label }));
}

/** "S*** P." */
function maskedName(card: Card | undefined): string {
  const names = ['name.given', 'name.family'].map((key) => card?.facts[key]?.value);
  return maskName(names.filter((name) => typeof name === 'string').join(' '));
}
