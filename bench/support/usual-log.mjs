// Logs of purchases, and how often "the usual?" is said and right on them. Rolling: at each visit only those before are known.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { randomOf } from './statistics.mjs';

const DAY_MS = 86_400_000;
/** A card holds so many orders. */
const CARD = 50;
const ENOUGH = 3;

const unzip = (name) => gunzipSync(readFileSync(name)).toString('utf8');

/** Customers' visits of a data set, oldest first. Without dates there is no `day`. */
export function readLog(folder, set) {
  const customers = new Map();
  for (const row of unzip(`${folder}/${set}/baskets.csv.gz`).trim().split('\n').slice(1)) {
    const [id, , day, hour, items] = row.split(',');
    const visit = {
      items: items.split(' '),
      ...(day !== '' && { day: Number(day) }),
      ...(hour !== '' && { hour: Number(hour) }),
    };
    const visits = customers.get(Number(id));
    if (visits) visits.push(visit);
    else customers.set(Number(id), [visit]);
  }
  return customers;
}

/** Ids of one part of all folds, each once. */
export function idsOf(folder, set, part) {
  const { folds } = JSON.parse(unzip(`${folder}/${set}/splits.json.gz`));
  return [...new Set(folds.flatMap((fold) => fold[part]))];
}

const MENU = [0.25, 0.2, 0.15, 0.12, 0.1, 0.08, 0.06, 0.04];

/** Simulated: a machine of eight drinks, one drink a visit, habits of all strengths that change at 4 % of visits. */
export function simulateMachine(seed, people = 400) {
  const random = randomOf(seed);
  const drink = () => {
    let left = random();
    return `drink-${Math.max(
      0,
      MENU.findIndex((share) => (left -= share) < 0),
    )}`;
  };
  const exponential = (mean) => -Math.log(1 - random()) * mean;
  return new Map(
    Array.from({ length: people }, (_, id) => {
      let habit = drink();
      const other = drink();
      const loyal = 0.4 + 0.55 * Math.sqrt(random());
      const gap = 1 + 20 * random() ** 2;
      const inTheMorning = random() < 0.7 ? 0.8 : 0.3;
      let day = 19_000 + Math.floor(100 * random());
      const visits = Array.from({ length: Math.min(60, 2 + Math.floor(exponential(7))) }, () => {
        if (random() < 0.04) habit = drink();
        const drawn = random();
        const items = [drawn < loyal ? habit : drawn < loyal + (1 - loyal) / 2 ? other : drink()];
        const hour =
          random() < inTheMorning ? 7 + Math.floor(4 * random()) : 12 + Math.floor(7 * random());
        const visit = { items, day, hour };
        day += Math.max(1, Math.round(exponential(gap)));
        return visit;
      });
      return [id, visits];
    }),
  );
}

const timeOf = ({ day, hour = 12 }, index) =>
  day === undefined ? index * 1000 : day * DAY_MS + hour * 3_600_000;

function cardOf(visits, from) {
  const purchases = visits.map((visit, index) => ({
    id: `log:${String(from + index).padStart(6, '0')}`,
    at: timeOf(visit, from + index),
    status: 'paid',
    channel: 'pos',
    total: null,
    currency: null,
    lines: visit.items.map((sku) => ({
      ...{ sku, name: sku, quantity: 1, unitPrice: null, modifiers: [] },
    })),
  }));
  return {
    ...{ id: 'guest', subjects: [], facts: {}, consent: {}, consentRecords: {}, links: [] },
    ...{ olderPurchases: 0, items: [], visitTimes: [], paidVisits: visits.length, issues: [] },
    ...{ dismissals: [], exposures: {}, purchases: purchases.reverse() },
  };
}

const contextOf = (now) => ({
  ...{ now, timeZone: 'UTC', locale: 'en', mode: 'storefront', level: 'verified', shop: 'bench' },
  ...{ channel: 'pos', seed: 1, may: { taste: true } },
});

/** What each rule names at a visit, by what was before; undefined where it is silent. */
export function rulesOf({ findUsual, usualShare }, options, mix) {
  const counted = (before, decay) => {
    const counts = new Map();
    for (const { items } of before) {
      if (decay < 1) for (const [item, count] of counts) counts.set(item, count * decay);
      // bought again later in the log comes later in the map: of equals the newest stands
      for (const item of items) {
        const count = (counts.get(item) ?? 0) + 1;
        counts.delete(item);
        counts.set(item, count);
      }
    }
    return counts;
  };
  const most = (counts, items = [...counts.keys()]) =>
    items.reduce((best, item) =>
      (counts.get(item) ?? 0) >= (counts.get(best) ?? 0) ? item : best,
    );
  const usual = (minShare) => (before, visit, index) => {
    const known = before.slice(-CARD);
    const now = timeOf(visit, index);
    const given = { ...options, ...(minShare && { minShare }) };
    const found = findUsual(
      cardOf(known, index - known.length),
      contextOf(now),
      () => undefined,
      given,
    );
    return found.kind === 'usual' ? found.lines.map(({ sku }) => sku) : undefined;
  };
  return {
    'the usual (D4)': usual(),
    'the usual, 60 % of the weight': usual(0.6),
    'last item': (before) => [most(counted(before, 1), before.at(-1).items)],
    'most frequent item': (before) => [most(counted(before, 1))],
    'no gate, from 3 visits': (before) =>
      before.length < ENOUGH ? undefined : [most(counted(before, 0.8))],
    'smoothed share ≥ .6 (rhythm)': (before) => {
      const found = usualShare(
        before.flatMap(({ items }) => items),
        mix,
      );
      return found && [found.item];
    },
  };
}

/** Shares of items among all purchases of these customers. */
export function mixOf(customers) {
  const counts = new Map();
  let all = 0;
  for (const { items } of [...customers].flat())
    for (const item of items) {
      counts.set(item, (counts.get(item) ?? 0) + 1);
      all++;
    }
  return new Map([...counts].map(([item, count]) => [item, count / all]));
}

/** Per customer and rule: visits with one before, how often it spoke, was right with its first item, and with all of them. */
export function tally(customers, rules) {
  return Object.entries(rules).map(([name, rule]) => ({
    name,
    rows: customers.map((visits) => {
      const row = { visits: 0, said: 0, right: 0, whole: 0 };
      visits.slice(1).forEach((visit, before) => {
        row.visits++;
        const named = rule(visits.slice(0, before + 1), visit, before + 1);
        if (!named) return;
        row.said++;
        if (visit.items.includes(named[0])) row.right++;
        if (named.every((item) => visit.items.includes(item))) row.whole++;
      });
      return row;
    }),
  }));
}

const RESAMPLES = 1000;

/** A share of sums over customers with its 95 % interval, customers drawn anew. */
function shareOf(rows, part, whole, random) {
  const sums = (list) => {
    let above = 0;
    let below = 0;
    for (const row of list) {
      above += row[part];
      below += row[whole];
    }
    return below === 0 ? Number.NaN : above / below;
  };
  const drawn = Array.from({ length: RESAMPLES }, () =>
    sums(rows.map(() => rows[Math.floor(random() * rows.length)])),
  )
    .filter((value) => !Number.isNaN(value)) // nobody was drawn of whom anything was said
    .sort((a, b) => a - b);
  return {
    value: sums(rows),
    low: drawn[Math.floor(drawn.length * 0.025)],
    high: drawn[Math.ceil(drawn.length * 0.975) - 1],
  };
}

const percent = ({ value, low, high }) =>
  Number.isNaN(value)
    ? '–'
    : `${(100 * value).toFixed(1)} (${(100 * low).toFixed(1)}–${(100 * high).toFixed(1)})`;

/** The table of one log, as it stands in the docs. */
export function tableOf(tallies, seed) {
  const random = randomOf(seed);
  const lines = tallies.map(({ name, rows }) => {
    const cells = [
      percent(shareOf(rows, 'said', 'visits', random)),
      percent(shareOf(rows, 'right', 'said', random)),
      percent(shareOf(rows, 'whole', 'said', random)),
    ];
    return `| ${name} | ${cells.join(' | ')} |`;
  });
  return [
    '| rule | said at % of visits | right, % of those | every line right, % |',
    '| --- | --- | --- | --- |',
    ...lines,
  ].join('\n');
}
