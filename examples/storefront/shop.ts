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

export const price: (minor: number) => string = priceIn('GBP', 'en-GB');

/** The goods; fetched once. */
export const goods: Promise<readonly Item[]> = json<readonly Item[]>('catalog.json');

export const sampleCustomers = (): Promise<readonly SampleCustomer[]> => json('customers.json');

export const ordersOf = (id: string): Promise<readonly PurchaseInput[]> =>
  json(`customers/${encodeURIComponent(id)}.json`);

/** The shop's client: everything that knows the customer. */
export function createShopClient(): Regulars {
  return createRegulars({
    shop: 'blue-door',
    locale: 'en-GB',
    currency: 'GBP',
    region: 'GB',
    storage: indexedDbStorage(),
    recommend: recommender({ model: () => fetch(file('model.bin')) }),
    catalog: () => goods,
    // The question on the page says that suggestions are made from what is remembered; "What we know" turns them off.
    consent: { remember: 'ask', suggest: 'granted' },
  });
}
