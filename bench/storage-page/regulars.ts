import { indexedDbStorage } from '../../src/adapters/storage/indexed-db.js';
import { importRecords } from '../../src/profile/import-log.js';
import { appendRecords, findCustomers } from '../../src/profile/log.js';
import { readCard } from '../../src/profile/read-card.js';
import type { RecordDraft } from '../../src/profile/types.js';
import type { Contender } from './contender.js';
import { NOW } from './customers.js';
import { draftOf, draftsOf, envOf, rowsOf } from './rows.js';

const storage = indexedDbStorage({ otherwise: 'reject' });
let log: unknown;

/** Regulars where its peers are: the storage, and the log that writes into it. */
export const contender: Contender<RecordDraft, readonly RecordDraft[]> = {
  open: async (name) => {
    await storage.open({ name });
  },
  card: async (customer) => {
    const read = await storage.transact('readonly', (transaction) =>
      readCard(transaction, customer),
    );
    const purchases = read.kind === 'card' ? read.card.purchases : [];
    return { orders: purchases.length, newest: purchases[0]?.id };
  },
  prepareAppend: (customer, order) => draftOf(customer, order),
  append: (draft) => {
    const now = draft.kind === 'purchase' ? draft.data.at : NOW;
    return storage.transact(
      'readwrite',
      (transaction) => appendRecords(transaction, [draft], envOf(now)),
      { durability: 'strict' },
    );
  },
  find: async (token) => {
    const ids = await storage.transact('readonly', (transaction) =>
      findCustomers(transaction, token),
    );
    return ids[0];
  },
  prepareBulk: draftsOf,
  bulk: async (drafts) => {
    const { shop, device } = envOf(NOW);
    const { appended } = await importRecords(storage, drafts, { shop, device });
    if (appended !== drafts.length)
      throw new Error(`${appended} of ${drafts.length} were appended`);
  },
  seed: async (customers) => {
    const made = await rowsOf(customers, log);
    log = made.log;
    await storage.transact('readwrite', async (transaction) => {
      for (const [store, rows] of made.rows)
        for (const { key, value } of rows) transaction.put(store, key, value);
    });
  },
};
