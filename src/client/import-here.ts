import { isRegularsError, RegularsError } from '../kernel/errors.js';
import { DATA_VERSION } from '../profile/decode-row.js';
import { expandBase } from '../profile/expand-base.js';
import { emptyState } from '../profile/fold-records.js';
import { importRecords, isAppendable } from '../profile/import-log.js';
import { appendRecords, isErased } from '../profile/log.js';
import { loadUpcast, withFormat } from '../profile/migrations.js';
import { mergeBase } from '../profile/merge-base.js';
import type { ProfileStorage, StorageTransaction } from '../profile/port.js';
import type { ProfileRecord, RecordKind, RecordOf } from '../profile/types.js';
import type { Core } from './core.js';
import { hashForErasures } from './erasures.js';
import { erasuresAmong, leaveErased } from './erased-elsewhere.js';
import { isForgotten } from './forgotten.js';
import { GREET_BY_NUMBER } from './known-field.js';
import { withRoom } from './make-room-here.js';
import { answerTo, mayKeep } from './may-keep.js';
import { minimize } from './minimize.js';
import { isOwn } from './person.js';
import { retainHere } from './retain.js';
import { takeUp } from './take-up.js';
import type { CustomerExport, Imported, TransferOptions } from './types.js';

// Named here for the reason given in acts.ts: whatever the first load holds, so that it stays one chunk.
/** @public */
export { createClient } from './create-client.js';
/** @public */
export { money } from '../kernel/money.js';

/**
 * What a person takes along. Who they are and who looked is not in a file to say; of what they allow only a no travels: the yes to
 * each purpose is given where it is to hold.
 */
const KINDS: ReadonlySet<string> = new Set<RecordKind>([
  ...(['purchase', 'refund', 'visit', 'fact', 'correction', 'issue', 'answer'] as const),
  ...(['dismissal', 'exposure'] as const),
]);
/** One person's export; a shop's own is another format. */
const LARGEST = 100_000_000;

/** Appends what a customer took along with `rights.export`, under the person who is here now. */
export async function importHere(
  core: Core,
  source: CustomerExport | string | Blob,
  options: TransferOptions,
): Promise<Imported> {
  const { state, vault, clock } = core;
  // whose it is, is fixed before anything is awaited
  const { subject } = state.person;
  const own = new Set(isOwn(state.person, state.card) ? state.card?.subjects : []);
  if (state.status === 'stopped') return { kind: 'refused', reason: 'stopped' };
  if (vault.status().readOnly) return { kind: 'refused', reason: 'read-only' };
  const read = await readRecords(source, core.options.shop, clock.now());
  const mine = (record: ProfileRecord): ProfileRecord =>
    own.has(record.subject) ? record : { ...record, subject };
  const isKept = vault.keeps() && mayKeep(core, core);
  const room = roomFor(core, subject, isKept);
  // a file says yes to nothing: what was kept for health comes along after a yes to that
  const isWanted = (record: ProfileRecord): boolean => answerTo(core, record) === 'granted';
  try {
    const { hash } = await hashForErasures(vault.device(), read.records);
    // whose it was there decides whether it may come back: under the person here nobody was erased
    const gone = hash ? await erasedAmong(room, read.records, hash) : undefined;
    const records = read.records.filter((record) => !gone?.has(record) && isWanted(record));
    const { appended, duplicates, refused } = await importRecords(
      room,
      minimize(core, records.map(mine)) as readonly ProfileRecord[],
      vault.env(),
      {
        clock,
        ...(options.signal && { signal: options.signal }),
        onProgress: ({ done }) => options.onProgress?.({ done, total: records.length }),
      },
    );
    let older = 0;
    for (const base of read.bases.map(mine))
      older += await takeOlder(core, room, base as RecordOf<'base'>);
    const card = await vault.card(subject);
    if (card) takeUp(core, [card]);
    if (isKept) await retainHere(core, subject);
    return {
      kind: 'imported',
      records: appended + older,
      duplicates,
      skipped: read.skipped + refused + read.records.length - records.length,
    };
  } catch (error) {
    return refusalOf(core, subject, error);
  }
}

/** Why the storage has not taken it; what is no matter of the storage is thrown on. */
function refusalOf(
  core: Core,
  subject: string,
  error: unknown,
): Extract<Imported, { readonly kind: 'refused' }> {
  if (isForgotten(core, subject)) return { kind: 'refused', reason: 'erased' };
  const code = isRegularsError(error) ? error.code : '';
  if (!code.startsWith('ERR_STORAGE')) throw error;
  core.report(error);
  if (code === 'ERR_STORAGE_NEWER') return { kind: 'refused', reason: 'read-only' };
  return { kind: 'refused', reason: code === 'ERR_STORAGE_QUOTA' ? 'quota' : 'storage' };
}

function erasedAmong(
  room: Room,
  records: readonly ProfileRecord[],
  hash: (text: string) => string,
): Promise<ReadonlySet<ProfileRecord>> {
  return room.transact('readonly', async (tx) => {
    const gone = await Promise.all(records.map((record) => isErased(tx, record, hash)));
    return new Set(records.filter((_, i) => gone[i] === true));
  });
}

type Room = Pick<ProfileStorage, 'transact'>;

/** The storage as any other write of the page has it: room is made, the limit holds, and nothing is written behind an erasure. */
function roomFor(core: Core, subject: string, isKept: boolean): Room {
  const { vault } = core;
  const looking = isKept ? erasuresAmong(core, [subject]) : undefined;
  return {
    transact: async (mode, body, more) => {
      const lookForErased = await looking;
      return withRoom(core, (check) =>
        // a storage that is memory itself keeps nothing, and is where the rest is
        (mayKeep(core, core) ? vault.run : vault.runHeld)(
          mode,
          async (tx) => {
            const erased = (await lookForErased?.(tx)) ?? [];
            void leaveErased(core, erased).catch(core.report);
            if (isForgotten(core, subject)) throw invalid('whose it is was erased here');
            const before = await bytesIn(tx);
            const result = await body(tx);
            const after = await bytesIn(tx);
            if (after > before) check(after, () => after - before);
            return result;
          },
          more?.durability,
        ),
      );
    },
  };
}

async function bytesIn(tx: StorageTransaction): Promise<number> {
  const { bytes } = ((await tx.get('meta', 'log')) ?? {}) as { readonly bytes?: unknown };
  return typeof bytes === 'number' ? bytes : 0;
}

const invalid = (why: string): RegularsError =>
  new RegularsError('ERR_IMPORT_INVALID', `Nothing was imported: ${why}.`);

async function readRecords(
  source: CustomerExport | string | Blob,
  shop: string,
  now: number,
): Promise<{
  readonly records: readonly ProfileRecord[];
  readonly bases: readonly ProfileRecord[];
  readonly skipped: number;
}> {
  const file = await readFile(source);
  if (file?.format !== 'regulars-export' || !Array.isArray(file.records))
    throw invalid("this is no customer's export");
  if (typeof file.version !== 'number' || file.version > DATA_VERSION)
    throw invalid('a newer release wrote this export');
  if (file.shop !== shop) throw invalid(`this is an export of another shop than "${shop}"`);
  const { version } = file;
  const upcast = await loadUpcast();
  const records: ProfileRecord[] = [];
  const bases: ProfileRecord[] = [];
  let skipped = 0;
  const replaced = new Set<unknown>();
  const keep = (record: ProfileRecord): void => {
    if (record.kind === 'consent') for (const id of record.data.replaces) replaced.add(id);
    if (mayTravel(record) && isAppendable(record, now)) records.push(record);
    else skipped++;
  };
  for (const value of file.records as readonly unknown[]) {
    const record = upcast(value, version);
    if (record === undefined || record.shop !== shop) skipped++;
    else if (record.kind !== 'base') keep(record as ProfileRecord);
    else {
      const base = record as RecordOf<'base'>;
      for (const one of expandBase(base)) keep(one);
      const { older } = base.data.state;
      if (older && isAppendable(base, now))
        bases.push({ ...base, data: { through: 0, state: { ...emptyState, older } } });
    }
  }
  const standing = records.filter(({ kind, id }) => kind !== 'consent' || !replaced.has(id));
  return { records: standing, bases, skipped: skipped + records.length - standing.length };
}

function mayTravel({ kind, data }: ProfileRecord): boolean {
  if (kind === 'consent') return data.answer === 'denied' && data.purpose !== 'remember';
  // a permission that needs a proof is given where there is one
  if (kind === 'correction' || kind === 'fact') return data.key !== GREET_BY_NUMBER;
  return KINDS.has(kind);
}

async function readFile(
  source: CustomerExport | string | Blob,
): Promise<{ readonly [field in keyof CustomerExport]?: unknown } | undefined> {
  if (source instanceof Blob && source.size > LARGEST) throw invalid('the file is too large');
  try {
    const text = source instanceof Blob ? await source.text() : source;
    const value: unknown =
      typeof text === 'string' ? JSON.parse(text.replace(/^\uFEFF/, '')) : text;
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    throw invalid('it is no JSON, or a part of it is missing');
  }
}

/** What was dropped for want of room before the export still counts. */
async function takeOlder({ vault }: Core, room: Room, base: RecordOf<'base'>): Promise<number> {
  return withFormat((format) =>
    room.transact(
      'readwrite',
      async (tx) => {
        const env = { ...vault.env(), format };
        const merged = await mergeBase(tx, base, env);
        if (merged !== undefined) return Number(merged === 'merged');
        return (await appendRecords(tx, [base], env)).appended.length;
      },
      { durability: 'strict' },
    ),
  );
}
