// npm run bench rhythm [-- folder with the data sets] [--save]   (or REGULARS_DATA=folder)
// Published tables, simulated customers, who comes back, what is said to whom, and what is bought again, beside simpler rules.
// --save writes docs/bench-rhythm.md.
import { existsSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import prettier from 'prettier';
import { main, Refusal, root } from '../scripts/prepare.mjs';
import { fromSource } from './support/from-source.mjs';
import { buyAgainSection } from './support/rhythm-again.mjs';
import { END, readCdnow, readRetail, SEEN, summaryOf } from './support/rhythm-data.mjs';
import { holdOutSection, simulatedSection, tablesSection } from './support/rhythm-model.mjs';
import { lostSection, toneSection } from './support/rhythm-tone.mjs';
import { randomOf } from './support/statistics.mjs';

const SEED = 20_260_320;
/** Where fits begin. Not a shipped prior: that of shops has seen these customers. */
const START = { k: 1, r: 1, alphaDays: 60, a: 1, b: 2 };

/** The functions as they stand in src. */
const engine = () =>
  fromSource(`export * from './src/rhythm/index.js'; export * from './src/model/index.js';
    export { simulate, calibrationError } from './test/unit/rhythm/simulate.js';`);

function fitOn(functions, people, now) {
  const summaries = people
    .map(({ days }) => days.filter((day) => day <= now))
    .filter((days) => days.length > 0)
    .map((days) => summaryOf(days, now));
  const { prior, logLikelihood, other } = functions.fitPrior(summaries, START, { ridge: 0 });
  console.log(`fitted on ${summaries.length}: k ${prior.k}, ${logLikelihood.toFixed(1)}`);
  return { prior, logLikelihood, other };
}

async function benchRhythm() {
  const { values, positionals } = parseArgs({
    args: process.argv.slice(3),
    allowPositionals: true,
    options: { save: { type: 'boolean', default: false } },
  });
  const folder = resolve(positionals[0] ?? process.env.REGULARS_DATA ?? '../shared/data');
  if (!existsSync(`${folder}/cdnow`))
    throw new Refusal(
      `No data in ${folder}/cdnow. Give the folder: npm run bench rhythm -- <folder>, or set REGULARS_DATA.`,
      2,
    );
  const functions = await engine();
  const random = randomOf(SEED);
  const people = readCdnow(`${folder}/cdnow`);
  const sample = people.filter((one) => one.sample);
  const others = people.filter((one) => !one.sample);
  const fits = {
    others: fitOn(functions, others, SEEN),
    othersLong: fitOn(functions, others, END),
    sampleLong: fitOn(functions, sample, END),
  };
  const retail = existsSync(`${folder}/online_retail`) ? readRetail(`${folder}/online_retail`) : [];
  const parts = [
    INTRODUCTION,
    tablesSection(functions, `${folder}/cdnow`),
    simulatedSection(functions),
    holdOutSection(functions, sample, fits.others, random),
    toneSection(functions, { sample, others, retail, fits }),
    lostSection(functions, { sample, fits }, random),
    ...(retail.length > 0 ? [buyAgainSection(functions, retail, random)] : []),
    LIMITS,
  ];
  const page = await prettier.format(parts.join('\n\n'), { parser: 'markdown', printWidth: 100 });
  console.log(page);
  if (values.save) writeFileSync(join(root, 'docs/bench-rhythm.md'), page);
}

const INTRODUCTION = `# Rhythm, measured

\`\`\`sh
npm run bench rhythm                      # ten seconds; with the folder of the data sets, or REGULARS_DATA
npm run bench rhythm -- --save            # writes this page
\`\`\`

Parameters always come from other customers than those that are reported, and thresholds were fixed before. Intervals are of 95 %:
customers, not rows, drawn anew 1,000 times. CDNOW is an online music shop (Fader and Hardie): 23,570 people who first bought in the
first quarter of 1997, and what they bought until June 1998. The published tables are about every tenth of them, 2,357; the other
21,213 are where parameters come from. Neither the grocery nor the coffee machine of the study is among our data.`;

const LIMITS = `## Weak spots

Two shops. CDNOW's customers all began within one quarter, so that the time since the last purchase alone ranks unusually well; many
of the other shop's are small wholesalers. No groceries with dates, no season: a year is the shortest season there is, and neither log
holds two. "Never missed after a gap that was not their longest" holds by construction; what it costs is in the column of misses.`;

await main(benchRhythm);
