import { parseArgs } from 'node:util';
import type { OrderFormat } from './detect.js';
import { misused } from './exit.js';
import { VENDORS } from './parsers.js';
import { readTrain, type TrainArguments } from './train-arguments.js';

/** What holds for orders that do not say otherwise. */
export interface ImportRules {
  readonly format: OrderFormat | undefined;
  readonly region: string | undefined;
  readonly currency: string | undefined;
  readonly timeZone: string | undefined;
  readonly receivedAt: string | undefined;
  readonly place: string | undefined;
  readonly liveOnly: boolean;
  readonly keepNotes: boolean;
}

/** What was asked for. */
export type Command =
  | { readonly kind: 'help' | 'version' }
  | {
      readonly kind: 'inspect';
      readonly path: string;
      readonly shop: string | undefined;
      readonly customer: string | undefined;
      readonly json: boolean;
    }
  | {
      readonly kind: 'export';
      readonly path: string;
      readonly shop: string | undefined;
      readonly output: string | undefined;
    }
  | {
      readonly kind: 'import';
      readonly paths: readonly string[];
      /** Undefined where nothing is written. */
      readonly into: string | undefined;
      readonly dryRun: boolean;
      readonly shop: string | undefined;
      readonly rules: ImportRules;
    }
  | ({ readonly kind: 'train' } & TrainArguments);

const text = { type: 'string' } as const;
const yes = { type: 'boolean' } as const;
const OPTIONS = {
  ...{ help: { ...yes, short: 'h' }, version: yes, json: yes, output: { ...text, short: 'o' } },
  ...{ shop: text, customer: text, into: text, region: text, country: text, currency: text },
  ...{ format: text, 'time-zone': text, 'received-at': text, place: text, keep: text },
  ...{ 'live-only': yes, 'dry-run': yes },
  ...{ ranker: text, query: text, columns: text, sample: text, memory: text, 'in-place': yes },
} as const;

type Option = keyof typeof OPTIONS;
/** What was typed, by option. */
export type Values = {
  readonly [O in Option]?: (typeof OPTIONS)[O]['type'] extends 'boolean' ? boolean : string;
};

const ALLOWED: { readonly [K in 'inspect' | 'export' | 'import' | 'train']: readonly Option[] } = {
  inspect: ['shop', 'customer', 'json'],
  export: ['shop', 'output'],
  import: [
    ...(['shop', 'into', 'dry-run', 'format', 'region', 'country', 'currency'] as const),
    ...(['time-zone', 'received-at', 'place', 'live-only', 'keep'] as const),
  ],
  train: [
    ...([
      'output',
      'ranker',
      'dry-run',
      'query',
      'columns',
      'sample',
      'memory',
      'in-place',
    ] as const),
    ...(['format', 'region', 'country', 'time-zone', 'received-at', 'live-only'] as const),
  ],
};

/** Reads what was typed; throws what is wrong with it. */
export function readArguments(args: readonly string[]): Command {
  const { values, positionals } = parse(args);
  if (values.help) return { kind: 'help' };
  if (values.version) return { kind: 'version' };
  const [kind, path, ...more] = positionals;
  if (kind === undefined) throw misused('Name a command: inspect, export, import or train.');
  if (kind !== 'inspect' && kind !== 'export' && kind !== 'import' && kind !== 'train')
    throw misused(`There is no command "${kind}".`);
  const foreign = Object.keys(values).find((name) => !ALLOWED[kind].includes(name as Option));
  if (foreign !== undefined) throw misused(`${kind} has no option --${foreign}.`);
  const rest = path === undefined ? [] : [path, ...more];
  if (kind === 'train') return { kind, ...readTrain(rest, values, readRules(values)) };
  if (path === undefined)
    throw misused(`${kind} needs a ${kind === 'import' ? 'file' : 'folder'}.`);
  if (values.shop === '') throw misused('--shop needs a name.');
  const { shop, customer, json = false, output } = values;
  if (kind === 'import') return { kind, paths: rest, shop, ...readImport(values) };
  if (more.length > 0) throw misused(`${kind} takes one path, not also "${more[0]}".`);
  return kind === 'inspect' ? { kind, path, shop, customer, json } : { kind, path, shop, output };
}

function readImport(values: Values): {
  readonly into: string | undefined;
  readonly dryRun: boolean;
  readonly rules: ImportRules;
} {
  const { into, 'dry-run': dryRun = false } = values;
  if (into === undefined && !dryRun)
    throw misused('import needs --into <folder>, or --dry-run to write nothing.');
  return { into, dryRun, rules: readRules(values) };
}

function readRules(values: Values): ImportRules {
  const { format, keep, place } = values;
  const formats: readonly string[] = [...VENDORS, 'purchases'];
  if (format !== undefined && !formats.includes(format))
    throw misused(`--format is one of ${formats.join(', ')}; not "${format}".`);
  if (keep !== undefined && keep !== 'notes') throw misused('--keep takes only: notes.');
  if (place === '') throw misused('--place needs an id.');
  return {
    ...{ format: format as OrderFormat | undefined, place, keepNotes: keep === 'notes' },
    ...{ region: readRegion(values), currency: readCurrency(values.currency) },
    ...{ timeZone: readZone(values['time-zone']), receivedAt: readTime(values['received-at']) },
    liveOnly: values['live-only'] === true,
  };
}

function readRegion({ region, country }: Values): string | undefined {
  const given = (region ?? country)?.toUpperCase();
  if (given === undefined) return undefined;
  if (country !== undefined && country.toUpperCase() !== given)
    throw misused('--region and --country are the same thing, and differ.');
  if (!/^[A-Z]{2}$/.test(given)) throw misused(`--region takes two letters as DE, not "${given}".`);
  return given;
}

function readCurrency(given: string | undefined): string | undefined {
  const code = given?.toUpperCase();
  if (code !== undefined && !/^[A-Z]{3}$/.test(code))
    throw misused(`--currency takes three letters as EUR, not "${given}".`);
  return code;
}

function readZone(timeZone: string | undefined): string | undefined {
  try {
    Intl.DateTimeFormat('en', timeZone === undefined ? {} : { timeZone });
  } catch {
    throw misused(`--time-zone takes a name as Europe/Berlin, not "${timeZone}".`);
  }
  return timeZone;
}

function readTime(given: string | undefined): string | undefined {
  if (given === undefined) return undefined;
  const hasOffset = /^\d{4}-\d\d-\d\d(?:$|.*(?:Z|[+-]\d\d:?\d\d)$)/i.test(given);
  const ms = Date.parse(given.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
  if (!hasOffset || Number.isNaN(ms))
    throw misused(
      `--received-at takes a time with its offset as 2026-03-01T08:00Z, not "${given}".`,
    );
  return new Date(ms).toISOString();
}

function parse(args: readonly string[]): {
  readonly values: Values;
  readonly positionals: readonly string[];
} {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options: OPTIONS });
  } catch (error) {
    const [line = ''] = (error instanceof Error ? error.message : '').split('. To specify');
    throw misused(line.endsWith('.') ? line : `${line}.`);
  }
}
