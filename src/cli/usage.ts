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

  --shop NAME          whose storage; may be left out where the folder holds one
  --help, --version

A folder is that of lmdbStorage({ folder }). Formats: JSON, JSON Lines or CSV (also .gz) of ga4, segment, shopify,
woocommerce, square, stripe, magento, bigcommerce, toast, deliverect, schema-org; purchases as regulars takes them.
An import that was stopped goes on when it is run again; what is there already is passed over.
Ends with 0 when done, 1 when it failed, 2 when called the wrong way, 130 after Ctrl-C.
`;
