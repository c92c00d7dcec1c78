import { systemClock, type Clock } from '../kernel/clock.js';
import { pause } from '../kernel/pause.js';
import { decodeRow, type StoredRow } from './decode-row.js';
import {
  addLine,
  checkOfKey,
  EXPORT_FORMAT,
  EXPORT_VERSION,
  lockedError,
  readKey,
  type ExportEnd,
  type ExportHeader,
} from './export-format.js';
import { throwIfAborted } from './in-chunks.js';
import type { ProfileStorage, StorageRow, StorageTransaction } from './port.js';
import { outboxKey, recordKeyOf } from './row-keys.js';

/** Whose storage it is, and how the export is watched and stopped. */
export interface ExportOptions {
  readonly shop: string;
  /** Ends the export between two pages: it rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Told after each page. */
  readonly onProgress?: (progress: ExportProgress) => void;
  /** @defaultValue the platform's */
  readonly clock?: Clock;
}

/** How far an export has come. */
export interface ExportProgress {
  /** Lines written so far. */
  readonly lines: number;
  /** Rows that could not be read, and are left out. */
  readonly damaged: number;
}

/** Rows of one transaction: a few hundred kilobytes, read in a few milliseconds. */
const PAGE = 200;

/** A page of rows as lines, and where the next one begins. */
interface Page {
  readonly lines: readonly string[];
  readonly damaged: number;
  readonly after: string | undefined;
}

/**
 * Everything of a storage as text, in pieces of whole lines: a header, a record a line, and a last line with their number and
 * checksum. Reads page by page, each in a short transaction, so that a shop of any size is exported in little memory while the
 * page goes on; what is appended meanwhile may be left out.
 *
 * Records travel as they are stored, with what waits to be sent, with kinds of a newer version, and with the erasures that keep
 * forgotten customers from coming back. Cards and tokens are computed from them anew. The device's key never leaves: see
 * `importStorage` for what that means elsewhere. Rejects with ERR_STORAGE_LOCKED where rows are encrypted and no key was given.
 * @yields whole lines
 * @example for await (const lines of exportStorage(storage, { shop: 'blue-door' })) file.write(lines);
 */
export async function* exportStorage(
  storage: Pick<ProfileStorage, 'transact'>,
  options: ExportOptions,
): AsyncGenerator<string, void, undefined> {
  const { shop, signal, onProgress, clock = systemClock } = options;
  throwIfAborted(signal);
  const key = await checkOfKey(await storage.transact('readonly', readKey));
  const header: ExportHeader = {
    format: EXPORT_FORMAT,
    version: EXPORT_VERSION,
    shop,
    exportedAt: clock.now(),
    ...(key !== undefined && { key }),
  };
  const first = JSON.stringify(header);
  let sum = addLine(0, first);
  let count = 0;
  let damaged = 0;
  yield `${first}\n`;
  // what waits comes first: if it is sent in the meantime, it is only there twice
  for (const read of [readWaiting, readSealed, readRest])
    for (let after: string | undefined = ''; after !== undefined;) {
      const from: string = after;
      const page: Page = await storage.transact('readonly', (tx) => read(tx, from));
      throwIfAborted(signal);
      for (const line of page.lines) sum = addLine(sum, line);
      count += page.lines.length;
      damaged += page.damaged;
      if (page.lines.length > 0) yield `${page.lines.join('\n')}\n`;
      onProgress?.({ lines: count, damaged });
      after = page.after;
      await pause();
      throwIfAborted(signal);
    }
  const end: ExportEnd = { count, sum, ...(damaged > 0 && { damaged }) };
  yield `${JSON.stringify({ end })}\n`;
}

/** Records that wait to be sent, in the order in which they were appended. */
async function readWaiting(tx: StorageTransaction, after: string): Promise<Page> {
  const rows = await tx.list('outbox', { after, limit: PAGE });
  const keys = rows.filter(isPlain).map(({ value }) => recordKeyOf(value) ?? '');
  const values = await Promise.all(keys.map((key) => tx.get('records', key)));
  // the entry of a record that is gone leads nowhere
  return toPage(
    rows,
    values.filter((value) => value !== undefined).map((value) => recordLine(value, true)),
  );
}

/** What was sealed at capture: it is carried as it is, since only the backend can open it. */
async function readSealed(tx: StorageTransaction, after: string): Promise<Page> {
  const rows = await tx.list('outbox', { prefix: 'sealed:', after, limit: PAGE });
  return toPage(
    rows,
    rows.map(({ key, value }) => JSON.stringify({ sealed: key, row: value })),
  );
}

/** Every record that does not wait, in the order of the keys: a customer's lie together. */
async function readRest(tx: StorageTransaction, after: string): Promise<Page> {
  const rows = await tx.list('records', { after, limit: PAGE });
  const waiting = await Promise.all(
    rows.map(async ({ key, value }) => {
      const { n } = (value ?? {}) as { readonly n?: unknown };
      return typeof n === 'number' && recordKeyOf(await tx.get('outbox', outboxKey(n))) === key;
    }),
  );
  return toPage(
    rows,
    rows.filter((_, i) => !waiting[i]).map(({ value }) => recordLine(value, false)),
  );
}

const isPlain = ({ key, value }: StorageRow): boolean =>
  recordKeyOf(value) !== undefined && !/^(sealed|aside):/.test(key);

function toPage(rows: readonly StorageRow[], lines: readonly (string | undefined)[]): Page {
  const good = lines.filter((line) => line !== undefined);
  return {
    lines: good,
    damaged: lines.length - good.length,
    after: rows.length < PAGE ? undefined : rows.at(-1)?.key,
  };
}

/** A record's row as a line: its text goes as it was written, under its own checksum. Undefined for a row that cannot be read. */
function recordLine(row: unknown, waits: boolean): string | undefined {
  if (isLocked(row)) throw lockedError();
  const { kind } = decodeRow(row);
  // a newer version knows how to read and check its own rows
  if (kind === 'newer') return JSON.stringify({ v: (row as StoredRow).v, waits, row });
  if (kind === 'corrupt') return undefined;
  const { v, sum, text } = row as StoredRow;
  return `{"v":${v},"sum":${sum}${waits ? ',"waits":true' : ''},"record":${text}}`;
}

/** True for a row that is encrypted. */
export function isLocked(row: unknown): boolean {
  return (row as { readonly locked?: unknown } | undefined | null)?.locked !== undefined;
}
