import { appendRecords, refoldCard, type Appended, type LogEnv } from './log.js';
import type { LogFormat } from './log-format.js';
import { readLog, readRows, type AnyRecord } from './log-rows.js';
import { mergeBase } from './merge-base.js';
import { readToken } from './find-customers.js';
import { writeToken } from './people-rows.js';
import type { StorageTransaction } from './port.js';
import { customerOf, recordPrefix } from './read-card.js';
import { recordKeyOf } from './row-keys.js';
import type { RecordOf } from './types.js';

/** What receiving needs to know. */
export type ReceiveEnv = LogEnv & { readonly format: LogFormat };

/** Appends what came from elsewhere: records, and bases, of which a subject has one. What is there already is passed over. */
export async function receiveRecords(
  tx: StorageTransaction,
  records: readonly AnyRecord[],
  env: ReceiveEnv,
): Promise<Appended> {
  const rest: AnyRecord[] = [];
  for (const record of records) {
    const merged =
      record.kind === 'base' ? await mergeBase(tx, record as RecordOf<'base'>, env) : undefined;
    if (merged === undefined) rest.push(record);
  }
  return appendRecords(tx, rest, { ...env, remote: true });
}

/**
 * Puts a snapshot in the place of all that these subjects have here. What waits to be sent stays, and so does what is this device's
 * alone: its links, and what it dropped for want of room.
 */
export async function replaceRecords(
  tx: StorageTransaction,
  subjects: readonly string[],
  records: readonly AnyRecord[],
  env: ReceiveEnv & { readonly by: string },
): Promise<Appended> {
  const all = [...new Set([...subjects, ...records.map(({ subject }) => subject)])];
  const entries = await tx.list('outbox');
  const waiting = new Set(entries.map(({ value }) => recordKeyOf(value)));
  let freed = 0;
  for (const subject of all) freed += await dropAcknowledged(tx, subject, waiting, env);
  const log = await readLog(tx, env.format, env.now);
  tx.put('meta', 'log', { ...log, v: env.format.version, bytes: log.bytes - freed });
  const appended = await receiveRecords(tx, records, env);
  const cards = new Map(appended.cards.map((card) => [card.id, card]));
  // what only waits here has no record in the snapshot that would have folded its card
  for (const subject of all) {
    const known = [...cards.values()].some((card) => card.subjects.includes(subject));
    const card = known ? undefined : await refoldCard(tx, subject, env.format);
    if (card) cards.set(card.id, card);
  }
  return { ...appended, cards: [...cards.values()] };
}

async function dropAcknowledged(
  tx: StorageTransaction,
  subject: string,
  waiting: ReadonlySet<string | undefined>,
  { format, by }: ReceiveEnv & { readonly by: string },
): Promise<number> {
  const { read } = await readRows(tx, subject, format);
  let freed = 0;
  for (const { key, bytes, record } of read) {
    const link = record.kind === 'link' ? (record as RecordOf<'link'>).data : undefined;
    const isOwn = record.by === by && (link ? link.same === undefined : record.kind === 'base');
    if (waiting.has(key) || isOwn) continue;
    tx.remove('records', key);
    freed += bytes;
    if (link) {
      const row = await readToken(tx, link.token);
      writeToken(tx, link.token, row, new Set([subject]));
    }
  }
  // the card is of what was there: it is not to be extended, but folded anew
  tx.remove('cards', await customerOf(tx, subject));
  tx.remove('cards', subject);
  const [left] = await tx.list('records', { prefix: recordPrefix(subject), limit: 1 });
  if (left === undefined) tx.remove('tokens', `s:${subject}`);
  return freed;
}
