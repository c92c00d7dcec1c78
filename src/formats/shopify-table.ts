import { readCsv, type CsvRow } from './csv.js';
import type { Loose } from './read.js';

/** The first of these columns, in lower case, that holds something. */
export type Cell = (row: CsvRow, columns: readonly string[]) => string | undefined;

/** The columns that fields of the API are in, each by the names it has. */
export type Columns = { readonly [field: string]: readonly string[] };

/** The rows of a CSV file, and its cells by the names of columns in any case. */
export function readTable(text: string): {
  readonly rows: readonly CsvRow[];
  readonly cell: Cell;
  /** Whether there is such a column. */
  readonly has: (column: RegExp) => boolean;
} {
  const rows = readCsv(text);
  const columns = new Map(Object.keys(rows[0] ?? {}).map((name) => [name.toLowerCase(), name]));
  const cell: Cell = (row, names) => {
    for (const name of names) {
      const value = row[columns.get(name) ?? ''];
      if (value) return value;
    }
    return undefined;
  };
  return { rows, cell, has: (column) => [...columns.keys()].some((name) => column.test(name)) };
}

/** The fields as these rows have them: each from the first row that does. */
export function fieldsOf(columns: Columns, rows: readonly CsvRow[], cell: Cell): Loose {
  const fields: { [field: string]: string } = {};
  for (const [field, names] of Object.entries(columns))
    for (const row of rows) {
      const value = cell(row, names);
      if (value !== undefined) {
        fields[field] = value;
        break;
      }
    }
  return fields;
}
