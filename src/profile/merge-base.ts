import { canonicalJson } from '../kernel/json.js';
import { combineStates } from './fold-records.js';
import { refoldCard } from './log.js';
import type { LogFormat } from './log-format.js';
import { putRecord, readLog, readRows } from './log-rows.js';
import type { StorageTransaction } from './port.js';
import type { RecordOf } from './types.js';

/**
 * Takes a base in where its subject has one already: of several only one counts, so the two become one. Undefined where the
 * subject has none: append it. The same base again changes nothing.
 */
export async function mergeBase(
  tx: StorageTransaction,
  base: RecordOf<'base'>,
  { format, now }: { readonly format: LogFormat; readonly now: number },
): Promise<'merged' | 'known' | undefined> {
  const { read } = await readRows(tx, base.subject, format);
  const [own] = read
    .filter(({ record }) => record.kind === 'base')
    .sort((a, b) => b.n - a.n || (a.key < b.key ? -1 : 1));
  if (own === undefined) return undefined;
  const standing = own.record as RecordOf<'base'>;
  const state = combineStates(standing.data.state, base.data.state);
  if (canonicalJson(state) === canonicalJson(standing.data.state)) return 'known';
  const merged = { ...standing, data: { ...standing.data, state } };
  const log = await readLog(tx, format, now);
  const bytes = log.bytes - own.bytes + putRecord(tx, merged, own.n, format);
  tx.put('meta', 'log', { ...log, bytes });
  await refoldCard(tx, base.subject, format);
  return 'merged';
}
