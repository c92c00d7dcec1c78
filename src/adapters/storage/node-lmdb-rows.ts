import { createHash } from 'node:crypto';
import { deserialize, serialize } from 'node:v8';
import type { RootDatabase } from 'lmdb';
import { isRegularsError, RegularsError } from '../../kernel/errors.js';
import type {
  StorageRange,
  StorageRow,
  StorageTransaction,
  StoreName,
} from '../../profile/port.js';

/** An open LMDB database: bytes to bytes. */
export type Root = RootDatabase<Buffer, Buffer>;

/** The first byte of a row's key; 0 is what we note of the file itself. */
const STORE_BYTES: { readonly [store in StoreName]: number } = {
  cards: 1,
  tokens: 2,
  records: 3,
  outbox: 4,
  meta: 5,
};

/** LMDB takes keys of up to 1978 bytes. Longer ones share a row with all that begin like them. */
const HEAD_BYTES = 1900;

/** In no encoded key, and after all that may be. */
const END = Buffer.of(0xff);

/**
 * Codes of full disks: of LMDB (MDB_MAP_FULL) and of the system (ENOSPC, EDQUOT on Linux and macOS, EFBIG). EIO is what LMDB
 * makes of a write that was cut short, as the last one before the disk is full is.
 */
const FULL: readonly unknown[] = [-30792, 28, 122, 69, 27, 5, 'ENOSPC', 'EDQUOT', 'EFBIG'];

/** The typed error of what LMDB or the file system threw. */
export function lmdbError(what: string, cause: unknown): RegularsError {
  if (isRegularsError(cause)) return cause;
  const { code, message } = cause as { readonly code?: unknown; readonly message?: string };
  return FULL.includes(code)
    ? new RegularsError('ERR_STORAGE_QUOTA', 'The disk is full; make room and try again.', {
        cause,
        retryable: true,
      })
    : new RegularsError('ERR_STORAGE_FAILED', `${what}: ${message ?? String(cause)}.`, { cause });
}

/** Why a commit failed; LMDB tells that beside the error. */
export async function commitError(cause: unknown): Promise<unknown> {
  const { commitError: why } = cause as { readonly commitError?: Promise<never> };
  return why ? why.catch((error: unknown) => error) : cause;
}

/**
 * Bytes that sort as the UTF-16 code units of the text do: each unit on its own in one to three bytes. UTF-8 does the same
 * but for surrogates, which it sorts behind all others and cannot keep alone.
 */
export function encodeKey(text: string): Buffer {
  if (!/[\ud800-\udfff]/.test(text)) return Buffer.from(text, 'utf8');
  const bytes: number[] = [];
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) bytes.push(unit);
    else if (unit < 0x800) bytes.push(0xc0 | (unit >> 6), 0x80 | (unit & 63));
    else bytes.push(0xe0 | (unit >> 12), 0x80 | ((unit >> 6) & 63), 0x80 | (unit & 63));
  }
  return Buffer.from(bytes);
}

/** A name that every file system takes and none takes for another one: Windows and macOS see no upper case. */
export function folderName(name: string): string {
  const escaped = [...encodeKey(name)]
    .map((byte) => {
      const sign = String.fromCharCode(byte);
      return /[a-z0-9-]/.test(sign) ? sign : `%${byte.toString(16).padStart(2, '0')}`;
    })
    .join('');
  // the extra sign: Windows keeps names like con and com1 for itself, with any ending
  return escaped.length <= 120
    ? `${/^[a-z]{3}\d?$/.test(escaped) ? '~' : ''}${escaped}.lmdb`
    : `${escaped.slice(0, 80)}~${createHash('sha256').update(escaped).digest('hex')}.lmdb`;
}

/** The text again. */
export function decodeKey(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  if (!text.includes('\ufffd')) return text; // it stands for what is no UTF-8, and for itself
  const units: string[] = [];
  for (let i = 0; i < bytes.length;) {
    const first = bytes.readUInt8(i);
    const length = first < 0x80 ? 1 : first < 0xe0 ? 2 : 3;
    let unit = length === 1 ? first : first & (length === 2 ? 31 : 15);
    for (const next of bytes.subarray(i + 1, i + length)) unit = (unit << 6) | (next & 63);
    units.push(String.fromCharCode(unit));
    i += length;
  }
  return units.join('');
}

/** The key of a row in LMDB: that of its head, where it is a long one. */
interface Place {
  readonly key: Buffer;
  readonly shared: boolean;
}

function placeOf(store: StoreName, key: string): Place {
  const bytes = encodeKey(key);
  const byte = Buffer.of(STORE_BYTES[store]);
  return bytes.length <= HEAD_BYTES
    ? { key: Buffer.concat([byte, bytes]), shared: false }
    : { key: Buffer.concat([byte, bytes.subarray(0, HEAD_BYTES), END]), shared: true };
}

const isShared = (key: Buffer): boolean => key.length > HEAD_BYTES + 1;

/** The rows with long keys that share a head, in their order. */
function sharedRows(root: Root, key: Buffer, transaction: object): readonly StorageRow[] {
  const bytes = root.get(key, transaction);
  return bytes ? (deserialize(bytes) as readonly StorageRow[]) : [];
}

/** Writes rows that share a head; nothing where none is left. */
function putShared(root: Root, key: Buffer, rows: readonly StorageRow[]): void {
  if (rows.length === 0) void root.remove(key);
  else void root.put(key, serialize([...rows].sort((a, b) => (a.key < b.key ? -1 : 1))));
}

function listRows(
  root: Root,
  store: StoreName,
  { prefix = '', after, limit = Infinity }: StorageRange,
  transaction: object,
): readonly StorageRow[] {
  const head = (text: string): Buffer =>
    Buffer.concat([Buffer.of(STORE_BYTES[store]), encodeKey(text).subarray(0, HEAD_BYTES)]);
  const rows: StorageRow[] = [];
  const start = head(after !== undefined && after > prefix ? after : prefix);
  const end = Buffer.concat([head(prefix), END, END]); // twice: after the rows that share a head
  for (const { key: bytes, value } of root.getRange({ start, end, ...transaction })) {
    if (rows.length >= limit) break;
    const found = isShared(bytes)
      ? (deserialize(value) as readonly StorageRow[])
      : [{ key: decodeKey(bytes.subarray(1)), value }];
    for (const { key, value: stored } of found)
      if (key.startsWith(prefix) && (after === undefined || key > after) && rows.length < limit)
        rows.push({ key, value: isShared(bytes) ? stored : deserialize(value) });
  }
  return rows;
}

/** The calls of one transaction. `refuse` throws where the transaction is over or a write may not be, and remembers why. */
export function callsOver(
  root: Root,
  transaction: object,
  refuse: (isWrite: boolean, cause?: unknown) => void,
): StorageTransaction {
  const read = async <T>(act: () => T): Promise<T> => {
    refuse(false);
    try {
      return act();
    } catch (cause) {
      throw lmdbError('The row cannot be read', cause);
    }
  };
  const write = (store: StoreName, key: string, act: (place: Place) => void): void => {
    refuse(true);
    try {
      act(placeOf(store, key));
    } catch (cause) {
      refuse(true, cause);
    }
  };
  const others = (place: Place, key: string): readonly StorageRow[] =>
    sharedRows(root, place.key, transaction).filter((row) => row.key !== key);
  return {
    get: (store, key) =>
      read((): unknown => {
        const place = placeOf(store, key);
        if (place.shared)
          return sharedRows(root, place.key, transaction).find((row) => row.key === key)?.value;
        const bytes = root.get(place.key, transaction);
        return bytes && deserialize(bytes);
      }),
    list: (store, range = {}) => read(() => listRows(root, store, range, transaction)),
    put: (store, key, value) =>
      write(store, key, (place) => {
        if (place.shared) putShared(root, place.key, [...others(place, key), { key, value }]);
        else void root.put(place.key, serialize(value));
      }),
    remove: (store, key) =>
      write(store, key, (place) => {
        if (place.shared) putShared(root, place.key, others(place, key));
        else void root.remove(place.key);
      }),
  };
}

/** Where the version of our layout is noted. */
const LAYOUT_KEY = Buffer.of(0);

/** The layout that is written: one byte for the store, then the key; values as V8 clones them. */
const LAYOUT = 1;

/** Notes the layout in a new database, refuses that of a newer release. In a transaction that may write. */
export function checkLayout(root: Root): void {
  const found = root.get(LAYOUT_KEY);
  const layout: unknown = found ? deserialize(found) : undefined;
  if (layout === LAYOUT) return;
  if (typeof layout === 'number' && layout > LAYOUT)
    throw new RegularsError(
      'ERR_STORAGE_NEWER',
      'The stored data is of a newer version; update regulars.',
    );
  if (layout !== undefined || !root.getRange({ limit: 1 })[Symbol.iterator]().next().done)
    throw new RegularsError('ERR_STORAGE_FAILED', 'The file holds another database.');
  void root.put(LAYOUT_KEY, serialize(LAYOUT));
}
