import { randomUUID } from 'node:crypto';
import {
  closeSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  statSync,
  truncateSync,
} from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type * as Lmdb from 'lmdb';
import { RegularsError } from '../../kernel/errors.js';
import { checkLayout, commitError, lmdbError, type Root } from './node-lmdb-rows.js';

/** LMDB's file with the rows, beside that with the locks. A folder of their own lets both be taken away in one step. */
const dataFile = (path: string): string => join(path, 'data.mdb');

/** Which file lies there: another one after the database was destroyed and made anew. */
export function identityOf(path: string): string | undefined {
  const found = statSync(dataFile(path), { throwIfNoEntry: false });
  return found && `${found.dev}:${found.ino}`;
}

/** Throws unless the file is new or begins as LMDB's files do: LMDB itself takes the process down over a strange one. */
function checkHeader(path: string): void {
  const size = statSync(dataFile(path), { throwIfNoEntry: false })?.size ?? 0;
  if (size === 0) return;
  const file = openSync(dataFile(path), 'r+');
  try {
    const read = (at: number): Buffer => {
      const bytes = Buffer.alloc(64);
      readSync(file, bytes, 0, 64, at);
      return bytes;
    };
    const first = read(0);
    const pageSize = first.readUInt32LE(48);
    for (const page of [first, read(pageSize)])
      if (page.readUInt32LE(24) !== 0xbeefc0de || page.readUInt16LE(28) !== 2)
        throw new Error('it is damaged, or of another program');
  } finally {
    closeSync(file);
  }
}

/**
 * Gives a file that is too short its length: a read beyond its end would end the process. It may have been cut, or may end
 * in pages that were never written because they were free at once: then all rows are there still.
 */
function fillUp(root: Root, path: string): void {
  const { lastPageNumber, pageSize, entryCount } = root.getStats() as {
    readonly lastPageNumber: number;
    readonly pageSize: number;
    readonly entryCount: number;
  };
  const end = (lastPageNumber + 1) * pageSize;
  if (statSync(dataFile(path)).size >= end) return;
  truncateSync(dataFile(path), end);
  if (Array.from(root.getKeys()).length !== entryCount)
    throw new Error('a part of the file is missing');
}

async function importLmdb(): Promise<Pick<typeof Lmdb, 'open'>> {
  try {
    return await import('lmdb');
  } catch (cause) {
    throw new RegularsError(
      'ERR_STORAGE_UNAVAILABLE',
      'lmdbStorage() needs the package lmdb, or cannot load it here: npm install lmdb',
      { cause },
    );
  }
}

/** Opens the database in the folder `path`, or makes it. Waits, without blocking, while another process writes. */
export async function openFile(path: string): Promise<Root> {
  const lmdb = await importLmdb();
  await sweep(path);
  let root: Root | undefined;
  try {
    mkdirSync(path, { recursive: true });
    checkHeader(path);
    const opened: Root = (root = lmdb.open<Buffer, Buffer>({
      path,
      noSubdir: false,
      keyEncoding: 'binary',
      encoding: 'binary',
      // Each commit is flushed before it is told. What LMDB has to spare a flush risks the whole file in a power cut
      // (noSync), or takes back what was told when all processes have ended (overlappingSync).
      overlappingSync: false,
      // with it, a commit that fails rejects a promise of LMDB's own too, that nobody can handle
      eventTurnBatching: false,
    }));
    await opened.transaction(() =>
      opened.childTransaction(() => {
        fillUp(opened, path);
        checkLayout(opened);
      }),
    );
    return opened;
  } catch (cause) {
    await root?.close();
    throw lmdbError(`The database in ${path} cannot be opened`, await commitError(cause));
  }
}

const goneName = (path: string): string => `${basename(path)}.gone-`;

/** Takes the database away in one step, and gives the way to delete it. */
export function takeAway(path: string): () => Promise<void> {
  if (!statSync(path, { throwIfNoEntry: false })) return async () => undefined;
  const gone = join(dirname(path), `${goneName(path)}${randomUUID()}`);
  renameSync(path, gone);
  return () => rm(gone, { recursive: true, force: true });
}

/** Deletes what deletions left that were killed in the middle. */
async function sweep(path: string): Promise<void> {
  const names = await readdir(dirname(path)).catch(() => []);
  const left = names.filter((name) => name.startsWith(goneName(path)));
  await Promise.all(
    left.map((name) => rm(join(dirname(path), name), { recursive: true, force: true })),
  );
}
