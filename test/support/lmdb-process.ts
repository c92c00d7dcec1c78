import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import { root } from '../../scripts/prepare.mjs';

/** A child that writes to a database; `lines` grows by what it says. */
export interface Writer {
  readonly process: ChildProcess;
  readonly lines: readonly string[];
  /** Resolves when it has said that. */
  readonly says: (line: string) => Promise<void>;
  /** Resolves with its exit code; `null` when it was killed. */
  readonly ended: Promise<number | null>;
}

/** Bundles the child into `folder`, and gives the way to start it, behind a shell's `limit` if there is one. */
export async function prepareWriters(
  folder: string,
): Promise<(args: readonly string[], limit?: string) => Writer> {
  mkdirSync(folder, { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
  const outfile = join(folder, 'child.mjs');
  await build({
    entryPoints: [join(root, 'test/support/lmdb-child.ts')],
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['lmdb'],
    outfile,
    logLevel: 'silent',
  });
  return (args, limit) => {
    const command = [process.execPath, outfile, ...args];
    const [program = '', ...given] = limit
      ? ['sh', '-c', `${limit}; exec "$@"`, 'sh', ...command]
      : command;
    const child = spawn(program, given, { stdio: ['ignore', 'pipe', 'ignore'] });
    const lines: string[] = [];
    const reader = createInterface({ input: child.stdout });
    reader.on('line', (line) => lines.push(line));
    const closed = once(reader, 'close');
    const ended = once(child, 'exit').then(async ([code]) => {
      await closed; // what it said last is read
      return code as number | null;
    });
    const says = (wanted: string): Promise<void> =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (lines.includes(wanted)) resolve();
        };
        reader.on('line', look);
        look();
        void ended.then(() => {
          look();
          reject(new Error(`It ended without "${wanted}": ${lines.slice(-3).join(', ')}`));
        });
      });
    return { process: child, lines, says, ended };
  };
}
