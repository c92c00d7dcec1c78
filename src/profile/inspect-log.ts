import { stampMs, isStamp, type Stamp } from '../kernel/stamp.js';
import { pause } from '../kernel/pause.js';
import { decodeRow } from './decode-row.js';
import { isLocked } from './export-log.js';
import { throwIfAborted } from './in-chunks.js';
import { currentFormat } from './log-format.js';
import type { ProfileStorage, StorageRow, StoreName } from './port.js';
import { readCard, recordPrefix } from './read-card.js';
import type { Card } from './types.js';

/** How a long look is watched and stopped. */
export interface InspectOptions {
  /** Ends it between two pages: it rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Told after each page, with the rows read so far. */
  readonly onProgress?: (rows: number) => void;
}

/** What one store holds. */
export interface StoreSize {
  readonly rows: number;
  /** Characters of keys and values as text, bytes of what is binary: what the disk takes is more or less. */
  readonly bytes: number;
}

/** Rows that this version cannot read, by why. */
export interface Unreadable {
  /** The checksum does not fit. */
  readonly damaged: number;
  /** A newer release wrote them. */
  readonly newer: number;
  /** No key was given for them. */
  readonly encrypted: number;
}

/** What lies in a storage, in numbers. */
export interface Inspection {
  readonly stores: { readonly [store in StoreName]: StoreSize };
  readonly customers: number;
  /** Records by kind. */
  readonly records: { readonly [kind: string]: number };
  /** When the oldest and the newest record were written, ms, by the clock of who wrote them. */
  readonly oldestAt?: number;
  readonly newestAt?: number;
  /** What is still to be sent: records, and boxes sealed at a kiosk. */
  readonly waiting: { readonly records: number; readonly sealed: number };
  readonly tokens: {
    /** Identifiers that lead to somebody. */
    readonly identifiers: number;
    /** Subjects that were merged into another customer. */
    readonly merged: number;
    /** Keyed hashes of who and what was erased. */
    readonly erased: number;
  };
  readonly unreadable: Unreadable;
  /** Number of the last record of the log, and its clock; absent where nothing was appended. */
  readonly log?: { readonly number: number; readonly stamp?: Stamp };
}

const STORES: readonly StoreName[] = ['cards', 'tokens', 'records', 'outbox', 'meta'];
const PAGE = 500;

/** What is counted on the way. */
interface Tally {
  readonly sizes: Map<StoreName, StoreSize>;
  readonly kinds: Map<string, number>;
  readonly tokens: Map<string, number>;
  sealed: number;
  oldest: Stamp | undefined;
  newest: Stamp | undefined;
  unreadable: Unreadable;
  log: Inspection['log'];
}

/**
 * Counts what lies in a storage. Writes nothing, reads page by page, and holds one page: for a shop of any size, of any version,
 * damaged or encrypted.
 */
export async function inspectStorage(
  storage: Pick<ProfileStorage, 'transact'>,
  { signal, onProgress }: InspectOptions = {},
): Promise<Inspection> {
  const tally: Tally = {
    ...{ sizes: new Map(), kinds: new Map(), tokens: new Map(), sealed: 0 },
    ...{ oldest: undefined, newest: undefined, log: undefined },
    unreadable: { damaged: 0, newer: 0, encrypted: 0 },
  };
  let rows = 0;
  for (const store of STORES) {
    tally.sizes.set(store, { rows: 0, bytes: 0 });
    for await (const page of pagesOf(storage, store, signal)) {
      for (const row of page) count(tally, store, row);
      rows += page.length;
      onProgress?.(rows);
    }
  }
  return toInspection(tally);
}

/**
 * The rows of a store in pages, with a break for the host after each.
 * @yields the rows of a page
 */
async function* pagesOf(
  storage: Pick<ProfileStorage, 'transact'>,
  store: StoreName,
  signal?: AbortSignal,
): AsyncGenerator<readonly StorageRow[], void, undefined> {
  for (let after: string | undefined = ''; after !== undefined;) {
    throwIfAborted(signal);
    const range: { after: string; limit: number } = { after, limit: PAGE };
    const page = await storage.transact('readonly', (tx) => tx.list(store, range));
    yield page;
    after = page.length < PAGE ? undefined : page.at(-1)?.key;
    await pause();
  }
}

function count(tally: Tally, store: StoreName, { key, value }: StorageRow): void {
  const { rows, bytes } = tally.sizes.get(store) ?? { rows: 0, bytes: 0 };
  tally.sizes.set(store, { rows: rows + 1, bytes: bytes + key.length + sizeOf(value) });
  if (store === 'tokens') add(tally.tokens, key.slice(0, 2));
  if (store === 'outbox') tally.sealed += Number(key.startsWith('sealed:'));
  if (isLocked(value)) tally.unreadable = more(tally.unreadable, 'encrypted');
  else if (store === 'records' || store === 'cards') countStored(tally, store, value);
  else if (store === 'meta' && key === 'log') tally.log = readCounters(value);
}

function countStored(tally: Tally, store: StoreName, value: unknown): void {
  const decoded = decodeRow(value);
  if (decoded.kind === 'corrupt') tally.unreadable = more(tally.unreadable, 'damaged');
  else if (decoded.kind === 'newer') tally.unreadable = more(tally.unreadable, 'newer');
  else if (store === 'records') {
    const { kind, stamp } = (decoded.value ?? {}) as { readonly [field: string]: unknown };
    add(tally.kinds, String(kind));
    if (!isStamp(stamp)) return;
    if (tally.oldest === undefined || stamp < tally.oldest) tally.oldest = stamp;
    if (tally.newest === undefined || stamp > tally.newest) tally.newest = stamp;
  }
}

function readCounters(value: unknown): Inspection['log'] {
  const { n, stamp } = (value ?? {}) as { readonly [field: string]: unknown };
  return typeof n === 'number' ? { number: n, ...(isStamp(stamp) && { stamp }) } : undefined;
}

function toInspection(tally: Tally): Inspection {
  const { sizes, kinds, tokens, sealed, oldest, newest, log, unreadable } = tally;
  const sizeAt = (store: StoreName): StoreSize => sizes.get(store) ?? { rows: 0, bytes: 0 };
  const sorted = [...kinds].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  return {
    stores: Object.fromEntries(
      STORES.map((store) => [store, sizeAt(store)]),
    ) as Inspection['stores'],
    customers: sizeAt('cards').rows,
    records: Object.fromEntries(sorted),
    ...(oldest !== undefined && { oldestAt: stampMs(oldest) }),
    ...(newest !== undefined && { newestAt: stampMs(newest) }),
    waiting: { records: sizeAt('outbox').rows - sealed, sealed },
    tokens: {
      identifiers: tokens.get('t:') ?? 0,
      merged: tokens.get('s:') ?? 0,
      erased: tokens.get('e:') ?? 0,
    },
    unreadable,
    ...(log && { log }),
  };
}

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function more(counts: Unreadable, why: keyof Unreadable): Unreadable {
  return { ...counts, [why]: counts[why] + 1 };
}

function sizeOf(value: unknown): number {
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return value.byteLength;
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return String(value).length;
  // a row's text is JSON already: written once more it would be longer by its quotes
  return Object.entries(value).reduce((sum, [key, part]) => sum + key.length + sizeOf(part), 0);
}

/** A row of a customer, read as far as it can be. */
export interface InspectedRow {
  readonly key: string;
  /** What became of reading it. */
  readonly state: 'ok' | 'older' | 'newer' | 'corrupt' | 'encrypted';
  /** The record, where it could be read. */
  readonly record?: unknown;
}

/** Everything of one customer. */
export interface InspectedCustomer {
  readonly id: string;
  /** Absent when there is none, or it cannot be read. */
  readonly card?: Card;
  readonly state: 'ok' | 'none' | 'stale' | 'newer';
  /** In the order of their keys, subject by subject. */
  readonly rows: readonly InspectedRow[];
}

/** Reads one customer, by the id of the customer or of any subject. Writes nothing; what cannot be read is listed all the same. */
export async function inspectCustomer(
  storage: Pick<ProfileStorage, 'transact'>,
  id: string,
): Promise<InspectedCustomer> {
  return storage.transact('readonly', async (tx) => {
    const read = await readCard(tx, id, currentFormat);
    const card = read.kind === 'card' ? read.card : undefined;
    const subjects = [...new Set([...(card?.subjects ?? []), id])];
    const lists = await Promise.all(
      subjects.map((subject) => tx.list('records', { prefix: recordPrefix(subject) })),
    );
    return {
      id: card?.id ?? id,
      ...(card && { card }),
      state: read.kind === 'card' ? 'ok' : read.kind,
      rows: lists.flat().map(inspectRow),
    };
  });
}

function inspectRow({ key, value }: StorageRow): InspectedRow {
  if (isLocked(value)) return { key, state: 'encrypted' };
  const decoded = decodeRow(value);
  return decoded.kind === 'ok' || decoded.kind === 'older'
    ? { key, state: decoded.kind, record: decoded.value }
    : { key, state: decoded.kind };
}
