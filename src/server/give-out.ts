import { nextStamp } from '../kernel/stamp.js';
import type { ErasureClaim } from '../sync/port.js';
import { readCursor, scopeOf, writeCursor, type Cursor } from './cursor.js';
import type { Database, LaneNumbers, NumberedRecord, ShopHead } from './port.js';
import type { ShopHere } from './shop-keys.js';

/** Who reads, and whose records: of everybody where `subjects` is absent. */
export interface Reader {
  readonly shop: ShopHere;
  readonly subjects?: readonly string[];
}

/** What is asked for. */
export interface GiveQuery {
  /** Of a pull the cursor, of a snapshot the page. */
  readonly from: string | null;
  readonly limit: number;
  /** Entries that the device holds. */
  readonly held: readonly string[];
  readonly now: number;
}

/** A part of what there is, as JSON text: records are given as they were kept, unread. */
export interface Given {
  readonly records: readonly string[];
  /** Where to go on. */
  readonly cursor: string;
  readonly more: boolean;
  /** The same as long as nothing is new. */
  readonly mark: string;
}

/** The cursor is of no use: a snapshot has to be taken. */
export interface Resync {
  readonly resync: 'epoch' | 'horizon' | 'scope';
}

/** A page holds no more than so many characters, but for one record. */
const PAGE_LENGTH = 2_000_000;
/** A cursor may lie so far behind the head of its lane while nothing is new for it: it need not change with each record of others. */
const IDLE = 1_024;

/** Everybody: whoever sees the whole shop has the same scope for ever. */
const EVERYBODY = 'all';

async function start(
  { shop, subjects }: Reader,
  database: Database,
): Promise<{ readonly head: ShopHead; readonly scope: string }> {
  // before anything is listed: what is committed meanwhile comes with the next call
  const head = await database.head(shop.id);
  return { head, scope: subjects ? await scopeOf(shop, subjects) : EVERYBODY };
}

/** What is new after a cursor. */
export async function givePull(
  reader: Reader,
  { from, limit, held, now }: GiveQuery,
  database: Database,
): Promise<Given | Resync> {
  const { shop } = reader;
  const { head, scope } = await start(reader, database);
  const begin: Cursor = { epoch: head.epoch, scope, after: [], whole: true };
  const cursor = from === null ? begin : await readCursor(shop, '!cursor', from);
  // one that this server did not write is one of another epoch
  if (!cursor || cursor.epoch !== head.epoch) return { resync: 'epoch' };
  if (cursor.scope !== scope) return { resync: 'scope' };
  if (!cursor.whole && isBehind(cursor.after, head.horizon)) return { resync: 'horizon' };
  const page = await listPage(reader, cursor.after, limit, database);
  // whoever has what a base was made of needs no base
  const fresh = page.records.filter(({ kind }) => cursor.whole || kind !== 'base');
  // what was folded after the head was read is in the base alone, here or on a later page
  const mayBeFolded = !cursor.whole && (page.more || fresh.length < page.records.length);
  if (mayBeFolded && isBehind(cursor.after, (await database.head(shop.id)).horizon))
    return { resync: 'horizon' };
  const erasures = await erasuresOf(shop, held, now, database);
  const records = [...fresh.map(({ body }) => body), ...erasures];
  const isIdle = from !== null && !page.more && !cursor.whole && page.records.length === 0;
  const next =
    isIdle && head.heads.every((n, lane) => n - (cursor.after[lane] ?? 0) < IDLE)
      ? cursor
      : {
          ...cursor,
          after: page.more ? page.after : farther(page.after, head.heads),
          whole: cursor.whole && page.more,
        };
  const text = await writeCursor(shop, '!cursor', next);
  const mark =
    records.length === 0 && !page.more ? (await shop.mac('!etag', text)).slice(0, 22) : '';
  return { records, cursor: text, more: page.more, mark };
}

/** A page of everything there is. Its last one has the cursor to go on from: where the log stood when the first was read. */
export async function giveSnapshot(
  reader: Reader,
  { from, limit, held, now }: GiveQuery,
  database: Database,
): Promise<(Pick<Given, 'records' | 'cursor'> & { readonly page: string | null }) | Resync> {
  const { shop } = reader;
  const { head, scope } = await start(reader, database);
  const begin: Cursor = { epoch: head.epoch, scope, after: [], whole: true, heads: head.heads };
  const at = from === null ? begin : await readCursor(shop, '!page', from);
  if (!at?.heads || at.epoch !== head.epoch) return { resync: 'epoch' };
  if (at.scope !== scope) return { resync: 'scope' };
  const page = await listPage(reader, at.after, limit, database);
  const erasures = from === null ? await erasuresOf(shop, held, now, database) : [];
  const end: Cursor = { epoch: at.epoch, scope, after: at.heads, whole: false };
  return {
    records: [...page.records.map(({ body }) => body), ...erasures],
    page: page.more ? await writeCursor(shop, '!page', { ...at, after: page.after }) : null,
    cursor: await writeCursor(shop, '!cursor', end),
  };
}

async function listPage(
  { shop, subjects }: Reader,
  after: LaneNumbers,
  limit: number,
  database: Database,
): Promise<{
  readonly records: readonly NumberedRecord[];
  readonly after: LaneNumbers;
  readonly more: boolean;
}> {
  if (subjects?.length === 0) return { records: [], after, more: false };
  const query = { after, limit: limit + 1, ...(subjects && { subjects }) };
  const listed = await database.list(shop.id, query);
  let length = 0;
  const fits = listed
    .slice(0, limit)
    .findIndex(({ body }) => (length += body.length) > PAGE_LENGTH);
  const records = listed.slice(0, fits < 0 ? limit : Math.max(1, fits));
  return { records, after: numbersOf(records, after), more: records.length < listed.length };
}

/** How far one has come: of lanes that nothing came of as far as before. */
function numbersOf(records: readonly NumberedRecord[], after: LaneNumbers): LaneNumbers {
  const lanes = Math.max(after.length, ...records.map(({ lane }) => lane + 1));
  const numbers = Array.from({ length: lanes }, (_, lane) => after[lane] ?? 0);
  for (const { lane, seq } of records) numbers[lane] = Math.max(numbers[lane] ?? 0, seq);
  return numbers;
}

const farther = (a: LaneNumbers, b: LaneNumbers): LaneNumbers =>
  Array.from({ length: Math.max(a.length, b.length) }, (_, lane) =>
    Math.max(a[lane] ?? 0, b[lane] ?? 0),
  );

const isBehind = (after: LaneNumbers, horizon: LaneNumbers): boolean =>
  horizon.some((n, lane) => (after[lane] ?? 0) < n);

/** Which of those that a device holds were forgotten. It is told until it asks for them no more. */
async function erasuresOf(
  shop: ShopHere,
  held: readonly string[],
  now: number,
  database: Database,
): Promise<readonly string[]> {
  if (held.length === 0) return [];
  const hashes = new Map<string, string>();
  await Promise.all(
    [...new Set(held)].map(async (subject) => {
      hashes.set(await shop.mac('!erased', subject), subject);
    }),
  );
  const erased = await database.erased(shop.id, [...hashes.keys()]);
  const subjects = [...erased].map((hash) => hashes.get(hash) ?? '').sort();
  const [subject] = subjects;
  if (subject === undefined) return [];
  const claim: ErasureClaim = {
    id: await shop.idOf('!erased', JSON.stringify(subjects)),
    ...{ shop: shop.id, subject, kind: 'erasure', by: 'server' },
    stamp: nextStamp(undefined, now, '0'.repeat(8)),
    data: { at: now, subjects },
  };
  return [JSON.stringify(claim)];
}
