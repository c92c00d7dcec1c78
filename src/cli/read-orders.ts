import type { ParsedCustomer, ParsedOrders, ParsedRefund, ParseOptions } from '../formats/types.js';
import type { PurchaseInput } from '../profile/types.js';
import { readLines } from '../profile/read-lines.js';
import { csvParts } from './csv-parts.js';
import type { OrderFormat, Shape } from './detect.js';
import { jsonParts } from './json-parts.js';
import { PARSERS } from './parsers.js';

/** Orders of a part of a file. */
export interface OrdersRead {
  readonly purchases: readonly PurchaseInput[];
  readonly customers: readonly ParsedCustomer[];
  readonly refunds: readonly ParsedRefund[];
  /** What was not read, with the place in the file. */
  readonly skipped: readonly { readonly reason: string; readonly where: string }[];
  readonly warnings: readonly string[];
  /** Rows, lines or elements that it was. */
  readonly rows: number;
}

/** A part of a file: what a parser takes, and the place in the file of a place in it. */
interface Part {
  readonly input: unknown;
  readonly rows: number;
  readonly place: (where: string) => string;
  /** Lines that are no JSON. */
  readonly broken?: readonly string[];
}

/** A JSON value up to here is read as a whole, so that nothing in it depends on its order. */
const WHOLE = 4_000_000;
const LINES = 200;
const LINES_LENGTH = 1_000_000;
/** What makes rows one order. */
const TOGETHER = ['name', 'id'];

/**
 * The orders of a file, part by part: no more than one part is in memory.
 * @yields the orders of a part
 */
export async function* readOrders(
  bytes: AsyncIterable<Uint8Array>,
  head: string,
  { format, shape }: { readonly format: OrderFormat; readonly shape: Shape },
  options: ParseOptions,
): AsyncGenerator<OrdersRead, void, undefined> {
  const parse = await parserOf(format);
  const texts = decode(bytes);
  const parts =
    shape === 'lines'
      ? lineParts(texts)
      : shape === 'csv'
        ? tableParts(head, texts, format)
        : valueParts(texts);
  let isAny = false;
  let nothing: OrdersRead['skipped'] = [];
  for await (const { input, rows, place, broken = [] } of parts) {
    const read = parse(input, options);
    isAny ||= read.purchases.length + read.customers.length + read.refunds.length > 0;
    // a part without an order is nothing to tell, a file without one is
    nothing = read.skipped.filter(({ where }) => where === '');
    const places = placesAmong(read.warnings);
    const purchases = read.purchases.filter((one) => !places.has(one?.id));
    yield {
      ...{ ...read, purchases, rows },
      skipped: [
        ...broken.map((where) => ({ reason: 'no-json', where })),
        ...[...places].map((where) => ({ reason: 'no-id', where })),
        ...read.skipped.flatMap(({ reason, where }) =>
          where === '' ? [] : [{ reason, where: place(where) }],
        ),
      ],
      warnings: read.warnings.map(place),
    };
  }
  if (isAny) return;
  yield {
    ...{ purchases: [], customers: [], refunds: [], skipped: nothing, warnings: [], rows: 0 },
  };
}

/** The ids of orders that have none but their place in what was parsed: one of another part, or of another file, would replace them. */
function placesAmong(warnings: readonly string[]): ReadonlySet<string> {
  return new Set(
    warnings.flatMap((text) => {
      const place = /^order (\d+) has no number: its id is its place$/.exec(text)?.[1];
      return place === undefined ? [] : [`schemaorg:${place}`];
    }),
  );
}

type Parse = (
  input: unknown,
  options: ParseOptions,
) => Omit<ParsedOrders, 'purchases'> & { readonly purchases: readonly PurchaseInput[] };

async function parserOf(format: OrderFormat): Promise<Parse> {
  if (format === 'purchases') return readPurchases;
  return PARSERS[format]();
}

/** Purchases as `record` takes them; what is none is told apart by the import. */
function readPurchases(input: unknown): ReturnType<Parse> {
  const values = Array.isArray(input) ? (input as readonly unknown[]) : [input];
  const purchases = values.flatMap((value) => {
    const inside = (value as { readonly purchases?: unknown } | null)?.purchases;
    return Array.isArray(inside) ? (inside as readonly unknown[]) : [value];
  });
  return {
    purchases: purchases as readonly PurchaseInput[],
    ...{ customers: [], refunds: [], skipped: [], warnings: [] },
  };
}

async function* decode(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  for await (const piece of bytes) yield decoder.decode(piece, { stream: true });
  const rest = decoder.decode();
  if (rest !== '') yield rest;
}

/**
 * Lines of JSON. What is `[3].lines[0]` of some that begin with the hundredth is `line 103.lines[0]`.
 * @yields some lines
 */
async function* lineParts(texts: AsyncIterable<string>): AsyncGenerator<Part> {
  let values: unknown[] = [];
  let numbers: number[] = [];
  let broken: string[] = [];
  let length = 0;
  const give = (): Part => {
    const lines = numbers;
    const part = {
      ...{ input: values, broken, rows: values.length + broken.length },
      place: (where: string) =>
        where.replace(/^\[(\d+)\]/, (_, i: string) => `line ${lines[Number(i)]}`),
    };
    values = [];
    numbers = [];
    broken = [];
    length = 0;
    return part;
  };
  for await (const { number, text } of readLines(texts).lines) {
    if (text?.trim() === '') continue;
    const value = parsed(text ?? '');
    if (value === undefined) broken.push(`line ${number}`);
    else if (Array.isArray(value) && typeof value[0] !== 'string') {
      // a page of a list; one that begins with a name is a call of gtag
      if (values.length + broken.length > 0) yield give();
      yield {
        ...{ input: value, rows: value.length },
        place: (where) => `line ${number}${where.startsWith('[') ? '' : ' '}${where}`,
      };
      continue;
    } else {
      values.push(value);
      numbers.push(number);
    }
    length += text?.length ?? 0;
    if (values.length + broken.length >= LINES || length > LINES_LENGTH) yield give();
  }
  if (values.length + broken.length > 0) yield give();
}

async function* tableParts(
  head: string,
  texts: AsyncIterable<string>,
  format: OrderFormat,
): AsyncGenerator<Part> {
  const together = format === 'shopify' ? TOGETHER : [];
  for await (const { text, count, before } of csvParts(head, texts, together))
    yield {
      ...{ input: text, rows: count },
      place: (where) => where.replace(/^row (\d+)/, (_, n: string) => `row ${Number(n) + before}`),
    };
}

async function* valueParts(texts: AsyncIterable<string>): AsyncGenerator<Part> {
  let begin = '';
  const iterator = texts[Symbol.asyncIterator]();
  let step = await iterator.next();
  for (; !step.done && begin.length <= WHOLE; step = await iterator.next()) begin += step.value;
  const whole = step.done ? parsed(begin) : undefined;
  if (whole !== undefined) {
    yield { input: whole, rows: Array.isArray(whole) ? whole.length : 1, place: (where) => where };
    return;
  }
  async function* rest(): AsyncGenerator<string> {
    yield begin;
    begin = '';
    for (; !step.done; step = await iterator.next()) yield step.value;
  }
  for await (const { value, count, before } of jsonParts(rest()))
    yield {
      ...{ input: value, rows: Math.max(1, count) },
      place: (where) => where.replace(/\[(\d+)\]/, (_, i: string) => `[${Number(i) + before}]`),
    };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined; // as a whole: what can be read of it is
  }
}
