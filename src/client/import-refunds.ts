import { systemRandom } from '../kernel/clock.js';
import { pause } from '../kernel/pause.js';
import { importRecords } from '../profile/import-log.js';
import { throwIfAborted, type ImportOptions, type ImportProgress } from '../profile/in-chunks.js';
import { decodeRows } from '../profile/log-rows.js';
import { withFormat } from '../profile/migrations.js';
import type { ProfileStorage, StorageRow } from '../profile/port.js';
import { purchaseRecordId } from '../profile/read-purchase.js';
import type { ProfileRecord, RecordDraft } from '../profile/types.js';
import { hashForErasures } from './erasures.js';
import { deviceIn } from './import-people.js';

/** Things that came back, as `formats` give those of orders that are not in the same payload. */
export interface RefundInput {
  /** Id of the order. */
  readonly purchase: string;
  /** ms or ISO 8601; without one it cannot be kept. */
  readonly at: number | string | null;
  /** @defaultValue all of it */
  readonly lines?: readonly { readonly sku: string; readonly quantity: number }[];
}

/** A refund that was passed over. */
export interface RefundSetAside {
  /** Its place in the source, counted from 0. */
  readonly index: number;
  readonly reason:
    /** The order is not in this storage. */
    | 'no-order'
    /** It has no time. */
    | 'no-time';
}

/** What came of importing refunds. */
export interface RefundsImported extends ImportProgress {
  /** Those that were passed over. */
  readonly setAside: readonly RefundSetAside[];
}

const PAGE = 1000;

/**
 * Imports what came back of orders that are in the storage already: looks through it once for all of them. The same ones again
 * append nothing.
 */
export async function importRefunds(
  storage: Pick<ProfileStorage, 'transact'>,
  refunds: readonly RefundInput[],
  options: ImportOptions & { readonly shop: string },
): Promise<RefundsImported> {
  const { shop, signal } = options;
  const orders = await findOrders(
    storage,
    new Set(refunds.map(({ purchase }) => purchase)),
    signal,
  );
  const setAside: RefundSetAside[] = [];
  const drafts: RecordDraft[] = [];
  for (const [index, { purchase: named, at: given, lines }] of refunds.entries()) {
    const order = orders.get(named);
    const at = typeof given === 'string' ? Date.parse(given) : given;
    if (!order) setAside.push({ index, reason: 'no-order' });
    else if (at === null || Number.isNaN(at)) setAside.push({ index, reason: 'no-time' });
    else {
      const { subject, purchase } = order;
      const data = { purchase, at, ...(lines && { lines }) };
      const id = (await purchaseRecordId(shop, data)) ?? '';
      drafts.push({ id, subject, kind: 'refund', by: 'import', data });
    }
  }
  const device = await deviceIn(storage as ProfileStorage, systemRandom);
  const { hash } = await hashForErasures(device, drafts);
  const env = { shop, device: device.id, ...(hash && { hash }) };
  const told = await importRecords(storage, drafts, env, options);
  return { ...told, done: refunds.length, skipped: setAside.length, setAside };
}

/** Whose an order is, and under which id it is kept. */
interface Order {
  readonly subject: string;
  readonly purchase: string;
}

/** The orders of these ids, or that carry them as another id of theirs. */
async function findOrders(
  storage: Pick<ProfileStorage, 'transact'>,
  wanted: ReadonlySet<string>,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, Order>> {
  const found = new Map<string, Order>();
  let after: string | undefined = wanted.size === 0 ? undefined : '';
  while (after !== undefined && found.size < wanted.size) {
    throwIfAborted(signal);
    const range: { after: string; limit: number } = { after, limit: PAGE };
    const [rows, records] = await withFormat((format) =>
      storage.transact(
        'readonly',
        async (tx): Promise<readonly [readonly StorageRow[], readonly ProfileRecord[]]> => {
          const page = await tx.list('records', range);
          return [page, decodeRows(page, format).read.map(({ record }) => record as ProfileRecord)];
        },
      ),
    );
    for (const record of records) {
      if (record.kind !== 'purchase') continue;
      const { id, refs = [] } = record.data;
      for (const name of [id, ...refs])
        if (wanted.has(name)) found.set(name, { subject: record.subject, purchase: id });
    }
    after = rows.length < PAGE ? undefined : rows.at(-1)?.key;
    await pause();
  }
  return found;
}
