import Papa from 'papaparse';
import { readImported } from '../formats/read-imported.js';
import { readLines } from '../profile/read-lines.js';
import type { Purchase } from '../profile/types.js';
import type { ImportRules } from './typed.js';
import { csvRows } from './csv-parts.js';
import { Exit } from './exit.js';
import type { Io } from './io.js';
import { fieldOf, findRows, jsonRows, type JsonRows } from './json-rows.js';
import { openAny, parseOptions, purchaseOptions, unreadable, type Opened } from './open-orders.js';
import { readOrders } from './read-orders.js';
import type { Source } from './source.js';
import type { Tally } from './tally.js';
import {
  columnsOf,
  createRowReader,
  type Bought,
  type Columns,
  type RowRefused,
} from './train-lines.js';

/** What is to be read of files. */
export interface TrainRules {
  readonly rules: ImportRules;
  /** Columns that were named. */
  readonly columns: Partial<Columns>;
}

/** A file, as what was bought: in parts, the same ones each time. */
export interface TrainFile {
  readonly name: string;
  /** How it is read, in words for a person. */
  readonly is: string;
  readonly source: Source;
  readonly parts: AsyncIterable<readonly Bought[]>;
}

/** Opens a file of orders of a shop system, an export of ours, or any table with customers and items; throws where it is none. */
export async function openTrainFile(
  path: string,
  asked: TrainRules,
  tally: Tally,
  io: Io,
): Promise<TrainFile> {
  const file = await openAny(path, asked.rules, io);
  const { name, source, is, head } = file;
  if (is.kind === 'export') return { name, source, is: 'an export', parts: exportParts(file) };
  if (is.kind === 'orders') {
    const parts = orderParts({ ...file, is }, asked.rules, tally);
    return { name, source, is: is.format, parts };
  }
  if (head.includes('\0')) throw unreadable(name, is.seen);
  const isJson = /^[[{]/.test(head.replace(/^\uFEFF/, '').trimStart());
  const rows = isJson ? findRows(head, asked.columns) : undefined;
  const names = isJson ? undefined : headerOf(head);
  const columns = rows?.columns ?? (names && columnsOf(names, asked.columns));
  if (!columns)
    throw isJson || names
      ? new Exit(
          1,
          `${name} cannot be trained on: ${is.seen}. Say which column is what: --columns customer=…,order=…,at=…,sku=…`,
        )
      : unreadable(name, is.seen);
  const parts = rows ? jsonTableParts(file, rows, tally) : tableParts(file, columns, tally);
  return { name, source, is: columnsText(columns), parts };
}

/** How a table's columns are read, in words for a person. */
export function columnsText(columns: Columns): string {
  const told = Object.entries(columns).flatMap(([role, name]) =>
    name === undefined ? [] : [role === name ? role : `${role} = ${String(name)}`],
  );
  return `a table with ${told.join(', ')}`;
}

/** The first line of a table; undefined where the text is none. */
function headerOf(head: string): readonly string[] | undefined {
  const text = head.replace(/^\uFEFF/, '').trimStart();
  if (text === '' || /^[[{]/.test(text)) return undefined;
  const { data } = Papa.parse<readonly string[]>(text, { preview: 1 });
  const names = data[0]?.map((name) => name.trim());
  return names && names.length > 1 ? names : undefined;
}

/** @yields what was bought in some rows of JSON */
async function* jsonTableParts(
  { bytes }: Pick<Opened, 'bytes'>,
  found: JsonRows,
  tally: Tally,
): AsyncGenerator<readonly Bought[]> {
  const read = createRowReader(found.columns);
  let before = 0;
  for await (const rows of jsonRows(textOf(bytes), found)) {
    yield boughtIn(rows, (row, n) => read((name) => fieldOf(row, name), n), before, 1, tally);
    before += rows.length;
  }
}

/** What was bought in rows; why others were set aside is told with their number. */
function boughtIn<R>(
  rows: readonly R[],
  read: (row: R, number: number) => Bought | RowRefused,
  before: number,
  first: number,
  tally: Tally,
): readonly Bought[] {
  return rows.flatMap((row, i) => {
    const bought = read(row, before + i);
    if (typeof bought !== 'string') return [bought];
    tally.skip(bought, 1, [`row ${before + i + first}`]);
    return [];
  });
}

/** @yields what was bought in some rows */
async function* tableParts(
  { head, bytes }: Pick<Opened, 'head' | 'bytes'>,
  columns: Columns,
  tally: Tally,
): AsyncGenerator<readonly Bought[]> {
  const read = createRowReader(columns);
  const text = textOf(bytes);
  for await (const { header, rows, before } of csvRows(head.replace(/^\uFEFF/, ''), text, [])) {
    const at = new Map(header.map((name, i) => [name.trim(), i]));
    const valueOf = (cells: readonly string[]) => (name: string) => cells[at.get(name) ?? -1];
    // the header is the first row
    yield boughtIn(rows, (cells, n) => read(valueOf(cells), n), before, 2, tally);
  }
}

/** @yields text, without the mark at its beginning */
async function* textOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  for await (const piece of bytes) yield decoder.decode(piece, { stream: true });
  const rest = decoder.decode();
  if (rest !== '') yield rest;
}

/** @yields what was bought in some orders of a shop system */
async function* orderParts(
  { head, bytes, is }: Opened,
  rules: ImportRules,
  tally: Tally,
): AsyncGenerator<readonly Bought[]> {
  if (is.kind !== 'orders') return;
  const region = rules.region === undefined ? {} : { region: rules.region };
  const options = { ...region, ...purchaseOptions(rules) };
  let index = 0;
  for await (const part of readOrders(bytes, head, is, parseOptions(rules))) {
    tally.add(part);
    const bought: Bought[] = [];
    for (const input of part.purchases) {
      const read = readImported(input, index++, options, region, Date.now());
      if ('reason' in read) {
        // what is wrong with it may quote it
        tally.skip(read.reason, 1, read.id === undefined ? [] : [read.id]);
        continue;
      }
      const { purchase, identifiers } = read;
      const [best] = [...identifiers].sort((a, b) => strength(b.type) - strength(a.type));
      if (!best) continue;
      const one = boughtOf(purchase, `${best.type}\n${best.value}`);
      if (one.skus.length === 0)
        tally.skip(counts(purchase) ? 'no-sku' : 'not-bought', 1, [purchase.id]);
      bought.push(one);
    }
    yield bought;
  }
}

/** @yields what was bought in some lines of an export */
async function* exportParts({ bytes }: Pick<Opened, 'bytes'>): AsyncGenerator<readonly Bought[]> {
  let bought: Bought[] = [];
  for await (const { text = '' } of readLines(bytes).lines) {
    const { record } = JSON.parse(text || '{}') as { readonly record?: ExportedRecord };
    if (record?.kind !== 'purchase' || !Array.isArray(record.data?.lines)) continue;
    bought.push(boughtOf(record.data, record.subject));
    if (bought.length < PART) continue;
    yield bought;
    bought = [];
  }
  yield bought;
}

interface ExportedRecord {
  readonly kind: string;
  readonly subject: string;
  readonly data?: Purchase;
}

/** Orders of a part. */
const PART = 500;

/** An account is told apart best; what a whole family may use is last. */
function strength(type: string): number {
  const order = ['device', 'phone', 'email', 'loyalty', 'account'];
  return order.indexOf(type.split(':')[0] ?? '');
}

/** As a page counts it. */
const counts = ({ status, gift }: Purchase): boolean =>
  (status === 'paid' || status === 'partially_refunded') && gift !== true;

/** What the customer bought and kept; of an order that does not count, nothing, so that an earlier state of it counts no more. */
function boughtOf(purchase: Purchase, customer: string): Bought {
  const { id, at, lines } = purchase;
  const skus = lines.flatMap(({ sku, quantity, refundedQuantity = 0 }) =>
    sku === null || refundedQuantity >= quantity ? [] : [sku],
  );
  return { customer, order: id, at, skus: counts(purchase) ? skus : [], isWhole: true };
}
