import type { LogFormat } from './log-format.js';
import { decodeRows, readLog, type AnyRecord } from './log-rows.js';
import { refoldCard } from './log.js';
import type { StorageTransaction } from './port.js';
import { ASIDE_PREFIX, recordKeyOf } from './row-keys.js';
import type { Card } from './types.js';

/** An entry of the outbox that may be sent. */
export interface WaitingRow {
  readonly key: string;
  /** Key of its record; undefined for what is in the entry itself. */
  readonly record: string | undefined;
}

/** What became of an entry that was sent. */
export interface OutboxResult {
  readonly key: string;
  /** `gone`: it is about somebody who was erased, and is dropped here too. A code sets it aside. */
  readonly is: 'done' | 'gone' | { readonly code: string };
}

/** An entry that was set aside. */
export interface AsideRow {
  /** Key of its record, where it has one. */
  readonly key?: string;
  readonly id: string;
  readonly kind: string;
  readonly code: string;
  readonly at: number;
  /** The entry as it was. */
  readonly entry: unknown;
}

const PAGE = 500;

/** Everything that waits, in the order in which it was written: of boxes and erasures their own. Each page a short transaction. */
export async function listWaiting(
  run: <T>(body: (tx: StorageTransaction) => Promise<T>) => Promise<T>,
): Promise<readonly WaitingRow[]> {
  const waiting: WaitingRow[] = [];
  for (let after: string | undefined = ''; after !== undefined;) {
    const from: string = after;
    const rows = await run((tx) => tx.list('outbox', { after: from, limit: PAGE }));
    for (const { key, value } of rows)
      if (!key.startsWith(ASIDE_PREFIX))
        waiting.push({ key, record: /^\d/.test(key) ? recordKeyOf(value) : undefined });
    after = rows.length < PAGE ? undefined : rows.at(-1)?.key;
  }
  return waiting;
}

/** A record that waits, with what its entry holds beside it; undefined where there is none that could be read. */
export async function readWaiting(
  tx: StorageTransaction,
  key: string,
  format: LogFormat,
): Promise<{ readonly record: AnyRecord; readonly entry: unknown } | undefined> {
  const entry = await tx.get('outbox', key);
  const at = recordKeyOf(entry);
  const row = at === undefined ? undefined : await tx.get('records', at);
  if (at === undefined || row === undefined) return undefined;
  const [found] = decodeRows([{ key: at, value: row }], format).read;
  return found && { record: found.record, entry };
}

/** Takes out of the outbox what is done with, and sets aside what is refused; gives the cards of those who lost something. */
export async function settleOutbox(
  tx: StorageTransaction,
  results: readonly OutboxResult[],
  env: { readonly now: number; readonly format: LogFormat },
): Promise<readonly Card[]> {
  const lost = new Set<string>();
  for (const { key, is } of results) {
    const entry = await tx.get('outbox', key);
    // another tab was faster, or they were erased meanwhile
    if (entry === undefined) continue;
    tx.remove('outbox', key);
    if (typeof is === 'object') await setAside(tx, key, entry, is.code, env);
    else if (is === 'gone') {
      const subject = await dropRecord(tx, recordKeyOf(entry), env);
      if (subject !== undefined) lost.add(subject);
    }
  }
  const cards: Card[] = [];
  for (const subject of lost) {
    const card = await refoldCard(tx, subject, env.format);
    if (card) cards.push(card);
  }
  return cards;
}

async function setAside(
  tx: StorageTransaction,
  key: string,
  entry: unknown,
  code: string,
  { now, format }: { readonly now: number; readonly format: LogFormat },
): Promise<void> {
  const at = recordKeyOf(entry);
  const row = at === undefined ? undefined : await tx.get('records', at);
  const [found] =
    at === undefined || row === undefined ? [] : decodeRows([{ key: at, value: row }], format).read;
  const { id, kind } = found?.record ?? {
    id: key.slice(key.indexOf(':') + 1),
    kind: key.startsWith('erase:') ? 'erasure' : key.startsWith('sealed:') ? 'sealed' : 'unknown',
  };
  const aside: AsideRow = { ...(at !== undefined && { key: at }), id, kind, code, at: now, entry };
  tx.put('outbox', ASIDE_PREFIX + key, aside);
}

async function dropRecord(
  tx: StorageTransaction,
  key: string | undefined,
  { format, now }: { readonly format: LogFormat; readonly now: number },
): Promise<string | undefined> {
  const row = key === undefined ? undefined : await tx.get('records', key);
  if (key === undefined || row === undefined) return undefined;
  const { read, bytes } = decodeRows([{ key, value: row }], format);
  const log = await readLog(tx, format, now);
  tx.remove('records', key);
  tx.put('meta', 'log', { ...log, bytes: log.bytes - bytes });
  return read[0]?.record.subject;
}

/** What was set aside. */
export async function listAside(tx: StorageTransaction): Promise<readonly AsideRow[]> {
  const rows = await tx.list('outbox', { prefix: ASIDE_PREFIX });
  return rows.map(({ value }) => value as AsideRow);
}

/** Puts what was set aside back, to be sent again, or drops it; false where it is not there. */
export async function takeAside(
  tx: StorageTransaction,
  id: string,
  how: 'retry' | 'discard',
): Promise<boolean> {
  const rows = await tx.list('outbox', { prefix: ASIDE_PREFIX });
  const found = rows.filter(({ value }) => (value as Partial<AsideRow> | null)?.id === id);
  for (const { key, value } of found) {
    tx.remove('outbox', key);
    if (how === 'retry')
      tx.put('outbox', key.slice(ASIDE_PREFIX.length), (value as AsideRow).entry);
  }
  return found.length > 0;
}

/** How many wait, and how many were set aside. */
export async function countOutbox(
  tx: StorageTransaction,
): Promise<{ readonly waiting: number; readonly refused: number }> {
  const rows = await tx.list('outbox');
  const refused = rows.filter(({ key }) => key.startsWith(ASIDE_PREFIX)).length;
  return { waiting: rows.length - refused, refused };
}
