// What is printed, and docs/accuracy.md.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import prettier from 'prettier';
import { root } from '../../scripts/prepare.mjs';
import { SETS } from './data.mjs';
import { readKept } from './kept.mjs';
import { COLUMNS, overFolds } from './metrics.mjs';

const four = (value) => value.toFixed(4).replace(/^0/, '');
const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB gzip`;

/** A set's table, of the methods by their names and of what was measured of their folds. */
export function tableOf(set, split, rows, titles) {
  const names = Object.keys(titles).filter((name) => rows[name]);
  const [{ folds }] = names.map((name) => rows[name]);
  const bytesOf = (name) => rows[name]?.folds.at(-1)?.bytes;
  return {
    title: SETS[set],
    split,
    people: folds.reduce((sum, { people }) => sum + people, 0),
    folds: folds.length,
    sizes: { model: bytesOf('model'), ranker: bytesOf('ranker') },
    rows: names.map((name) => ({
      name: titles[name],
      cells: overFolds(rows[name].folds.map(({ cells }) => cells)),
    })),
  };
}

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
npm run bench accuracy -- --save          # writes this page, and goes on where it was cut short
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

/** Writes the page of all sets: of each the folds that are kept of every method. */
export async function saveTables(titles) {
  const kept = readKept();
  const sections = Object.keys(SETS).flatMap((set) => {
    const methods = Object.entries(kept[set] ?? {});
    const isKept = (fold) => methods.every(([, { folds }]) => folds[fold]);
    const common = [...(methods[0]?.[1].folds.keys() ?? [])].filter(isKept);
    if (common.length === 0) return [];
    const rows = methods.map(([name, { folds }]) => [
      name,
      { folds: common.map((fold) => folds[fold]) },
    ]);
    return section(tableOf(set, 'test', Object.fromEntries(rows), titles));
  });
  const text = await prettier.format([INTRODUCTION, ...sections].join('\n\n'), {
    parser: 'markdown',
    printWidth: 100,
  });
  writeFileSync(join(root, 'docs/accuracy.md'), text);
}
