// The pages of the bench: bundled from src, served on this machine only, opened in a real browser with a profile of its own.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';
import { ensureBrowser } from '../../scripts/browsers.mjs';
import { root } from '../../scripts/prepare.mjs';

const ARGS = [
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // a page that is not in front must not be slowed down
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
];

/** The scripts of the pages by their path, minified and split as a shop would have them. */
export async function bundlePages() {
  const folder = join(root, 'bench/page');
  const result = await build({
    entryPoints: [join(folder, 'main.ts')],
    bundle: true,
    minify: true,
    splitting: true,
    write: false,
    outdir: folder,
    format: 'esm',
    target: 'es2022',
    logLevel: 'silent',
  });
  return new Map(result.outputFiles.map(({ path, text }) => [`/${relative(folder, path)}`, text]));
}

/** Serves the page; each server is an origin with databases of its own. */
export async function serve(scripts) {
  const html = readFileSync(join(root, 'bench/page/index.html'), 'utf8');
  const server = createServer(({ url = '' }, response) => {
    const text = url === '/' ? html : scripts.get(url);
    response.writeHead(text === undefined ? 404 : 200, {
      'content-type': `${url === '/' ? 'text/html' : 'text/javascript'}; charset=utf-8`,
      'cache-control': 'max-age=86400',
      // an isolated page has a clock of 5 µs; else it has one of 100 µs
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
    });
    response.end(text);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() };
}

/** A browser with a fresh profile. */
export async function launch() {
  const executablePath = await ensureBrowser('chromium');
  const profile = mkdtempSync(join(tmpdir(), 'regulars-bench-'));
  const remove = () => rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  try {
    const context = await chromium.launchPersistentContext(profile, {
      executablePath,
      args: ARGS,
      headless: true,
    });
    return {
      version: context.browser()?.version() ?? 'unknown',
      /** Opens a page whose script has run; `call` runs one of its functions. */
      open: async (url) => {
        const page = await context.newPage();
        page.setDefaultTimeout(120_000);
        await page.goto(url);
        await page.waitForFunction(() => globalThis.bench !== undefined);
        return {
          call: (name, ...args) =>
            page.evaluate(([fn, list]) => globalThis.bench[fn](...list), [name, args]),
          close: () => page.close(),
        };
      },
      close: async () => {
        await context.close();
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
}
