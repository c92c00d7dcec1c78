import Assembler from 'stream-json/assembler.js';
import { jsonParser, type Token } from 'stream-json/parser.js';
import { Exit } from './exit.js';

/** A JSON value, or some elements of a list in one, in their envelope: what stood around the list before it. */
export interface JsonPart {
  readonly value: unknown;
  /** How many elements it holds, 0 for a whole value; how many of the same list came before. */
  readonly count: number;
  readonly before: number;
}

/** How many elements, or characters of them, make a part. */
const ELEMENTS = 200;
const LONG = 1_000_000;
/** Characters of one order, or between two: more is no list of orders. */
const LONGEST = 64_000_000;
/** Characters that are read at once. */
const PIECE = 16_384;
/** Lists of objects that are within an order. */
const WITHIN = new Set([
  ...['line_items', 'lineItems', 'lines', 'products', 'checks', 'selections', 'modifiers'],
  ...['acceptedOffer', 'orderedItem', 'refunds', 'returns', 'meta_data', 'tax_lines'],
]);

/** A list in what stands around it: pairs of a container and the key in it, the outer ones first. */
function envelope(stack: readonly unknown[], elements: readonly unknown[]): unknown {
  let value: unknown = elements;
  for (let i = stack.length - 2; i >= 0; i -= 2)
    value = { ...(stack[i] as object), [String(stack[i + 1])]: value };
  return value;
}

/** Puts tokens together, and takes the long lists among them apart. */
function createTaker(): {
  /** `at` is where it stands, roughly. */
  readonly consume: (token: Token, at: number) => void;
  readonly parts: JsonPart[];
  /** Gives what is whole of a value that goes no further; true where there was one. */
  readonly breakOff: () => boolean;
} {
  const assembler = new Assembler();
  const parts: JsonPart[] = [];
  /** How deep the list lies that may be taken apart, 0 for none; how many of it were given; where those ended. */
  let list = { depth: 0, before: 0, at: 0 };
  let wasList = false;
  let isTaken = false;

  const give = (at: number): void => {
    const elements = (assembler.current as unknown[]).splice(0);
    if (elements.length === 0) return;
    const { before } = list;
    const count = elements.length;
    parts.push({ value: envelope(assembler.stack, elements), count, before });
    list = { ...list, before: before + count, at };
    isTaken = true;
  };
  const begin = (at: number): void => {
    const { path, depth } = assembler;
    const isWithin = path.some((key) => typeof key !== 'string' || WITHIN.has(key));
    if (!isWithin) list = { depth, before: 0, at };
  };
  const consume = (token: Token, at: number): void => {
    const { depth } = list;
    if (wasList && depth === 0 && token.name === 'startObject') begin(at);
    wasList = token.name === 'startArray';
    if (token.name === 'endArray' && depth > 0 && assembler.depth === depth) {
      // a short one stays where it is
      if (list.before > 0) give(at);
      list = { depth: 0, before: 0, at };
    }
    assembler.consume(token);
    if (assembler.done) {
      if (!isTaken) parts.push({ value: assembler.current, count: 0, before: 0 });
      isTaken = false;
    } else if (depth > 0 && assembler.depth === depth) {
      const { length } = assembler.current as readonly unknown[];
      if (length >= ELEMENTS || (length > 0 && at - list.at > LONG)) give(at);
    }
  };
  const breakOff = (): boolean => {
    if (list.depth > 0) {
      assembler.dropToLevel(list.depth);
      give(0);
    }
    return !assembler.done;
  };
  return { consume, parts, breakOff };
}

/**
 * JSON of any length, taken apart while it is read: of a list of objects that stands below objects alone, as in `{ "data": {
 * "orders": [ … ] } }`, some elements at a time; whatever else as a whole. Several values may follow each other. Where the text stops
 * being JSON it throws, once what came before was given.
 * @yields a value, or some elements of one
 */
export async function* jsonParts(
  texts: AsyncIterable<string>,
): AsyncGenerator<JsonPart, void, undefined> {
  const parse = jsonParser({ jsonStreaming: true, streamValues: false });
  const { consume, parts, breakOff } = createTaker();
  let at = 0;
  let given = 0;
  for await (const text of texts)
    for (let from = 0; from < text.length; from += PIECE) {
      const piece = text.slice(from, from + PIECE);
      const tokens = tokensOf(() => parse(piece));
      at += piece.length;
      tokens?.forEach((token) => consume(token, at));
      if (!tokens) breakOff();
      if (parts.length > 0) given = at;
      yield* parts.splice(0);
      if (!tokens) throw new Exit(1, `The JSON is broken before character ${at}.`);
      if (at - given > LONGEST)
        throw new Exit(1, 'This is no list of orders: one of them would have more than 64 MB.');
    }
  const isOpen = breakOff();
  yield* parts.splice(0);
  if (isOpen) throw new Exit(1, `The JSON breaks off at character ${at}.`);
}

/** What the parser makes of a piece of text; undefined where it is no JSON. */
function tokensOf(parse: () => unknown): readonly Token[] | undefined {
  try {
    return (parse() as { readonly values?: readonly Token[] }).values ?? [];
  } catch {
    return undefined;
  }
}
