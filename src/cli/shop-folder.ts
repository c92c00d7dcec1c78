import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Exit } from './exit.js';
import { isKey } from './shop-key.js';

/** Who serves from a folder just now. */
export interface Serving {
  readonly pid: number;
  /** Where it answers. */
  readonly url: string;
}

const reasonOf = (error: unknown): string =>
  String((error as { readonly code?: unknown }).code ?? (error as Error).message);

function within<T>(folder: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw new Exit(1, `Cannot write to the folder ${folder} (${reasonOf(error)}).`);
  }
}

/** Makes the folder where there is none, readable by its owner alone. */
export function makeFolder(folder: string): void {
  within(folder, () => mkdirSync(folder, { recursive: true, mode: 0o700 }));
}

/** The key of a shop: of the environment, else the one that lies in the folder, else a new one that lies there from now on. */
export function keyIn(folder: string, given: string | undefined): string {
  if (given !== undefined && given !== '') {
    if (isKey(given)) return given;
    throw new Exit(1, 'REGULARS_KEY is too short: 32 characters without spaces are the least.');
  }
  const file = join(folder, 'key');
  if (!existsSync(file)) {
    makeFolder(folder);
    const made = `rk_${randomBytes(32).toString('base64url')}`;
    try {
      writeFileSync(file, `${made}\n`, { mode: 0o600, flag: 'wx' });
    } catch (error) {
      // another one was as fast; its key is the key
      if (reasonOf(error) !== 'EEXIST') within(folder, () => { throw error; });
    }
  }
  const key = within(folder, () => readFileSync(file, 'utf8')).trim();
  if (!isKey(key)) throw new Exit(1, `${file} holds no key: 32 characters without spaces.`);
  return key;
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

/** Takes a folder for this process: an embedded database that two open is damaged. The function given says where it answers, the other lets go. */
export function takeFolder(folder: string): {
  readonly tell: (url: string) => void;
  readonly letGo: () => void;
} {
  makeFolder(folder);
  const file = lockOf(folder);
  const write = (url: string, flag: 'w' | 'wx'): void =>
    writeFileSync(file, JSON.stringify({ pid: process.pid, url }), { mode: 0o600, flag });
  try {
    write('', 'wx');
  } catch (error) {
    if (reasonOf(error) !== 'EEXIST') within(folder, () => { throw error; });
    const other = servingFrom(folder);
    if (other)
      throw new Exit(1, `${folder} is in use by process ${String(other.pid)}${other.url === '' ? '' : `, which serves ${other.url}`}.`);
    write('', 'w'); // of one that was killed
  }
  return {
    tell: (url) => within(folder, () => write(url, 'w')),
    letGo: () => rmSync(file, { force: true }),
  };
}
