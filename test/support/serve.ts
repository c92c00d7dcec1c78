import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { root } from '../../scripts/prepare.mjs';

const OUTSIDE = ['idb', 'zod', 'lmdb', 'pg', '@duckdb/node-api', '@electric-sql/pglite'];

/** The command as it is in src, without the rest of the package: lies where Node finds what is installed. */
export async function bundleCommand(from: string = root): Promise<string> {
  const folder = join(from, 'node_modules/.cache/regulars');
  mkdirSync(folder, { recursive: true });
  const outfile = join(folder, `serve-${String(process.pid)}.mjs`);
  await build({
    ...{ entryPoints: [join(from, 'src/cli/index.ts')], outfile, bundle: true, logLevel: 'error' },
    ...{ platform: 'node', format: 'esm', target: 'node20', external: OUTSIDE },
    banner: {
      js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);",
    },
  });
  return outfile;
}

/** A server in a process of its own. */
export interface Served {
  readonly url: string;
  readonly child: ChildProcess;
  /** What it has printed. */
  readonly said: () => string;
  /** Ends it; resolves with the number for the shell, null where it was killed. */
  readonly end: (signal: NodeJS.Signals) => Promise<number | null>;
}

/** Starts `regulars serve`; resolves once it says where it answers. */
export function startServe(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Served> {
  const child = spawn(process.execPath, [command, 'serve', '--port', '0', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1', ...env },
  });
  let said = '';
  const gone = new Promise<number | null>((resolve) => child.once('exit', resolve));
  return new Promise((resolve, reject) => {
    const hear = (piece: Buffer): void => {
      said += piece.toString();
      const url = /at (http:\S+)\/regulars/.exec(said)?.[1];
      if (url !== undefined)
        resolve({
          ...{ url, child, said: () => said },
          end: (signal) => {
            child.kill(signal);
            return gone;
          },
        });
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    void gone.then((code) => reject(new Error(`It ended with ${String(code)}: ${said}`)));
  });
}
