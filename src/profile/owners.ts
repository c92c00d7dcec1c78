import type { IdentifierType } from '../identity/types.js';
import { findCustomers } from './find-customers.js';
import { isAccount } from './link-limits.js';
import type { StorageTransaction } from './port.js';
import { readCard } from './read-card.js';
import type { Card } from './types.js';

/** An identifier, as a storage knows it. */
export interface TokenOf {
  readonly type: IdentifierType;
  readonly token: string;
}

/** Whose an order is, and which links are to be made first. */
export interface OwnerOf {
  readonly subject: string;
  readonly links: readonly TokenOf[];
  readonly isNew: boolean;
}

const ANONYMOUS = new Set<IdentifierType>(['device', 'anonymous']);

/** True for the number of a shop's own card. */
const isCard = ({ type }: TokenOf): boolean => /^loyalty(?::|$)/.test(type);

/** Where owners are looked for. */
export interface OwnerRows {
  /** Who has a token; the first counts. */
  readonly find: (token: string) => Promise<readonly string[]>;
  /** The links by which a customer is known. */
  readonly card: (customer: string) => Promise<Pick<Card, 'links'> | undefined>;
}

/** Finds the customers of orders within a transaction: see {@link ownersBy}. */
export function ownersIn(
  tx: StorageTransaction,
  tokens: readonly string[],
  newSubject: () => string,
  areMembers = false,
): Promise<(ids: readonly TokenOf[]) => Promise<OwnerOf>> {
  const card: OwnerRows['card'] = async (customer) => {
    const read = await readCard(tx, customer);
    return read.kind === 'card' ? read.card : undefined;
  };
  return ownersBy(
    { find: (token) => findCustomers(tx, token), card },
    tokens,
    newSubject,
    areMembers,
  );
}

/**
 * Finds the customers of orders, one after the other: those who are known, and those whom an order before made. `tokens` are those of
 * all these orders. An account decides, then a loyalty card; a new account is nobody's who has another one of its namespace, so that
 * a family's e-mail leads to none of them. With `areMembers` they are people of a programme, each of whom is told by their card: a phone
 * that somebody with another card gave first stays theirs alone.
 */
export async function ownersBy(
  rows: OwnerRows,
  tokens: readonly string[],
  newSubject: () => string,
  areMembers = false,
): Promise<(ids: readonly TokenOf[]) => Promise<OwnerOf>> {
  const met = new Map<string, string>();
  // all at once: one look-up after the other would wait for the database each time
  await Promise.all(
    [...new Set(tokens)].map(async (token) => {
      const [known] = await rows.find(token);
      if (known !== undefined) met.set(token, known);
    }),
  );
  const withOwn = new Set<string>();
  const find = (ids: readonly TokenOf[]): string | undefined => {
    for (const { token } of ids) {
      const known = met.get(token);
      if (known !== undefined) return known;
    }
    return undefined;
  };
  const hasOne = async (subject: string, type: IdentifierType): Promise<boolean> => {
    if (withOwn.has(`${subject} ${type}`)) return true;
    return (await rows.card(subject))?.links.some((link) => link.type === type) === true;
  };
  const take = (subject: string, links: readonly TokenOf[], isNew: boolean): OwnerOf => {
    for (const { type, token } of links) {
      met.set(token, subject);
      if (isAccount({ type }) || isCard({ type, token })) withOwn.add(`${subject} ${type}`);
    }
    return { subject, links, isNew };
  };
  return async (ids) => {
    const accounts = ids.filter(isAccount);
    const owner = find(accounts);
    if (owner !== undefined) return take(owner, [], false);
    const named = ids.filter((id) => !isAccount(id) && !ANONYMOUS.has(id.type));
    // a device or a visitor's id says who it is only where nothing else does
    const rest = accounts.length + named.length > 0 ? named : ids;
    const cards = rest.filter(isCard);
    const byCard = find(cards);
    const known = byCard ?? find(rest);
    if (known !== undefined) {
      const own = areMembers && byCard === undefined ? [...accounts, ...cards] : accounts;
      const another = await Promise.all(own.map(({ type }) => hasOne(known, type)));
      if (!another.includes(true)) return take(known, own, false);
    }
    const isFree = ({ token }: TokenOf): boolean => !areMembers || !met.has(token);
    return take(newSubject(), ids.filter(isFree), true);
  };
}
