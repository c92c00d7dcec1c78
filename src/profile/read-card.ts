import { decodeRow } from './decode-row.js';
import { currentFormat, type LogFormat } from './log-format.js';
import type { StorageTransaction } from './port.js';
import type { Card } from './types.js';

// What a page needs to greet stands apart from what writes, so that a bundler can load the rest later.

/** What reading a card gives. */
export type ReadCard =
  | { readonly kind: 'card'; readonly card: Card }
  | { readonly kind: 'none' }
  /** It has to be refolded: `refoldCard`. */
  | { readonly kind: 'stale'; readonly reason: 'corrupt' | 'older' | 'missing' }
  | { readonly kind: 'newer' };

// a subject with "/" in it must not lie among the records of another
const escapeKey = (text: string): string =>
  text.replace(/[%/]/g, (c) => (c === '/' ? '%2F' : '%25'));

/** Begin of the keys of a subject's records. */
export function recordPrefix(subject: string): string {
  return `${escapeKey(subject)}/`;
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
  const { kind } = decoded;
  if (kind === 'ok') return { kind: 'card', card: decoded.value as Card };
  return kind === 'newer' ? { kind } : { kind: 'stale', reason: kind };
}

/** The id of the customer that `subject` belongs to. */
export async function customerOf(tx: StorageTransaction, subject: string): Promise<string> {
  const id = await tx.get('tokens', `s:${subject}`);
  return typeof id === 'string' ? id : subject;
}
