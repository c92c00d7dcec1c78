// The peer: what a page would write by hand with `idb` and nothing else. It knows the keys beforehand, checks nothing, computes
// nothing; its databases hold the same rows, byte for byte, as those of Regulars.
import { openDB } from 'idb';

const STORES = ['cards', 'tokens', 'records', 'outbox', 'meta'];

/** Opens a database with the same five stores. */
export function openBare(name) {
  return openDB(name, 1, {
    upgrade: (db) => {
      for (const store of STORES) db.createObjectStore(store);
    },
  });
}

/** Opens the database and reads one row. */
export async function openAndReadOne(name, id) {
  const db = await openBare(name);
  return db.get('cards', id);
}

/** Opens a database of customers and orders, the orders found by an index. */
export function openIndexed(name) {
  return openDB(name, 1, {
    upgrade: (db) => {
      db.createObjectStore('customers', { keyPath: 'id' });
      db.createObjectStore('orders', { keyPath: 'id' }).createIndex('customer', ['customer', 'at']);
    },
  });
}

/** Opens that database and reads a customer with at most 50 orders. */
export async function openAndReadByIndex(name, id) {
  const db = await openIndexed(name);
  const transaction = db.transaction(['customers', 'orders']);
  const range = IDBKeyRange.bound([id], [id, []]);
  const [customer, orders] = await Promise.all([
    transaction.objectStore('customers').get(id),
    transaction.objectStore('orders').index('customer').getAll(range, 50),
  ]);
  return { customer, orders };
}

/** Writes the four rows of one order, and waits until they are on disk. */
export async function writeFour(db, { record, card, outbox, meta }) {
  const transaction = db.transaction(['records', 'cards', 'outbox', 'meta'], 'readwrite', {
    durability: 'strict',
  });
  await Promise.all([
    transaction.objectStore('records').put(record.value, record.key),
    transaction.objectStore('cards').put(card.value, card.key),
    transaction.objectStore('outbox').put(outbox.value, outbox.key),
    transaction.objectStore('meta').put(meta.value, meta.key),
    transaction.done,
  ]);
}

/** The same, after reading in the same transaction what has to be known to compute such rows. */
export async function readThenWriteFour(db, rows) {
  const { record, card, outbox, meta } = rows;
  const transaction = db.transaction(STORES, 'readwrite', { durability: 'strict' });
  const [records, cards, queue, metas, tokens] = [
    'records',
    'cards',
    'outbox',
    'meta',
    'tokens',
  ].map((name) => transaction.objectStore(name));
  await Promise.all([
    metas.get(meta.key),
    cards.get(card.key),
    records.get(record.key),
    tokens.get(`s:${card.key}`),
  ]);
  await Promise.all([
    records.put(record.value, record.key),
    cards.put(card.value, card.key),
    queue.put(outbox.value, outbox.key),
    metas.put(meta.value, meta.key),
    transaction.done,
  ]);
}

/** Reads one row of the tokens. */
export function readToken(db, key) {
  return db.get('tokens', key);
}

/** Writes many rows in one transaction: `rows` has those of each store. */
export async function writeAll(db, rows) {
  const transaction = db.transaction(STORES, 'readwrite');
  for (const [store, list] of rows) {
    const target = transaction.objectStore(store);
    for (const { key, value } of list) void target.put(value, key);
  }
  await transaction.done;
}
