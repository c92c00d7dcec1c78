import { nextStamp } from '../kernel/stamp.js';
import { cardsOf } from './card-of.js';
import { namesOf } from './card-purchases.js';
import { dropCursors } from './cursor-row.js';
import { bytesOf, knownOf, putRecord, readLog, type LogRow } from './log-rows.js';
import { loadPeople, writePeople, writeToken, type People } from './people-rows.js';
import { currentFormat, type LogFormat } from './log-format.js';
import { unpackHashes } from './name-hash.js';
import type { StorageTransaction } from './port.js';
import { asTokenRow, readToken, type TokenRow } from './find-customers.js';
import { recordPrefix } from './read-card.js';
import { ERASE_PREFIX, outboxKey, recordKey, recordKeyOf } from './row-keys.js';
import type { FoldState, RecordOf } from './types.js';

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
  readonly tombstone?: false | Tombstone;
}

/** What an erasure that stays is made with. */
export interface Tombstone {
  readonly id: string;
  readonly by: string;
  readonly hash: (text: string) => string;
  /**
   * Who is to be told. A `sync` is given the ids themselves, which are random; they wait in the outbox, and nowhere else. Nobody is
   * where the erasure came from elsewhere. @defaultValue whoever reads the outbox, of hashes only
   */
  readonly tells?: 'sync' | 'nobody';
}

/** Removes a customer: the records of all subjects, readable or not, card, tokens, what waits to be sent. */
export async function eraseCustomer(
  tx: StorageTransaction,
  customerId: string,
  env: EraseEnv,
): Promise<void> {
  await erase(tx, await loadCustomer(tx, customerId, env.format ?? currentFormat), env);
}

/** Removes these subjects, and nobody who was joined to them: an erasure from elsewhere names all whom it means. */
export async function eraseSubjects(
  tx: StorageTransaction,
  subjects: readonly string[],
  env: EraseEnv,
): Promise<void> {
  await erase(tx, await loadSubjects(tx, subjects, env.format ?? currentFormat), env);
}

async function erase(
  tx: StorageTransaction,
  { id: name, people, gone }: Doomed,
  env: EraseEnv,
): Promise<void> {
  const format = env.format ?? currentFormat;
  const before = await readLog(tx, format, env.now);
  const log = { ...before, bytes: before.bytes - (await removeSubjects(tx, gone)) };

  const states = new Map([...people.states].filter(([subject]) => !gone.has(subject)));
  const tokens = new Map<string, TokenRow | undefined>();
  for (const token of people.tokens.keys()) tokens.set(token, await readToken(tx, token));
  // whoever was held back by this customer's identifiers may now be joined
  writePeople(tx, { ...people, states, tokens }, format);
  if (log.bytes !== before.bytes) tx.put('meta', 'log', { ...log, v: format.version });
  if (!env.tombstone) return;
  const { id, by, hash, tells } = env.tombstone;
  const stamp = nextStamp(log.stamp, env.now, env.device);
  const subjects = [...gone].map(hash).sort();
  const purchases = purchaseIds(people.states, gone).map(hash).sort();
  const record: RecordOf<'erasure'> = {
    id,
    shop: env.shop,
    subject: hash(name),
    kind: 'erasure',
    stamp,
    by,
    data: { at: env.now, subjects, purchases },
  };
  writeErasure(tx, record, { ...log, stamp }, tells === undefined, format);
  if (tells === 'sync')
    tx.put('outbox', ERASE_PREFIX + id, {
      ...record,
      data: { at: env.now, subjects: [...gone].sort() },
    });
}

/** What an erasure of this customer would name: the ids of their subjects and of their purchases. */
export async function namedByErasure(
  tx: StorageTransaction,
  customerId: string,
  format: LogFormat = currentFormat,
): Promise<readonly string[]> {
  return namesIn(await loadCustomer(tx, customerId, format));
}

/** The same, of an erasure of these subjects. */
export async function namedBySubjects(
  tx: StorageTransaction,
  subjects: readonly string[],
  format: LogFormat = currentFormat,
): Promise<readonly string[]> {
  return namesIn(await loadSubjects(tx, subjects, format));
}

/** Who is to go. */
interface Doomed {
  readonly id: string;
  readonly people: People;
  readonly gone: ReadonlySet<string>;
}

function namesIn({ id, people, gone }: Doomed): readonly string[] {
  return [id, ...gone, ...purchaseIds(people.states, gone)];
}

async function loadSubjects(
  tx: StorageTransaction,
  subjects: readonly string[],
  format: LogFormat,
): Promise<Doomed> {
  const people = await loadPeople(tx, subjects, format);
  return { id: subjects[0] ?? '', people, gone: new Set(subjects) };
}

async function loadCustomer(
  tx: StorageTransaction,
  customerId: string,
  format: LogFormat,
): Promise<Doomed> {
  // the stored card also knows of a subject whose link can no longer be read
  const { card: stored } = await knownOf(tx, customerId, format);
  const start = [customerId, ...(stored?.subjects ?? [])];
  const people = await loadPeople(tx, start, format);
  const card = cardsOf(people.states).find(
    ({ id, subjects }) => id === customerId || subjects.includes(customerId),
  );
  const gone = new Set([...start, ...(card?.subjects ?? [])]);
  return { id: card?.id ?? customerId, people, gone };
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
  await dropCursors(tx, gone);
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
  for (const { key, value } of outbox)
    if (keys.has(recordKeyOf(value) ?? '')) tx.remove('outbox', key);
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
