// The models against what is published, against customers that they were made for, and against customers that were not.
import { readFileSync } from 'node:fs';
import {
  aucOf,
  brierOf,
  eceOf,
  END,
  median,
  SEEN,
  summaryOf,
  table,
  withInterval,
} from './rhythm-data.mjs';

const shown = (value, digits) => (Number.isNaN(value) ? '' : value.toFixed(digits));
const range = ({ value, low, high }, digits = 3) =>
  `${shown(value, digits)} (${shown(low, digits)} to ${shown(high, digits)})`;

export function tablesSection({ fitBgNbd, fitMbgNbd, fitGammaGamma }, folder) {
  const file = 'cdnow_customers_summary_with_transactions.csv';
  const customers = readFileSync(`${folder}/${file}`, 'utf8')
    .trim()
    .split(/\r?\n/)
    .slice(1)
    .map((row) => row.split(',').map(Number))
    .map(([, x, tx, T, mean]) => ({ x, tx, T, mean }));
  const line = (name, fit, names, published) => [
    name,
    published,
    `${names.map((one) => `${one} ${fit.model[one].toFixed(4)}`).join(', ')}`,
    fit.logLikelihood.toFixed(2),
  ];
  const four = ['r', 'alpha', 'a', 'b'];
  return `## Published tables

${table(
  ['model', 'published', 'ours', 'log-likelihood, ours'],
  [
    line(
      'BG/NBD',
      fitBgNbd(customers),
      four,
      'r .243, α 4.414, a .793, b 2.426; −9582.4 (CLVTools −9582.429)',
    ),
    line('MBG/NBD', fitMbgNbd(customers), four, 'r .525, α 6.183, a .891, b 1.614; −9582.13'),
    line(
      'Gamma-Gamma',
      fitGammaGamma(customers),
      ['p', 'q', 'gamma'],
      'p 6.25, q 3.74, γ 15.44; −4055.92',
    ),
  ],
)}

Weeks and dollars of the 2,357. The tests hold these, and the values per customer.`;
}

export function simulatedSection({ simulate, calibrationError, pActive, pAlive, priors }) {
  const rows = Object.entries(priors).map(([trade, prior]) => {
    const how = { count: 200_000, days: 300, horizon: 90, seed: 7 };
    const customers = simulate(prior, how);
    const active = calibrationError(
      customers.map(({ summary, later }) => ({
        said: pActive(summary, how.horizon, prior),
        came: later > 0,
      })),
    );
    const alive = calibrationError(
      customers.map((one) => ({ said: pAlive(one.summary, prior), came: one.alive })),
    );
    return [trade, prior.k, active.toFixed(4), alive.toFixed(4), '≤ .005'];
  });
  return `## Simulated customers

200,000 each, drawn from a shipped prior, seen for 300 days: expected calibration error of "buys within 90 days" and of "has not left".

${table(['prior', 'k', '`pActive`', '`pAlive`', 'demand'], rows)}`;
}

/** Quintiles of recency, frequency and money, 1–5 each, added up: what reports call RFM. */
function rfmOf(people) {
  const fifth = (values) => {
    const sorted = [...values].sort((a, b) => a - b);
    return (value) =>
      1 + [0.2, 0.4, 0.6, 0.8].filter((q) => value > sorted[Math.floor(q * sorted.length)]).length;
  };
  const [r, f, m] = ['recency', 'x', 'money'].map((name) => {
    const place = fifth(people.map((one) => one[name]));
    return (one) => place(one[name]);
  });
  return people.map((one) => r(one) + f(one) + m(one));
}

export function holdOutSection({ pActive, pAlive }, sample, { prior, other }, random) {
  const people = sample.map(({ days, spent }) => {
    const seen = days.filter((day) => day <= SEEN);
    const summary = summaryOf(seen, SEEN);
    const gap = summary.T - summary.tx;
    return {
      summary,
      x: summary.x,
      recency: -gap,
      money: spent.slice(0, seen.length).reduce((sum, one) => sum + one, 0),
      ratio: summary.x > 0 ? -gap / median(summary.gaps) : -Infinity,
      came: days.length > seen.length,
    };
  });
  const came = people.map((one) => one.came);
  const said = people.map(({ summary }) => pActive(summary, END - SEEN, prior));
  const rfm = rfmOf(people);
  const again = people.map(({ x }, i) => [x, i]).filter(([x]) => x > 0);
  const only = (values) => again.map(([, i]) => values[i]);
  const rules = {
    '`pActive`': said,
    '`pAlive`': people.map(({ summary }) => pAlive(summary, prior)),
    'time since the last purchase': people.map(({ recency }) => recency),
    'RFM quintiles': rfm,
    'repeat purchases': people.map(({ x }) => x),
    'open gap / own median gap': people.map(({ ratio }) => ratio),
  };
  const interval = (figure, n = people.length) => withInterval(figure, n, random);
  const rows = Object.entries(rules).map(([name, scores]) => [
    name,
    name.startsWith('open') ? 'not defined' : range(interval(aucOf(scores, came))),
    range(interval(aucOf(only(scores), only(came)), again.length)),
    name === '`pActive`' ? range(interval(brierOf(scores, came))) : '',
    name === '`pActive`' ? range(interval(eceOf(scores, came))) : '',
  ]);
  const gain = (name) => {
    const [own, their] = [aucOf(only(said), only(came)), aucOf(only(rules[name]), only(came))];
    return range(interval((drawn) => own(drawn) - their(drawn), again.length));
  };
  const gains = ['open gap / own median gap', 'time since the last purchase', 'RFM quintiles'];
  const { k, r, alphaDays, a, b } = prior;
  return `## Who comes back

${people.length} customers as they were on 30 September 1997, and whether they bought in the 39 weeks afterwards
(${((100 * came.filter(Boolean).length) / came.length).toFixed(1)} % did). Parameters from the other 21,213 in the same 39 weeks: k ${k}, r ${r.toFixed(3)}, α
${alphaDays.toFixed(1)} days, a ${a.toFixed(3)}, b ${b.toFixed(3)}; chosen over k ${other.prior.k} by the likelihood.

${table(['score', 'AUC', `AUC, x ≥ 1 (${again.length})`, 'Brier', 'ECE'], rows)}

Demanded of \`pActive\`: AUC ≥ .75, Brier ≤ .165, ECE ≤ .06, and a gain over the own-gap ratio whose interval lies above 0. Gains in AUC where x ≥ 1: over
${gains.map((name) => `${name} ${gain(name)}`).join('; over ')}.`;
}
