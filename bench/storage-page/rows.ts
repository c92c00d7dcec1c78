// The rows that the product's own log makes of customers, computed in memory: what Regulars is seeded with, and its peer too.
import { memoryStorage } from '../../src/adapters/storage/memory.js';
import { appendRecords, type LogEnv } from '../../src/profile/log.js';
import type { StorageRow, StoreName } from '../../src/profile/port.js';
import type { Purchase, RecordDraft } from '../../src/profile/types.js';
import { NOW, recordId, type Customer } from './customers.js';

const DEVICE = '0123456789abcdef0123456789abcdef';

/** The stores, in the order in which they are written. */
const STORES: readonly StoreName[] = ['cards', 'tokens', 'records', 'outbox', 'meta'];

/** Rows by their store. */
export type Rows = ReadonlyMap<StoreName, readonly StorageRow[]>;

/** The world at a time. */
export function envOf(now: number): LogEnv {
  return { shop: 'bench', device: DEVICE, now };
}

/** The draft of a purchase. */
export function draftOf(customer: string, order: Purchase): RecordDraft {
  return {
    id: recordId(order.id),
    subject: customer,
    kind: 'purchase',
    by: `device:${DEVICE}`,
    data: order,
  };
}

/** What a shop would import of customers: whom an identifier leads to, and their purchases. */
export function draftsOf(customers: readonly Customer[]): readonly RecordDraft[] {
  return customers.flatMap(({ id, token, orders }) => [
    {
      id: recordId(token),
      subject: id,
      kind: 'link' as const,
      by: `device:${DEVICE}`,
      data: { type: 'phone', token, level: 'claimed', method: 'typed', at: orders[0]?.at ?? NOW },
    },
    ...orders.map((order) => draftOf(id, order)),
  ]);
}

/** What the log writes for customers who are new to it, after the rows of before; `log` is its row so far. */
export async function rowsOf(
  customers: readonly Customer[],
  log: unknown,
): Promise<{ readonly rows: Rows; readonly log: unknown }> {
  const rows = new Map<StoreName, StorageRow[]>(STORES.map((store) => [store, []]));
  let last = log;
  // few at a time: a transaction in memory costs what the memory holds
  for (let from = 0; from < customers.length; from += 50) {
    const memory = memoryStorage();
    await memory.open({ name: 'bench' });
    await memory.transact('readwrite', async (transaction) => {
      if (last !== undefined) transaction.put('meta', 'log', last);
      await appendRecords(transaction, draftsOf(customers.slice(from, from + 50)), envOf(NOW));
    });
    await memory.transact('readonly', async (transaction) => {
      for (const store of STORES)
        if (store !== 'meta') rows.get(store)?.push(...(await transaction.list(store)));
      last = await transaction.get('meta', 'log');
    });
  }
  rows.set('meta', [{ key: 'log', value: last }]);
  return { rows, log: last };
}
