import type { ImportRules, Values } from './typed.js';
import { misused } from './exit.js';
import type { ColumnRole, Columns } from './train-lines.js';

/** What is trained, and how. */
export interface TrainArguments {
  /** Files and databases. */
  readonly paths: readonly string[];
  /** Undefined where nothing is written. */
  readonly output: string | undefined;
  readonly ranker: string | undefined;
  /** A file of what was offered, for the ranker. */
  readonly exposures: string | undefined;
  readonly dryRun: boolean;
  /** Of a database. */
  readonly query: string | undefined;
  readonly inPlace: boolean;
  /** Names of columns that are not told by themselves. */
  readonly columns: Partial<Columns>;
  /** One customer in so many for the neighbours; undefined for what suits the number of orders. */
  readonly sample: number | undefined;
  readonly memory: string | undefined;
  readonly rules: ImportRules;
}

const ROLES: readonly ColumnRole[] = ['customer', 'order', 'at', 'sku', 'quantity'];

/** Reads what was typed after `train`; throws what is wrong with it. */
export function readTrain(
  paths: readonly string[],
  values: Values,
  rules: ImportRules,
): TrainArguments {
  const { output, ranker, exposures, memory, sample, columns } = values;
  // as it is written in a database's own tool
  const query = values.query?.replace(/[;\s]+$/, '');
  const dryRun = values['dry-run'] === true;
  if (paths.length === 0 && query === undefined)
    throw misused('train needs orders: files, or a database with --query.');
  if (output === undefined && !dryRun)
    throw misused('train needs -o <file> for the model, or --dry-run to write nothing.');
  if (output === '' || ranker === '') throw misused('-o and --ranker need the name of a file.');
  if (output !== undefined && output === ranker)
    throw misused('The model and the ranker are two files.');
  if (exposures !== undefined && ranker === undefined)
    throw misused('--exposures is what a ranker learns from: it needs --ranker <file>.');
  if (memory !== undefined && !/^\d+(?:\.\d+)?(?:MB|GB)$/i.test(memory))
    throw misused(`--memory takes an amount as 2GB, not "${memory}".`);
  const inPlace = values['in-place'] === true;
  if (inPlace && (paths.length !== 1 || !/^postgres(?:ql)?:/.test(paths[0] ?? '')))
    throw misused('--in-place takes one address of PostgreSQL.');
  return {
    ...{ paths, output, ranker, exposures, dryRun, query, inPlace, memory, rules },
    ...{ sample: readSample(sample), columns: readColumns(columns) },
  };
}

function readSample(given: string | undefined): number | undefined {
  if (given === undefined) return undefined;
  const sample = Number(given);
  if (!Number.isInteger(sample) || sample < 1)
    throw misused(`--sample takes a whole number from 1, not "${given}".`);
  return sample;
}

function readColumns(given: string | undefined): Partial<Columns> {
  const pairs = (given ?? '').split(',').filter((pair) => pair.trim() !== '');
  return Object.fromEntries(
    pairs.map((pair) => {
      const [role = '', name = ''] = pair.split('=').map((part) => part.trim());
      if (!ROLES.includes(role as ColumnRole) || name === '')
        throw misused(`--columns takes ${ROLES.join('=…, ')}=…; not "${pair}".`);
      return [role, name];
    }),
  );
}
