import type { RawIdentifier } from '../identity/port.js';
import type { Identifiers, IdentifierType, NormalIdentifier } from '../identity/types.js';
import { isAccount, comparePriority, isPersonal } from '../profile/link-limits.js';
import type { Card } from '../profile/types.js';
import type { Core } from './core.js';
import { tokenOf } from './hold.js';
import { whoHasToken } from './may-keep.js';
import { readIdentifier } from './read-identifier.js';
import type { BlockedIdentifier } from './types.js';

/** An identifier with its token of this device. */
export type Token = NormalIdentifier & { readonly token: string };

/** What a page, a token or a backend has said, in normal form; what decides first comes first. */
export interface Read {
  readonly good: readonly Token[];
  readonly blocked: readonly BlockedIdentifier[];
}

/** The same, where some of it is proved: what `vouch` takes. */
export interface ReadProof extends Read {
  readonly proved: readonly Token[];
}

/** Whom some identifiers lead to. */
export interface Met {
  /** Who fits all of those that lead anywhere: one, or several who share them; empty when none does. */
  readonly fits: readonly string[];
  /** Whom the rest of them lead to instead. */
  readonly others: readonly string[];
  /** Types of those. */
  readonly apart: readonly IdentifierType[];
}

/** Reads what a page has given. */
export function readIdentifiers(core: Core, identifiers: Identifiers): Promise<Read> {
  return readEntries(core, Object.entries(Object(identifiers) === identifiers ? identifiers : {}));
}

/** Reads what a proof is for: all of it is proved. */
export async function readProved(
  core: Core,
  identifiers: readonly RawIdentifier[],
): Promise<ReadProof> {
  const entries = identifiers.map(({ type, value }) => [type, value] as const);
  const read = await readEntries(core, entries);
  return { ...read, proved: read.good };
}

async function readEntries(
  core: Core,
  entries: readonly (readonly [type: IdentifierType, value: unknown])[],
): Promise<Read> {
  const good: Token[] = [];
  const blocked: BlockedIdentifier[] = [];
  for (const [type, value] of entries) {
    if (value === undefined || value === null) continue;
    const result = await readIdentifier(core, type, value);
    if (!result.ok) blocked.push({ type, reason: result.reason });
    else good.push({ ...result.identifier, token: await tokenOf(core.vault, result.identifier) });
  }
  // links are walked in the order they are made: the account is the one that must hold
  return { good: good.sort(comparePriority), blocked };
}

/**
 * Whom identifiers lead to, those that decide first before the others. A second one tells apart who shares the first. A new account
 * is nobody's who has another one of its namespace (identity rule 4.3): a family's e-mail leads to none of them.
 */
export async function meet(core: Core, identifiers: readonly Token[]): Promise<Met> {
  const accounts = identifiers.filter(isAccount);
  let fits: readonly string[] = [];
  const others = new Set<string>();
  const apart: IdentifierType[] = [];
  for (const identifier of identifiers) {
    if (!isPersonal(identifier.type)) continue;
    const have = await whoHasToken(core.vault, identifier.token);
    const cards = await Promise.all(have.map((customer) => core.vault.card(customer)));
    const may = isAccount(identifier)
      ? have
      : have.filter((_, i) => !hasAnother(cards[i], accounts));
    const both = may.filter((customer) => fits.includes(customer));
    if (fits.length === 0 || both.length > 0) fits = both.length > 0 ? both : may;
    else if (may.length > 0) {
      may.forEach((customer) => others.add(customer));
      apart.push(identifier.type);
    }
  }
  return { fits, others: [...others], apart };
}

/** True for a customer whose account of the same namespace is another one, and who has none of these. */
function hasAnother(card: Card | undefined, accounts: readonly Token[]): boolean {
  const own = (card?.links ?? []).filter(isAccount);
  return accounts.some(
    ({ type, token }) =>
      own.some((link) => link.type === type) && !own.some((link) => link.token === token),
  );
}

/** True for a known person: with an account, or something that was verified (identity rule 4.4). */
export function isKnown(card: Card | undefined): boolean {
  return (card?.links ?? []).some(
    (link) => isPersonal(link.type) && (isAccount(link) || link.level === 'verified'),
  );
}
