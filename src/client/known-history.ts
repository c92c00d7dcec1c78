import { linksOfCard } from '../profile/adds-nothing.js';
import { mergePurchases } from '../profile/card-purchases.js';
import { isUnproved, linksOf } from '../profile/card-of.js';
import type { CardLink } from '../profile/types.js';
import type { KnownLink, KnownPurchase } from './known-types.js';
import type { KnownRecords } from './known-records.js';

/** Every order that can still be shown, newest first, those that the customer refused marked; and how many are only counted. */
export function purchasesKnown({ states }: KnownRecords): {
  readonly purchases: readonly KnownPurchase[];
  readonly older: number;
} {
  const links = linksOf(states);
  const unproved = new Set([...states.keys()].filter((subject) => isUnproved(subject, links)));
  const { purchases, removed, older } = mergePurchases(states, unproved);
  const refused = removed
    .filter((purchase) => !older.has(purchase))
    .map((purchase): KnownPurchase => ({ ...purchase, removed: true }));
  const whole = purchases.filter((purchase) => !older.has(purchase));
  return {
    purchases: [...whole, ...refused].sort((a, b) => b.at - a.at),
    older: purchases.length - whole.length,
  };
}

/** Every identifier that leads to the customer: those that count, those that are held, those that were taken back. */
export function linksKnown({ card, states, records }: KnownRecords): readonly KnownLink[] {
  const writers = new Map(records.map(({ id, by }) => [id, by]));
  const present = ({ record, type, level, method, at, unproved }: CardLink): KnownLink => {
    const by = writers.get(record);
    return {
      ...{ id: record, type, level, method, at },
      ...(by !== undefined && { by }),
      ...(unproved === true && { unproved }),
    };
  };
  const active = (card?.links ?? []).map(present);
  const held = (card?.heldLinks ?? []).map((link) => ({ ...present(link), held: link.held }));
  // what was taken back and made anew stands once
  const standing = new Set(linksOfCard(card).map(({ token }) => token));
  const removed = [...states.values()].flatMap(({ links, unlinks }) => {
    const back = new Set(Object.values(unlinks).map(({ data }) => data.link));
    return Object.values(links)
      .filter(({ record, data }) => back.has(record) && !standing.has(data.token))
      .map(({ record, subject, data }) => ({
        ...present({ ...data, record, subject }),
        removed: true as const,
      }));
  });
  return [...active, ...held, ...removed].sort((a, b) => a.at - b.at);
}
