// TinyBase with its IndexedDB persister: a store in memory, two tables, indexes; saved whole. The card is computed.
import { createStore } from 'tinybase/store';
import { createIndexes } from 'tinybase/indexes';
import { createIndexedDbPersister } from 'tinybase/persisters/persister-indexed-db';

let store;
let indexes;
let persister;

const rowOf = (customer, { lines, total, ...order }) => ({
  ...order,
  customer,
  lines,
  // a store of TinyBase has no cell where a value is missing
  ...(total !== null && { total }),
});

function put({ customers, orders }) {
  store.transaction(() => {
    for (const [id, row] of customers) store.setRow('customers', id, row);
    for (const [id, row] of orders) store.setRow('orders', id, row);
  });
}

const prepareBulk = (list) => ({
  customers: list.map(({ id, name, token }) => [id, { name, token }]),
  orders: list.flatMap(({ id, orders }) => orders.map((order) => [order.id, rowOf(id, order)])),
});

export const contender = {
  open: async (name) => {
    store = createStore();
    indexes = createIndexes(store);
    indexes.setIndexDefinition('byToken', 'customers', 'token');
    indexes.setIndexDefinition('byCustomer', 'orders', 'customer', 'at');
    persister = createIndexedDbPersister(store, name);
    await persister.load();
  },
  card: async (id) => {
    const newest = indexes.getSliceRowIds('byCustomer', id).slice(-50).reverse();
    const orders = newest.map((order) => store.getRow('orders', order));
    return { orders: store.hasRow('customers', id) ? orders.length : 0, newest: newest[0] };
  },
  prepareAppend: (customer, order) => ({ id: order.id, row: rowOf(customer, order) }),
  append: async ({ id, row }) => {
    store.setRow('orders', id, row);
    await persister.save();
  },
  find: async (token) => indexes.getSliceRowIds('byToken', token)[0],
  prepareBulk,
  bulk: async (prepared) => {
    put(prepared);
    await persister.save();
  },
  // saved once at the end: each saving writes all there is
  seed: async (customers) => put(prepareBulk(customers)),
  settle: () => persister.save(),
};
