import { existsSync } from 'node:fs';
import { importCustomers } from '../client/import-customers.js';
import { importPurchases } from '../client/import-purchases.js';
import { importRefunds } from '../client/import-refunds.js';
import type { ParsedRefund } from '../formats/types.js';
import { addCounts, NO_COUNTS, type ChunkCounts } from '../profile/in-chunks.js';
import { importStorage, readHeader } from '../profile/import-storage.js';
import type { ProfileStorage } from '../profile/port.js';
import { readLines } from '../profile/read-lines.js';
import type { PurchaseInput } from '../profile/types.js';
import type { Command } from './arguments.js';
import type { ImportRules } from './typed.js';
import { createBar, type Bar } from './bar.js';
import { importIntoShop } from './import-shop.js';
import { runDry } from './dry-run.js';
import { Exit, misused } from './exit.js';
import { nothingOf, type Told } from './import-told.js';
import type { Io } from './io.js';
import { openFolder, shopOf } from './open-folder.js';
import { openShop, type ShopDoor } from './open-shop.js';
import { openOrders, parseOptions, purchaseOptions, type Opened } from './open-orders.js';
import { sourceOf } from './parsers.js';
import { number, safe } from './print.js';
import { readOrders } from './read-orders.js';
import { checkSource, replay } from './source.js';
import { createTally, placeOf, type Tally } from './tally.js';

type Asked = Extract<Command, { readonly kind: 'import' }>;

/** No page waits for its turn: transactions may be long. */
const CHUNK_MS = 1000;

/** Reads exports and orders of shops into a storage, one file after the other. */
export async function runImport(asked: Asked, io: Io): Promise<void> {
  const { paths, into, at, dryRun, rules } = asked;
  if (paths.filter((path) => path === '-').length > 1)
    throw misused('There is one standard input.');
  paths.forEach(checkSource);
  if (dryRun || (into === undefined && at === undefined)) return runDry(paths, rules, io);
  const door = at && (await openShop(at));
  try {
    await importFiles(asked, door, io);
  } finally {
    await door?.close();
  }
}

async function importFiles(asked: Asked, door: ShopDoor | undefined, io: Io): Promise<void> {
  const { paths } = asked;
  let failed = 0;
  for (const path of paths) {
    try {
      const { failure } = await importFile(path, asked, door, io);
      if (failure !== undefined) throw new Exit(1, failure);
    } catch (error) {
      if (io.signal.aborted)
        throw new Exit(
          130,
          'Stopped. What was imported stays; run the same command again to go on.',
        );
      // the others may be whole
      if (paths.length === 1 || !(error instanceof Exit) || error.code === 2) throw error;
      failed++;
      io.stderr.write(`regulars: ${safe(error.message, 500)}\n`);
    }
  }
  if (failed > 0)
    throw new Exit(1, `${failed} of ${paths.length} files could not be imported as a whole.`);
}

async function importFile(
  path: string,
  asked: Asked,
  door: ShopDoor | undefined,
  io: Io,
): Promise<Told> {
  const { into = '', rules } = asked;
  const file = await openOrders(path, rules, io);
  const bar = createBar(file.name, file.source, io);
  try {
    const told = await (door
      ? importIntoShop(file, door, { rules, bar, io })
      : importIntoFolder(file, into, asked, { bar, io }));
    bar.stop();
    if (asked.paths.length > 1) io.stderr.write(`${safe(file.name, 200)}: `);
    io.stderr.write([summary(told), ...told.lines, ''].join('\n'));
    return told;
  } finally {
    bar.stop();
  }
}

async function importIntoFolder(
  file: Opened,
  into: string,
  { shop: named, rules }: Asked,
  seen: { readonly bar: Bar; readonly io: Io },
): Promise<Told> {
  const isExport = file.is.kind === 'export';
  const [own, bytes] = isExport ? await headerOf(file.bytes) : [undefined, file.bytes];
  const shop = named ?? own ?? shopOfPurchases(into);
  const storage = await openFolder(into, shop);
  try {
    const read = isExport ? importExport : importOrders;
    return await read({ ...file, bytes }, storage, { shop, rules, ...seen });
  } finally {
    await storage.close();
  }
}

interface Env {
  readonly shop: string;
  readonly rules: ImportRules;
  readonly bar: Bar;
  readonly io: Io;
}

async function importExport(
  file: Opened,
  storage: ProfileStorage,
  { shop, bar, io }: Env,
): Promise<Told> {
  const told = await importStorage(storage, file.bytes, {
    ...{ shop, signal: io.signal, chunkMs: CHUNK_MS },
    onProgress: ({ done }) => bar.show(done),
  });
  return {
    ...{ counts: told, newCustomers: 0, customers: 0, refunds: 0 },
    lines: [
      ...told.setAside.slice(0, 5).map(({ line, reason }) => `  line ${line}: ${reason}`),
      ...(told.sameKey === false
        ? [
            'The identifiers were made with another key: no phone number or account leads to these customers here.',
          ]
        : []),
    ],
    failure: told.complete
      ? nothingOf(told)
      : 'The file is not whole: lines of it are missing or were changed.',
  };
}

async function importOrders(file: Opened, storage: ProfileStorage, env: Env): Promise<Told> {
  const { shop, rules, bar, io } = env;
  const tally = createTally();
  const options = {
    ...{ shop, signal: io.signal, chunkMs: CHUNK_MS },
    ...(rules.region !== undefined && { region: rules.region }),
  };
  const reading = createReading(file, storage, options, rules, tally);
  const bought = await importPurchases(storage, reading.purchases(), {
    ...options,
    ...purchaseOptions(rules),
    onProgress: ({ done }) => bar.show(done),
  });
  for (const [reason, count = 0] of Object.entries(bought.reasons)) {
    const some = bought.setAside.filter((one) => one.reason === reason);
    tally.skip(reason, count, some.map(placeOf));
  }
  const refunds = await importRefunds(storage, reading.refunds, options);
  for (const { reason, index } of refunds.setAside)
    tally.skip(reason, 1, [reading.refunds[index]?.purchase ?? '']);
  const counts = {
    ...addCounts(addCounts(bought, reading.counts()), refunds),
    skipped: tally.skipped(),
  };
  return {
    ...{ counts, lines: tally.lines(), refunds: refunds.appended },
    newCustomers: bought.newCustomers + reading.newCustomers(),
    customers: reading.counts().appended,
    failure: reading.failure() ?? nothingOf(counts),
  };
}

type PeopleOptions = Parameters<typeof importCustomers>[2];

/** Reads a file for the import: purchases one by one, what else there is on the way. */
function createReading(
  file: Opened,
  storage: ProfileStorage,
  options: PeopleOptions,
  rules: ImportRules,
  tally: Tally,
): {
  readonly purchases: () => AsyncGenerator<PurchaseInput>;
  readonly refunds: ParsedRefund[];
  readonly counts: () => ChunkCounts;
  readonly newCustomers: () => number;
  readonly failure: () => string | undefined;
} {
  const refunds: ParsedRefund[] = [];
  let counts = NO_COUNTS;
  let newCustomers = 0;
  let failure: string | undefined;
  const { head, bytes, is } = file;
  const source =
    is.kind === 'orders' && is.format !== 'purchases' ? { source: sourceOf(is.format) } : {};
  /** @yields a purchase */
  async function* purchases(): AsyncGenerator<PurchaseInput> {
    if (is.kind !== 'orders') return;
    try {
      for await (const part of readOrders(bytes, head, is, parseOptions(rules))) {
        tally.add(part);
        refunds.push(...part.refunds);
        if (part.customers.length > 0) {
          const told = await importCustomers(storage, part.customers, { ...options, ...source });
          for (const [reason, count = 0] of Object.entries(told.reasons))
            tally.skip(reason, count, []);
          counts = addCounts(counts, told);
          newCustomers += told.newCustomers;
        }
        yield* part.purchases;
      }
    } catch (error) {
      // what came before the break is imported
      if (!(error instanceof Exit)) throw error;
      failure = error.message;
    }
  }
  return {
    ...{ purchases, refunds },
    ...{ counts: () => counts, newCustomers: () => newCustomers, failure: () => failure },
  };
}

function summary({ counts, newCustomers, customers, refunds }: Told): string {
  const { appended, duplicates, refused, skipped } = counts;
  if (appended === 0 && duplicates > 0 && skipped + refused === 0)
    return `Nothing new: imported 0, known before ${number(duplicates)}.`;
  return `${[
    `Imported ${number(appended)}`,
    `known before ${number(duplicates)}`,
    ...(newCustomers > 0 ? [`new customers ${number(newCustomers)}`] : []),
    ...(customers > 0 ? [`members ${number(customers)}`] : []),
    ...(refunds > 0 ? [`refunds ${number(refunds)}`] : []),
    ...(refused > 0 ? [`of erased customers ${number(refused)}`] : []),
    ...(skipped > 0 ? [`set aside ${number(skipped)}`] : []),
  ].join(', ')}.`;
}

/** Purchases name no shop: where the folder does not either, it has to be said. */
function shopOfPurchases(folder: string): string {
  if (!existsSync(folder)) throw misused('Say with --shop whose purchases they are.');
  return shopOf(folder, undefined);
}

/** The shop that an export names, and the export whole again. */
async function headerOf(
  bytes: AsyncIterable<Uint8Array>,
): Promise<readonly [shop: string, bytes: AsyncIterable<Uint8Array>]> {
  const { first, whole } = replay(bytes);
  const { shop } = await readHeader(readLines(first).lines);
  return [shop, whole];
}
