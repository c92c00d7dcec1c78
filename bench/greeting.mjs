// How long one greeting takes, by kind: the engine alone, and the client with a card at its limits. Prints percentiles.
//   npm run bench greeting
import { performance } from 'node:perf_hooks';
import { chooseGreeting, defaultGreetingRules, en, findUsual } from 'regulars/greeting';
import { createTestRegulars } from 'regulars/testing';

const DAY_MS = 86_400_000;
const NOW = Date.UTC(2026, 2, 20, 8, 5);
const ROUNDS = 5_000;

const quantile = (values, share) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length * share)];

function measure(name, run) {
  for (let i = 0; i < 500; i++) run(i);
  const times = [];
  for (let i = 0; i < ROUNDS; i++) {
    const began = performance.now();
    run(i);
    times.push((performance.now() - began) * 1000);
  }
  const [p50, p99] = [0.5, 0.99].map((share) => quantile(times, share).toFixed(0));
  process.stdout.write(
    `${name.padEnd(44)} p50 ${p50.padStart(5)} µs   p99 ${p99.padStart(5)} µs\n`,
  );
}

/** A card as full as one gets: 50 purchases, 100 visits. */
function cardOf(every, since, more = {}) {
  const at = (n) => NOW - since * DAY_MS - n * every * DAY_MS;
  return {
    ...{ id: 'c1', subjects: ['c1'], facts: {}, consent: {}, consentRecords: {}, links: [] },
    purchases: Array.from({ length: 50 }, (_, n) => ({
      ...{ id: `p${n}`, at: at(n), status: 'paid', total: null, currency: 'EUR', channel: 'web' },
      lines: [
        {
          ...{ sku: 'latte', name: 'Latte', quantity: 1, unitPrice: 380 },
          modifiers: [{ group: 'milk', name: n % 5 ? 'oat' : 'whole', quantity: 1 }],
        },
        { sku: `x${n % 7}`, name: `Thing ${n % 7}`, quantity: 1, unitPrice: 260, modifiers: [] },
      ],
    })),
    ...{ olderPurchases: 50, items: [], issues: [], dismissals: [], exposures: {} },
    visitTimes: Array.from({ length: 100 }, (_, n) => at(n)),
    paidVisits: 100,
    ...more,
  };
}

const context = {
  ...{ now: NOW, timeZone: 'Europe/Berlin', locale: 'en', mode: 'storefront', level: 'verified' },
  ...{ shop: 'bench', channel: 'web', seed: 7, name: { given: 'Maya' }, may: { taste: true } },
};
const stamp = `${(NOW - DAY_MS).toString(16).padStart(12, '0')}-0000-00000000`;
const issue = { issue: 'i', at: NOW - DAY_MS, what: '', state: 'open', owner: 'Ana', stamp };
const cases = {
  regular: cardOf(2, 1),
  returning: cardOf(30, 20),
  lapsed: cardOf(2, 200),
  milestone: cardOf(2, 1, { paidVisits: 149 }),
  recovery: cardOf(2, 1, { issues: [issue] }),
};

process.stdout.write('The engine, a card of 50 purchases and 100 visits:\n');
for (const [kind, card] of Object.entries(cases)) {
  const usual = findUsual(card, context);
  const choose = (seed) =>
    chooseGreeting({ card, context: { ...context, seed }, usual }, defaultGreetingRules, en);
  const { greeting } = choose(0);
  if (greeting.kind !== kind) throw new Error(`${kind} is greeted as ${greeting.kind}`);
  measure(`  chooseGreeting, ${kind}`, choose);
}
measure('  findUsual', (seed) => findUsual(cases.regular, { ...context, seed }));

process.stdout.write('The client, everything that a page shows of it computed anew:\n');
for (const customer of ['first', 'regular', 'lapsed', 'open-issue']) {
  const { regulars } = await createTestRegulars({ customer });
  measure(`  greeting(), ${customer}`, (round) => {
    regulars.setContext({ basket: [String(round)] });
    return regulars.greeting();
  });
  await regulars.stop();
}
