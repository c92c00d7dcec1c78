import { rename, rm, writeFile } from 'node:fs/promises';
import { openPostgresTraining } from '../adapters/database/node-postgres-training.js';
import { isRegularsError } from '../kernel/errors.js';
import { encodeModel } from '../model/encode-model.js';
import { encodeRanker } from '../model/encode-ranker.js';
import { fitRanker } from '../model/fit-ranker.js';
import type { TrainingCustomer } from '../model/training-customers.js';
import { trainInDatabase } from '../model/train-in-database.js';
import type { Command } from './arguments.js';
import { createShareBar } from './bar.js';
import { Exit } from './exit.js';
import type { Io } from './io.js';
import { number, safe } from './print.js';
import { createTally, type Tally } from './tally.js';
import type { TrainArguments } from './train-arguments.js';
import { readExposures } from './train-exposures.js';
import { createMemoryStore } from './train-in-memory.js';
import { openDuckdbStore } from './train-in-duckdb.js';
import { checkSources, purposeOf, readInto } from './train-into.js';
import { accuracyText, measure, modelText } from './train-report.js';
import { createKeys, type TrainStore } from './train-store.js';

type Trained = Omit<Awaited<ReturnType<TrainStore['train']>>, 'drop'>;

/** Customers on whom is measured and the ranker is fitted: more say nothing else. */
const MEASURED = 20_000;
/** Lines from whose customers neighbours are counted, unless it is said otherwise. */
const PAIRED = 2_000_000;

/** Makes a model of orders, and tells how good it is. */
export async function runTrain(asked: Extract<Command, { kind: 'train' }>, io: Io): Promise<void> {
  checkSources(asked);
  const tally = createTally();
  if (asked.inPlace) return trainInPlace(asked, io);
  if (asked.dryRun) return lookAt(asked, tally, io);
  const work = `${asked.output ?? ''}.work`;
  let store: TrainStore | undefined;
  let isRead = false;
  try {
    store = await openStore(asked, work, io);
    const read = await readInto(store, asked, tally, io);
    isRead = true;
    io.stderr.write(`${[...read, ...tally.lines()].join('\n')}\n`);
    await trainStore(store, asked, io);
  } catch (error) {
    store?.close();
    // more memory may help
    const goesOn = io.signal.aborted || (isRead && isRegularsError(error));
    if (!goesOn) store?.remove();
    if (!io.signal.aborted) throw error;
    const kept = `What was done is kept in ${work}; run the same command again to go on.`;
    throw new Exit(130, store?.isKept === false ? 'Stopped.' : `Stopped. ${kept}`);
  }
  store.close();
  store.remove();
}

async function trainStore(store: TrainStore, asked: TrainArguments, io: Io): Promise<void> {
  const lines = await store.lines();
  const sample = asked.sample ?? Math.ceil(Math.max(1, lines) / PAIRED);
  const trained = await withBar('Counting', io, (progress) => store.train({ sample }, progress));
  await finish(trained, sample, asked, io);
}

async function openStore(asked: TrainArguments, path: string, io: Io): Promise<TrainStore> {
  const { memory } = asked;
  const { signal } = io;
  try {
    return await openDuckdbStore({ path, purpose: purposeOf(asked), memory, signal });
  } catch (error) {
    // few orders need no database
    if (isRegularsError(error) && error.message.includes('npm install')) return createMemoryStore();
    if (isRegularsError(error) && /\block\b/i.test(String(error.cause)))
      throw new Exit(1, `Another run is working on ${asked.output ?? path}.`);
    throw error;
  }
}

/** Counts what would be trained on. */
async function lookAt(asked: TrainArguments, tally: Tally, io: Io): Promise<void> {
  const customers = new Set<string>();
  let lines = 0;
  const nowhere: TrainStore = {
    ...{ isKept: false, kept: () => 0, restart: () => Promise.resolve() },
    add: (_, __, bought) => {
      for (const { customer, skus } of bought) {
        if (skus.length === 0) continue;
        customers.add(customer);
        lines += skus.length;
      }
      return Promise.resolve();
    },
    lines: () => Promise.resolve(lines),
    train: () => Promise.reject(new Exit(1, 'Nothing is trained.')),
    ...{ close: () => undefined, remove: () => undefined },
  };
  const read = await readInto(nowhere, asked, tally, io);
  const found = `${number(lines)} lines of ${number(customers.size)} customers.`;
  io.stdout.write(`${[...read, ...tally.lines(), found].join('\n')}\nNothing was written.\n`);
  if (lines === 0) throw new Exit(1, NOTHING);
}

const NOTHING =
  'There is nothing to train on: no order has both a customer and an item with a sku.';

/** Trains in the database itself; only what was counted comes out. */
async function trainInPlace(asked: TrainArguments, io: Io): Promise<void> {
  const { query: source, sample = 1 } = asked;
  if (source === undefined)
    throw new Exit(2, '--in-place needs --query: SELECT customer, visit, time_ms, sku FROM …');
  const database = await openPostgresTraining(asked.paths[0] ?? '', io.signal);
  try {
    const columns = await database.columns(source);
    if (asked.dryRun) {
      io.stdout.write(`The columns are ${columns.join(', ')}.\n`);
      return;
    }
    const hereColumns = (['place', 'daypart'] as const).filter((name) => columns.includes(name));
    const trained = await withBar('Counting', io, (progress) =>
      trainInDatabase(database, { source, sample, hereColumns, progress }),
    );
    await finish(trained, sample, asked, io);
    await trained.drop();
  } catch (error) {
    if (!io.signal.aborted) throw error;
    throw new Exit(
      130,
      'Stopped. The tables regulars_training_… stay; run the same command again to go on.',
    );
  } finally {
    await database.close();
  }
}

/** Measures, fits what is to be fitted, writes, tells. */
async function finish(
  trained: Trained,
  sample: number,
  asked: TrainArguments,
  io: Io,
): Promise<void> {
  const { output = '', ranker } = asked;
  if (trained.model.skus.length === 0) throw new Exit(1, NOTHING);
  const customers = await customersOf(trained, asked, io);
  const measured = await withBar('Measuring', io, (progress) =>
    measure(customers, ranker !== undefined, progress, io.signal),
  );
  const files = [[output, encodeModel(trained.model)] as const];
  if (ranker !== undefined) {
    const fitted = await withBar('Fitting', io, (progress) => fitRanker(customers, { progress }));
    files.push([ranker, encodeRanker(fitted)]);
  }
  io.signal.throwIfAborted();
  for (const [file, bytes] of files) await replace(file, bytes);
  io.stdout.write(accuracyText(measured, customers.length, trained.customers));
  io.stdout.write(modelText(trained, sample, files));
}

/** Those that are measured on and fitted to, with what was offered to them. */
async function customersOf(
  trained: Trained,
  { exposures, inPlace }: TrainArguments,
  io: Io,
): Promise<readonly TrainingCustomer[]> {
  const customers: TrainingCustomer[] = [];
  for await (const customer of trained.sampled(MEASURED)) customers.push(customer);
  io.signal.throwIfAborted();
  if (exposures === undefined) return customers;
  const keyOf = createKeys();
  const idOf = (name: string): string => (inPlace ? name : String(keyOf(name)));
  const shown = await readExposures(exposures, customers, idOf, io);
  const { read, used } = shown;
  io.stderr.write(
    `${safe(exposures, 200)}: ${number(read)} lists of what was offered, ${number(used)} of these customers\n`,
  );
  return shown.customers;
}

/** A page never sees half of a file. */
async function replace(file: string, bytes: Uint8Array): Promise<void> {
  const part = `${file}.part`;
  try {
    await writeFile(part, bytes);
    await rename(part, file);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}

async function withBar<T>(
  name: string,
  io: Io,
  work: (progress: (done: number) => void) => Promise<T>,
): Promise<T> {
  const bar = createShareBar(name, io);
  try {
    return await work(bar.show);
  } finally {
    bar.stop();
  }
}
