import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Exit } from './exit.js';
import { isKey } from './shop-key.js';

/** Who serves from a folder just now. */
export interface Serving {
  readonly pid: number;
  /** Where it answers. */
  readonly url: string;
}

function reasonOf(error: unknown): string {
  const { code, message } = (error ?? {}) as NodeJS.ErrnoException;
  return code ?? message;
}

function within<T>(folder: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw new Exit(1, `Cannot write to the folder ${folder} (${reasonOf(error)}).`);
  }
}

/** Makes the folder where there is none, readable by its owner alone. */
function makeFolder(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === false)
    throw new Exit(1, `${folder} is no folder.`);
  within(folder, () => makeEach(folder));
}

/** One after the other: where none can be made, as in /proc, Node's own `recursive` tries for ever. */
function makeEach(folder: string): void {
  if (existsSync(folder)) return;
  const parent = dirname(folder);
  if (parent !== folder) makeEach(parent);
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if (reasonOf(error) !== 'EEXIST') throw error; // another process was faster
  }
}

/** A key and where it lies. */
export interface KeptKey {
  readonly key: string;
  /** Undefined for one of the environment. */
  readonly file: string | undefined;
  readonly isNew: boolean;
}

/**
 * The key of a shop: of the environment, else the one that lies in the folder, else a new one that lies there from now on, unless
 * it is `kept` that is asked for: a folder that was mistyped has none.
 */
export function keyIn(folder: string, given: string | undefined, which?: 'kept'): KeptKey {
  if (given !== undefined && given !== '') {
    if (isKey(given)) return { key: given, file: undefined, isNew: false };
    throw new Exit(1, 'REGULARS_KEY is too short: 32 characters without spaces are the least.');
  }
  const file = join(folder, 'key');
  const isNew = !existsSync(file);
  if (isNew && which === 'kept')
    throw new Exit(
      1,
      `There is no key in ${folder}: --data names the folder that regulars serve has.`,
    );
  if (isNew) {
    makeFolder(folder);
    // another one may be as fast: its key is the key
    create(folder, file, `rk_${randomBytes(32).toString('base64url')}\n`);
  }
  const key = within(folder, () => readFileSync(file, 'utf8')).trim();
  if (!isKey(key)) throw new Exit(1, `${file} holds no key: 32 characters without spaces.`);
  return { key, file, isNew };
}

/** Whose shop it is: the one that is named, else the one that was named first for this folder. */
export function shopIn(folder: string, given: string | undefined): string {
  const file = join(folder, 'shop');
  if (given !== undefined) {
    if (existsSync(folder) && !existsSync(file)) create(folder, file, `${given}\n`);
    return given;
  }
  const kept = existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
  if (kept === '')
    throw new Exit(2, 'Say with --shop whose it is: the name that pages give to createRegulars.');
  return kept;
}

/** Writes a file that is not there; true if it was not. */
function create(folder: string, file: string, text: string): boolean {
  try {
    writeFileSync(file, text, { mode: 0o600, flag: 'wx' });
    return true;
  } catch (error) {
    if (reasonOf(error) === 'EEXIST') return false;
    throw new Exit(1, `Cannot write to the folder ${folder} (${reasonOf(error)}).`);
  }
}

const lockOf = (folder: string): string => join(folder, 'serving.json');

function isAlive(pid: number): boolean {
  if (pid === process.pid) return false; // a container gives the next one the same number
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return reasonOf(error) === 'EPERM'; // somebody else's
  }
}

/** Who serves from a folder; undefined where nobody does, or not any more. */
export function servingFrom(folder: string): Serving | undefined {
  try {
    const { pid, url } = JSON.parse(readFileSync(lockOf(folder), 'utf8')) as Serving;
    return Number.isSafeInteger(pid) && isAlive(pid) ? { pid, url } : undefined;
  } catch {
    return undefined;
  }
}

/** Takes a folder for this process: an embedded database that two open is damaged. `tell` says where it answers. */
export function takeFolder(folder: string): {
  readonly tell: (url: string) => void;
  readonly letGo: () => void;
} {
  makeFolder(folder);
  const file = lockOf(folder);
  const text = (url: string): string => JSON.stringify({ pid: process.pid, url });
  const write = (url: string): void =>
    within(folder, () => writeFileSync(file, text(url), { mode: 0o600 }));
  if (!create(folder, file, text(''))) {
    const other = servingFrom(folder);
    if (other) {
      const where = other.url === '' ? '' : `, which serves ${other.url}`;
      throw new Exit(1, `${folder} is in use by process ${String(other.pid)}${where}.`);
    }
    write(''); // of one that was killed
  }
  return { tell: write, letGo: () => rmSync(file, { force: true }) };
}
