const ORDERS = `
      --format NAME    what the files are, where it is not to be told by how they begin
      --region CC      country of phone numbers without a country code; also --country`;
const PLACE = `
      --data FOLDER    of the key and the database, as serve was given it; ./regulars-data without
      --database-url U the PostgreSQL that serve was given; also REGULARS_DATABASE_URL
      --server URL     of a server that runs, as https://regulars.shop.example
      --shop NAME      whose it is; may be left out where the folder says it
The key is the one in the folder, or that of REGULARS_KEY.`;
const FORMATS = `
Formats: JSON, JSON Lines or CSV (also .gz) of ga4, segment, shopify, woocommerce, square, stripe, magento,
bigcommerce, toast, deliverect, schema-org; purchases as regulars takes them.`;

/** A command of `regulars`. */
export type CommandName = 'inspect' | 'export' | 'import' | 'train' | 'serve' | 'device' | 'token';

/** How each command is called, what it is for, and what else there is to say. */
const USAGES: { readonly [K in CommandName]: readonly [string, string, string] } = {
  inspect: [
    'inspect <folder | export.jsonl | ->',
    'what is stored, in numbers',
    `
      --customer ID    one customer with every record
      --json           as JSON
      --shop NAME      whose storage; may be left out where the folder holds one
A folder is that of lmdbStorage({ folder }).`,
  ],
  export: [
    'export <folder> [-o file]',
    'a storage as JSON Lines',
    `
      -o, --output F   a file, there once it is whole; standard output without
      --shop NAME      whose storage; may be left out where the folder holds one
A folder is that of lmdbStorage({ folder }).`,
  ],
  import: [
    'import <file…> --into <folder>',
    'orders or an export into a storage, or a shop of a server',
    `
      --into FOLDER    that of lmdbStorage({ folder })
      --data FOLDER, --database-url URL, --server URL   instead of --into: orders into a shop of a server
      --shop NAME      whose it is; may be left out where the folder says it
      --dry-run        reads everything, writes nothing, says what would come in; needs no --into${ORDERS}
      --currency CCC   of prices that do not say theirs
      --time-zone ZONE of times that do not say theirs, as Europe/Berlin
      --received-at T  when events came that carry no time
      --place ID       where orders were taken that do not say so
      --live-only      leaves out what is marked as a test
      --keep notes     free text of lines, too
- is standard input. Stopped and run again it goes on; what is there already is passed over.${FORMATS}`,
  ],
  train: [
    'train <orders…> -o <file>',
    'a catalog model of orders, with a report of its accuracy',
    `
      -o, --output F   where the model is written
      --ranker FILE    fits a ranker, too
      --exposures FILE what was offered on pages, and what came of it: the ranker learns from it
      --query SQL      of a database, which customers bought what
      --columns …      of tables, which is what: customer=…,order=…,at=…,sku=…,quantity=…
      --in-place       trains in PostgreSQL itself; the query's columns are customer, visit, time_ms, sku
      --sample N       neighbours of one customer in N; as many as it takes without
      --memory 1GB     for counting; beyond that it goes to disk
      --dry-run        reads everything, writes nothing${ORDERS}
      --time-zone ZONE of times that do not say theirs, as Europe/Berlin
      --received-at T  when events came that carry no time
      --live-only      leaves out what is marked as a test
Stopped and run again it goes on. Orders may also be exports, any CSV or Parquet with customers and items,
PostgreSQL, DuckDB.${FORMATS}`,
  ],
  serve: [
    'serve --shop NAME',
    "a shop's server, with an embedded database, for pages and kiosks",
    `
      --shop NAME      what pages give to createRegulars; may be left out where the folder says it
      --data FOLDER    of the key and the database; ./regulars-data without
      --database-url U a PostgreSQL instead, as postgres://user@host/name; also REGULARS_DATABASE_URL
      --port N, --host H   where it listens; 8787 and 127.0.0.1 without
      --origin URL     pages that may call, beside those of this machine; may be repeated
The key is the one in the folder, where there is none a new one, or that of REGULARS_KEY.`,
  ],
  device: [
    'device add | list | revoke <id>',
    'lets kiosks and tills in, lists them, ends their keys',
    `
  add [--place ID]     a code, good once and for a day
  list [--json]        which there are, their version, when they were seen, what waits there
  revoke <id>          ends its key${PLACE}`,
  ],
  token: [
    'token --account ID',
    "a token as a shop's backend signs it, to try things out",
    `
      --scope S        self, look-up or staff (with --role R)
      --email E, --phone P   what was checked of them
      --minutes N      how long it is good; 60 without
      --data FOLDER    of the key; ./regulars-data without. REGULARS_KEY goes before it.`,
  ],
};

/** All of them. */
export const COMMANDS = Object.keys(USAGES) as readonly CommandName[];
/** True for what is one. */
export const isCommand = (typed: string): boolean => COMMANDS.some((name) => name === typed);

const CODES =
  'Ends with 0 when done, 1 when it failed, 2 when called the wrong way, 130 after Ctrl-C.';

/** How a command is used; all of them in short without one. */
export function usageOf(command: CommandName | undefined): string {
  if (command !== undefined) {
    const [line, what, more] = USAGES[command];
    return `Usage: regulars ${line}\n\n${what}\n${more.replace(/\n(?=\S)/, '\n\n')}\n${CODES}\n`;
  }
  const lines = COMMANDS.map((name) => `  ${USAGES[name][0].padEnd(38)}${USAGES[name][1]}`);
  return [
    'Usage: regulars <command> [options]\n',
    ...lines,
    '\n  regulars <command> --help   says more; --version which version this is.',
    `${CODES}\n`,
  ].join('\n');
}
