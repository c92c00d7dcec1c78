// Dexie as its documentation has it: a table of customers and one of orders, compound index, bulkAdd. The card is computed.
import { Dexie } from 'dexie';

let db;

export const contender = {
  open: async (name) => {
    db = new Dexie(name);
    db.version(1).stores({ customers: 'id, &token', orders: 'id, [customer+at]' });
    await db.open();
  },
  card: (id) =>
    db.transaction('r', db.customers, db.orders, async () => {
      const [customer, orders] = await Promise.all([
        db.customers.get(id),
        db.orders
          .where('[customer+at]')
          .between([id, Dexie.minKey], [id, Dexie.maxKey])
          .reverse()
          .limit(50)
          .toArray(),
      ]);
      return { orders: customer ? orders.length : 0, newest: orders[0]?.id };
    }),
  prepareAppend: (customer, order) => ({ ...order, customer }),
  append: (order) => db.orders.add(order),
  find: async (token) => (await db.customers.where('token').equals(token).first())?.id,
  prepareBulk: (customers) => ({
    customers: customers.map(({ id, name, token }) => ({ id, name, token })),
    orders: customers.flatMap(({ id, orders }) =>
      orders.map((order) => ({ ...order, customer: id })),
    ),
  }),
  bulk: ({ customers, orders }) =>
    db.transaction('rw', db.customers, db.orders, async () => {
      await db.customers.bulkAdd(customers);
      await db.orders.bulkAdd(orders);
    }),
};
