import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { chromium, type BrowserContext, type Page } from 'playwright-core';
import { findBrowser } from '../../scripts/browsers.mjs';

/** The path of Chromium, or `undefined` where there is none. */
export const chromiumPath: string | undefined = await findBrowser('chromium');

/** What every Chromium of the tests is started with. */
export const CHROMIUM_ARGS: readonly string[] = [
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A page's script from TypeScript, as a bundler of a shop would make it; `code` imports from `src/…`. */
export async function bundleScript(code: string): Promise<string> {
  const result = await build({
    stdin: { contents: code, resolveDir: join(import.meta.dirname, '../..'), loader: 'ts' },
    bundle: true,
    format: 'esm',
    target: 'es2022',
    write: false,
  });
  return result.outputFiles[0]?.text ?? '';
}

/** Serves one page that runs `script`, on this machine only; `empty` below it runs nothing. */
export async function servePage(
  script: string,
): Promise<{ readonly url: string; readonly close: () => Promise<void> }> {
  const server = createServer((request, response) => {
    const isScript = request.url === '/page.js';
    const tag = request.url === '/empty' ? '' : '<script type="module" src="/page.js"></script>';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    response.end(isScript ? script : `<!doctype html><meta charset="utf-8"><title>p</title>${tag}`);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** An empty folder for a browser's profile, and the way to take it away. */
export async function profileFolder(): Promise<{
  readonly folder: string;
  readonly remove: () => Promise<void>;
}> {
  const folder = await mkdtemp(join(tmpdir(), 'regulars-profile-'));
  // a browser that was told to end may still write for a moment
  return {
    folder,
    remove: () => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 }),
  };
}

/** Chromium with everything it keeps in `folder`: close and launch again to restart it. */
export function launchChromium(
  folder: string,
  options: Parameters<typeof chromium.launchPersistentContext>[1] = {},
): Promise<BrowserContext> {
  if (chromiumPath === undefined)
    throw new Error('chromium is not installed: node scripts/browsers.mjs --install chromium');
  return chromium.launchPersistentContext(folder, {
    executablePath: chromiumPath,
    args: [...CHROMIUM_ARGS],
    headless: true,
    ...options,
  });
}

async function debuggingPort(folder: string): Promise<string> {
  for (let waited = 0; waited < 30_000; waited += 50) {
    const text = await readFile(join(folder, 'DevToolsActivePort'), 'utf8').catch(() => '');
    const [port, path] = text.split('\n');
    if (port && path) return `ws://127.0.0.1:${port}${path}`;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('Chromium did not tell its debugging port');
}

/** The same, as a process of our own that can be killed as a power cut would. */
export async function spawnChromium(
  folder: string,
): Promise<{ readonly page: Page; readonly kill: () => Promise<void> }> {
  if (chromiumPath === undefined)
    throw new Error('chromium is not installed: node scripts/browsers.mjs --install chromium');
  const flags = ['--headless=new', '--remote-debugging-port=0', `--user-data-dir=${folder}`];
  const child = spawn(chromiumPath, [...CHROMIUM_ARGS, ...flags, 'about:blank'], {
    stdio: 'ignore',
  });
  const exited = once(child, 'exit');
  const browser = await chromium.connectOverCDP(await debuggingPort(folder));
  const context = browser.contexts()[0] ?? (await browser.newContext());
  return {
    page: await context.newPage(),
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
      await browser.close().catch(() => undefined); // it is gone already
    },
  };
}
