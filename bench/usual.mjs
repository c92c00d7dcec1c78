// npm run bench usual [-- folder with the data sets] [--save]   (or REGULARS_DATA=folder)
// How often "the usual?" is said, and how often it is right, beside simpler rules. --save writes docs/bench-usual.md.
import { existsSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import prettier from 'prettier';
import { main, Refusal, root } from '../scripts/prepare.mjs';
import { fromSource } from './support/from-source.mjs';
import {
  idsOf,
  mixOf,
  readLog,
  rulesOf,
  simulateMachine,
  tableOf,
  tally,
} from './support/usual-log.mjs';

const SEED = 20_260_320;
/** Of the customers the logs without dates are validated on: visits after which an order weighs half. */
const HALF_LIVES = [3, 6, 12];

/** The functions as they stand in src. */
const engine = () =>
  fromSource(`export { findUsual } from './src/greeting/find-usual.js';
    export { usualShare } from './src/rhythm/usual-share.js';`);

const pick = (log, ids) => ids.map((id) => log.get(id)).filter(Boolean);

function readData(folder, set) {
  const log = readLog(folder, set);
  const part = (name) => pick(log, idsOf(folder, set, name));
  return { train: part('train'), val: part('val'), test: part('test') };
}

function section(title, about, tallies) {
  const [{ rows }] = tallies;
  const visits = rows.reduce((sum, row) => sum + row.visits, 0);
  const head = `## ${title}\n\n${about} ${rows.length} customers, ${visits} visits with one before.`;
  return `${head}\n\n${tableOf(tallies, SEED)}\n`;
}

/** The half-life that is right most often on validation customers; of equals the first. */
function bestHalfLife(functions, val) {
  const rates = HALF_LIVES.map((halfLifeVisits) => {
    const { 'the usual (D4)': usual } = rulesOf(functions, { halfLifeVisits });
    const [{ rows }] = tally(val, { usual });
    const sum = (key) => rows.reduce((total, row) => total + row[key], 0);
    return { halfLifeVisits, right: sum('right') / sum('said') };
  });
  const best = rates.reduce((one, other) => (other.right > one.right ? other : one));
  const told = rates.map((one) => `${one.halfLifeVisits}: ${(100 * one.right).toFixed(1)} %`);
  return { ...best, told: told.join(', ') };
}

async function benchUsual() {
  const { values, positionals } = parseArgs({
    args: process.argv.slice(2).filter((word) => word !== 'usual'),
    allowPositionals: true,
    options: { save: { type: 'boolean', default: false } },
  });
  const folder = resolve(
    positionals[0] ?? process.env.REGULARS_DATA ?? join(root, '../shared/data'),
  );
  const sets = ['dunnhumby_carbo', 'dunnhumby_cj79'].filter((set) =>
    existsSync(join(folder, set, 'baskets.csv.gz')),
  );
  if (values.save && sets.length < 2)
    throw new Refusal(`--save needs both data sets, and not all are in ${folder}.`, 2);
  const functions = await engine();
  const sections = [];
  if (sets.includes('dunnhumby_carbo')) {
    const { train, val, test } = readData(folder, 'dunnhumby_carbo');
    const { halfLifeVisits, told } = bestHalfLife(functions, val);
    sections.push(
      section(
        'Four categories of a grocery (Dunnhumby Carbo-Loading)',
        `1.5 items a basket, no dates: orders weigh by visits, the context is all. Half-life chosen on validation customers (right at ${told}): ${halfLifeVisits} visits. Test customers:`,
        tally(test, rulesOf(functions, { halfLifeVisits }, mixOf(train))),
      ),
    );
  }
  if (sets.includes('dunnhumby_cj79')) {
    const { train, test } = readData(folder, 'dunnhumby_cj79');
    sections.push(
      section(
        'A whole grocery, 79 days (Dunnhumby The Complete Journey)',
        '9.2 items a basket, days without hours. Nothing was chosen on it. Test customers of the five folds:',
        tally(test, rulesOf(functions, {}, mixOf(train))),
      ),
    );
  }
  const machine = [...simulateMachine(SEED).values()];
  sections.push(
    section(
      'A drinks machine (simulated)',
      `No real log: one drink a visit, eight drinks, habits of all strengths, of which 4 % change at a visit; seed ${SEED}. Everybody:`,
      tally(machine, rulesOf(functions, {}, mixOf(machine))),
    ),
  );
  const page = await prettier.format(`${INTRODUCTION}\n${sections.join('\n')}`, {
    ...(await prettier.resolveConfig(join(root, 'docs/bench.md'))),
    parser: 'markdown',
  });
  console.log(page);
  if (values.save) writeFileSync(join(root, 'docs/bench-usual.md'), page);
}

const INTRODUCTION = `# The usual, measured

\`\`\`sh
npm run bench usual                       # half a minute; with the folder of the data sets, or REGULARS_DATA
npm run bench usual -- --save             # writes this page
\`\`\`

At each visit of a customer but the first, the rules see the visits before it, the newest 50, and nothing else. A rule *says* what it
would offer, or is silent. It is *right* when the first item it names is in the basket, and *every line right* when all are. The usual
names whole baskets; the simpler rules always name one item. Shares in percent, with 95 % intervals: customers drawn anew 1,000 times.

- **The usual (D4)** is \`findUsual\` as it comes: three orders that hold the line, half of the weight.
- **60 % of the weight** is the same with \`minShare: 0.6\`.
- **Last item** and **most frequent item** speak at every visit; of several the more frequent, of equals the newest.
- **No gate** names what is most frequent (× 0.8 for each visit since) from three visits on, however weak.
- **Smoothed share ≥ .6** is \`usualShare\` of \`regulars/rhythm\`, with the shop's mix of other customers. On the log of a coffee machine
  that its study had, and we have not, it spoke at 42 % of visits and was right at 86 % of those.

What is said to a guest is decided by the first row; nothing of its rule was fitted to these logs but the half-life named below. Two
orders of a line instead of three would be said about twice as often and be right a third less often on validation customers of the
first log (37 % instead of 56 %), so three they are. On logs of one item a visit a higher share buys two or three points of being right
for five of being said: a shop that would rather be silent passes \`minShare\`.
`;

await main(benchUsual);
