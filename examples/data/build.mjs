// Writes what the example pages fetch, from the sample: node examples/data/build.mjs
// Into examples/.generated: catalog.json, model.bin, customers.json, customers/<id>.json.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { encodeModel } from 'regulars/model';
import { readSample, trainOnSample } from './read-sample.mjs';

const folder = new URL('../.generated/', import.meta.url);
const sample = await readSample();
const { customers, countries, catalog } = sample;

await rm(new URL('customers/', folder), { recursive: true, force: true });
await mkdir(new URL('customers/', folder), { recursive: true });
const write = (name, value) => writeFile(new URL(name, folder), JSON.stringify(value));
const list = [...customers].map(([id, purchases]) => ({
  id,
  country: countries.get(id),
  orders: purchases.length,
}));
await Promise.all([
  write('catalog.json', catalog),
  write('customers.json', list),
  writeFile(new URL('model.bin', folder), encodeModel(await trainOnSample(sample))),
  ...[...customers].map(([id, purchases]) =>
    write(`customers/${encodeURIComponent(id)}.json`, purchases),
  ),
]);
