import type { StorageTransaction } from './port.js';
import { customerOf } from './read-card.js';

/** Which subjects have a token, sorted; not those that only claim it. */
export interface TokenRow {
  readonly subjects: readonly string[];
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
  const { subjects } = (row ?? {}) as { readonly [key in keyof TokenRow]?: unknown };
  return Array.isArray(subjects) && subjects.every((subject) => typeof subject === 'string')
    ? (row as TokenRow)
    : undefined;
}

/** Who has `token`. */
export async function readToken(
  tx: StorageTransaction,
  token: string,
): Promise<TokenRow | undefined> {
  return asTokenRow(await tx.get('tokens', `t:${token}`));
}
