// npm test: everything from a fresh clone to the last line "N passed, N failed". Arguments go to Vitest.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { build, buildExamples, checkNode, install, main, Refusal, root } from './prepare.mjs';

const nightly = process.argv.includes('--nightly'); // laws are tried with ten times as many inputs
const args = process.argv.slice(2).filter((arg) => arg !== '--nightly');
const LONGEST_MS = (nightly ? 180 : 45) * 60_000; // a browser that hangs must not hang whoever waits for us
const GRACE_MS = 20_000;

/** Whether Firefox can really be driven: some packagings keep the folder of its profile from it. */
async function canDrive(executablePath) {
  const { firefox } = await import('playwright-core');
  try {
    const options = { executablePath, channel: 'moz-firefox', timeout: 60_000 };
    await (await firefox.launch(options)).close();
    return true;
  } catch {
    return false;
  }
}

/**
 * The browsers to test in, by their names. Chromium is found or installed in any case; Firefox and WebKit are used where they are,
 * unless BROWSERS says which engines: these must be had, and are installed too.
 */
async function browsers() {
  const { askedBrowsers, ensureBrowser, findBrowser } = await import('./browsers.mjs');
  try {
    const asked = askedBrowsers();
    const paths = {};
    for (const name of new Set(['chromium', ...(asked ?? [])]))
      paths[name] = await ensureBrowser(name);
    for (const name of asked ? [] : ['firefox', 'webkit']) {
      const path = await findBrowser(name);
      if (path && (name !== 'firefox' || (await canDrive(path)))) paths[name] = path;
      else {
        const why = path ? `${path} cannot be driven` : 'it was not found';
        process.stderr.write(`Not testing in ${name}: ${why} (CONTRIBUTING.md says how to)\n`);
      }
    }
    return paths;
  } catch (error) {
    throw new Refusal(error.message);
  }
}

/** Runs Vitest; ends it, at last by force, when it takes too long or when this process is told to end. */
function vitest(env) {
  return new Promise((resolve, reject) => {
    const program = join(root, 'node_modules', 'vitest', 'vitest.mjs');
    const child = spawn(process.execPath, [program, 'run', ...args], {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, ...env },
    });
    const end = (signal) => {
      child.kill(signal);
      setTimeout(() => child.kill('SIGKILL'), GRACE_MS).unref();
    };
    const late = setTimeout(() => {
      process.stderr.write(`The tests took longer than ${LONGEST_MS / 60_000} minutes.\n`);
      end('SIGTERM');
    }, LONGEST_MS);
    process.on('SIGTERM', () => end('SIGTERM'));
    process.on('SIGINT', () => end('SIGINT')); // a terminal has told Vitest too: it closes its browsers
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(late);
      resolve(code ?? 1);
    });
  });
}

await main(async () => {
  checkNode();
  await install();
  const paths = await browsers();
  await build();
  await buildExamples();
  const named = Object.entries(paths).map(([name, path]) => [`${name.toUpperCase()}_PATH`, path]);
  process.exitCode = await vitest({
    ...Object.fromEntries(named),
    BROWSERS: Object.keys(paths).join(','),
    ...(nightly && { NIGHTLY: '1' }),
  });
});
