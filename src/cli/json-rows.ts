import { readLines } from '../profile/read-lines.js';
import { isLines } from './detect.js';
import { jsonParts } from './json-parts.js';
import { partOfJson } from './part-of-json.js';
import { columnsOf, type Columns } from './train-lines.js';

type Row = { readonly [name: string]: unknown };

/** Where the rows of a JSON text are, and which of their fields is what. */
export interface JsonRows {
  /** JSON Lines, or one value. */
  readonly isLines: boolean;
  /** Names that lead to the list, none where it is the text itself. */
  readonly path: readonly string[];
  readonly columns: Columns;
}

/** Rows that are looked at for their fields, levels that a list may lie deep, and rows that are given at once. */
const LOOKED_AT = 100;
const DEEPEST = 4;
const PART = 500;

const isRow = (value: unknown): value is Row =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Finds the rows in how a JSON text begins: objects with a customer and a sku, line by line, in a list, or in a list somewhere within. */
export function findRows(head: string, given: Partial<Columns>): JsonRows | undefined {
  const begin = head.replace(/^\uFEFF/, '').trimStart();
  const lines = isLines(begin);
  let level: readonly (readonly [path: readonly string[], value: unknown])[] = [
    [[], lines ? begin.split('\n', LOOKED_AT).flatMap(parsed).flatMap(listed) : partOfJson(begin)],
  ];
  for (let depth = 0; depth < DEEPEST; depth++) {
    for (const [path, value] of level) {
      const rows = (Array.isArray(value) ? value.slice(0, LOOKED_AT) : [value]).filter(isRow);
      const names = new Set(rows.flatMap(namesOf));
      const isAll = Object.values(given).every((name) => name === undefined || names.has(name));
      const columns = isAll ? columnsOf([...names], given) : undefined;
      if (columns) return { isLines: lines, path, columns };
    }
    level = level.flatMap(([path, value]) =>
      isRow(value)
        ? Object.entries(value).map(([name, one]) => [[...path, name], one] as const)
        : [],
    );
  }
  return undefined;
}

/** Names of a row's fields; those of an object in it as `customer.id`. */
const namesOf = (row: Row): readonly string[] =>
  Object.entries(row).flatMap(([name, value]) =>
    isRow(value) ? Object.keys(value).map((inner) => `${name}.${inner}`) : [name],
  );

/** A field by its name. */
export function fieldOf(row: unknown, name: string): unknown {
  if (!isRow(row)) return undefined;
  if (Object.hasOwn(row, name)) return row[name];
  const dot = name.indexOf('.');
  const outer = name.slice(0, Math.max(0, dot));
  return dot > 0 && Object.hasOwn(row, outer)
    ? fieldOf(row[outer], name.slice(dot + 1))
    : undefined;
}

/**
 * The rows of a JSON text of any length; a line that is no JSON is a row without fields.
 * @yields some rows
 */
export async function* jsonRows(
  texts: AsyncIterable<string>,
  { isLines: areLines, path }: JsonRows,
): AsyncGenerator<readonly unknown[]> {
  if (!areLines) {
    for await (const { value } of jsonParts(texts)) yield rowsAt(value, path);
    return;
  }
  let rows: unknown[] = [];
  for await (const { text = '' } of readLines(texts).lines) {
    if (text.trim() === '') continue;
    const [row] = parsed(text);
    // a line may be a page of a list
    for (const one of rowsAt(row, path)) rows.push(one);
    if (rows.length < PART) continue;
    yield rows;
    rows = [];
  }
  yield rows;
}

function rowsAt(value: unknown, path: readonly string[]): readonly unknown[] {
  const inner = path.reduce<unknown>(
    (one, name) => (isRow(one) && Object.hasOwn(one, name) ? one[name] : undefined),
    value,
  );
  return listed(inner);
}

const listed = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? (value as readonly unknown[]) : [value];

function parsed(line: string): readonly unknown[] {
  try {
    return [JSON.parse(line) as unknown];
  } catch {
    return [];
  }
}
