import { parseArgs } from 'node:util';
import { misused } from './exit.js';

/** How the command is used. */
export const USAGE = `Usage: regulars <command> [options]

  regulars inspect <folder | export.jsonl | ->   what is stored, in numbers
      --customer ID    one customer with every record
      --json           as JSON
  regulars export <folder> [-o file]             a storage as JSON Lines, to standard output without -o
  regulars import <file | -> --into <folder>     an export, or purchases as JSON Lines, into a storage
      --region CC      of phone numbers without a country code (purchases)
      --currency CCC   of prices that do not say theirs (purchases)

  --shop NAME          whose storage; may be left out where the folder holds one
  --help, --version

A folder is that of lmdbStorage({ folder }). An import that was stopped goes on when it is run again.
Ends with 0 when done, 1 when it failed, 2 when called the wrong way, 130 after Ctrl-C.
`;

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
      readonly path: string;
      readonly into: string;
      readonly shop: string | undefined;
      readonly region: string | undefined;
      readonly currency: string | undefined;
    };

const ALLOWED = {
  inspect: ['shop', 'customer', 'json'],
  export: ['shop', 'output'],
  import: ['shop', 'into', 'region', 'currency'],
} as const;

/** Reads what was typed; throws what is wrong with it. */
export function readArguments(args: readonly string[]): Command {
  const { values, positionals } = parse(args);
  if (values.help) return { kind: 'help' };
  if (values.version) return { kind: 'version' };
  const [kind, path, ...more] = positionals;
  if (kind === undefined) throw misused('Name a command: inspect, export or import.');
  if (kind !== 'inspect' && kind !== 'export' && kind !== 'import')
    throw misused(`There is no command "${kind}".`);
  const foreign = Object.keys(values).find(
    (name) => !(ALLOWED[kind] as readonly string[]).includes(name),
  );
  if (foreign !== undefined) throw misused(`${kind} has no option --${foreign}.`);
  if (path === undefined)
    throw misused(`${kind} needs a ${kind === 'import' ? 'file' : 'folder'}.`);
  if (more.length > 0) throw misused(`${kind} takes one path, not also "${more[0]}".`);
  if (values.shop === '') throw misused('--shop needs a name.');
  const { shop, customer, json = false, output, into, region, currency } = values;
  switch (kind) {
    case 'inspect':
      return { kind, path, shop, customer, json };
    case 'export':
      return { kind, path, shop, output };
    case 'import':
      if (into === undefined) throw misused('import needs --into <folder>.');
      return { kind, path, into, shop, region, currency };
  }
}

interface Values {
  readonly help?: boolean;
  readonly version?: boolean;
  readonly json?: boolean;
  readonly shop?: string;
  readonly customer?: string;
  readonly output?: string;
  readonly into?: string;
  readonly region?: string;
  readonly currency?: string;
}

function parse(args: readonly string[]): {
  readonly values: Values;
  readonly positionals: readonly string[];
} {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        ...{ help: { type: 'boolean', short: 'h' }, version: { type: 'boolean' } },
        ...{ json: { type: 'boolean' }, output: { ...text, short: 'o' } },
        ...{ shop: text, customer: text, into: text, region: text, currency: text },
      },
    });
  } catch (error) {
    const [line = ''] = (error instanceof Error ? error.message : '').split('. To specify');
    throw misused(line.endsWith('.') ? line : `${line}.`);
  }
}
