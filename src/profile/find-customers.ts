import type { StorageTransaction } from './port.js';
import { customerOf } from './read-card.js';

/** Which subjects have a token; each list sorted. */
export interface TokenRow {
  /** Those it leads to. */
  readonly subjects: readonly string[];
  /** Those whose links are held and lead nowhere. */
  readonly held?: readonly string[];
  /** Those that only claim it: see `findClaims`. */
  readonly claims?: readonly string[];
}

/** Ids of the customers who have an identifier's token, sorted. One read for the token, one for each of its subjects. */
export async function findCustomers(
  tx: StorageTransaction,
  token: string,
): Promise<readonly string[]> {
  const { subjects = [] } = (await readToken(tx, token)) ?? {};
  const ids = await Promise.all(subjects.map((subject) => customerOf(tx, subject)));
  return [...new Set(ids)].sort();
}

/** The subjects under which somebody bought who claimed an identifier without proof, sorted: a proof of it may take them over. */
export async function findClaims(
  tx: StorageTransaction,
  token: string,
): Promise<readonly string[]> {
  return (await readToken(tx, token))?.claims ?? [];
}

/** Ids of customers that have a card here, sorted. */
export async function listCustomers(
  tx: StorageTransaction,
  limit?: number,
): Promise<readonly string[]> {
  const rows = await tx.list('cards', limit === undefined ? {} : { limit });
  return rows.map(({ key }) => key);
}

/** A token's row as it was stored; undefined for what is none. */
export function asTokenRow(row: unknown): TokenRow | undefined {
  const { subjects, held = [], claims = [] } = (row ?? {}) as { [key in keyof TokenRow]?: unknown };
  return [subjects, held, claims].every(isTexts) ? (row as TokenRow) : undefined;
}

function isTexts(list: unknown): boolean {
  return Array.isArray(list) && list.every((text) => typeof text === 'string');
}

/** Who has `token`. */
export async function readToken(
  tx: StorageTransaction,
  token: string,
): Promise<TokenRow | undefined> {
  return asTokenRow(await tx.get('tokens', `t:${token}`));
}
