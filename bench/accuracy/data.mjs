// The sets of ../shared/data, read once: visits as arrays of item numbers.
import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

export const SETS = {
  tafeng: 'Ta-Feng',
  dunnhumby_carbo: 'Carbo',
  dunnhumby_cj79: 'Complete Journey, 79 days',
  online_retail: 'Online Retail, half',
};
const DAY_MS = 86_400_000;

const unzip = (name) => gunzipSync(readFileSync(name)).toString('utf8');

/** Customers with their visits, oldest first, and the folds of the set; undefined where the set is not there. */
export function readSet(folder, set) {
  const file = `${folder}/${set}/baskets.csv.gz`;
  if (!existsSync(file)) return undefined;
  const customers = new Map();
  let size = 0;
  for (const row of unzip(file).trim().split('\n').slice(1)) {
    const [id, , day, , items] = row.split(',');
    const numbers = Int32Array.from(items.split(' '), Number);
    for (const number of numbers) size = Math.max(size, number + 1);
    // Without dates there is no `at`; the engine sees skus, the anchors numbers.
    const visit = {
      items: items.split(' '),
      numbers,
      ...(day !== '' && { at: Number(day) * DAY_MS }),
    };
    const visits = customers.get(Number(id));
    if (visits) visits.push(visit);
    else customers.set(Number(id), [visit]);
  }
  const { folds } = JSON.parse(unzip(`${folder}/${set}/splits.json.gz`));
  return { set, customers, folds, size };
}
