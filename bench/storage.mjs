// npm run bench storage [-- --quick] [--scale] [--only a,b] [--rounds N] [--json FILE] [--save]
// The storage beside bare `idb` and other libraries, in one run; with --scale alone, with a million purchases: docs/bench.md.
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { install, main, Refusal, root } from '../scripts/prepare.mjs';
import { bundleStoragePages, launch, serve } from './support/pages.mjs';
import { progress } from './support/report.mjs';
import { randomOf } from './support/statistics.mjs';
import { printStorageReport } from './support/storage-report.mjs';
import { sleep, takeTurns } from './support/turns.mjs';

const PEERS = 'bench/storage-peers';
const BASELINE = join(root, 'bench/storage-baseline.json');

/** `file` is what the page runs, `size` what a shop would load of it. */
const CONTENDERS = [
  {
    name: 'regulars',
    file: 'storage-page/regulars.ts',
    size: '../src/adapters/storage/indexed-db.ts',
  },
  { name: 'idb', file: 'storage-page/idb.ts', size: 'peers/bare-idb.js' },
  ...['dexie', 'rxdb', 'pouchdb', 'tinybase', 'localforage'].map((name) => {
    const file = `storage-peers/${name}.js`;
    return { name, file, size: file };
  }),
];

const CHUNK = 1000;
const SEED_LIMIT_MS = 5 * 60_000;
// Chromium closes the files of an origin's databases two seconds after its last connection.
const LETS_GO_MS = 2500;
const SETTLES_MS = 50;
const BULK = { customers: 1000, orders: 10, first: 2_000_000 };

function readOptions() {
  const { values } = parseArgs({
    args: process.argv.slice(3),
    options: {
      quick: { type: 'boolean', default: false },
      scale: { type: 'boolean', default: false },
      only: { type: 'string' },
      rounds: { type: 'string' },
      json: { type: 'string' },
      save: { type: 'boolean', default: false },
    },
  });
  const rounds = Number(values.rounds ?? (values.quick ? 5 : 15));
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new Refusal(`--rounds takes a whole number from 1, not "${values.rounds}".`, 2);
  const names = CONTENDERS.map(({ name }) => name);
  const only = values.only?.split(',') ?? (values.scale ? ['regulars'] : names);
  const unknown = only.filter((name) => !names.includes(name));
  if (unknown.length > 0)
    throw new Refusal(`--only takes ${names.join(', ')}; not ${unknown.join(', ')}.`, 2);
  if (values.save && (values.quick || values.scale || values.only !== undefined))
    throw new Refusal('--save needs a whole run: leave out --quick, --scale and --only.', 2);
  return { ...values, rounds, contenders: CONTENDERS.filter(({ name }) => only.includes(name)) };
}

/** Fills the database of a contender. Gives why it was left out where that takes too long. */
async function seed(browser, place, each) {
  const { contender, customers, url } = place;
  const page = await browser.open(url);
  const show = progress(`Seeding ${contender} with ${customers} customers`, customers);
  const startedAt = Date.now();
  try {
    for (let from = 0; from < customers; from += CHUNK) {
      const to = Math.min(from + CHUNK, customers);
      await page.call('seed', from, to, each);
      const ms = Date.now() - startedAt;
      // scale is asked for by somebody who waits
      if (each === undefined && ms > SEED_LIMIT_MS)
        return `seeding took more than ${SEED_LIMIT_MS / 60_000} minutes for ${to} customers`;
      show(to);
    }
    await page.call('settle');
    await page.call('verify', customers, 'web:0-49');
    return undefined;
  } finally {
    await page.close();
    place.closedAt = Date.now();
  }
}

/** Serves and seeds everybody everywhere; gives those that are ready and why others are not. */
async function makePlaces(browser, scripts, contenders, sizes, each, servers) {
  const places = [];
  const skipped = [];
  for (const customers of sizes)
    for (const { name, file } of contenders) {
      const server = await serve(scripts, 'storage-page');
      servers.push(server);
      const url = `${server.url}?${file.replace(/\.\w+$/, '')}`;
      const place = { contender: name, customers, url };
      const startedAt = Date.now();
      const reason = await seed(browser, place, each);
      if (reason !== undefined) {
        skipped.push({ contender: name, customers, reason });
        process.stderr.write(`Left out: ${name} with ${customers} customers: ${reason}\n`);
        continue;
      }
      await sleep(LETS_GO_MS);
      places.push({
        ...place,
        closedAt: Date.now(),
        seedMs: Date.now() - startedAt - LETS_GO_MS,
        bytes: browser.bytesOf(url),
      });
    }
  return { places, skipped };
}

// a turn knows its place by the row's spread copy: what changes is kept here
const inRow = (row, places) => places.map((place) => ({ ...place, row, place }));

/** Opens a page, opens the database in it and reads the card; the page is closed. */
async function measureFresh(browser, { url, place }, wait) {
  const page = await browser.open(url);
  // the browser lets go of the files while others have their turns
  await sleep(Math.max(SETTLES_MS, wait - (Date.now() - place.closedAt)));
  const ms = await page.call('measureOpen');
  await page.close();
  place.closedAt = Date.now();
  return ms;
}

async function measurePages(browser, places, rounds, random) {
  const first = await takeTurns(
    'Open and card, first page of a visit',
    inRow('first', places),
    rounds,
    random,
    (turn) => measureFresh(browser, turn, LETS_GO_MS),
    1,
  );
  const held = [];
  for (const { url } of places) {
    held.push(await browser.open(url));
    await held.at(-1).call('hold');
  }
  const next = await takeTurns(
    'Open and card, next page',
    inRow('open', places),
    rounds,
    random,
    (turn) => measureFresh(browser, turn, SETTLES_MS),
    1,
  );
  for (const page of held) await page.close();
  return [...first, ...next];
}

/** Appends and finds, each contender in one page that stays; then a fresh page sees what was appended. */
async function measureCalls(browser, places, rounds, random) {
  const warm = new Map();
  for (const { url } of places) warm.set(url, await browser.open(url));
  const appended = new Map(places.map(({ url }) => [url, 0]));
  const reading = places.filter(({ contender }) => contender === 'idb');
  const turns = [
    ...inRow('append', places),
    ...inRow('append', reading).map((turn) => ({ ...turn, contender: 'idb, reading first' })),
  ];
  const append = await takeTurns('Durable appends', turns, rounds, random, async (turn) => {
    const { url, contender, place } = turn;
    const n = appended.get(url) + 1;
    appended.set(url, n);
    const ms = await warm.get(url).call('measureAppend', n, contender !== place.contender);
    await sleep(5);
    return ms;
  });
  const find = await takeTurns(
    'Finds by token',
    inRow('find', places),
    rounds,
    random,
    ({ url, customers }) =>
      warm.get(url).call('measureFind', 1 + Math.floor(random() * (customers - 1))),
  );
  for (const { url, customers } of places) {
    await warm.get(url).close();
    const page = await browser.open(url);
    await page.call('verify', customers, `web:next-${appended.get(url)}`);
    await page.close();
  }
  return [...append, ...find];
}

/** Each round imports other customers, into what is there. */
async function measureBulk(browser, places, rounds, random) {
  const rows = new Map(places.map(({ url }) => [url, 0]));
  const { customers, orders, first } = BULK;
  return takeTurns(
    `Imports of ${customers} customers with ${customers * orders} orders`,
    inRow('bulk', places),
    rounds,
    random,
    async ({ url }) => {
      const from = first + rows.get(url) * customers;
      rows.set(url, rows.get(url) + 1);
      const page = await browser.open(url);
      const ms = await page.call('measureBulk', from, from + customers, orders);
      await page.close();
      return ms;
    },
    1,
  );
}

function readBaseline() {
  try {
    return JSON.parse(readFileSync(BASELINE, 'utf8'));
  } catch {
    return undefined; // none was saved yet
  }
}

/** All that is measured of all that is there. */
async function measureAll(browser, places, { rounds, quick, scale }) {
  const random = randomOf(20_260_320);
  return [
    ...(await measurePages(browser, places, rounds, random)),
    ...(await measureCalls(browser, places, rounds * 4, random)),
    ...(scale ? [] : await measureBulk(browser, places, quick ? 2 : 3, random)),
  ];
}

await main(async () => {
  const options = readOptions();
  const startedAt = Date.now();
  if (options.contenders.some(({ file }) => file.startsWith('storage-peers'))) await install(PEERS);
  const { scripts, sizes } = await bundleStoragePages(options.contenders);
  const browser = await launch();
  const servers = [];
  try {
    const counts = options.quick
      ? [1000]
      : options.scale
        ? [1000, 100_000]
        : [1000, 10_000, 100_000];
    const each = options.scale ? 10 : undefined;
    const { places, skipped } = await makePlaces(
      browser,
      scripts,
      options.contenders,
      counts,
      each,
      servers,
    );
    const rows = await measureAll(browser, places, options);
    const result = {
      browser: `Chromium ${browser.version}`,
      processors: cpus().length,
      rounds: options.rounds,
      ...(options.scale && { ordersEach: each }),
      minutes: (Date.now() - startedAt) / 60_000,
      sizes: Object.fromEntries(sizes),
      disk: places.map(({ contender, customers, bytes, seedMs }) => ({
        contender,
        customers,
        bytes,
        seedMs,
      })),
      skipped,
      rows,
    };
    printStorageReport(result, options.scale ? undefined : readBaseline());
    const text = `${JSON.stringify(result, null, 2)}\n`;
    if (options.json !== undefined) writeFileSync(options.json, text);
    if (options.save) writeFileSync(BASELINE, text);
  } finally {
    for (const { close } of servers) close();
    await browser.close();
  }
});
