// Online Retail by category: what a thing is, told by the last word of its name, as a menu of some two hundred.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

const LEAST_ITEMS = 3;

/** The category of each item by its number; things of no larger category are left out. */
function categoriesOf(folder) {
  const text = gunzipSync(readFileSync(`${folder}/online_retail/items.csv.gz`)).toString('utf8');
  const words = new Map();
  for (const row of text.trim().split('\n').slice(1)) {
    const [, item, name] = /^(\d+),"?(.*?)"?$/.exec(row) ?? [];
    const last = name
      ?.replace(/[^A-Za-z ]/g, ' ')
      .trim()
      .split(/\s+/)
      .at(-1)
      ?.toLowerCase()
      .replace(/s$/, '');
    if (item !== undefined && last !== undefined && last.length > 2) words.set(item, last);
  }
  const sizes = new Map();
  for (const word of words.values()) sizes.set(word, (sizes.get(word) ?? 0) + 1);
  return (item) => {
    const word = words.get(item);
    return sizes.get(word) >= LEAST_ITEMS ? word : undefined;
  };
}

/** Orders of these customers, each a list of categories. */
export function categoryOrders(folder, set, customers) {
  const categoryOf = categoriesOf(folder);
  return customers.flatMap((id) =>
    set.customers
      .get(id)
      .map(({ items }) => [
        ...new Set(items.map(categoryOf).filter((category) => category !== undefined)),
      ]),
  );
}
