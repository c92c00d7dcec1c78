import type { IDBPDatabase } from 'idb';
import { memoryStorage } from '../../src/adapters/storage/memory.js';
import { appendRecords } from '../../src/profile/log.js';
import type { ProfileStorage, StorageRow } from '../../src/profile/port.js';
import type { Card } from '../../src/profile/types.js';
import { openBare, readThenWriteFour, readToken, writeAll, writeFour } from '../peers/bare-idb.js';
import type { Contender } from './contender.js';
import { customerOf, REGULAR } from './customers.js';
import { draftOf, envOf, rowsOf, type Rows } from './rows.js';

type FourRows = { readonly [name in 'record' | 'card' | 'outbox' | 'meta']: StorageRow };

let db: IDBPDatabase;
let log: unknown;
let memory: ProfileStorage | undefined;

/** The product's log in memory: it says which rows are to be written. */
async function openMemory(): Promise<ProfileStorage> {
  const storage = memoryStorage();
  await storage.open({ name: 'bench' });
  const { rows } = await rowsOf([customerOf(REGULAR)], undefined);
  // the log goes on where the database's own is
  const own: unknown = await db.get('meta', 'log');
  await storage.transact('readwrite', async (transaction) => {
    for (const [store, list] of rows)
      for (const { key, value } of list) transaction.put(store, key, value);
    transaction.put('meta', 'log', own);
  });
  return storage;
}

/** What one would write by hand with `idb` for this one purpose: the same rows, byte for byte, nothing read or computed. */
export const contender: Contender<FourRows, Rows> = {
  open: async (name) => {
    db = await openBare(name);
  },
  card: async (customer) => {
    const row = (await db.get('cards', customer)) as { readonly text: string };
    const { purchases } = JSON.parse(row.text) as Card;
    return { orders: purchases.length, newest: purchases[0]?.id };
  },
  prepareAppend: async (customer, order) => {
    memory ??= await openMemory();
    return memory.transact('readwrite', async (transaction) => {
      const draft = draftOf(customer, order);
      const { appended } = await appendRecords(transaction, [draft], envOf(order.at));
      if (appended.length !== 1) throw new Error('The order says nothing new');
      const [outbox] = (await transaction.list('outbox')).slice(-1);
      if (outbox === undefined) throw new Error('There is no row in the outbox');
      const key = outbox.value as string;
      return {
        record: { key, value: await transaction.get('records', key) },
        card: { key: customer, value: await transaction.get('cards', customer) },
        outbox,
        meta: { key: 'log', value: await transaction.get('meta', 'log') },
      };
    });
  },
  append: (rows) => writeFour(db, rows),
  appendOtherwise: (rows) => readThenWriteFour(db, rows),
  find: async (token) => {
    const row = (await readToken(db, `t:${token}`)) as
      { readonly subjects: readonly string[] } | undefined;
    return row?.subjects[0];
  },
  prepareBulk: async (customers) => {
    const made = await rowsOf(customers, (log ??= await db.get('meta', 'log')));
    log = made.log;
    return made.rows;
  },
  bulk: (rows) => writeAll(db, rows),
};
