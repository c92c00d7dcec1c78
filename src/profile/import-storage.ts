import { systemClock } from '../kernel/clock.js';
import { RegularsError } from '../kernel/errors.js';
import { hash32 } from '../kernel/hash.js';
import { DATA_VERSION } from './decode-row.js';
import { writeErasure } from './erase-customer.js';
import {
  addLine,
  checkOfKey,
  EXPORT_FORMAT,
  EXPORT_VERSION,
  readKey,
  type ExportEnd,
  type ExportHeader,
} from './export-format.js';
import { durability, isAppendable, touchLog } from './import-log.js';
import {
  addCounts,
  inChunks,
  NO_COUNTS,
  type ChunkCounts,
  type ImportOptions,
  type ImportProgress,
} from './in-chunks.js';
import { appendRecords, type LogEnv } from './log.js';
import { currentFormat, type LogFormat, type Upcast } from './log-format.js';
import { readLog, type AnyRecord } from './log-rows.js';
import { mergeBase } from './merge-base.js';
import { loadUpcast, withFormat } from './migrations.js';
import type { ProfileStorage, StorageTransaction } from './port.js';
import { readLines, type TextLine, type TextSource } from './read-lines.js';
import { recordKey } from './row-keys.js';
import type { RecordOf } from './types.js';

/** Where an export goes. */
export interface ImportStorageOptions extends ImportOptions {
  /** The shop of the storage; an export of another one is refused. */
  readonly shop: string;
  /** The keyed hash that this storage's erasures were made with; without it they are not looked for. */
  readonly hash?: (text: string) => string;
}

/** A line that was passed over. It is still in the file. */
export interface SetAside {
  /** Counted from 1. */
  readonly line: number;
  readonly reason:
    /** Its checksum does not fit. */
    | 'damaged'
    /** It is no record, or one that would harm the log. */
    | 'invalid'
    /** A newer release wrote it. */
    | 'newer'
    | 'too-long'
    /** It stands after what says that the file ends. */
    | 'after-end';
}

/** What came of importing a storage. */
export interface StorageImported extends ImportProgress {
  /** True when the file ends as it should and nothing between was changed; false for a truncated one. */
  readonly complete: boolean;
  /** The first hundred lines that were passed over; `skipped` counts all. */
  readonly setAside: readonly SetAside[];
  /**
   * False when identifiers in the file were made with another device's key: the customers are here with all they have, but no
   * phone number or account leads to them on this device. Absent where it cannot be told.
   */
  readonly sameKey?: boolean;
}

const ASIDE = 100;

/** What a line says. */
export type Entry =
  | { readonly kind: 'record'; readonly record: AnyRecord; readonly waits: boolean }
  | { readonly kind: 'sealed'; readonly key: string; readonly row: unknown }
  | { readonly kind: 'aside'; readonly aside: SetAside }
  | { readonly kind: 'end'; readonly end: ExportEnd };

/** What is known of the file so far. */
export interface Reading {
  sum: number;
  count: number;
  ended: boolean;
  complete: boolean;
}

/**
 * Reads what `exportStorage` wrote, into a storage that may hold customers already: what is there stays, and what is there
 * already is passed over, so that the same file twice, or again after a kill, ends in the same state. Every line is checked;
 * one that is damaged is set aside and told. On the device that made the export everything is as it was; elsewhere see `sameKey`.
 * Nobody is erased by an import, and nobody who was erased here comes back.
 *
 * Rejects with ERR_IMPORT_INVALID for a file that is no export or another shop's, with ERR_STORAGE_NEWER for one of a newer
 * release, and with the signal's reason; what was committed before stays.
 */
export async function importStorage(
  storage: Pick<ProfileStorage, 'transact'>,
  source: TextSource,
  options: ImportStorageOptions,
): Promise<StorageImported> {
  const { clock = systemClock, shop } = options;
  const { lines, share } = readLines(source);
  const header = await readHeader(lines, shop);
  const here = await checkOfKey(await storage.transact('readonly', readKey));
  const reading: Reading = { sum: header.sum, count: 0, ended: false, complete: false };
  const setAside: SetAside[] = [];
  const progress = await inChunks(
    readEntries(lines, reading, await loadUpcast(), shop, clock.now()),
    async (entries, isLast, timed) => {
      for (const entry of entries)
        if (entry.kind === 'aside' && setAside.length < ASIDE) setAside.push(entry.aside);
      return withFormat((format) =>
        storage.transact(
          'readwrite',
          (tx) =>
            timed(async () => {
              // stamps are in the file: no new one is made
              const env = { shop, device: '0', now: clock.now(), format };
              const counts = await writeEntries(tx, entries, {
                ...env,
                ...(options.hash && { hash: options.hash }),
              });
              if (isLast) await touchLog(tx);
              return counts;
            }),
          durability(isLast),
        ),
      );
    },
    options,
    clock,
    () => share() ?? Number.NaN,
  );
  const { share: end, ...rest } = progress;
  return {
    ...rest,
    ...(end !== undefined && !Number.isNaN(end) && { share: end }),
    done: reading.count,
    complete: reading.complete,
    setAside,
    ...(header.key !== undefined && { sameKey: header.key === here }),
  };
}

/** The first line that is not blank. */
async function firstLine(lines: AsyncGenerator<TextLine>): Promise<string> {
  for (;;) {
    const { value, done } = await lines.next();
    if (done) return '';
    const text = value.text ?? '';
    if (text.trim() !== '') return text;
  }
}

const invalid = (why: string): RegularsError =>
  new RegularsError('ERR_IMPORT_INVALID', `Nothing was imported: ${why}.`);

/** Reads the first line, and throws where it is not that of an export, or of another shop's. */
export async function readHeader(
  lines: AsyncGenerator<TextLine>,
  expected?: string,
): Promise<{
  readonly shop: string;
  readonly exportedAt: number;
  readonly key: string | undefined;
  readonly sum: number;
}> {
  const text = (await firstLine(lines)).replace(/^\uFEFF/, '');
  const header = parse(text) as { readonly [field in keyof ExportHeader]?: unknown } | undefined;
  if (header?.format === 'regulars-export')
    throw invalid("this is one customer's own export; give it to `rights.import`");
  if (header?.format !== EXPORT_FORMAT || typeof header.version !== 'number')
    throw invalid('this is no export of a storage');
  if (header.version > EXPORT_VERSION)
    throw new RegularsError(
      'ERR_STORAGE_NEWER',
      'A newer version of regulars wrote this export; nothing was imported. Use that version.',
    );
  const { shop, key, exportedAt } = header;
  if (typeof shop !== 'string') throw invalid('the export names no shop');
  if (expected !== undefined && shop !== expected)
    throw invalid(`the export is of another shop than "${expected}"`);
  return {
    ...{ shop, exportedAt: typeof exportedAt === 'number' ? exportedAt : 0 },
    key: typeof key === 'string' ? key : undefined,
    sum: addLine(0, text),
  };
}

function parse(text: string): { readonly [key: string]: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null
      ? (value as { readonly [key: string]: unknown })
      : undefined;
  } catch {
    return undefined; // told as a damaged line
  }
}

/**
 * What the lines say, one after the other, each checked.
 * @yields what a line says
 */
export async function* readEntries(
  lines: AsyncIterable<TextLine>,
  reading: Reading,
  upcast: Upcast,
  shop: string,
  now: number,
): AsyncGenerator<Entry, void, undefined> {
  for await (const { number, text } of lines) {
    if (text?.trim() === '') continue;
    const aside = (reason: SetAside['reason']): Entry => ({
      kind: 'aside',
      aside: { line: number, reason },
    });
    if (reading.ended) {
      reading.complete = false;
      yield aside('after-end');
      continue;
    }
    const entry = text === undefined ? 'too-long' : readEntry(text, upcast, shop, now);
    if (typeof entry === 'object' && entry.kind === 'end') {
      const { count, sum } = entry.end;
      reading.ended = true;
      reading.complete = count === reading.count && sum === reading.sum;
      continue;
    }
    reading.count++;
    reading.sum = text === undefined ? -1 : addLine(reading.sum, text);
    yield typeof entry === 'string' ? aside(entry) : entry;
  }
}

/** What a line says, or why it says nothing. */
function readEntry(
  text: string,
  upcast: Upcast,
  shop: string,
  now: number,
): Entry | SetAside['reason'] {
  const line = parse(text);
  if (line === undefined) return 'damaged';
  const { v, sum, record: value, waits, end, sealed, row } = line;
  if (typeof end === 'object' && end !== null) return { kind: 'end', end: end as ExportEnd };
  if (typeof sealed === 'string')
    return sealed.startsWith('sealed:') ? { kind: 'sealed', key: sealed, row } : 'invalid';
  if (typeof v !== 'number') return 'invalid';
  if (v > DATA_VERSION) return 'newer';
  if (typeof value !== 'object' || value === null) return 'invalid';
  try {
    if (hash32(JSON.stringify(value)) !== sum) return 'damaged';
    const record = upcast(value, v);
    if (record === undefined || record.shop !== shop || !isAppendable(record, now))
      return 'invalid';
    return { kind: 'record', record, waits: waits === true };
  } catch {
    return 'invalid'; // nested too deep to be written again
  }
}

const ONE = {
  appended: { ...NO_COUNTS, appended: 1 },
  duplicate: { ...NO_COUNTS, duplicates: 1 },
  skipped: { ...NO_COUNTS, skipped: 1 },
} as const;

type WriteEnv = LogEnv & { readonly format: LogFormat };

async function writeEntries(
  tx: StorageTransaction,
  entries: readonly Entry[],
  env: WriteEnv,
): Promise<ChunkCounts> {
  let counts = NO_COUNTS;
  let run: AnyRecord[] = [];
  let waiting = false;
  const flush = async (): Promise<void> => {
    const records = run;
    run = [];
    if (records.length > 0)
      counts = addCounts(counts, await append(tx, records, { ...env, remote: !waiting }));
  };
  for (const entry of entries)
    if (entry.kind === 'aside') counts = addCounts(counts, ONE.skipped);
    else if (entry.kind === 'sealed') counts = addCounts(counts, await writeSealed(tx, entry));
    else if (entry.kind === 'record') {
      const { record, waits } = entry;
      if (waits !== waiting) await flush();
      waiting = waits;
      // these are written one by one: whatever stands before them is in the log first
      if (isTombstone(record) || record.kind === 'base') await flush();
      if (isTombstone(record)) counts = addCounts(counts, await writeTombstone(tx, record, waits));
      else if (record.kind === 'base') {
        const merged = await mergeBase(tx, record as RecordOf<'base'>, env);
        if (merged === undefined) run.push(record);
        else counts = addCounts(counts, merged === 'merged' ? ONE.appended : ONE.duplicate);
      } else run.push(record);
    }
  await flush();
  return counts;
}

async function append(
  tx: StorageTransaction,
  records: readonly AnyRecord[],
  env: WriteEnv,
): Promise<ChunkCounts> {
  const { appended, duplicates, refused } = await appendRecords(tx, records, env);
  const through = Math.max(
    0,
    ...appended.map((record) =>
      record.kind === 'base' ? (record as RecordOf<'base'>).data.through : 0,
    ),
  );
  const log = await readLog(tx, env.format, env.now);
  // the next records come after those that the base stands for
  if (through > log.n && Number.isSafeInteger(through))
    tx.put('meta', 'log', { ...log, n: through });
  return { appended: appended.length, duplicates, refused, skipped: 0 };
}

async function writeSealed(
  tx: StorageTransaction,
  { key, row }: { readonly key: string; readonly row: unknown },
): Promise<ChunkCounts> {
  if ((await tx.get('outbox', key)) !== undefined) return ONE.duplicate;
  tx.put('outbox', key, row);
  return ONE.appended;
}

/** True for the trace of somebody erased: it has a name of its own, and no card. */
function isTombstone(record: AnyRecord): record is RecordOf<'erasure'> {
  return (
    record.kind === 'erasure' &&
    (record as RecordOf<'erasure'>).data.subjects.includes(record.subject)
  );
}

async function writeTombstone(
  tx: StorageTransaction,
  record: RecordOf<'erasure'>,
  waits: boolean,
): Promise<ChunkCounts> {
  const there = await tx.get('records', recordKey(record.subject, record.id));
  if (there !== undefined) return ONE.duplicate;
  const log = await readLog(tx, currentFormat);
  const { stamp } = record;
  const later = log.stamp === undefined || stamp > log.stamp ? { ...log, stamp } : log;
  writeErasure(tx, record, later, waits, currentFormat);
  return ONE.appended;
}
