import { RELEASED_MS, systemClock } from '../kernel/clock.js';
import { isStamp, stampMs } from '../kernel/stamp.js';
import { inChunks, type ImportOptions, type ImportProgress } from './in-chunks.js';
import { appendRecords } from './log.js';
import type { AnyRecord } from './log-rows.js';
import { withFormat } from './migrations.js';
import type { ProfileStorage, StorageTransaction } from './port.js';
import type { RecordDraft } from './types.js';

/** What an import needs to know beside its source. */
export interface ImportEnv {
  readonly shop: string;
  /** Id of this device: 8 hexadecimal digits of it are in every stamp. */
  readonly device: string;
  /** True for records that came from elsewhere and need not be sent. @defaultValue false */
  readonly remote?: boolean;
  /** The keyed hash that tombstones were made with; without it they are not looked for. */
  readonly hash?: (text: string) => string;
}

/**
 * Appends records, or drafts that have an id, chunk by chunk: each in one transaction, as long as a page can spare. What is
 * there already is passed over, so that an import that was killed is simply run again. When it resolves, all of it survives a
 * power cut. For records this program made or has checked; `importStorage` is for files.
 */
export async function importRecords(
  storage: Pick<ProfileStorage, 'transact'>,
  source: Iterable<RecordDraft | AnyRecord> | AsyncIterable<RecordDraft | AnyRecord>,
  env: ImportEnv,
  options: ImportOptions = {},
): Promise<ImportProgress> {
  const { clock = systemClock } = options;
  const length = Array.isArray(source) ? source.length : undefined;
  return inChunks(
    source,
    async (drafts, isLast, timed) => {
      const { appended, duplicates, refused } = await withFormat((format) =>
        storage.transact(
          'readwrite',
          (tx) =>
            timed(async () => {
              const now = clock.now();
              const appended = await appendRecords(tx, drafts, { ...env, now, format });
              if (isLast) await touchLog(tx);
              return appended;
            }),
          durability(isLast),
        ),
      );
      return { appended: appended.length, duplicates, refused, skipped: 0 };
    },
    options,
    clock,
    length === undefined ? undefined : (done) => done / length,
  );
}

/** The last chunk takes all before it to the disk: the others need not wait for it. */
export function durability(isLast: boolean): { readonly durability: 'strict' | 'relaxed' } {
  return { durability: isLast ? 'strict' : 'relaxed' };
}

/** Writes a row as it is: a transaction that writes nothing takes nothing to the disk. */
export async function touchLog(tx: StorageTransaction): Promise<void> {
  const row = await tx.get('meta', 'log');
  if (row !== undefined) tx.put('meta', 'log', row);
}

const FAR_MS = 10 * 365.25 * 86_400_000;
const TEXT_LIMIT = 256;

/** True for a record that may be appended: one whose stamp would end the order of all others, or whose key is endless, may not. */
export function isAppendable({ id, subject, stamp }: AnyRecord, now: number): boolean {
  return (
    isStamp(stamp) &&
    stampMs(stamp) <= Math.max(now, RELEASED_MS) + FAR_MS &&
    [id, subject].every((text) => text !== '' && text.length <= TEXT_LIMIT)
  );
}
