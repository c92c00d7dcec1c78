import { accessSync, constants, createReadStream, statSync } from 'node:fs';
import { addAbortSignal, pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { Exit } from './exit.js';
import type { Io } from './io.js';

/** A file or standard input, as bytes, with how much of it was read. */
export interface Source {
  readonly bytes: AsyncIterable<Uint8Array>;
  /** How many bytes there are; undefined for a pipe. */
  readonly size: number | undefined;
  /** How many of them were read. */
  readonly read: () => number;
}

/** Throws where a path can't be read, before anything is. */
export function checkSource(path: string): void {
  if (path !== '-') sizeOf(path);
}

function sizeOf(path: string): number {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) throw new Exit(1, `There is no file ${path}.`);
  if (stat.isDirectory()) throw new Exit(1, `${path} is a folder; name the files in it.`);
  try {
    accessSync(path, constants.R_OK);
  } catch {
    throw new Exit(1, `${path} may not be read.`);
  }
  return stat.size;
}

/** Opens what is to be imported or looked at. */
export function openSource(path: string, io: Io): Source {
  const size = path === '-' ? undefined : sizeOf(path);
  let read = 0;
  async function* count(): AsyncGenerator<Uint8Array> {
    const stream = path === '-' ? io.stdin : createReadStream(path, { highWaterMark: 262_144 });
    // a pipe may say nothing for ever
    for await (const piece of addAbortSignal(io.signal, stream)) {
      const bytes = typeof piece === 'string' ? new TextEncoder().encode(piece) : piece;
      read += (bytes as Uint8Array).length;
      yield bytes as Uint8Array;
    }
  }
  return { bytes: count(), size, read: () => read };
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
  const end = async (): Promise<IteratorResult<Uint8Array>> => {
    await iterator.return?.();
    return { done: true, value: undefined };
  };
  return {
    first: { [Symbol.asyncIterator]: () => ({ next }) },
    whole: { [Symbol.asyncIterator]: () => ({ next: again, return: end }) },
  };
}

/** How a file begins. */
export interface Peeked {
  readonly head: Uint8Array;
  /** True when that is all of it. */
  readonly isWhole: boolean;
  /** The file from its beginning. */
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** Reads the first `size` bytes, or up to where `isEnough`, and gives the source back whole. */
export async function peek(
  source: AsyncIterable<Uint8Array>,
  size: number,
  isEnough: (head: Uint8Array) => boolean = () => false,
): Promise<Peeked> {
  const { first, whole: bytes } = replay(source);
  let head = Buffer.alloc(0);
  for await (const piece of first) {
    head = Buffer.concat([head, piece]);
    if (head.length >= size || isEnough(head)) return { head, isWhole: false, bytes };
  }
  return { head, isWhole: true, bytes };
}

/** The bytes as they were before somebody packed them with gzip; others as they are. */
export async function unpacked(
  source: AsyncIterable<Uint8Array>,
): Promise<AsyncIterable<Uint8Array>> {
  const { head, bytes } = await peek(source, 2);
  return head[0] === 0x1f && head[1] === 0x8b ? gunzip(bytes) : bytes;
}

async function* gunzip(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const unzip = createGunzip();
  // what goes wrong is thrown to who reads
  pipeline(Readable.from(bytes), unzip, () => undefined);
  try {
    for await (const piece of unzip) yield piece as Uint8Array;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'Z_BUF_ERROR') throw new Exit(1, 'The packed file breaks off.');
    if (code?.startsWith('Z_')) throw new Exit(1, 'The packed file is damaged.');
    throw error;
  }
}

const MAGIC: readonly (readonly [name: string, bytes: readonly number[]])[] = [
  ['a ZIP archive or a spreadsheet', [0x50, 0x4b, 0x03, 0x04]],
  ['packed with zstd', [0x28, 0xb5, 0x2f, 0xfd]],
  ['packed with bzip2', [0x42, 0x5a, 0x68]],
  ['a PDF', [0x25, 0x50, 0x44, 0x46]],
  ['text in UTF-16; save it as UTF-8', [0xff, 0xfe]],
  ['text in UTF-16; save it as UTF-8', [0xfe, 0xff]],
];

/** Without its mark it is told by the zeros of Latin letters, on one side of their pairs. */
function isUtf16(head: Uint8Array): boolean {
  const begin = head.subarray(0, 64);
  const zeros = [0, 1].map(
    (side) => begin.filter((byte, i) => byte === 0 && i % 2 === side).length,
  );
  return Math.min(...zeros) === 0 && Math.max(...zeros) > begin.length / 4;
}

/** The text a file begins with, or what it is where it is no text in UTF-8. */
export function textOf({
  head,
  isWhole,
}: Pick<Peeked, 'head' | 'isWhole'>): { readonly text: string } | { readonly seen: string } {
  const magic = MAGIC.find(([, begin]) => begin.every((byte, i) => head[i] === byte));
  if (magic) return { seen: `it is ${magic[0]}` };
  if (isUtf16(head)) return { seen: 'it is text in UTF-16; save it as UTF-8' };
  if (head.includes(0)) return { seen: 'it is no text' };
  try {
    // the last character may be cut
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: !isWhole }) };
  } catch {
    return { seen: 'it is not in UTF-8; save it as UTF-8' };
  }
}
