import { nextStamp } from '../kernel/stamp.js';
import { cardsOf } from './card-of.js';
import { namesOf } from './card-purchases.js';
import { bytesOf, knownOf, putRecord, readLog, type LogRow } from './log-rows.js';
import { loadPeople, writePeople, writeToken, type People } from './people-rows.js';
import { currentFormat, type LogFormat } from './log-format.js';
import { unpackHashes } from './name-hash.js';
import type { StorageTransaction } from './port.js';
import { asTokenRow, readToken, type TokenRow } from './find-customers.js';
import { recordPrefix } from './read-card.js';
import { outboxKey, recordKey } from './row-keys.js';
import type { Card, FoldState, RecordOf } from './types.js';

/** What erasing needs to know of the world. */
export interface EraseEnv {
  readonly shop: string;
  readonly device: string;
  readonly now: number;
  readonly format?: LogFormat;
  /**
   * Leaves an erasure behind, so that neither sync nor a second import brings the customer back; it holds what `hash`, a keyed
   * hash, makes of the ids, and nothing else. Without it nothing at all is left.
   */
  readonly tombstone?:
    false | { readonly id: string; readonly by: string; readonly hash: (text: string) => string };
}

/** Removes a customer: the records of all subjects, readable or not, card, tokens, what waits to be sent. */
export async function eraseCustomer(
  tx: StorageTransaction,
  customerId: string,
  env: EraseEnv,
): Promise<void> {
  const format = env.format ?? currentFormat;
  const before = await readLog(tx, format, env.now);
  const { people, card, gone } = await loadCustomer(tx, customerId, format);
  const log = { ...before, bytes: before.bytes - (await removeSubjects(tx, gone)) };

  const states = new Map([...people.states].filter(([subject]) => !gone.has(subject)));
  const tokens = new Map<string, TokenRow | undefined>();
  for (const token of people.tokens.keys()) tokens.set(token, await readToken(tx, token));
  // whoever was held back by this customer's identifiers may now be joined
  writePeople(tx, { ...people, states, tokens }, format);
  if (log.bytes !== before.bytes) tx.put('meta', 'log', { ...log, v: format.version });
  if (!env.tombstone) return;
  const { id, by, hash } = env.tombstone;
  const stamp = nextStamp(log.stamp, env.now, env.device);
  const subjects = [...gone].map(hash).sort();
  const purchases = purchaseIds(people.states, gone).map(hash).sort();
  const record: RecordOf<'erasure'> = {
    id,
    shop: env.shop,
    subject: hash(card?.id ?? customerId),
    kind: 'erasure',
    stamp,
    by,
    data: { at: env.now, subjects, purchases },
  };
  writeErasure(tx, record, { ...log, stamp }, true, format);
}

/** What an erasure of this customer would name: the ids of their subjects and of their purchases. */
export async function namedByErasure(
  tx: StorageTransaction,
  customerId: string,
  format: LogFormat = currentFormat,
): Promise<readonly string[]> {
  const { people, card, gone } = await loadCustomer(tx, customerId, format);
  return [card?.id ?? customerId, ...gone, ...purchaseIds(people.states, gone)];
}

async function loadCustomer(
  tx: StorageTransaction,
  customerId: string,
  format: LogFormat,
): Promise<{
  readonly people: People;
  readonly card: Card | undefined;
  readonly gone: ReadonlySet<string>;
}> {
  // the stored card also knows of a subject whose link can no longer be read
  const { card: stored } = await knownOf(tx, customerId, format);
  const start = [customerId, ...(stored?.subjects ?? [])];
  const people = await loadPeople(tx, start, format);
  const card = cardsOf(people.states).find(
    ({ id, subjects }) => id === customerId || subjects.includes(customerId),
  );
  return { people, card, gone: new Set([...start, ...(card?.subjects ?? [])]) };
}

/** Writes an erasure that is nobody's card: it only keeps whom it names from coming back. */
export function writeErasure(
  tx: StorageTransaction,
  record: RecordOf<'erasure'>,
  log: LogRow,
  waits: boolean,
  format: LogFormat,
): void {
  const { subject, id, data } = record;
  const n = log.n + 1;
  const bytes = log.bytes + putRecord(tx, record, n, format);
  if (waits) tx.put('outbox', outboxKey(n), recordKey(subject, id));
  tx.put('meta', 'log', { ...log, v: format.version, n, bytes });
  for (const text of [...data.subjects, ...data.purchases]) tx.put('tokens', `e:${text}`, n);
}

/** Removes every row that these subjects have, by its key: a row that cannot be read goes too. Gives the bytes of their records. */
async function removeSubjects(tx: StorageTransaction, gone: ReadonlySet<string>): Promise<number> {
  const subjects = [...gone];
  const [records, outbox, tokens] = await Promise.all([
    Promise.all(subjects.map((subject) => tx.list('records', { prefix: recordPrefix(subject) }))),
    tx.list('outbox'),
    // a token of a link that cannot be read is found no other way
    tx.list('tokens', { prefix: 't:' }),
  ]);
  const keys = new Set(records.flat().map(({ key }) => key));
  const bytes = records.flat().reduce((sum, { value }) => sum + bytesOf(value), 0);
  for (const key of keys) tx.remove('records', key);
  for (const { key, value } of outbox) if (keys.has(String(value))) tx.remove('outbox', key);
  for (const { key, value } of tokens) {
    const row = asTokenRow(value);
    if (row) writeToken(tx, key.slice(2), row, gone);
    else tx.remove('tokens', key);
  }
  for (const subject of subjects) {
    tx.remove('cards', subject);
    tx.remove('tokens', `s:${subject}`);
  }
  return bytes;
}

function purchaseIds(
  states: ReadonlyMap<string, FoldState>,
  subjects: ReadonlySet<string>,
): readonly string[] {
  const ids = [...subjects].flatMap((subject) => {
    const { purchases = {}, older = {} } = states.get(subject) ?? {};
    return [
      ...Object.values(purchases).flatMap(({ data }) => namesOf(data)),
      // of those that were dropped no more is left: `isErased` looks for both
      ...Object.values(older).flatMap(({ data }) =>
        data.purchases.flatMap(([names]) => unpackHashes(names)),
      ),
    ];
  });
  return [...new Set(ids)];
}
