// What is printed, and docs/accuracy.md.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import prettier from 'prettier';
import { root } from '../../scripts/prepare.mjs';
import { SETS } from './data.mjs';
import { COLUMNS } from './metrics.mjs';

const RESULTS = join(root, 'bench/accuracy/results.json');

const four = (value) => value.toFixed(4).replace(/^0/, '');
const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB gzip`;

function sizesOf({ model, ranker }) {
  return [model && `model ${kilobytes(model)}`, ranker && `ranker ${kilobytes(ranker)}`]
    .filter(Boolean)
    .join(', ');
}

const caption = ({ people, split, folds, sizes }) =>
  [`${people} ${split} customers in ${folds} fold${folds === 1 ? '' : 's'}`, sizesOf(sizes)]
    .filter(Boolean)
    .join('; ');

export function printTable(table) {
  console.log(`\n${table.title}: ${caption(table)}`);
  console.log(`${''.padEnd(42)}${COLUMNS.map((name) => name.padEnd(8)).join('')}`);
  for (const { name, cells } of table.rows)
    console.log(
      `${name.replaceAll('*', '').padEnd(42)}${cells.map(({ mean }) => four(mean).padEnd(8)).join('')}` +
        (isNaN(cells[0].deviation) ? '' : ` ± ${four(cells[0].deviation)}`),
    );
}

function section(table) {
  const head = ['method', ...COLUMNS];
  const rows = table.rows.map(({ name, cells }) => [
    name,
    ...cells.map(({ mean, deviation }) =>
      deviation === null || isNaN(deviation) ? four(mean) : `${four(mean)} ± ${four(deviation)}`,
    ),
  ]);
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [
    `## ${table.title}`,
    `${caption(table)}.`,
    [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n'),
  ].join('\n\n');
}

const INTRODUCTION = `# Next-basket accuracy, measured

\`\`\`sh
npm run bench accuracy                    # minutes to an hour; with the folder of the data sets, or REGULARS_DATA
npm run bench accuracy -- --set dunnhumby_carbo --split val
npm run bench accuracy -- --save          # writes this page
\`\`\`

A customer's last basket is to be told from those before, by the protocol of "A Next Basket Recommendation Reality Check" (TOIS 2023):
customers are split 72 : 8 : 20, models are made of the train customers alone, parameters chosen on validation customers, and the test
customers' histories are seen by the scorer only, as on a device. R is recall, N is NDCG (its ideal goes over the whole basket), PHR the
share of customers with a hit; _repeat_ and _new_ are recall at 10 of what the customer had, and had not, bought before, over those
customers whose basket holds such things. Means of the folds ± their deviation.

The anchors are written after their papers and reference programs in \`bench/accuracy/anchors.mjs\`; TIFU-KNN at its published
parameters is the check that they are right: on Ta-Feng .1250, .1001, .3817, .1804, .1214 were found elsewhere (R@10, N@10, PHR@10, R@20,
N@20). They need every other customer's history when they serve; ours needs the customer's own and one file.

The test part answers only for configurations that were committed before: \`bench/accuracy/configurations.json\`.`;

/** Puts these sets' results beside those of earlier runs, and writes the page of all of them. */
export async function saveTables(tables) {
  let results = {};
  try {
    results = JSON.parse(readFileSync(RESULTS, 'utf8'));
  } catch {
    // the first run
  }
  for (const table of tables) results[table.set] = table;
  const json = JSON.stringify(results, (_, value) =>
    typeof value === 'number' ? +value.toFixed(5) : value,
  );
  writeFileSync(RESULTS, await prettier.format(json, { parser: 'json', printWidth: 100 }));
  const known = Object.keys(SETS).flatMap((set) => results[set] ?? []);
  const parts = [INTRODUCTION, ...known.map(section)];
  const text = await prettier.format(parts.join('\n\n'), { parser: 'markdown', printWidth: 100 });
  writeFileSync(join(root, 'docs/accuracy.md'), text);
}
