import { stampMs } from '../kernel/stamp.js';
import type { LogFormat } from './log-format.js';
import { decodeRows } from './log-rows.js';
import type { AsideRow } from './outbox.js';
import type { StorageTransaction } from './port.js';
import { ASIDE_PREFIX, ERASE_PREFIX, recordKeyOf } from './row-keys.js';

/**
 * When the oldest was made that is still here once `leaving` has left, ms: of what waits, and of what was set aside. Undefined when
 * nothing is, or nothing says when it was made. `leaving` are the keys of records, and those under which anything else waits.
 */
export async function waitingSince(
  tx: StorageTransaction,
  leaving: ReadonlySet<string>,
  format: LogFormat,
): Promise<number | undefined> {
  const limit = leaving.size + 1;
  // each kind in the order in which it was written: digits sort before letters
  const lists = await Promise.all([
    tx.list('outbox', { limit }),
    tx.list('outbox', { prefix: ERASE_PREFIX, limit }),
    tx.list('outbox', { prefix: 'sealed:', limit }),
    tx.list('outbox', { prefix: ASIDE_PREFIX }),
  ]);
  const rows = lists.flatMap((list) =>
    list.filter(
      ({ key, value }) => ![key, recordKeyOf(value)].some((name) => leaving.has(name ?? '')),
    ),
  );
  const times = await Promise.all(
    rows.map(async ({ key, value }) => {
      const isAside = key.startsWith(ASIDE_PREFIX);
      const at = await madeAt(
        tx,
        isAside ? key.slice(ASIDE_PREFIX.length) : key,
        isAside ? (value as AsideRow).entry : value,
        format,
      );
      return at ?? [];
    }),
  );
  const all = times.flat();
  return all.length > 0 ? Math.min(...all) : undefined;
}

async function madeAt(
  tx: StorageTransaction,
  key: string,
  entry: unknown,
  format: LogFormat,
): Promise<number | undefined> {
  // a box says nothing of itself but its key, whose UUIDv7 begins with the time
  const [, hex = ''] = /^sealed:(.{8}-.{4})/.exec(key) ?? [];
  if (hex !== '') return Number.parseInt(hex.replace('-', ''), 16) || undefined;
  const { stamp } = Object(entry) as { readonly stamp?: unknown };
  if (typeof stamp === 'string') return stampMs(stamp);
  const at = recordKeyOf(entry);
  const row = at === undefined ? undefined : await tx.get('records', at);
  if (at === undefined || row === undefined) return undefined;
  const [found] = decodeRows([{ key: at, value: row }], format).read;
  return found && stampMs(found.record.stamp);
}
