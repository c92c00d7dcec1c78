import { nextStamp, stampMs, type Stamp } from '../kernel/stamp.js';
import type { LogFormat } from './log-format.js';
import { putRecord, readLog, readRows, type ReadRecord } from './log-rows.js';
import { refoldCard } from './log.js';
import type { StorageTransaction } from './port.js';
import { recordKeyOf } from './row-keys.js';
import type { Card } from './types.js';

/** What restamping needs to know of the world. */
export interface RestampEnv {
  readonly device: string;
  /** The backend's time, ms. */
  readonly now: number;
  /** How far the clock here is ahead of it, ms. */
  readonly aheadMs: number;
  /** Stamps that are no more ahead than this stay. */
  readonly toleranceMs: number;
  readonly format: LogFormat;
}

/**
 * Stamps anew what waits and was stamped by a clock that is ahead, in the order in which it was written, and takes the clock of the
 * log back to what is left. What was sent never changes. Gives the cards that this changed; undefined when there was nothing to do.
 */
export async function restampWaiting(
  tx: StorageTransaction,
  { device, now, aheadMs, toleranceMs, format }: RestampEnv,
): Promise<readonly Card[] | undefined> {
  // asked with each answer of a backend: of a clock that is right nothing more is read
  const log = await readLog(tx, format, now);
  if (log.stamp === undefined || stampMs(log.stamp) <= now + toleranceMs) return undefined;
  const entries = await tx.list('outbox');
  const waiting = new Set(entries.map(({ value }) => recordKeyOf(value)));
  const { read } = await readRows(tx, undefined, format);
  const inOrder = [...read].sort((a, b) => a.n - b.n);
  const isAhead = ({ key, record }: ReadRecord): boolean =>
    waiting.has(key) && record.kind !== 'base' && stampMs(record.stamp) > now + toleranceMs;
  let last: Stamp | undefined;
  let { bytes } = log;
  const changed = new Set<string>();
  for (const one of inOrder) {
    let { stamp } = one.record;
    if (isAhead(one)) {
      // as far before now as it was written; what followed something sent, or another, stays behind that
      stamp = nextStamp(last, Math.min(now, stampMs(stamp) - aheadMs), device);
      bytes += putRecord(tx, { ...one.record, stamp }, one.n, format) - one.bytes;
      changed.add(one.record.subject);
    }
    // what stays ahead never leaves this device: the trace of somebody erased, a link of its own
    if (stampMs(stamp) <= now + toleranceMs && (last === undefined || stamp > last)) last = stamp;
  }
  tx.put('meta', 'log', { ...log, bytes, ...(last !== undefined && { stamp: last }) });
  const cards = new Map<string, Card>();
  for (const subject of changed) {
    const card = await refoldCard(tx, subject, format);
    if (card) cards.set(card.id, card);
  }
  return [...cards.values()];
}
