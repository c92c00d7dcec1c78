import { createRegulars, type Item, type PurchaseInput, type Regulars } from 'regulars';
import { recommender } from 'regulars/recommend';
import { indexedDbStorage } from 'regulars/storage/indexed-db';
import { priceIn } from '../shared/money.js';

/** A sample customer as the list has them. */
export interface SampleCustomer {
  readonly id: string;
  readonly country: string;
  readonly orders: number;
}

/** Files that the first command makes from the sample, beside the pages. */
const file = (name: string): URL => new URL(`../${name}`, document.baseURI);

async function json<T>(name: string): Promise<T> {
  const response = await fetch(file(name));
  if (!response.ok) throw new Error(`${name}: ${response.status}`);
  return (await response.json()) as T;
}

/** The page says which language it is in: reasons and greetings, dates and prices go by it. Another than English is imported: `locales: [ar]`. */
const language = document.documentElement.lang;

export const price: (minor: number) => string = priceIn('GBP', language);

const small = new Set(['a', 'and', 'for', 'in', 'of', 'on', 'the', 'to', 'with']);

/** "Set of 3 Cake Tins" from the export's "SET OF 3 CAKE TINS". */
function readable(name: string): string {
  const words = name.toLowerCase().split(' ');
  return words
    .map((word, index) =>
      index > 0 && small.has(word)
        ? word
        : word.replace(/(^|[-/(])[a-z]/g, (letter) => letter.toUpperCase()),
    )
    .join(' ');
}

/** The goods; fetched once. */
export const goods: Promise<readonly Item[]> = json<readonly Item[]>('catalog.json').then((items) =>
  items.map((item) => ({ ...item, name: readable(item.name) })),
);

export const sampleCustomers = (): Promise<readonly SampleCustomer[]> => json('customers.json');

const WEEK_MS = 7 * 86_400_000;
const SAMPLE_END = Date.UTC(2011, 11, 10);

/** A sample customer's orders, moved by whole weeks so that the sample ends in this one. */
export async function ordersOf(id: string): Promise<readonly PurchaseInput[]> {
  const orders = await json<readonly (PurchaseInput & { readonly at: number })[]>(
    `customers/${encodeURIComponent(id)}.json`,
  );
  const move = Math.floor((Date.now() - SAMPLE_END) / WEEK_MS) * WEEK_MS;
  return orders.map((order) => ({
    ...order,
    at: order.at + move,
    lines: order.lines.map((line) => ({ ...line, name: readable(line.name ?? '') })),
  }));
}

/** The shop's client: everything that knows the customer. */
export function createShopClient(): Regulars {
  return createRegulars({
    shop: 'blue-door',
    locale: language,
    currency: 'GBP',
    region: 'GB',
    storage: indexedDbStorage(),
    recommend: recommender({ model: () => fetch(file('model.bin')) }),
    catalog: () => goods,
  });
}
