import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { exportStorage } from '../profile/export-log.js';
import type { Command } from './arguments.js';
import type { Io } from './io.js';
import { openFolder, shopOf } from './open-folder.js';
import { number } from './print.js';

type Asked = Extract<Command, { readonly kind: 'export' }>;

/** Writes a storage as text: to a file that appears when it is whole, or to standard output. */
export async function runExport({ path, shop, output }: Asked, io: Io): Promise<void> {
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
