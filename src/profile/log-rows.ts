import { RegularsError } from '../kernel/errors.js';
import { isStamp, stampMs, type Stamp } from '../kernel/stamp.js';
import { takeText } from './card-limits.js';
import type { LogFormat } from './log-format.js';
import type { StorageRow, StorageTransaction } from './port.js';
import { decodeRow, type StoredRow } from './decode-row.js';
import { customerOf, recordPrefix } from './read-card.js';
import { recordKey } from './row-keys.js';
import { encodeRow, encodeText } from './stored-row.js';
import type { Card, ProfileRecord, UnknownRecord } from './types.js';

/** Any record, of a kind this version knows or not. */
export type AnyRecord = ProfileRecord | UnknownRecord;

/** A record's row: `n` is its number in this device's log. */
export interface RecordRow extends StoredRow {
  readonly n: number;
}

/** A record as it was read, with where it lies. */
export interface ReadRecord {
  readonly key: string;
  readonly n: number;
  readonly bytes: number;
  readonly record: AnyRecord;
}

/** The row `log` of the store `meta`. */
export interface LogRow {
  readonly v: number;
  /** Number of the last record. */
  readonly n: number;
  /** Length of the text of all records here, readable or not: what the cap of a device is about. */
  readonly bytes: number;
  readonly stamp?: Stamp;
}

/** The error of data that a newer version wrote. */
export function newerError(): RegularsError {
  return new RegularsError(
    'ERR_STORAGE_NEWER',
    'A newer version of regulars wrote this storage; nothing was changed. Load that version, or reload the page.',
  );
}

/** A clock that was never set says 1970: no reason to take every stamp for damage. */
const RELEASED_MS = Date.UTC(2026, 0);
const FAR_MS = 10 * 365.25 * 86_400_000;

/** True for a stamp that others can follow: damage that sorts last would end the order. */
function isUsable(stamp: unknown): stamp is Stamp {
  return isStamp(stamp) && stamp < 'f';
}

/**
 * The log's counters and clock. What is lost, damaged, or more than ten years ahead of `now` is found again from the records,
 * whose checksums say that they are as they were written.
 */
export async function readLog(
  tx: StorageTransaction,
  format: LogFormat,
  now: number = Infinity,
): Promise<LogRow> {
  const row = (await tx.get('meta', 'log')) as Partial<LogRow> | undefined;
  if (typeof row?.v === 'number' && row.v > format.version) throw newerError();
  const { n, bytes, stamp } = row ?? {};
  const fits =
    stamp === undefined ||
    (isUsable(stamp) && !(stampMs(stamp) > Math.max(now, RELEASED_MS) + FAR_MS));
  if (Number.isSafeInteger(n) && Number.isSafeInteger(bytes) && fits) return row as LogRow;
  const { read, bytes: found } = await readRows(tx, undefined, format);
  return read.reduce<LogRow>(
    (log, { n: number, record }) => ({
      ...log,
      n: Math.max(log.n, number),
      ...(isUsable(record.stamp) &&
        !(log.stamp !== undefined && log.stamp > record.stamp) && { stamp: record.stamp }),
    }),
    { v: format.version, n: 0, bytes: found },
  );
}

/** The records of one subject, or of all. Rows that cannot be read are counted and left where they are. */
export async function readRows(
  tx: StorageTransaction,
  subject: string | undefined,
  format: LogFormat,
): Promise<{
  readonly read: readonly ReadRecord[];
  readonly corrupt: number;
  readonly bytes: number;
}> {
  return decodeRows(
    await tx.list('records', subject === undefined ? {} : { prefix: recordPrefix(subject) }),
    format,
  );
}

/** The records in rows of `records`. */
export function decodeRows(
  rows: readonly StorageRow[],
  format: LogFormat,
): {
  readonly read: readonly ReadRecord[];
  readonly corrupt: number;
  readonly bytes: number;
} {
  const read: ReadRecord[] = [];
  let bytes = 0;
  for (const { key, value } of rows) {
    const record = readRecord(value, format);
    const size = bytesOf(value);
    bytes += size;
    if (record !== undefined) read.push({ key, n: numberOf(value), bytes: size, record });
  }
  return { read, corrupt: rows.length - read.length, bytes };
}

/** What a row of `records` counts for in the log's `bytes`. */
export function bytesOf(row: unknown): number {
  const { text } = (row ?? {}) as { readonly text?: unknown };
  return typeof text === 'string' ? text.length : 0;
}

function numberOf(row: unknown): number {
  const { n } = row as Partial<RecordRow>;
  return typeof n === 'number' ? n : 0;
}

function readRecord(row: unknown, format: LogFormat): AnyRecord | undefined {
  const decoded = decodeRow(row, format.version);
  switch (decoded.kind) {
    case 'ok':
      return decoded.value as AnyRecord;
    case 'corrupt':
      return undefined;
    case 'newer':
      throw newerError();
    case 'older':
      if (format.upcast) return format.upcast(decoded.value, decoded.version);
      format.needsUpcast?.();
      throw new RegularsError(
        'ERR_STORAGE_FAILED',
        'The storage holds records of an older version; read it through withFormat.',
        { retryable: true },
      );
  }
}

/** Writes a record's row; gives what it counts for in the log's `bytes`. */
export function putRecord(
  tx: StorageTransaction,
  record: AnyRecord,
  n: number,
  format: LogFormat,
): number {
  const row: RecordRow = { ...encodeRow(record, format.version), n };
  tx.put('records', recordKey(record.subject, record.id), row);
  return bytesOf(row);
}

/** Writes a card's row. */
export function putCard(tx: StorageTransaction, card: Card, format: LogFormat): void {
  tx.put('cards', card.id, encodeText(takeText(card), format.version));
}

/** The customer a subject belongs to, with the card as it is stored; without one that cannot be read. */
export interface Known {
  readonly id: string;
  readonly card: Card | undefined;
}

/** Reads whom a subject belongs to: two requests at once when it is the customer's only one, or oldest. */
export async function knownOf(
  tx: StorageTransaction,
  subject: string,
  format: LogFormat,
): Promise<Known> {
  const [id, own] = await Promise.all([customerOf(tx, subject), tx.get('cards', subject)]);
  const row = decodeRow(id === subject ? own : await tx.get('cards', id), format.version);
  if (row.kind === 'newer') throw newerError();
  return { id, card: row.kind === 'ok' ? (row.value as Card) : undefined };
}
