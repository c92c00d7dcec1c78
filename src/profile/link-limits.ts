import type { IdentifierType } from '../identity/types.js';
import type { LinkData } from './types.js';

const DAY_MS = 86_400_000;

/** What links of a type may come to (identity rule 4.3). */
export interface LinkLimit {
  /** Identifiers of the type that one customer may have: of each namespace or programme, which stands behind a colon. */
  readonly perCustomer: number;
  /** Customers who may have the same identifier. */
  readonly perValue: number;
  /** 1 decides first. */
  readonly priority: number;
  /** Length of the time that `perCustomer` counts within. @defaultValue all time */
  readonly windowMs?: number;
}

const VISITOR: LinkLimit = {
  perCustomer: 10,
  perValue: Infinity,
  priority: 6,
  windowMs: 90 * DAY_MS,
};
const LIMITS: ReadonlyMap<string, LinkLimit> = new Map([
  ['account', { perCustomer: 1, perValue: 1, priority: 1 }],
  ['loyalty', { perCustomer: 3, perValue: 1, priority: 2 }],
  ['phone', { perCustomer: 3, perValue: 4, priority: 3 }],
  ['email', { perCustomer: 5, perValue: 4, priority: 4 }],
  ['device', VISITOR],
  ['anonymous', VISITOR],
]);
const OTHER: LinkLimit = { perCustomer: Infinity, perValue: 4, priority: 5 };

/** What a customer's links may come to in all. */
export const LINK_CAPS = { identifiers: 50, visitors: 30, merges: 20, links: 1_000 } as const;

/** The limits of a type: of what stands before a colon, as in `account:web`. A type of the host's own has only the caps, and is shared as an e-mail is. */
export function limitOf(type: IdentifierType): LinkLimit {
  return LIMITS.get(type) ?? LIMITS.get(type.split(':', 1)[0] ?? '') ?? OTHER;
}

/** Orders identifiers as they are to be linked: of those of one event the first decides who it is, so an account comes before a phone. */
export function comparePriority(
  a: { readonly type: IdentifierType },
  b: { readonly type: IdentifierType },
): number {
  return limitOf(a.type).priority - limitOf(b.type).priority;
}

/** True for the type of a signed-in id, of whatever namespace: two of one such type are two people. */
export function isAccount({ type }: { readonly type: IdentifierType }): boolean {
  return /^account(?::|$)/.test(type);
}

/** True for a type that says something of a person: a device and an anonymous id do not. */
export function isPersonal(type: IdentifierType): boolean {
  return limitOf(type) !== VISITOR;
}

/** True for a link that can make its subject one with others: a device, an anonymous id and an unproved claim cannot. */
export function isJoining(link: LinkData): boolean {
  return link.unproved !== true && isPersonal(link.type);
}

/** True for half of a merge: the other half has the same token. */
export function isMerge(link: LinkData): boolean {
  return link.type === 'merge' && link.method === 'merged' && link.unproved !== true;
}
