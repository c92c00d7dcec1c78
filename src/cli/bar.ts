import { SingleBar } from 'cli-progress';
import type { Io } from './io.js';
import { number, safe } from './print.js';
import type { Source } from './source.js';

/** How far a file is. */
export interface Bar {
  /** `done` counts orders or records. */
  readonly show: (done: number) => void;
  readonly stop: () => void;
}

const MB = 1_000_000;
const mb = (bytes: number): string => (bytes / MB).toFixed(bytes < 10 * MB ? 1 : 0);

/** Shows how far a file is where somebody watches: bytes of all bytes, what came in, how fast, how long it will take. */
export function createBar(
  name: string,
  { size, read }: Pick<Source, 'size' | 'read'>,
  io: Io,
): Bar {
  if (!io.stderr.isTTY) return { show: () => undefined, stop: () => undefined };
  const begun = performance.now();
  const bar = new SingleBar({
    stream: io.stderr,
    // of a pipe nobody knows the end
    format:
      size === undefined
        ? '{name} {megabytes} MB | {done} | {rate}/s'
        : '{name} {bar} {percentage} % | {megabytes} MB | {done} | {rate}/s | {eta_formatted}',
    ...{ barsize: 20, hideCursor: true, clearOnComplete: true, etaBuffer: 50, fps: 5 },
  });
  const payload = (done: number): object => {
    const seconds = Math.max(0.001, (performance.now() - begun) / 1000);
    const megabytes = size === undefined ? mb(read()) : `${mb(read())} of ${mb(size)}`;
    const rate = number(Math.round(done / seconds));
    return { name: safe(name, 24), megabytes, done: number(done), rate };
  };
  bar.start(size ?? 0, 0, payload(0));
  return {
    show: (done) => bar.update(size === undefined ? 0 : Math.min(size, read()), payload(done)),
    stop: () => bar.stop(),
  };
}

/** Shows which share of some work is done, where somebody watches. */
export function createShareBar(name: string, io: Io): Bar {
  if (!io.stderr.isTTY) return { show: () => undefined, stop: () => undefined };
  const bar = new SingleBar({
    stream: io.stderr,
    format: '{name} {bar} {percentage} % | {duration_formatted}',
    ...{ barsize: 20, hideCursor: true, clearOnComplete: true, fps: 5 },
  });
  bar.start(1, 0, { name });
  return { show: (done) => bar.update(Math.min(1, done)), stop: () => bar.stop() };
}
