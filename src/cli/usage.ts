/** How the command is used. */
export const USAGE = `Usage: regulars <command> [options]

  regulars inspect <folder | export.jsonl | ->   what is stored, in numbers
      --customer ID    one customer with every record
      --json           as JSON
  regulars export <folder> [-o file]             a storage as JSON Lines, to standard output without -o
  regulars import <file…> --into <folder>        orders or an export into a storage; - is standard input
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
      --query SQL      of a database, which customers bought what
      --columns …      of tables, which is what: customer=…,order=…,at=…,sku=…
      --in-place       trains in PostgreSQL itself; the query's columns are customer, visit, time_ms, sku
      --sample N       neighbours of one customer in N; as many as it takes without
      --memory 1GB     for counting; beyond that it goes to disk
      --dry-run, --format, --region, --time-zone, --received-at, --live-only as above

  --shop NAME          whose storage; may be left out where the folder holds one
  --help, --version

A folder is that of lmdbStorage({ folder }). Formats: JSON, JSON Lines or CSV (also .gz) of ga4, segment, shopify,
woocommerce, square, stripe, magento, bigcommerce, toast, deliverect, schema-org; purchases as regulars takes them.
Orders to train on are those, and exports, any CSV or Parquet with customers and items, PostgreSQL, DuckDB.
An import or a training that was stopped goes on when it is run again; what is there already is passed over.
Ends with 0 when done, 1 when it failed, 2 when called the wrong way, 130 after Ctrl-C.
`;
