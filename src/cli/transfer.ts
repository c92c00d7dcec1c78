import { createWriteStream, existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { SingleBar } from 'cli-progress';
import { importPurchases, type PurchasesImported } from '../client/import-purchases.js';
import { exportStorage } from '../profile/export-log.js';
import { importStorage, readHeader, type StorageImported } from '../profile/import-storage.js';
import type { ImportProgress } from '../profile/in-chunks.js';
import { readLines } from '../profile/read-lines.js';
import type { Command } from './arguments.js';
import { Exit, misused } from './exit.js';
import type { Io } from './io.js';
import { openFolder, shopOf } from './open-folder.js';
import { safe } from './print.js';
import { openSource, peek, purchasesIn, replay } from './source.js';

type Asked<K extends Command['kind']> = Extract<Command, { readonly kind: K }>;

const number = (value: number): string => value.toLocaleString('en');

/** Writes a storage as text: to a file that appears when it is whole, or to standard output. */
export async function runExport({ path, shop, output }: Asked<'export'>, io: Io): Promise<void> {
  const name = shopOf(path, shop);
  const storage = await openFolder(path, name);
  const { signal } = io;
  let lines = 0;
  const text = Readable.from(
    exportStorage(storage, { shop: name, signal, onProgress: (told) => (lines = told.lines) }),
  );
  try {
    if (output === undefined || output === '-') {
      await pipeline(text, io.stdout, { end: false });
      return;
    }
    const part = `${output}.part`;
    try {
      await pipeline(text, createWriteStream(part));
      await rename(part, output);
    } catch (error) {
      await rm(part, { force: true });
      throw error;
    }
    io.stderr.write(`Wrote ${number(lines)} lines to ${output}.\n`);
  } finally {
    await storage.close();
  }
}

/** Shows how far it is where somebody watches. */
function createBar(io: Io): {
  readonly show: (share: number | undefined, done: number) => void;
  readonly stop: () => void;
} {
  if (!io.stderr.isTTY) return { show: () => undefined, stop: () => undefined };
  const bar = new SingleBar({
    stream: io.stderr,
    format: '{bar} {percentage} % | {done}',
    barsize: 30,
    hideCursor: true,
    clearOnComplete: true,
  });
  bar.start(100, 0, { done: '0' });
  return {
    show: (share, done) => bar.update(Math.round((share ?? 0) * 100), { done: number(done) }),
    stop: () => bar.stop(),
  };
}

/** Reads an export, or purchases, into a storage. */
export async function runImport(asked: Asked<'import'>, io: Io): Promise<void> {
  const source = openSource(asked.path, io);
  const { isExport, bytes } = await peek(source.bytes);
  const [own, other] = isExport ? await headerOf(bytes) : [undefined, bytes];
  const shop = asked.shop ?? own ?? shopOfPurchases(asked.into);
  const storage = await openFolder(asked.into, shop);
  const bar = createBar(io);
  const options = {
    ...{ shop, signal: io.signal },
    onProgress: ({ done }: ImportProgress) => bar.show(source.share(), done),
  };
  try {
    const told = isExport
      ? await importStorage(storage, other, options)
      : await importPurchases(storage, purchasesIn(other), {
          ...options,
          ...(asked.region !== undefined && { region: asked.region }),
          ...(asked.currency !== undefined && { currency: asked.currency }),
        });
    bar.stop();
    const { appended, duplicates, refused, skipped } = told;
    io.stderr.write(
      [
        `Imported ${number(appended)}`,
        `known before ${number(duplicates)}`,
        ...(refused > 0 ? [`of erased customers ${number(refused)}`] : []),
        ...(skipped > 0 ? [`set aside ${number(skipped)}`] : []),
      ].join(', ') + '.\n',
    );
    for (const one of told.setAside.slice(0, 5))
      io.stderr.write(
        'line' in one
          ? `  line ${one.line}: ${one.reason}\n`
          : `  purchase ${one.index + 1}: ${one.reason}${one.message ? `, ${safe(one.message, 200)}` : ''}\n`,
      );
    if ('sameKey' in told && told.sameKey === false)
      io.stderr.write(
        'The identifiers were made with another key: no phone number or account leads to these customers here.\n',
      );
    checkImported(told);
  } catch (error) {
    if (!io.signal.aborted) throw error;
    throw new Exit(130, 'Stopped. What was imported stays; run the same command again to go on.');
  } finally {
    bar.stop();
    await storage.close();
  }
}

/** Throws where less came in than the file should hold. */
function checkImported(told: StorageImported | PurchasesImported): void {
  const { appended, duplicates, refused, skipped } = told;
  if ('complete' in told && !told.complete)
    throw new Exit(1, 'The file is not whole: lines of it are missing or were changed.');
  if (skipped > 0 && appended + duplicates + refused === 0)
    throw new Exit(1, 'Nothing of the file could be imported.');
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
