import Papa from 'papaparse';

/** A row by the names of its columns. */
export type CsvRow = { readonly [column: string]: string };

/**
 * The rows of a text below its header: separated by comma, semicolon or tab, whichever the header has most of, with any line ends. Empty
 * rows are left out, names and cells trimmed. Of two columns of one name the first stands; cells beyond the header have no name and are dropped.
 */
export function readCsv(text: string): readonly CsvRow[] {
  const plain = text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
  const { data } = Papa.parse<readonly string[]>(plain, {
    delimiter: delimiterOf(plain),
    newline: '\n',
    skipEmptyLines: 'greedy',
  });
  const [header = [], ...rows] = data;
  const columns = header
    .map((name, i) => [name.trim(), i] as const)
    .filter(([name], i, all) => name !== '' && all.findIndex(([one]) => one === name) === i);
  // fields of a copy stay its own, whatever their name; and it is made many times as fast as from entries
  const blank: CsvRow = Object.fromEntries(columns.map(([name]) => [name, '']));
  return rows.map((cells) => {
    const row: { [column: string]: string } = { ...blank };
    for (const [name, i] of columns) row[name] = (cells[i] ?? '').trim();
    return row;
  });
}

/** The mark the header has most of, outside of quotes. */
export function delimiterOf(text: string): string {
  const header = /^(?:"[^"]*"|[^"\n])*/.exec(text)?.[0].replace(/"[^"]*"/g, '') ?? '';
  const count = (mark: string): number => header.split(mark).length;
  return [',', ';', '\t'].reduce((best, mark) => (count(mark) > count(best) ? mark : best));
}
