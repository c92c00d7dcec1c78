// What the library says to returning customers of the sample, in the terminal: the sample's orders go through a real
// client, the same that a page has.   node examples/print-customers.mjs [customer]
import { pathToFileURL } from 'node:url';
import { createRegulars, systemClock } from 'regulars';
import { recommender } from 'regulars/recommend';
import { memoryStorage } from 'regulars/storage/memory';
import { shopTimeToInstant } from './data/import-orders.mjs';
import { readSample, trainOnSample } from './data/read-sample.mjs';
import { painter, wrap } from './print-text.mjs';

const SHOWN = 3;
const LOCALE = 'en-GB';
const TIME_ZONE = 'Europe/London';
const pounds = new Intl.NumberFormat(LOCALE, { style: 'currency', currency: 'GBP' });
const count = new Intl.NumberFormat(LOCALE);

/** Nine o'clock on the day after the last order: the sample's customers come back on that morning. */
function nextMorning(customers) {
  const last = Math.max(...[...customers.values()].flat().map(({ at }) => at));
  const day = new Intl.DateTimeFormat('sv-SE', { timeZone: TIME_ZONE }).format(last + 86_400_000);
  return shopTimeToInstant(`${day}T09:00:00`);
}

/** Random numbers that are the same in every run (a linear congruential generator; Numerical Recipes). */
function sameRandom() {
  let state = 1;
  return (length) =>
    Uint8Array.from(
      { length },
      () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 24,
    );
}

/** The shop's client, with its clock on that morning. */
async function openShop(sample, now) {
  const regulars = createRegulars({
    shop: 'online-retail',
    storage: memoryStorage(),
    consent: { remember: 'granted', suggest: 'granted' },
    currency: 'GBP',
    locale: LOCALE,
    region: 'GB',
    timeZone: TIME_ZONE,
    catalog: sample.catalog,
    recommend: recommender({ model: await trainOnSample(sample) }),
    clock: { ...systemClock, now: () => now },
    random: sameRandom(), // every run greets in the same words
    onError: (error) => {
      throw error;
    },
  });
  await regulars.start();
  return regulars;
}

/** One visit: the shop's log-in vouches for the customer, the orders are recorded, and the client is asked. */
async function meet(regulars, id, purchases) {
  await regulars.recognize({ account: id }, { verified: ['account'] });
  for (const purchase of purchases) await regulars.record(purchase);
  const greeting = regulars.greeting();
  const usual = regulars.usual();
  // Two of five places are kept for what this customer never bought.
  const offers = regulars.recommend({ limit: 5, newShare: 0.4 });
  const because = (ref) => (ref === undefined ? undefined : regulars.why(ref)?.text);
  const met = {
    id,
    orders: purchases.length,
    greeting,
    usual,
    offers: offers.kind === 'items' ? offers.items : [],
    whys: new Map([greeting, usual, ...(offers.items ?? [])].map(({ ref }) => [ref, because(ref)])),
  };
  await regulars.endVisit();
  return met;
}

/** Of each pair of greeting and usual that the engine gave, the customer with the most orders; then the next of each. */
function chooseShown(met) {
  const groups = new Map();
  for (const one of [...met].sort((a, b) => b.orders - a.orders || (a.id < b.id ? -1 : 1))) {
    const kinds = `${one.greeting.kind} ${one.usual.kind}`;
    groups.set(kinds, [...(groups.get(kinds) ?? []), one]);
  }
  const rounds = Array.from({ length: SHOWN }, (_, n) =>
    [...groups.values()].flatMap((group) => group[n] ?? []),
  );
  return rounds.flat().slice(0, SHOWN);
}

function describeImport({ customers, refunds, skipped, rows, catalog }) {
  const orders = [...customers.values()].flat();
  const lines = orders.reduce((sum, { lines: of }) => sum + of.length, 0);
  const reasons = new Map();
  for (const { reason } of skipped) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  const left = [...reasons]
    .sort((a, b) => b[1] - a[1])
    .map(([why, n]) => `${why} ${count.format(n)}`);
  const affected = orders.filter(({ status }) => status !== 'paid').length;
  return [
    `${count.format(rows)} rows of a real shop's order export: ${customers.size} customers, ` +
      `${orders.length} orders with ${count.format(lines)} lines of ${count.format(catalog.length)} articles.`,
    `Cancelled articles taken back into ${affected} orders: ${refunds.length}. ` +
      `Rows left out: ${left.length > 0 ? left.join(', ') : 'none'}.`,
  ];
}

function describeCustomer(met, country, paint) {
  const { id, orders, greeting, usual, offers, whys } = met;
  const told = [paint('bold', `Customer ${id}`) + `, ${country}, ${orders} orders`];
  const tell = (label, text, why) => {
    told.push(wrap(text, `  ${label.padEnd(10)}`));
    if (why !== undefined) told.push(paint('dim', wrap(`Why: ${why}`, ' '.repeat(12))));
  };
  tell('Greeting', greeting.kind === 'none' ? '(none)' : greeting.text, whys.get(greeting.ref));
  const word = { usual: 'The usual', ask: 'The usual', last: 'Last time', none: 'The usual' };
  tell(word[usual.kind], usual.kind === 'none' ? '(none)' : usual.text, whys.get(usual.ref));
  offers.forEach(({ name, item, text, ref }, n) => {
    const price = item?.price === undefined ? '' : pounds.format(item.price / 100);
    const why = whys.get(ref);
    tell(n === 0 ? 'Offers' : '', `${price.padStart(7)}  ${name}`);
    told.push(
      paint(
        'dim',
        wrap(why === undefined || why === text ? text : `${text} ${why}`, ' '.repeat(21)),
      ),
    );
  });
  if (offers.length === 0) tell('Offers', '(none)');
  return told.join('\n');
}

/**
 * Prints three customers of the sample that the engine chose, or the `customer` asked for. `out` takes the text: a
 * stream, or a function. Throws an error with the code `ERR_UNKNOWN_CUSTOMER` for an id that is not in the sample.
 */
export async function printCustomers({ customer, out = process.stdout } = {}) {
  const write = typeof out === 'function' ? out : (text) => out.write(text);
  const paint = painter(typeof out === 'function' ? process.stdout.isTTY : out.isTTY);
  const sample = await readSample();
  const { customers, countries } = sample;
  if (customer !== undefined && !customers.has(customer)) {
    const some = [...customers.keys()].slice(0, 8).join(', ');
    throw Object.assign(
      new Error(
        `No customer "${customer}" in the sample. Some of its ${customers.size}: ${some}. All: examples/data/orders.csv.`,
      ),
      { code: 'ERR_UNKNOWN_CUSTOMER' },
    );
  }
  const now = nextMorning(customers);
  const regulars = await openShop(sample, now);
  const met = [];
  for (const [id, purchases] of customers)
    if (customer === undefined || id === customer) met.push(await meet(regulars, id, purchases));
  await regulars.stop();

  const when = new Intl.DateTimeFormat(LOCALE, {
    dateStyle: 'full',
    timeStyle: 'short',
    timeZone: TIME_ZONE,
  }).format(now);
  const head = [
    ...describeImport(sample),
    `The clock stands at ${when} in London, the morning after the last order.`,
    ...(customer === undefined
      ? [
          'Shown: of each pair of greeting and usual that the engine gave, the customer with the most orders.',
        ]
      : []),
  ];
  write(`\n${head.map((line) => wrap(line, '')).join('\n')}\n`);
  const shown = customer === undefined ? chooseShown(met) : met;
  for (const one of shown) write(`\n${describeCustomer(one, countries.get(one.id), paint)}\n`);
  return 0;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    process.exitCode = await printCustomers({ customer: process.argv[2] });
  } catch (error) {
    if (error?.code !== 'ERR_UNKNOWN_CUSTOMER') throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 2;
  }
}
