/** Text as it comes: whole, in pieces of any length, as bytes, or as a file. */
export type TextSource =
  | string
  | Blob
  | ReadableStream<string | Uint8Array>
  | Iterable<string | Uint8Array>
  | AsyncIterable<string | Uint8Array>;

/** A line of a text, without its end; without `text` it was longer than `MAX_LINE`. */
export interface TextLine {
  /** Counted from 1. */
  readonly number: number;
  readonly text?: string;
}

/** The longest line that is read. A longer one is passed over piece by piece, never held. */
const MAX_LINE = 16_000_000;

/** The lines of a text, and how much of it is behind us. */
export interface LineReader {
  readonly lines: AsyncGenerator<TextLine, void, undefined>;
  /** 0 to 1; undefined where the length of the source is not known. */
  readonly share: () => number | undefined;
}

/** Reads lines from a text of any length: one piece and one line are in memory. */
export function readLines(source: TextSource): LineReader {
  let read = 0;
  const length =
    typeof source === 'string' ? source.length : source instanceof Blob ? source.size : undefined;
  const pieces = decode(source, (size) => (read += size));
  return {
    lines: splitLines(pieces, (ends) => {
      // a text that came in one piece is behind us as far as its lines are
      if (typeof source === 'string') read = ends;
    }),
    share: () => (length === undefined ? undefined : Math.min(1, read / Math.max(1, length))),
  };
}

async function* splitLines(
  pieces: AsyncIterable<string>,
  at: (ends: number) => void,
): AsyncGenerator<TextLine, void, undefined> {
  let number = 0;
  let parts: string[] = [];
  let length = 0;
  const hold = (part: string): void => {
    length += part.length;
    if (length > MAX_LINE) parts = [];
    else parts.push(part);
  };
  const take = (): TextLine => {
    const text = length > MAX_LINE ? undefined : parts.join('').replace(/\r$/, '');
    parts = [];
    length = 0;
    return { number: ++number, ...(text !== undefined && { text }) };
  };
  for await (const piece of pieces) {
    let from = 0;
    for (let end = piece.indexOf('\n'); end >= 0; end = piece.indexOf('\n', from)) {
      hold(piece.slice(from, end));
      from = end + 1;
      at(from);
      yield take();
    }
    hold(piece.slice(from));
  }
  if (length > 0) yield take();
}

async function* decode(
  source: TextSource,
  count: (size: number) => void,
): AsyncGenerator<string, void, undefined> {
  if (typeof source === 'string') {
    yield source.replace(/^\uFEFF/, '');
    return;
  }
  const decoder = new TextDecoder();
  for await (const piece of piecesOf(source)) {
    count(piece.length);
    yield typeof piece === 'string' ? piece : decoder.decode(piece, { stream: true });
  }
  yield decoder.decode();
}

function piecesOf(
  source: Exclude<TextSource, string>,
): Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array> {
  if (source instanceof Blob) return readStream(source.stream());
  // Safari cannot iterate a stream
  return 'getReader' in source ? readStream(source) : source;
}

async function* readStream(
  stream: ReadableStream<string | Uint8Array>,
): AsyncGenerator<string | Uint8Array, void, undefined> {
  const reader = stream.getReader();
  let over = false;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      over = done;
      if (done) return;
      yield value;
    }
  } finally {
    if (!over) await reader.cancel().catch(() => undefined);
    reader.releaseLock();
  }
}
