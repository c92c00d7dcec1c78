import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../scripts/prepare.mjs';

/** Puts the command into a folder as it is installed: what `npm pack` takes, beside the packages it needs. Gives its file. */
export function installCommand(folder: string): string {
  const { bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly bin: { readonly regulars: string };
  };
  const [packed] = Object.values(
    JSON.parse(
      execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
        ...{ cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
      }),
    ) as Record<string, { readonly filename: string }>,
  );
  execFileSync('tar', ['-xzf', packed?.filename ?? ''], { cwd: folder });
  execFileSync('ln', ['-s', join(root, 'node_modules'), join(folder, 'node_modules')]);
  return join(folder, 'package', bin.regulars);
}

/** What came of running it. */
export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly told: string;
}

/** Runs the command to its end. */
export function runCommand(
  command: string,
  folder: string,
  args: readonly string[],
  input?: string | Uint8Array,
): Ran {
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args], {
    ...{ cwd: folder, encoding: 'utf8', ...(input !== undefined && { input }) },
    env: { ...process.env, NO_COLOR: '1' },
  });
  return { code: status, out: stdout, told: stderr };
}
