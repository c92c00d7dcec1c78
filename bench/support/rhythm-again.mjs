// What is bought again, and when: a shop for gifts.
import { DAY_MS, median, ratioOf, summaryOf, table, withInterval } from './rhythm-data.mjs';

/** 1 September 2011; day 0 is 1 December 2010. */
const FROM = 274;
const TOP = 5;
const mean = (values) => values.reduce((sum, one) => sum + one, 0) / values.length;

/** Days on which each item was bought, up to `until`. */
function daysByItem(visits, until) {
  const days = new Map();
  for (const { day, items } of visits)
    if (day < until)
      for (const item of new Set(items)) {
        const own = days.get(item);
        if (own === undefined) days.set(item, [day]);
        else if (own.at(-1) !== day) own.push(day);
      }
  return days;
}

/** Mean gap of each item by customers of one half, before the time that is reported. */
function itemGaps(people) {
  const gaps = new Map();
  const all = [];
  for (const { visits } of people)
    for (const [item, days] of daysByItem(visits, FROM))
      for (const gap of summaryOf(days, FROM).gaps) {
        all.push(gap);
        if (gaps.has(item)) gaps.get(item).push(gap);
        else gaps.set(item, [gap]);
      }
  return {
    means: new Map([...gaps].map(([item, own]) => [item, mean(own)])),
    medians: new Map([...gaps].map(([item, own]) => [item, median(own)])),
    mean: mean(all),
    median: median(all),
  };
}

/** Errors in days of each rule about the next gap, per customer as [sum, count]. */
function nextGaps({ dueOf }, people, other) {
  const rules = {
    'own last gap': ({ gaps }) => gaps.at(-1),
    'own median gap': ({ gaps }) => median(gaps),
    'own mean gap': ({ gaps }) => mean(gaps),
    'median of the item': (_, item) => other.medians.get(item) ?? other.median,
    '**`dueOf`**': (summary, item) => dueOf(summary, other.means.get(item) ?? other.mean).dueDays,
  };
  return people.map(({ visits }) => {
    const errors = Object.fromEntries(Object.keys(rules).map((name) => [name, [0, 0]]));
    const whole = daysByItem(visits, Infinity);
    for (const [item, days] of daysByItem(visits, FROM)) {
      const next = whole.get(item)[days.length];
      if (days.length < 3 || next === undefined) continue;
      const summary = summaryOf(days, FROM);
      for (const [name, rule] of Object.entries(rules)) {
        errors[name][0] += Math.abs(rule(summary, item) - (next - days.at(-1)));
        errors[name][1]++;
      }
    }
    return errors;
  });
}

/** Hits among the first five at each visit, and how what is due fares, per customer. */
function atVisits({ buyAgainOrder }, people) {
  return people.map(({ visits }) => {
    const found = {};
    const count = (name, of, among) => {
      const sum = (found[name] ??= [0, 0]);
      sum[0] += of;
      sum[1] += among;
    };
    for (const { day, items } of visits) {
      if (day < FROM) continue;
      const earlier = visits.filter((one) => one.day < day);
      const history = daysByItem(earlier, day);
      if (history.size < TOP) continue;
      const bought = new Set(items);
      const atNoon = (one) => (one + 0.5) * DAY_MS;
      const order = buyAgainOrder(
        new Map([...history].map(([item, days]) => [item, days.map(atNoon)])),
        earlier.map((one) => atNoon(one.day)),
        atNoon(day),
      );
      const near = ({ sinceDays, dueDays }) =>
        dueDays === undefined ? Infinity : Math.abs(Math.log(Math.max(sinceDays, 1) / dueDays));
      const lists = {
        '**`buyAgainOrder`**': order,
        frequency: [...order].sort((a, b) => b.times - a.times || a.sinceDays - b.sinceDays),
        'most recent': [...order].sort((a, b) => a.sinceDays - b.sinceDays || b.times - a.times),
        'nearness to the due day': [...order].sort((a, b) => near(a) - near(b)),
      };
      for (const [name, list] of Object.entries(lists)) {
        const hits = list.slice(0, TOP).filter(({ item }) => bought.has(item)).length;
        count(`hit ${name}`, hits > 0 ? 1 : 0, 1);
        count(`precision ${name}`, hits, TOP);
      }
      for (const { item } of order) count('any', bought.has(item) ? 1 : 0, 1);
      const due = order.filter(({ say }) => say === 'due');
      count('due said', due.length > 0 ? 1 : 0, 1);
      if (due.length > 0) count('due right', bought.has(due[0].item) ? 1 : 0, 1);
      for (const { item, cv, sinceDays, dueDays } of order) {
        if (cv === undefined) continue;
        const ratio = sinceDays / dueDays;
        const when = ratio < 0.5 ? 'early' : ratio < 0.9 ? 'soon' : ratio <= 2 ? 'due' : 'late';
        count(`${cv <= 0.5 ? 'even' : 'uneven'} ${when}`, bought.has(item) ? 1 : 0, 1);
      }
    }
    return found;
  });
}

export function buyAgainSection(functions, people, random) {
  const halves = [0, 1].map((half) => people.filter((_, i) => i % 2 === half));
  const both = (run) => halves.flatMap((half, i) => run(functions, half, itemGaps(halves[1 - i])));
  const errors = both(nextGaps);
  const visits = both(atVisits);
  const pairs = (rows, name) => rows.map((row) => row[name] ?? [0, 0]);
  const figure = (rows, name, unit, digits) => {
    const { value, low, high } = withInterval(ratioOf(pairs(rows, name)), rows.length, random);
    return `${(unit * value).toFixed(digits)} (${(unit * low).toFixed(digits)} to ${(unit * high).toFixed(digits)})`;
  };
  const gain = (rows, one, other, unit, digits) => {
    const [a, b] = [ratioOf(pairs(rows, one)), ratioOf(pairs(rows, other))];
    const difference = withInterval((drawn) => b(drawn) - a(drawn), rows.length, random);
    const { value, low, high } = difference;
    return `${(unit * value).toFixed(digits)} (${(unit * low).toFixed(digits)} to ${(unit * high).toFixed(digits)})`;
  };
  const total = (rows, name) => pairs(rows, name).reduce((sum, [, among]) => sum + among, 0);
  const rules = ['**`buyAgainOrder`**', 'frequency', 'most recent', 'nearness to the due day'];
  const due = ['even', 'uneven'].map((spread) => [
    spread === 'even' ? 'spread ≤ .5' : 'spread > .5',
    ...['early', 'soon', 'due', 'late'].map((when) => figure(visits, `${spread} ${when}`, 100, 1)),
  ]);
  return `## What is bought again

Online Retail (D. Chen; CC BY 4.0): ${people.length} customers, of whom many are small wholesalers. Mean gaps of items come from the other
half of the customers before 1 September 2011; what came afterwards is told.

### The next gap

${total(errors, '**`dueOf`**')} pairs of customer and item with two gaps or more that were bought again (a biased choice: for comparing rules only). Mean
error in days; demanded: below the own median, with the interval of the gain above 0.

${table(
  ['rule', 'mean error'],
  Object.keys(errors[0]).map((name) => [name, figure(errors, name, 1, 1)]),
)}

Gain of \`dueOf\` over the own median: ${gain(errors, '**`dueOf`**', 'own median gap', 1, 1)} days; over the own mean: ${gain(errors, '**`dueOf`**', 'own mean gap', 1, 1)}; over the median of the item: ${gain(errors, '**`dueOf`**', 'median of the item', 1, 1)}.
Still weeks: so it is "about", never a date.

### Five earlier items at a visit

${total(visits, 'hit frequency')} visits; ${figure(visits, 'any', 100, 1)} % of all earlier items are bought. Demanded: at least what frequency hits.

${table(
  ['order', 'hit@5, %', 'precision@5, %'],
  rules.map((name) => [
    name,
    figure(visits, `hit ${name}`, 100, 1),
    figure(visits, `precision ${name}`, 100, 1),
  ]),
)}

Gain of \`buyAgainOrder\` over frequency: ${gain(visits, 'hit frequency', 'hit **`buyAgainOrder`**', 100, 1)} points of hit@5, ${gain(visits, 'precision frequency', 'precision **`buyAgainOrder`**', 100, 1)} of precision@5.

### When it speaks

An item is \`due\` at ${figure(visits, 'due said', 100, 0)} % of these visits, and the likeliest of them is bought at ${figure(visits, 'due right', 100, 0)} % of those. Of all items with
three purchases or more so many percent are bought at a visit, by the days since the last, in own mean gaps:

${table(['', '< .5', '.5 to .9', '.9 to 2', '> 2'], due)}`;
}
