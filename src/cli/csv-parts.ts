import { pipeline, Readable } from 'node:stream';
import Papa from 'papaparse';
import { delimiterOf } from '../formats/csv.js';
import { Exit } from './exit.js';

/** Some rows of a table, as a table of its own: with its header. */
export interface CsvPart {
  readonly text: string;
  /** How many rows it holds, and how many of the table came before. */
  readonly count: number;
  readonly before: number;
}

/** How many rows are given at once, and up to where the rest of an order is waited for. */
const ROWS = 500;
const MOST_ROWS = 20_000;
/** Characters of a row: more is a quote that was never closed. */
const LONGEST = 16_000_000;
/** Characters that papaparse gets at once: each time its reader has enough rows, it goes over all that is left of them again. */
const PIECE = 8_192;

/**
 * Line ends as `readCsv` has them, whatever they are and wherever the text was cut.
 * @yields a piece of the text
 */
async function* withLineFeeds(
  texts: AsyncIterable<string>,
  read: (characters: number) => void,
  unread: () => number,
): AsyncGenerator<string> {
  let held = '';
  for await (const text of texts) {
    const all = held + text;
    held = all.endsWith('\r') ? '\r' : '';
    const piece = all.slice(0, all.length - held.length).replace(/\r\n?/g, '\n');
    for (let from = 0; from < piece.length;) {
      // a row that is long is not looked through from its beginning for every piece of it
      const size = Math.max(PIECE, unread());
      // half of a pair would be lost
      const end = from + size + Number(/[\ud800-\udbff]/.test(piece[from + size - 1] ?? ''));
      const part = piece.slice(from, end);
      read(part.length);
      yield part;
      from = end;
    }
  }
  if (held !== '') yield '\n';
}

/** Some rows of a table. */
export interface CsvRows {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** How many rows of the table came before. */
  readonly before: number;
  readonly delimiter: string;
}

/**
 * A table of any length, some rows at a time. Rows that follow each other and agree in the first of `together` that the table has are
 * never parted: they are one order.
 * @yields some rows
 */
export async function* csvRows(
  head: string,
  texts: AsyncIterable<string>,
  together: readonly string[],
): AsyncGenerator<CsvRows, void, undefined> {
  const delimiter = delimiterOf(head.replace(/\r\n?/g, '\n'));
  const parsed = Papa.parse(Papa.NODE_STREAM_INPUT, {
    ...{ delimiter, newline: '\n', skipEmptyLines: 'greedy' },
  });
  let unread = 0;
  const read = (characters: number): void => {
    unread += characters;
    if (unread > LONGEST) throw new Exit(1, 'A row has no end: a quote in it is not closed.');
  };
  const lines = withLineFeeds(texts, read, () => unread);
  // what goes wrong is thrown to who reads
  pipeline(Readable.from(lines, { objectMode: true }), parsed, () => undefined);
  let header: readonly string[] | undefined;
  let key = -1;
  let rows: (readonly string[])[] = [];
  let before = 0;
  for await (const row of parsed as AsyncIterable<readonly string[]>) {
    unread = 0;
    if (!header) {
      header = row;
      const names = row.map((name) => name.trim().toLowerCase());
      key = together.map((name) => names.indexOf(name)).find((at) => at >= 0) ?? -1;
      continue;
    }
    const isNext = key < 0 || row[key]?.trim() !== rows.at(-1)?.[key]?.trim();
    if (rows.length >= MOST_ROWS || (rows.length >= ROWS && isNext)) {
      yield { header, rows, before, delimiter };
      before += rows.length;
      rows = [];
    }
    rows.push(row);
  }
  if (header && rows.length > 0) yield { header, rows, before, delimiter };
}

/**
 * The same as tables of their own, each with the header, for parsers that take a whole table.
 * @yields some rows
 */
export async function* csvParts(
  head: string,
  texts: AsyncIterable<string>,
  together: readonly string[],
): AsyncGenerator<CsvPart, void, undefined> {
  for await (const { header, rows, before, delimiter } of csvRows(head, texts, together)) {
    const table = { fields: [...header], data: [...rows] };
    const text = Papa.unparse(table, { delimiter, newline: '\n' });
    yield { text, count: rows.length, before };
  }
}
