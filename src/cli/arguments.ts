import { parseArgs } from 'node:util';
import type { OrderFormat } from './detect.js';
import { misused } from './exit.js';
import { VENDORS } from './parsers.js';
import {
  readDevice,
  readPlace,
  readServe,
  readToken,
  type DeviceArguments,
  type ServeArguments,
  type ShopPlace,
  type TokenArguments,
} from './serve-arguments.js';
import { readTrain, type TrainArguments } from './train-arguments.js';
import type { ImportRules, Option, Values, YesOption } from './typed.js';
import { COMMANDS, type CommandName } from './usage.js';

/** What was asked for. */
export type Command =
  | { readonly kind: 'version' }
  /** `of` which command; of all without. */
  | { readonly kind: 'help'; readonly of: CommandName | undefined }
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
      /** A folder, or a shop of a server; undefined where nothing is written. */
      readonly into: string | undefined;
      readonly at: ShopPlace | undefined;
      readonly dryRun: boolean;
      readonly shop: string | undefined;
      readonly rules: ImportRules;
    }
  | ({ readonly kind: 'train' } & TrainArguments)
  | ({ readonly kind: 'serve' } & ServeArguments)
  | ({ readonly kind: 'device' } & DeviceArguments)
  | ({ readonly kind: 'token' } & TokenArguments);

const text = { type: 'string' } as const;
const yes = { type: 'boolean' } as const;
const OPTIONS: {
  readonly [O in Option]: (O extends YesOption ? typeof yes : typeof text) & {
    readonly short?: string;
    readonly multiple?: boolean;
  };
} = {
  ...{ help: { ...yes, short: 'h' }, version: yes, json: yes, output: { ...text, short: 'o' } },
  ...{ shop: text, customer: text, into: text, region: text, country: text, currency: text },
  ...{ format: text, 'time-zone': text, 'received-at': text, place: text, keep: text },
  ...{ 'live-only': yes, 'dry-run': yes },
  ...{
    ranker: text,
    exposures: text,
    query: text,
    columns: text,
    sample: text,
    memory: text,
    'in-place': yes,
  },
  ...{ data: text, 'database-url': text, server: text, host: text, port: text },
  ...{ origin: { ...text, multiple: true }, account: text, role: text, scope: text },
  ...{ email: text, phone: text, minutes: text },
};

const PLACE = ['shop', 'data', 'database-url'] as const;
/** Which options a command takes. */
export const ALLOWED: { readonly [K in CommandName]: readonly Option[] } = {
  inspect: ['shop', 'customer', 'json'],
  export: ['shop', 'output'],
  import: [
    ...PLACE,
    ...(['server', 'into', 'dry-run', 'format', 'region', 'country', 'currency'] as const),
    ...(['time-zone', 'received-at', 'place', 'live-only', 'keep'] as const),
  ],
  train: [
    ...([
      'output',
      'ranker',
      'exposures',
      'dry-run',
      'query',
      'columns',
      'sample',
      'memory',
      'in-place',
    ] as const),
    ...(['format', 'region', 'country', 'time-zone', 'received-at', 'live-only'] as const),
  ],
  serve: [...PLACE, 'host', 'port', 'origin'],
  device: [...PLACE, 'server', 'place', 'json'],
  token: ['data', 'account', 'role', 'scope', 'email', 'phone', 'minutes'],
};

/** Reads what was typed; throws what is wrong with it. */
export function readArguments(args: readonly string[]): Command {
  const { values, positionals } = parse(args);
  if (values.help) return { kind: 'help', of: COMMANDS.find((name) => name === positionals[0]) };
  if (values.version) return { kind: 'version' };
  const [typed, path, ...more] = positionals;
  if (typed === undefined)
    throw misused(`Name a command: ${COMMANDS.slice(0, -1).join(', ')} or ${COMMANDS.at(-1)}.`);
  const kind = COMMANDS.find((name) => name === typed);
  if (kind === undefined) throw misused(`There is no command "${typed}".`);
  const allowed: readonly string[] = ALLOWED[kind];
  const foreign = Object.keys(values).find((name) => !allowed.includes(name));
  if (foreign !== undefined) throw misused(`${kind} has no option --${foreign}.`);
  const rest = path === undefined ? [] : [path, ...more];
  if (kind === 'train') return { kind, ...readTrain(rest, values, readRules(values)) };
  if (kind === 'serve') return { kind, ...readServe(rest, values) };
  if (kind === 'device') return { kind, ...readDevice(rest, values) };
  if (kind === 'token') return { kind, ...readToken(rest, values) };
  if (path === undefined)
    throw misused(`${kind} needs a ${kind === 'import' ? 'file' : 'folder'}.`);
  if (values.shop === '') throw misused('--shop needs a name.');
  const { shop, customer, json = false, output } = values;
  if (kind === 'import') return { kind, paths: rest, shop, ...readImport(values) };
  if (more.length > 0) throw misused(`${kind} takes one path, not also "${more[0]}".`);
  return kind === 'inspect' ? { kind, path, shop, customer, json } : { kind, path, shop, output };
}

const SHOPS = ['data', 'database-url', 'server'] as const;

function readImport(values: Values): {
  readonly into: string | undefined;
  readonly at: ShopPlace | undefined;
  readonly dryRun: boolean;
  readonly rules: ImportRules;
} {
  const { into, 'dry-run': dryRun = false } = values;
  const isShop = SHOPS.some((name) => values[name] !== undefined);
  if (into === undefined && !isShop && !dryRun)
    throw misused(
      'import needs --into <folder>, or a shop of a server: --data <folder>, --database-url or --server; or --dry-run to write nothing.',
    );
  if (into !== undefined && isShop) throw misused('--into and a shop of a server are two places.');
  return { into, at: isShop ? readPlace(values) : undefined, dryRun, rules: readRules(values) };
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
    const { values, positionals } = parseArgs({
      ...{ args: [...args], allowPositionals: true, options: OPTIONS },
    });
    return { values: values as Values, positionals };
  } catch (error) {
    const [line = ''] = (error instanceof Error ? error.message : '').split('. To specify');
    throw misused(line.endsWith('.') ? line : `${line}.`);
  }
}
