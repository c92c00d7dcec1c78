// RxDB on the storage it offers for IndexedDB without a licence, Dexie's: two collections with indexes, bulkInsert. The card is computed.
import { createRxDatabase } from 'rxdb/plugins/core';
import { getRxStorageDexie } from 'rxdb/plugins/storage-dexie';

const text = (maxLength) => ({ type: 'string', maxLength });
const time = { type: 'number', minimum: 0, maximum: 4_102_444_800_000, multipleOf: 1 };

const customers = {
  version: 0,
  primaryKey: 'id',
  type: 'object',
  properties: { id: text(64), name: { type: 'string' }, token: text(64) },
  required: ['id', 'name', 'token'],
  indexes: ['token'],
};

const orders = {
  version: 0,
  primaryKey: 'id',
  type: 'object',
  properties: {
    id: text(64),
    customer: text(64),
    at: time,
    status: { type: 'string' },
    lines: { type: 'array', items: { type: 'object' } },
    total: { type: ['number', 'null'] },
    currency: { type: 'string' },
    channel: { type: 'string' },
  },
  required: ['id', 'customer', 'at'],
  indexes: [['customer', 'at']],
};

let db;

export const contender = {
  open: async (name) => {
    db = await createRxDatabase({ name, storage: getRxStorageDexie() });
    await db.addCollections({ customers: { schema: customers }, orders: { schema: orders } });
  },
  card: async (id) => {
    const [customer, newest] = await Promise.all([
      db.customers.findOne(id).exec(),
      db.orders.find({ selector: { customer: id }, sort: [{ at: 'desc' }], limit: 50 }).exec(),
    ]);
    return { orders: customer ? newest.length : 0, newest: newest[0]?.id };
  },
  prepareAppend: (customer, order) => ({ ...order, customer }),
  append: (order) => db.orders.insert(order),
  find: async (token) => (await db.customers.findOne({ selector: { token } }).exec())?.id,
  prepareBulk: (list) => ({
    customers: list.map(({ id, name, token }) => ({ id, name, token })),
    orders: list.flatMap(({ id, orders }) => orders.map((order) => ({ ...order, customer: id }))),
  }),
  bulk: async (prepared) => {
    for (const name of ['customers', 'orders']) {
      const { error } = await db[name].bulkInsert(prepared[name]);
      if (error.length > 0) throw new Error(`${error.length} ${name} were not inserted`);
    }
  },
};
