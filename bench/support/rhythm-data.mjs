// Purchase days of the logs, and what rules make of them.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

export const DAY_MS = 86_400_000;
const dayOf = (text) =>
  Date.UTC(text.slice(0, 4), Number(text.slice(4, 6)) - 1, text.slice(6)) / DAY_MS;

/** 39 weeks of the study are seen, 39 are told. */
export const SEEN = dayOf('19970930');
export const END = dayOf('19980630');

/** Customers of CDNOW: id, purchase days, dollars of each; `sample` for those of the published tables. */
export function readCdnow(folder) {
  const rows = (file) =>
    readFileSync(`${folder}/${file}`, 'utf8')
      .trim()
      .split(/\r?\n/)
      .map((line) => line.trim().split(/\s+/));
  const sample = new Set(rows('CDNOW_sample.txt').map(([id]) => id));
  const people = new Map();
  for (const [id, date, , dollars] of rows('CDNOW_master.txt').slice(1)) {
    const person = people.get(id) ?? { id, days: [], spent: [], sample: sample.has(id) };
    people.set(id, person);
    const day = dayOf(date);
    if (person.days.at(-1) === day) person.spent[person.spent.length - 1] += Number(dollars);
    else {
      person.days.push(day);
      person.spent.push(Number(dollars));
    }
  }
  return [...people.values()];
}

/** Customers of Online Retail: visits with a day and items, oldest first. */
export function readRetail(folder) {
  const people = new Map();
  const text = gunzipSync(readFileSync(`${folder}/baskets.csv.gz`)).toString('utf8');
  for (const row of text.trim().split('\n').slice(1)) {
    const [id, , day, , items] = row.split(',');
    const person = people.get(id) ?? { id, visits: [] };
    people.set(id, person);
    person.visits.push({ day: Number(day), items: items.split(' ') });
  }
  return [...people.values()];
}

/** What `summarise` gives of whole days, without the calendar. */
export function summaryOf(days, now) {
  const gaps = days.slice(1).map((day, i) => day - days[i]);
  const first = days[0] ?? now;
  const last = days.at(-1);
  return {
    x: gaps.length,
    tx: (last ?? now) - first,
    T: now - first,
    gaps,
    ...(last !== undefined && { last: last * DAY_MS }),
  };
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const half = (sorted.length - 1) / 2;
  return (sorted[Math.floor(half)] + sorted[Math.ceil(half)]) / 2;
}

/** Ranks of a score for weighted AUC: groups of equal scores, the lowest first, as [index, …][]. */
function tiesOf(scores) {
  const order = scores.map((_, i) => i).sort((a, b) => scores[a] - scores[b]);
  const groups = [];
  for (const i of order)
    if (groups.length > 0 && scores[groups.at(-1)[0]] === scores[i]) groups.at(-1).push(i);
    else groups.push([i]);
  return groups;
}

/** Area under the curve as a function of how often each customer was drawn. */
export function aucOf(scores, came) {
  const groups = tiesOf(scores);
  return (drawn) => {
    let [below, won, yes] = [0, 0, 0];
    for (const group of groups) {
      let [no, here] = [0, 0];
      for (const i of group)
        if (came[i]) here += drawn[i];
        else no += drawn[i];
      won += here * (below + no / 2);
      below += no;
      yes += here;
    }
    return won / (yes * below);
  };
}

export const brierOf = (said, came) => (drawn) => {
  let [sum, n] = [0, 0];
  said.forEach((p, i) => {
    sum += drawn[i] * (p - Number(came[i])) ** 2;
    n += drawn[i];
  });
  return sum / n;
};

/** Mean distance of what was said from what came, over ten groups of what was said. */
export const eceOf = (said, came) => (drawn) => {
  const off = Array(10).fill(0);
  let n = 0;
  said.forEach((p, i) => {
    off[Math.min(9, Math.floor(p * 10))] += drawn[i] * (p - Number(came[i]));
    n += drawn[i];
  });
  return off.reduce((sum, one) => sum + Math.abs(one), 0) / n;
};

/** A ratio of sums over customers, each with `[of, among]`. */
export const ratioOf = (pairs) => (drawn) => {
  let [of, among] = [0, 0];
  pairs.forEach(([one, all], i) => {
    of += drawn[i] * one;
    among += drawn[i] * all;
  });
  return of / among;
};

/** A figure, and between what it lies when customers are drawn anew `rounds` times. */
export function withInterval(figure, customers, random, rounds = 1000) {
  const value = figure(Array(customers).fill(1));
  const values = [];
  for (let round = 0; round < rounds; round++) {
    const drawn = Array(customers).fill(0);
    for (let i = 0; i < customers; i++) drawn[Math.floor(random() * customers)]++;
    values.push(figure(drawn));
  }
  values.sort((a, b) => a - b);
  return {
    value,
    low: values[Math.floor(rounds * 0.025)],
    high: values[Math.ceil(rounds * 0.975) - 1],
  };
}

/** A table in Markdown. */
export const table = (head, rows) =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
