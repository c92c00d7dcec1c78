// npm test: everything from a fresh clone to the last line "N passed, N failed". Arguments go to Vitest.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { build, buildExamples, checkNode, install, main, Refusal, root } from './prepare.mjs';

const LONGEST_MS = 30 * 60_000; // a browser that hangs must not hang whoever waits for us

/** A browser that can be started: one that is here, or one that the project gets. */
async function browser() {
  const { ensureBrowser } = await import('./browsers.mjs');
  try {
    return await ensureBrowser('chromium');
  } catch (error) {
    throw new Refusal(error.message);
  }
}

await main(async () => {
  checkNode();
  await install();
  const path = await browser();
  await build();
  await buildExamples();
  const code = await new Promise((resolve, reject) => {
    const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
    const child = spawn(process.execPath, [vitest, 'run', ...process.argv.slice(2)], {
      cwd: root,
      stdio: 'inherit',
      timeout: LONGEST_MS,
      env: { ...process.env, BROWSERS: 'chromium', CHROMIUM_PATH: path },
    });
    child.on('error', reject);
    child.on('close', resolve);
  });
  process.exitCode = code ?? 1;
});
