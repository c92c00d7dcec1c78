// PouchDB as its documentation advises: document ids instead of secondary indexes, allDocs, bulkDocs. The card is computed.
import PouchDB from 'pouchdb-browser';

let db;

// the higher the later: ids are read backwards
const orderId = (customer, { at, id }) => `order/${customer}/${String(at).padStart(15, '0')}/${id}`;

const orderDocument = (customer, { id, ...order }) => ({
  _id: orderId(customer, { id, ...order }),
  order: id,
  ...order,
});

export const contender = {
  open: async (name) => {
    db = new PouchDB(name);
    await db.info();
  },
  card: async (id) => {
    const [customer, { rows }] = await Promise.all([
      db.get(`customer/${id}`),
      db.allDocs({
        startkey: `order/${id}/\ufff0`,
        endkey: `order/${id}/`,
        descending: true,
        include_docs: true,
        limit: 50,
      }),
    ]);
    return { orders: customer ? rows.length : 0, newest: rows[0]?.doc.order };
  },
  prepareAppend: orderDocument,
  append: (document) => db.put(document),
  find: async (token) => {
    try {
      return (await db.get(`token/${token}`)).customer;
    } catch (error) {
      if (error.status === 404) return undefined;
      throw error;
    }
  },
  prepareBulk: (customers) =>
    customers.flatMap(({ id, name, token, orders }) => [
      { _id: `customer/${id}`, name },
      { _id: `token/${token}`, customer: id },
      ...orders.map((order) => orderDocument(id, order)),
    ]),
  bulk: async (documents) => {
    const results = await db.bulkDocs(documents);
    const failed = results.filter(({ error }) => error);
    if (failed.length > 0) throw new Error(`${failed.length} documents were not written`);
  },
};
