// npm run bench [storage] [-- --quick] [--rounds N] [--json FILE] [--save] [--trace]
// How fast a returning customer is greeted and an order is kept, beside bare `idb` in the same run: docs/bench.md.
// With the word `storage` it is about the storage alone, beside other libraries: storage.mjs; with `recognize` about a typed number; with
// `usual` about how often the usual is right: usual.mjs; with `rhythm` about who comes back, and what is said to them: rhythm.mjs; with
// `greeting` about how long one takes: greeting.mjs.
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { main, Refusal, root } from '../scripts/prepare.mjs';
import { bundlePages, launch, serve } from './support/pages.mjs';
import { printReport, progress } from './support/report.mjs';
import { randomOf } from './support/statistics.mjs';
import { sleep, takeTurns, turnsOf } from './support/turns.mjs';

const BASELINE = join(root, 'bench/baseline.json');
const BATCH = 1000;
// Chromium closes the files of an origin's databases two seconds after its last connection.
const LETS_GO_MS = 2500;
const SETTLES_MS = 50;
const SHOP = 'bench';
const SHOP_200 = 'bench-200';

const FIRST = ['regulars', 'one', 'marked'];
const NEXT = ['regulars', 'created', 'one', 'marked', 'indexed'];
const RECORD = ['regulars', 'write', 'read-write'];
const FIND = ['regulars', 'one'];
const RECOGNIZE = ['regulars', 'one', 'two'];
const PROFILES = 5_000;

function readOptions() {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      json: { type: 'string' },
      save: { type: 'boolean', default: false },
      trace: { type: 'boolean', default: false },
    },
  });
  const rounds = Number(values.rounds ?? (values.quick ? 7 : 20));
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new Refusal(`--rounds takes a whole number from 1, not "${values.rounds}".`, 2);
  if (values.save && values.quick)
    throw new Refusal('--save needs a whole run: leave out --quick.', 2);
  return { ...values, rounds };
}

/** Fills the databases of a shop: the device's own customer with `purchases`, and others up to `customers`. */
async function seed(browser, url, shop, customers, purchases) {
  const page = await browser.open(url);
  const show = progress(`Seeding ${customers} customers (${shop})`, customers);
  await page.call('makeCustomer', shop, purchases);
  for (let from = 0; from < customers - 1; from += BATCH) {
    const to = Math.min(from + BATCH, customers - 1);
    await page.call('seedCustomers', shop, from, to);
    show(to + 1);
  }
  await page.call('verifySeeded', shop, customers);
  const id = await page.call('markedCustomer', shop);
  await page.close();
  return id;
}

/** A page that has just been opened: what loading left to do is done, then it is measured once. */
async function measureFresh(browser, { contender, url, id }, wait) {
  const page = await browser.open(url);
  await sleep(wait);
  const ms = await page.call('measureCold', contender, SHOP, id);
  await page.close();
  return ms;
}

async function measurePages(browser, places, rounds, random) {
  const first = await takeTurns(
    'First page of a visit',
    turnsOf('first', FIRST, places),
    rounds,
    random,
    (turn) => measureFresh(browser, turn, LETS_GO_MS),
  );
  const held = [];
  for (const { url } of places) {
    held.push(await browser.open(url));
    await held.at(-1).call('holdOpen');
  }
  const next = await takeTurns('Next page', turnsOf('next', NEXT, places), rounds, random, (turn) =>
    measureFresh(browser, turn, SETTLES_MS),
  );
  for (const page of held) await page.close();
  return [...first, ...next];
}

async function measureCalls(browser, places, rounds, random) {
  const warm = new Map();
  for (const { url } of places) warm.set(url, await browser.open(url));
  const records = [
    ...turnsOf('record', RECORD, places),
    ...turnsOf('record-200', RECORD, [{ ...places[0], shop: SHOP_200 }]),
  ];
  const record = await takeTurns(
    'Durable records',
    records,
    rounds,
    random,
    async ({ contender, url, shop = SHOP }) => {
      const ms = await warm.get(url).call('measureRecord', contender, shop);
      await sleep(10); // what it told other tabs is not the next one's to pay
      return ms;
    },
  );
  const find = await takeTurns(
    'Finds by token',
    turnsOf('find', FIND, places),
    rounds,
    random,
    ({ contender, url, customers }) =>
      warm.get(url).call('measureFind', contender, SHOP, Math.floor(random() * (customers - 1))),
  );
  for (const page of warm.values()) await page.close();
  return [...record, ...find];
}

/** Spans of some cold starts and records, the same calls put together. */
async function traceAll(browser, places) {
  const traces = [];
  for (const { url } of places) await (await browser.open(url)).call('holdOpen');
  for (const { url, customers } of places)
    for (const name of ['traceCold', 'traceRecord']) {
      const runs = [];
      for (let i = 0; i < 9; i++) {
        const page = await browser.open(url);
        await sleep(SETTLES_MS);
        runs.push(await page.call(name, SHOP));
        await page.close();
      }
      traces.push({ name, customers, runs });
    }
  return traces;
}

function readBaseline() {
  try {
    return JSON.parse(readFileSync(BASELINE, 'utf8'));
  } catch {
    return undefined; // none was saved yet
  }
}

async function benchClient() {
  const options = readOptions();
  const scripts = await bundlePages();
  const browser = await launch();
  const places = [];
  try {
    for (const customers of options.quick ? [1000] : [1000, 100_000])
      places.push({ customers, ...(await serve(scripts)) });
    for (const place of places)
      place.id = await seed(browser, place.url, SHOP, place.customers, 50);
    await seed(browser, places[0].url, SHOP_200, 1000, 200);
    const random = randomOf(20_260_320);
    const rows = [
      ...(await measurePages(browser, places, options.rounds, random)),
      ...(await measureCalls(browser, places, options.rounds * 4, random)),
    ];
    const result = {
      browser: `Chromium ${browser.version}`,
      processors: cpus().length,
      rounds: options.rounds,
      rows,
    };
    printReport(result, readBaseline());
    if (options.json !== undefined)
      writeFileSync(options.json, `${JSON.stringify(result, null, 2)}\n`);
    if (options.save) writeFileSync(BASELINE, `${JSON.stringify(result, null, 2)}\n`);
    if (options.trace) {
      const { printTraces } = await import('./support/report.mjs');
      printTraces(await traceAll(browser, places));
    }
  } finally {
    for (const { close } of places) close();
    await browser.close();
  }
}

/** A typed number, without network, among `CUSTOMERS` on the device: beside one read of a card, and two as a number needs them. */
async function benchRecognize() {
  const { values } = parseArgs({
    args: process.argv.slice(3),
    options: { rounds: { type: 'string', default: '200' } },
  });
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new Refusal(`--rounds takes a whole number from 1, not "${values.rounds}".`, 2);
  const browser = await launch();
  const place = await serve(await bundlePages());
  try {
    await seed(browser, place.url, SHOP, PROFILES, 50);
    const random = randomOf(20_260_320);
    const page = await browser.open(place.url);
    const rows = await takeTurns(
      'Typed numbers',
      turnsOf('recognize', RECOGNIZE, [{ customers: PROFILES }]),
      rounds,
      random,
      ({ contender }) =>
        page.call('measureRecognize', contender, SHOP, Math.floor(random() * (PROFILES - 1))),
    );
    const bare = rows.find(({ contender }) => contender === 'one').median;
    for (const { contender, median, q1, q3 } of rows)
      console.log(
        `recognize ${contender}: ${median.toFixed(2)} ms (${q1.toFixed(2)}–${q3.toFixed(2)}), ${(median / bare).toFixed(2)} x`,
      );
  } finally {
    place.close();
    await browser.close();
  }
}

/** Benches in files of their own. */
const APART = [
  'accuracy',
  'greeting',
  'here',
  'import',
  'menu',
  'mixing',
  'recommend',
  'rhythm',
  'sampling',
  'server',
  'storage',
  'sync',
  'train',
  'usual',
];
const [, , name] = process.argv;
if (APART.includes(name)) await import(`./${name}.mjs`);
else await main(name === 'recognize' ? benchRecognize : benchClient);
