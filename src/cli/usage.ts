/** How the command is used. */
export const USAGE = `Usage: regulars <command> [options]

  regulars inspect <folder | export.jsonl | ->   what is stored, in numbers
      --customer ID    one customer with every record
      --json           as JSON
  regulars export <folder> [-o file]             a storage as JSON Lines, to standard output without -o
  regulars import <file…> --into <folder>        orders or an export into a storage; - is standard input
      --data FOLDER, --database-url URL, --server URL   instead of --into: orders into a shop of a server
      --dry-run        reads everything, writes nothing, says what would come in; needs no --into
      --format NAME    what the files are, where it is not to be told by how they begin
      --region CC      country of phone numbers without a country code; also --country
      --currency CCC   of prices that do not say theirs
      --time-zone ZONE of times that do not say theirs, as Europe/Berlin
      --received-at T  when events came that carry no time
      --place ID       where orders were taken that do not say so
      --live-only      leaves out what is marked as a test
      --keep notes     free text of lines, too
  regulars train <orders…> -o <file>             a catalog model of orders, with a report of its accuracy
      --ranker FILE    fits a ranker, too
      --exposures FILE what was offered on pages, and what came of it: the ranker learns from it
      --query SQL      of a database, which customers bought what
      --columns …      of tables, which is what: customer=…,order=…,at=…,sku=…
      --in-place       trains in PostgreSQL itself; the query's columns are customer, visit, time_ms, sku
      --sample N       neighbours of one customer in N; as many as it takes without
      --memory 1GB     for counting; beyond that it goes to disk
      --dry-run, --format, --region, --time-zone, --received-at, --live-only as above
  regulars serve --shop NAME                     a shop's server, with an embedded database, for pages and kiosks
      --data FOLDER    of the key and the database; ./regulars-data without
      --database-url U a PostgreSQL instead, as postgres://user@host/name; also REGULARS_DATABASE_URL
      --port N, --host H   where it listens; 8787 and 127.0.0.1 without
      --origin URL     pages that may call, beside those of this machine; may be repeated
  regulars device add [--place ID]               a code, good once and for a day: lets a kiosk or till in
  regulars device list [--json]                  which there are, their version, when they were seen, what waits there
  regulars device revoke <id>                    ends its key
  regulars token --account ID                    a token as a shop's backend signs it, to try things out
      --scope S        self, look-up or staff (with --role R); --email, --phone, --minutes N (60 without)

  device, token and import find the shop by --data, --database-url or --server, as serve was given it. The key
  is the one in the folder, or that of REGULARS_KEY.
  --shop NAME          whose storage; may be left out where the folder holds one
  --help, --version

A folder is that of lmdbStorage({ folder }). Formats: JSON, JSON Lines or CSV (also .gz) of ga4, segment, shopify,
woocommerce, square, stripe, magento, bigcommerce, toast, deliverect, schema-org; purchases as regulars takes them.
Orders to train on are those, and exports, any CSV or Parquet with customers and items, PostgreSQL, DuckDB.
An import or a training that was stopped goes on when it is run again; what is there already is passed over.
Ends with 0 when done, 1 when it failed, 2 when called the wrong way, 130 after Ctrl-C.
`;
