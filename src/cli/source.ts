import { createReadStream, statSync } from 'node:fs';
import { addAbortSignal } from 'node:stream';
import type { PurchaseInput } from '../profile/types.js';
import { readLines } from '../profile/read-lines.js';
import { Exit } from './exit.js';
import type { Io } from './io.js';

/** A file or standard input, as bytes, with how much of it was read. */
export interface Source {
  readonly bytes: AsyncIterable<Uint8Array>;
  /** 0 to 1; undefined for a pipe. */
  readonly share: () => number | undefined;
}

/** Opens what is to be imported or looked at. */
export function openSource(path: string, io: Io): Source {
  const size = path === '-' ? undefined : sizeOf(path);
  let read = 0;
  async function* count(): AsyncGenerator<Uint8Array> {
    const stream = path === '-' ? io.stdin : createReadStream(path);
    // a pipe may say nothing for ever
    for await (const piece of addAbortSignal(io.signal, stream)) {
      const bytes = typeof piece === 'string' ? new TextEncoder().encode(piece) : piece;
      read += (bytes as Uint8Array).length;
      yield bytes as Uint8Array;
    }
  }
  return {
    bytes: count(),
    share: () => (size === undefined ? undefined : Math.min(1, read / Math.max(1, size))),
  };
}

function sizeOf(path: string): number {
  try {
    return statSync(path).size;
  } catch {
    throw new Exit(1, `There is no file ${path}.`);
  }
}

/** The same bytes for two readers: `first` may stop anywhere, then `whole` begins at the beginning. */
export function replay(bytes: AsyncIterable<Uint8Array>): {
  readonly first: AsyncIterable<Uint8Array>;
  readonly whole: AsyncIterable<Uint8Array>;
} {
  const iterator = bytes[Symbol.asyncIterator]();
  const seen: Uint8Array[] = [];
  const next = async (): Promise<IteratorResult<Uint8Array>> => {
    const step = await iterator.next();
    if (!step.done) seen.push(step.value);
    return step;
  };
  let at = 0;
  const again = async (): Promise<IteratorResult<Uint8Array>> => {
    const value = seen[at];
    if (value === undefined) return iterator.next();
    seen[at++] = new Uint8Array();
    return { done: false, value };
  };
  return {
    first: { [Symbol.asyncIterator]: () => ({ next }) },
    whole: { [Symbol.asyncIterator]: () => ({ next: again }) },
  };
}

const PEEK = 100_000;

/** Says what a source begins with, and gives it back whole. */
export async function peek(
  bytes: AsyncIterable<Uint8Array>,
): Promise<{ readonly isExport: boolean; readonly bytes: AsyncIterable<Uint8Array> }> {
  const { first, whole } = replay(bytes);
  let text = '';
  for await (const piece of first) {
    text += new TextDecoder().decode(piece);
    if (text.length > PEEK || text.trimStart().includes('\n')) break;
  }
  return { isExport: /^\uFEFF?\s*\{"format":"regulars-/.test(text), bytes: whole };
}

/**
 * Purchases, one a line; what is none is told apart by the import.
 * @yields a purchase, or null
 */
export async function* purchasesIn(
  bytes: AsyncIterable<Uint8Array>,
): AsyncGenerator<PurchaseInput, void, undefined> {
  for await (const { text } of readLines(bytes).lines) {
    if (text?.trim() === '') continue;
    let value: unknown;
    try {
      value = JSON.parse(text ?? '');
    } catch {
      value = null;
    }
    yield value as PurchaseInput;
  }
}
