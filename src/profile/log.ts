import { nextStamp, type Stamp } from '../kernel/stamp.js';
import { addsNothing, linksOfCard } from './adds-nothing.js';
import { cardsOf } from './card-of.js';
import { namesOf } from './card-purchases.js';
import { extendAll, type Extended } from './extend-all.js';
import { compareText, createFold, isKnownRecord } from './fold-records.js';
import {
  knownOf,
  putCard,
  putRecord,
  readLog,
  readRows,
  type AnyRecord,
  type Known,
  type LogRow,
} from './log-rows.js';
import { foldAlone, loadPeople, putCustomer, writePeople, type Settle } from './people-rows.js';
import { currentFormat, type LogFormat } from './log-format.js';
import { nameHash } from './name-hash.js';
import type { StorageTransaction } from './port.js';
import { customerOf } from './read-card.js';
import { outboxKey, recordKey } from './row-keys.js';
import type {
  Card,
  FoldState,
  HeldLink,
  Purchase,
  RecordDraft,
  RecordOf,
  UnknownRecord,
} from './types.js';

export { eraseCustomer } from './erase-customer.js';
export { makeBase } from './make-base.js';
export { findClaims, findCustomers, listCustomers } from './find-customers.js';
export { readCard } from './read-card.js';

/** What the log needs to know of the world. */
export interface LogEnv {
  readonly shop: string;
  /** Id of this device: 8 hexadecimal digits of it are in every stamp. */
  readonly device: string;
  readonly now: number;
  /** @defaultValue that of this release; see `withFormat` */
  readonly format?: LogFormat;
  /** True for records that came from elsewhere and need not be sent. @defaultValue false */
  readonly remote?: boolean;
  /** The keyed hash that tombstones were made with; without it they are not looked for. */
  readonly hash?: (text: string) => string;
  /** What waits beside a record and goes with it over the wire, by the record's id. */
  readonly along?: ReadonlyMap<string, object>;
}

/** What became of drafts. */
export interface Appended {
  /** The cards of the customers they speak of, as they are now. */
  readonly cards: readonly Card[];
  readonly appended: readonly AnyRecord[];
  /** Which of the links appended count for nothing, and why. */
  readonly held: readonly HeldLink[];
  /** How many were there already, or say what is known. */
  readonly duplicates: number;
  /** How many are about somebody who was erased. */
  readonly refused: number;
  /** Length of the text of all records here, with these. */
  readonly bytes: number;
}

/**
 * Appends drafts: stamps them, writes records, outbox, tokens and cards. What is there already is passed over. Rejects with
 * ERR_STORAGE_NEWER, and writes nothing, where a newer version has written.
 */
export async function appendRecords(
  tx: StorageTransaction,
  drafts: readonly (RecordDraft | UnknownRecord)[],
  env: LogEnv,
): Promise<Appended> {
  const format = env.format ?? currentFormat;
  const subjects = [...new Set(drafts.map(({ subject }) => subject))];
  const [log, known, there, erased] = await Promise.all([
    readLog(tx, format, env.now),
    Promise.all(subjects.map((subject) => knownOf(tx, subject, format))),
    Promise.all(drafts.map(({ subject, id }) => tx.get('records', recordKey(subject, id)))),
    Promise.all(drafts.map((draft) => isErased(tx, draft, env.hash))),
  ]);
  const customers = new Map(subjects.map((subject, i) => [subject, known[i]]));

  const returning = returningSubjects(drafts, erased, customers);
  const { fresh, captured, stamp, refused } = stampDrafts(drafts, env, log, customers, (i) =>
    there[i] !== undefined
      ? 'there'
      : erased[i] || returning.has(drafts[i]?.subject ?? '')
        ? 'erased'
        : 'new',
  );
  const extended = extendAll(fresh, customers);
  const kept = new Set(fresh);
  const write = await foldAll(tx, extended, format, (subject, state) =>
    settle(subject, state, kept, captured, customers.get(subject)?.card),
  );
  const cards = new Map<string, Card>();
  let { bytes } = log;
  for (const { card } of known) if (card) cards.set(card.id, card);
  if (kept.size > 0) {
    const next = { ...log, ...(stamp !== undefined && { stamp }) };
    bytes = writeRecords(tx, [...kept], next, env, format);
    write(cards);
  }
  return {
    cards: [...cards.values()],
    appended: [...kept],
    held: heldAmong([...cards.values()], kept),
    duplicates: drafts.length - kept.size - refused,
    refused,
    bytes,
  };
}

/** Folds what the cheap path could not extend; gives what writes all cards, into the storage and into a map of them. */
async function foldAll(
  tx: StorageTransaction,
  { quick, alone, slow }: Extended,
  format: LogFormat,
  settled: Settle,
): Promise<(cards: Map<string, Card>) => void> {
  const people = await loadPeople(tx, slow, format, settled);
  const apart = alone.filter(({ id }) => !people.states.has(id));
  const folded = await Promise.all(apart.map((card) => foldAlone(tx, card, format, settled)));
  return (cards) => {
    const fresh = quick.filter(({ id }) => !people.states.has(id));
    for (const card of fresh) putCard(tx, card, format);
    for (const card of folded) putCustomer(tx, card, format);
    for (const id of [...apart.map((card) => card.id), ...people.states.keys()]) cards.delete(id);
    for (const card of [...fresh, ...folded, ...writePeople(tx, people, format)])
      cards.set(card.id, card);
  };
}

function heldAmong(cards: readonly Card[], appended: ReadonlySet<AnyRecord>): readonly HeldLink[] {
  const ids = new Set([...appended].map(({ id }) => id));
  return cards.flatMap(({ heldLinks = [] }) => heldLinks.filter(({ record }) => ids.has(record)));
}

/** Makes records of those drafts that are neither there nor about somebody erased. */
function stampDrafts(
  drafts: readonly (RecordDraft | UnknownRecord)[],
  { shop, now, device }: LogEnv,
  log: LogRow,
  customers: Map<string, Known | undefined>,
  status: (i: number) => 'there' | 'erased' | 'new',
): {
  readonly fresh: readonly AnyRecord[];
  /** Those that were stamped here: they may be left out when they say nothing new. */
  readonly captured: ReadonlySet<AnyRecord>;
  readonly stamp: Stamp | undefined;
  readonly refused: number;
} {
  const fresh = new Map<string, AnyRecord>();
  const captured = new Set<AnyRecord>();
  let { stamp } = log;
  let refused = 0;
  for (const [i, given] of drafts.entries()) {
    const draft = atHome(given, customers);
    const key = recordKey(draft.subject, draft.id);
    if (status(i) === 'there' || fresh.has(key)) continue;
    const gone = status(i) === 'erased' || customers.get(draft.subject)?.card?.erased;
    if (gone && draft.kind !== 'erasure') {
      refused++;
      continue;
    }
    const own = draft.stamp ?? nextStamp(stamp, now, device);
    if (stamp === undefined || own > stamp) stamp = own;
    const record = { ...draft, shop, stamp: own } as AnyRecord;
    fresh.set(key, record);
    if (draft.stamp === undefined) captured.add(record);
  }
  return { fresh: [...fresh.values()], captured, stamp, refused };
}

/** True for what is about somebody, or a purchase, that an erasure here names. */
export async function isErased(
  tx: StorageTransaction,
  draft: Pick<RecordDraft | UnknownRecord, 'data' | 'kind' | 'subject'>,
  hash: LogEnv['hash'],
): Promise<boolean> {
  if (hash === undefined) return false;
  const texts = [draft.subject];
  if (draft.kind === 'purchase') {
    for (const name of namesOf(draft.data as Purchase)) texts.push(name, nameHash(name));
  }
  const stones = await Promise.all(texts.map((text) => tx.get('tokens', `e:${hash(text)}`)));
  return stones.some((stone) => stone !== undefined);
}

/** New subjects whose every order was erased before: what comes along with those would bring somebody back by name. */
function returningSubjects(
  drafts: readonly (RecordDraft | UnknownRecord)[],
  erased: readonly boolean[],
  customers: ReadonlyMap<string, Known | undefined>,
): ReadonlySet<string> {
  const returning = new Set<string>();
  const others = new Set<string>();
  for (const [i, { kind, subject }] of drafts.entries())
    if (kind === 'purchase') (erased[i] ? returning : others).add(subject);
  return new Set(
    [...returning].filter((subject) => !others.has(subject) && !customers.get(subject)?.card),
  );
}

/** A link is taken back under its own subject, whichever subject of the customer the draft names. */
function atHome(
  draft: RecordDraft | UnknownRecord,
  customers: Map<string, Known | undefined>,
): RecordDraft | UnknownRecord {
  if (draft.kind !== 'unlink' || draft.stamp !== undefined) return draft;
  const known = customers.get(draft.subject);
  const link = linksOfCard(known?.card).find(
    ({ record }) => record === (draft as RecordOf<'unlink'>).data.link,
  );
  if (link === undefined) return draft;
  customers.set(link.subject, known);
  return { ...(draft as RecordOf<'unlink'>), subject: link.subject };
}

/** The state of a subject with its waiting records; those that say nothing new are taken out of `kept`. */
function settle(
  subject: string,
  state: FoldState,
  kept: Set<AnyRecord>,
  captured: ReadonlySet<AnyRecord>,
  card: Card | undefined,
): FoldState {
  const fold = createFold();
  fold.merge(state);
  const unlinks = [...kept].some(({ kind }) => kind === 'unlink');
  for (const record of kept) {
    if (record.subject !== subject) continue;
    // a record stamped elsewhere is kept even if it says nothing new: dropping it would make two devices differ
    const known =
      isKnownRecord(record) &&
      (fold.holds(record) ||
        (captured.has(record) && addsNothing(record, fold, unlinks ? undefined : card)));
    if (known) kept.delete(record);
    else fold.add(record);
  }
  return fold.state();
}

function writeRecords(
  tx: StorageTransaction,
  records: readonly AnyRecord[],
  log: LogRow,
  { remote, along }: LogEnv,
  format: LogFormat,
): number {
  let { n, bytes } = log;
  for (const record of records) {
    bytes += putRecord(tx, record, ++n, format);
    // a base of this device never leaves it
    if (remote || record.kind === 'base') continue;
    const key = recordKey(record.subject, record.id);
    const more = along?.get(record.id);
    tx.put('outbox', outboxKey(n), more ? { ...more, key } : key);
  }
  tx.put('meta', 'log', { ...log, v: format.version, n, bytes });
  return bytes;
}

/**
 * Computes the card of a subject or customer anew from its records, and those of everybody joined to it. Rows that cannot be read
 * are told to `onCorrupt` and left where they are. Undefined when there is no record; a card without any is removed.
 */
export async function refoldCard(
  tx: StorageTransaction,
  subjectOrCustomerId: string,
  format: LogFormat = currentFormat,
  onCorrupt: (rows: number) => void = () => undefined,
): Promise<Card | undefined> {
  await readLog(tx, format);
  const id = await customerOf(tx, subjectOrCustomerId);
  const people = await loadPeople(tx, [subjectOrCustomerId, id], format);
  if (people.corrupt > 0) onCorrupt(people.corrupt);
  const states = new Map([...people.states].filter(([, state]) => state.since !== undefined));
  for (const subject of people.states.keys())
    if (!states.has(subject)) {
      tx.remove('cards', subject);
      tx.remove('tokens', `s:${subject}`);
    }
  const cards = writePeople(tx, { ...people, states }, format);
  return cards.find(
    (card) => card.id === subjectOrCustomerId || card.subjects.includes(subjectOrCustomerId),
  );
}

/** The states of a customer and of all whom its links lead to: what `explainLinks` and `unlinkDrafts` ask for. */
export async function readPeople(
  tx: StorageTransaction,
  subjectOrCustomerId: string,
  format: LogFormat = currentFormat,
): Promise<ReadonlyMap<string, FoldState>> {
  const id = await customerOf(tx, subjectOrCustomerId);
  return (await loadPeople(tx, [subjectOrCustomerId, id], format)).states;
}

/** Every record of a customer, in stamp order. */
export async function exportRecords(
  tx: StorageTransaction,
  customerId: string,
  format: LogFormat = currentFormat,
): Promise<readonly AnyRecord[]> {
  const { states } = await loadPeople(tx, [customerId], format);
  const card = cardsOf(states).find(
    ({ id, subjects }) => id === customerId || subjects.includes(customerId),
  );
  const subjects = card?.subjects.length ? card.subjects : [customerId];
  const read = await Promise.all(subjects.map((subject) => readRows(tx, subject, format)));
  return read
    .flatMap((rows) => rows.read.map(({ record }) => record))
    .sort((a, b) => compareText(a.stamp, b.stamp) || compareText(a.id, b.id));
}

/** Every record here, in the order of the log: appended elsewhere, they keep their ids and stamps. */
export async function readAllRecords(
  tx: StorageTransaction,
  format: LogFormat = currentFormat,
): Promise<readonly AnyRecord[]> {
  const { read } = await readRows(tx, undefined, format);
  return [...read].sort((a, b) => a.n - b.n).map(({ record }) => record);
}
