// The sample that lies here, imported, and the model that is trained on it.
import { readFile } from 'node:fs/promises';
import { trainModel } from 'regulars/model';
import { importOrders, purchaseToVisit } from './import-orders.mjs';

/** The sample as {@link importOrders} gives it. */
export async function readSample() {
  return importOrders(await readFile(new URL('orders.csv', import.meta.url), 'utf8'));
}

/** What the sample's customers buy, again and together. */
export function trainOnSample({ customers }) {
  const histories = [...customers.values()].map((purchases) => ({
    visits: purchases.map(purchaseToVisit).filter(({ items }) => items.length > 0),
  }));
  // the goods of 80 customers are no menu: weighing each against all would take a minute and find chance
  return trainModel(histories, { menuItems: 0 });
}
