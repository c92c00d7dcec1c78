import type { Clock } from '../kernel/clock.js';
import { pause } from '../kernel/pause.js';

/** How far a long import has come. */
export interface ImportProgress {
  /** What was looked at so far. */
  readonly done: number;
  /** Part of the source that is behind us, 0 to 1, where its length is known. */
  readonly share?: number;
  readonly appended: number;
  /** There already, or said what is known. */
  readonly duplicates: number;
  /** About somebody who was erased. */
  readonly refused: number;
  /** Set aside because it cannot be what it should be. */
  readonly skipped: number;
}

/** How a long import is watched and stopped. */
export interface ImportOptions {
  /** Stops between two chunks: the call rejects with the signal's reason, and what is committed stays. */
  readonly signal?: AbortSignal;
  /** Told after each chunk that is committed. */
  readonly onProgress?: (progress: ImportProgress) => void;
  /** How long a transaction may take, in ms: longer is faster where no page waits for its turn. @defaultValue 25 */
  readonly chunkMs?: number;
  /** @defaultValue the platform's */
  readonly clock?: Clock;
}

/** What came of one chunk. */
export type ChunkCounts = Omit<ImportProgress, 'done' | 'share'>;

/** Nothing yet. */
export const NO_COUNTS: ChunkCounts = { appended: 0, duplicates: 0, refused: 0, skipped: 0 };

/** Adds two counts. */
export function addCounts(a: ChunkCounts, b: ChunkCounts): ChunkCounts {
  return {
    appended: a.appended + b.appended,
    duplicates: a.duplicates + b.duplicates,
    refused: a.refused + b.refused,
    skipped: a.skipped + b.skipped,
  };
}

/** How long a transaction may work, what waits for the disk apart: in that time the page is busy in stretches that are shorter. */
const CHUNK_MS = 25;
const FIRST_SIZE = 32;
const MIN_SIZE = 16;
/** The largest chunk, for each ms that it may take. */
const MAX_PER_MS = 4;

/** Runs what a chunk does within its transaction, and sees how long it takes. */
export type Timed = <R>(work: () => Promise<R>) => Promise<R>;

type Source<T> = Iterable<T> | AsyncIterable<T>;

/** Throws what the signal says, once it was given. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  // Chrome 94 to 97 have no reason
  if (signal?.aborted) throw signal.reason ?? new DOMException('It was stopped.', 'AbortError');
}

/** Reads a source ahead by one, so that the last chunk is known to be it. */
function createTaker<T>(
  source: Source<T>,
  signal: AbortSignal | undefined,
): {
  readonly take: (size: number) => Promise<{ readonly items: T[]; readonly isLast: boolean }>;
  readonly end: () => void;
} {
  const iterator =
    Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
  let ahead: { readonly value: T } | undefined;
  let over = false;
  const next = async (
    step: IteratorResult<T> | Promise<IteratorResult<T>>,
  ): Promise<{ readonly value: T } | undefined> => {
    const result = step instanceof Promise ? await orAborted(step, signal) : step;
    over = result.done === true;
    return over ? undefined : { value: result.value as T };
  };
  return {
    take: async (size) => {
      const items: T[] = [];
      if (!ahead && !over) ahead = await next(iterator.next());
      while (ahead && items.length < size) {
        items.push(ahead.value);
        const step = iterator.next();
        // a plain list is read without a turn of the event loop for each item
        if (step instanceof Promise) ahead = await next(step);
        else {
          over = step.done === true;
          ahead = over ? undefined : { value: step.value as T };
        }
      }
      return { items, isLast: !ahead };
    },
    end: () => {
      // a source that hangs may hang here too: nobody waits for it
      if (!over) void Promise.resolve(iterator.return?.()).catch(() => undefined);
    },
  };
}

/** Like `promise`, unless the signal comes first: a source that hangs can be left. */
function orAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      try {
        throwIfAborted(signal);
      } catch (reason) {
        reject(reason);
      }
    };
    signal.addEventListener('abort', stop);
    stop();
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

/**
 * Gives what a source holds to `write`, chunk by chunk, each as long as a page can spare; the page has its turn in between.
 * Only one chunk is in memory. `write` is told which one is the last, and runs its work through `timed`.
 */
export async function inChunks<T>(
  source: Source<T>,
  write: (items: readonly T[], isLast: boolean, timed: Timed) => Promise<ChunkCounts>,
  { signal, onProgress, chunkMs = CHUNK_MS }: ImportOptions,
  clock: Clock,
  share?: (done: number) => number,
): Promise<ImportProgress> {
  const { take, end } = createTaker(source, signal);
  let size = FIRST_SIZE;
  let progress: ImportProgress = { done: 0, ...NO_COUNTS };
  try {
    for (let isLast = false; !isLast;) {
      throwIfAborted(signal);
      const chunk = await take(size);
      isLast = chunk.isLast;
      throwIfAborted(signal);
      let ms = 1;
      const counts = await write(chunk.items, isLast, async (work) => {
        const startedAt = clock.elapsed();
        const result = await work();
        ms = Math.max(1, clock.elapsed() - startedAt);
        return result;
      });
      size = Math.round(size * Math.min(2, chunkMs / ms));
      size = Math.max(MIN_SIZE, Math.min(MAX_PER_MS * chunkMs, size));
      const done = progress.done + chunk.items.length;
      progress = {
        done,
        ...(share && { share: isLast ? 1 : share(done) }),
        ...addCounts(progress, counts),
      };
      onProgress?.(progress);
      await pause();
    }
    return progress;
  } finally {
    end();
  }
}
