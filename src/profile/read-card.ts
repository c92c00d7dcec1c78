import { currentFormat, type LogFormat } from './migrations.js';
import type { StorageTransaction } from './port.js';
import { decodeRow } from './stored-row.js';
import type { Card } from './types.js';

// What a page needs to greet stands apart from what writes, so that a bundler can load the rest later.

/** What reading a card gives. */
export type ReadCard =
  | { readonly kind: 'card'; readonly card: Card }
  | { readonly kind: 'none' }
  /** It has to be refolded: `refoldCard`. */
  | { readonly kind: 'stale'; readonly reason: 'corrupt' | 'older' | 'missing' }
  | { readonly kind: 'newer' };

/** Which subjects have a token, sorted; not those that only claim it. */
export interface TokenRow {
  readonly subjects: readonly string[];
}

// a subject with "/" in it must not lie among the records of another
const escapeKey = (text: string): string =>
  text.replace(/[%/]/g, (c) => (c === '/' ? '%2F' : '%25'));

/** Begin of the keys of a subject's records. */
export function recordPrefix(subject: string): string {
  return `${escapeKey(subject)}/`;
}

/** Key of a record. */
export function recordKey(subject: string, id: string): string {
  return recordPrefix(subject) + id;
}

/** Key of an entry of the outbox: sorts as the numbers do. */
export function outboxKey(n: number): string {
  return String(n).padStart(16, '0');
}

/** Reads a card: one request when all is well. */
export async function readCard(
  tx: StorageTransaction,
  customerId: string,
  format: LogFormat = currentFormat,
): Promise<ReadCard> {
  const row = await tx.get('cards', customerId);
  if (row === undefined) {
    const id = await customerOf(tx, customerId);
    if (id !== customerId) return readCard(tx, id, format);
    const records = await tx.list('records', { prefix: recordPrefix(customerId), limit: 1 });
    return records.length > 0 ? { kind: 'stale', reason: 'missing' } : { kind: 'none' };
  }
  const decoded = decodeRow(row, format.version);
  switch (decoded.kind) {
    case 'ok':
      return { kind: 'card', card: decoded.value as Card };
    case 'newer':
      return { kind: 'newer' };
    case 'corrupt':
    case 'older':
      return { kind: 'stale', reason: decoded.kind };
  }
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

/** Who has `token`. */
export async function readToken(
  tx: StorageTransaction,
  token: string,
): Promise<TokenRow | undefined> {
  return (await tx.get('tokens', `t:${token}`)) as TokenRow | undefined;
}

/** The id of the customer that `subject` belongs to. */
export async function customerOf(tx: StorageTransaction, subject: string): Promise<string> {
  const id = await tx.get('tokens', `s:${subject}`);
  return typeof id === 'string' ? id : subject;
}
