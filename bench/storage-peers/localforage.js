// localForage, a store of keys and values: the customer with all orders is one value, a token another. The card is kept.
// To append is to get, then to set, in two transactions: two tabs at once lose orders.
import localforage from 'localforage';

let store;

export const contender = {
  open: async (name) => {
    store = localforage.createInstance({ name });
    await store.ready();
  },
  card: async (id) => {
    const { orders } = await store.getItem(`customer/${id}`);
    const newest = orders.slice(-50);
    return { orders: newest.length, newest: newest.at(-1)?.id };
  },
  prepareAppend: (customer, order) => ({ key: `customer/${customer}`, order }),
  append: async ({ key, order }) => {
    const customer = await store.getItem(key);
    customer.orders.push(order);
    await store.setItem(key, customer);
  },
  find: async (token) => (await store.getItem(`token/${token}`)) ?? undefined,
  prepareBulk: (customers) =>
    customers.flatMap(({ id, name, token, orders }) => [
      [`customer/${id}`, { name, orders: [...orders] }],
      [`token/${token}`, id],
    ]),
  bulk: (items) => Promise.all(items.map(([key, value]) => store.setItem(key, value))),
};
