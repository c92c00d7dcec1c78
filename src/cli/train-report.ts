import { gzipSync } from 'node:zlib';
import {
  evaluate,
  type Evaluation,
  type EvaluationCustomer,
  type EvaluationMetrics,
} from '../model/evaluate.js';
import { fitRanker } from '../model/fit-ranker.js';
import { trainModel } from '../model/train-model.js';
import { createRecommender } from '../recommend/create-recommender.js';
import type { CatalogModel } from '../recommend/types.js';
import { number, safe, table } from './print.js';

/** How well newest visits were told. */
export interface Measured {
  readonly model: Evaluation;
  /** With a ranker, where one is fitted. */
  readonly ranked: EvaluationMetrics | undefined;
}

/** Parts of the customers, each scored by what was made of the others; a ranker takes its time. */
const FOLDS = 5;
const FOLDS_RANKED = 3;
/** No cart is asked with. */
const NO_BASKETS = { menuItems: 0 };

/** Measures on customers whom what scores them has not seen. */
export async function measure(
  customers: readonly EvaluationCustomer[],
  isRanked: boolean,
  progress: (done: number) => void,
  signal: AbortSignal,
): Promise<Measured> {
  const folds = isRanked ? FOLDS_RANKED : FOLDS;
  const all = isRanked ? 2 * folds : folds;
  let done = 0;
  const step = (): void => {
    signal.throwIfAborted();
    progress(done++ / all);
  };
  const model = await evaluate(customers, { folds }, async (others) => {
    step();
    return createRecommender({ model: await trainModel(others, NO_BASKETS) });
  });
  if (!isRanked) return { model, ranked: undefined };
  const { recommender: ranked } = await evaluate(customers, { folds }, async (others) => {
    step();
    return createRecommender({
      model: await trainModel(others, NO_BASKETS),
      ranker: await fitRanker(others),
    });
  });
  return { model, ranked };
}

const SHOWN = [
  ...[['R@5', 'recall5'] as const, ['R@10', 'recall10'] as const, ['R@20', 'recall20'] as const],
  ...[['N@10', 'ndcg10'] as const, ['hit@10', 'hit10'] as const],
  ...[['repeat', 'repeatRecall10'] as const, ['new', 'newRecall10'] as const],
] as const;

const digits = (value: number): string => value.toFixed(3).replace(/^0/, '');

/** How good it is, as a table. */
export function accuracyText({ model, ranked }: Measured, measured: number, all: number): string {
  const scored = model.recommender.recall10.customers;
  if (scored === 0) return 'Nobody came twice: there is nothing to measure accuracy by.\n';
  const rows: readonly (readonly [string, EvaluationMetrics])[] = [
    ['popularity', model.popularity],
    ['own frequency', model.ownFrequency],
    ['this model', model.recommender],
    ...(ranked ? [['this model and ranker', ranked] as const] : []),
  ];
  const whom =
    measured < all
      ? `${number(scored)} of ${number(all)} customers`
      : `${number(scored)} customers`;
  return (
    `How much of a customer's newest visit is told from those before, ${whom}, none of whom was trained on;\nwith 95 % intervals:\n` +
    table(
      ['', ...SHOWN.map(([name]) => name)],
      rows.map(([name, metrics]) => [
        name,
        ...SHOWN.map(([, metric]) => {
          const { mean, low, high, customers } = metrics[metric];
          return customers === 0 ? '' : `${digits(mean)} (${digits(low)}–${digits(high)})`;
        }),
      ]),
    ) +
    behind(rows)
  );
}

/** Said where a shop would do as well without a model. */
function behind(rows: readonly (readonly [string, EvaluationMetrics])[]): string {
  const told = rows.map(([name, { recall10 }]) => ({ name, mean: recall10.mean }));
  const [best, ...others] = told.splice(0, 2).sort((a, b) => b.mean - a.mean);
  const model = Math.max(...told.map(({ mean }) => mean));
  if (!best || !others[0] || best.mean <= model) return '';
  const both = others[0].mean > model ? `${best.name} and ${others[0].name}` : best.name;
  return `By R@10 this model is behind ${both}: there are hardly any habits in these orders, or too few of them.\n`;
}

/** What it is, as a table. */
export function modelText(
  {
    model,
    customers,
    lines,
  }: { readonly model: CatalogModel; readonly customers: number; readonly lines: number },
  sample: number,
  files: readonly (readonly [string, Uint8Array])[],
): string {
  const pairs = model.customers.item.length + model.next.item.length;
  return table(
    ['', ''],
    [
      ['customers', number(customers)],
      ['lines of them that count', number(lines)],
      ['items', number(model.skus.length)],
      ['neighbours', number(pairs)],
      ...(sample > 1 ? [['counted of', `one customer in ${number(sample)}`]] : []),
      ...files.map(([file, bytes]) => [
        safe(file, 60),
        `${number(bytes.length)} bytes, ${number(gzipSync(bytes).length)} in gzip`,
      ]),
    ],
  );
}
