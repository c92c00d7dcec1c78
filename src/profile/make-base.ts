import { nextStamp } from '../kernel/stamp.js';
import { foldRecords, isBase, isKnownRecord } from './fold-records.js';
import { putRecord, readLog, readRows } from './log-rows.js';
import { currentFormat, type LogFormat } from './log-format.js';
import type { StorageTransaction } from './port.js';
import { outboxKey } from './row-keys.js';
import type { RecordOf } from './types.js';

/** What making a base needs to know of the world. */
export interface BaseEnv {
  readonly id: string;
  readonly by: string;
  readonly shop: string;
  readonly device: string;
  readonly now: number;
  /** Number of the last record that goes into it. @defaultValue the last of the log */
  readonly through?: number;
  readonly format?: LogFormat;
}

/**
 * Folds the records of one subject through a number of this log into a base and drops them, waiting or not: for devices that send
 * nothing. The card does not change; records of unknown kinds and rows that cannot be read stay. Undefined when there is nothing to fold.
 */
export async function makeBase(
  tx: StorageTransaction,
  subject: string,
  env: BaseEnv,
): Promise<RecordOf<'base'> | undefined> {
  const format = env.format ?? currentFormat;
  const log = await readLog(tx, format, env.now);
  const through = Math.min(env.through ?? log.n, log.n);
  const { read } = await readRows(tx, subject, format);
  const folded = read.filter(({ n, record }) => n <= through && isKnownRecord(record));
  if (!folded.some(({ record }) => record.kind !== 'base')) return undefined;
  const stamp = nextStamp(log.stamp, env.now, env.device);
  const base: RecordOf<'base'> = {
    id: env.id,
    shop: env.shop,
    subject,
    kind: 'base',
    stamp,
    by: env.by,
    data: { through, state: foldRecords(folded.map(({ record }) => record)) },
  };
  let { bytes } = log;
  for (const { key, n, bytes: freed, record } of folded) {
    bytes -= freed;
    tx.remove('records', key);
    // a base has the number of another record
    if (!isBase(record)) tx.remove('outbox', outboxKey(n));
  }
  bytes += putRecord(tx, base, through, format);
  tx.put('meta', 'log', { ...log, v: format.version, stamp, bytes });
  return base;
}
