import { accessSync, constants, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { createBar, type Bar } from './bar.js';
import { Exit, misused } from './exit.js';
import type { Io } from './io.js';
import { number, safe } from './print.js';
import { checkSource } from './source.js';
import type { Tally } from './tally.js';
import type { TrainArguments } from './train-arguments.js';
import { engineOf, openTrainQuery } from './train-database.js';
import type { Bought } from './train-lines.js';
import { openTrainFile } from './train-read.js';
import type { TrainStore } from './train-store.js';

/** Lines that are kept at once. */
const LINES = 50_000;

/** Throws where a path cannot be read or written, before anything is. */
export function checkSources({ paths, output, ranker, exposures }: TrainArguments): void {
  if ([...paths, exposures].filter((path) => path === '-').length > 1)
    throw misused('There is one standard input.');
  for (const path of paths) if (engineOf(path) !== 'postgresql') checkSource(path);
  if (exposures !== undefined) checkSource(exposures);
  for (const file of [output, ranker]) {
    if (file === undefined) continue;
    if (paths.some((path) => resolve(path) === resolve(file)))
      throw misused(`${file} is read, and would be written over.`);
    const folder = dirname(file);
    if (statSync(file, { throwIfNoEntry: false })?.isDirectory())
      throw new Exit(1, `${file} is a folder; name a file in it.`);
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
      throw new Exit(1, `There is no folder ${folder}.`);
    try {
      accessSync(folder, constants.W_OK);
    } catch {
      throw new Exit(1, `Nothing may be written to ${folder}.`);
    }
  }
}

/** What is read, and how: the same for a run that goes on. */
export function purposeOf({ paths, query, columns, rules }: TrainArguments): string {
  const files = paths.map((path) => {
    const stat = statSync(path, { throwIfNoEntry: false });
    // what comes through a pipe cannot be read again
    return path === '-'
      ? ['-', Date.now()]
      : [path.replace(/:[^:@/]*@/, ':@').replace(/password=[^&]*/, ''), stat?.size, stat?.mtimeMs];
  });
  return JSON.stringify({ files, query, columns, rules });
}

/** Reads all sources into the store; gives what was read of each, in words. */
export async function readInto(
  store: TrainStore,
  asked: TrainArguments,
  tally: Tally,
  io: Io,
): Promise<readonly string[]> {
  const told: string[] = [];
  const sources = asked.paths.length > 0 ? asked.paths : [''];
  for (const [source, path] of sources.entries()) {
    const name = path.replace(/^(postgres\w*:\/\/)(?:[^@/]*@)?([^?]*).*/, '$1$2') || 'the query';
    if (store.kept(source) === Infinity) {
      told.push(`${safe(name, 200)}: read before`);
      continue;
    }
    const engine = path === '' ? 'duckdb' : engineOf(path);
    const read = engine ? readQuery : readFile;
    const { is, lines } = await read(path, source, store, asked, tally, io);
    told.push(`${safe(name, 200)}: ${safe(is, 200)}, ${number(lines)} lines`);
  }
  return told;
}

interface Read {
  readonly is: string;
  readonly lines: number;
}

async function readFile(
  path: string,
  source: number,
  store: TrainStore,
  asked: TrainArguments,
  tally: Tally,
  io: Io,
): Promise<Read> {
  const file = await openTrainFile(path, asked, tally, io);
  const bar = createBar(file.name, file.source, io);
  try {
    const lines = await keep(file.parts, source, store, bar, io.signal);
    return { is: file.is, lines };
  } finally {
    bar.stop();
  }
}

async function readQuery(
  path: string,
  source: number,
  store: TrainStore,
  asked: TrainArguments,
  tally: Tally,
  io: Io,
): Promise<Read> {
  const engine = engineOf(path) ?? 'duckdb';
  const query = await openTrainQuery(path, engine, asked, tally, io.signal);
  // rows may come in another order: what an unfinished run has of them is of no use
  await store.restart(source);
  const bar = createBar(engine, { size: undefined, read: () => 0 }, io);
  try {
    const lines = await keep(query.parts, source, store, bar, io.signal);
    return { is: query.is, lines };
  } finally {
    bar.stop();
    await query.close();
  }
}

async function keep(
  parts: AsyncIterable<readonly Bought[]>,
  source: number,
  store: TrainStore,
  bar: Bar,
  signal: AbortSignal,
): Promise<number> {
  const kept = store.kept(source);
  let part = 0;
  let lines = 0;
  let waiting: Bought[] = [];
  let size = 0;
  for await (const bought of parts) {
    signal.throwIfAborted();
    const count = bought.reduce((sum, { skus }) => sum + skus.length, 0);
    lines += count;
    bar.show(lines);
    if (++part <= kept) continue;
    waiting.push(...bought);
    size += count;
    if (size < LINES) continue;
    await store.add(source, part, waiting);
    [waiting, size] = [[], 0];
  }
  signal.throwIfAborted();
  await store.add(source, Infinity, waiting);
  return lines;
}
