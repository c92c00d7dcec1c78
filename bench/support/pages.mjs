// The pages of the bench: bundled from src, served on this machine only, opened in a real browser with a profile of its own.
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
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

/** Scripts minified and split as a shop would have them, and what esbuild tells of them. */
function bundleWith(entryPoints, outdir) {
  return build({
    entryPoints,
    bundle: true,
    minify: true,
    splitting: true,
    write: false,
    outbase: outdir,
    outdir,
    format: 'esm',
    target: 'es2022',
    define: { global: 'globalThis' },
    metafile: true,
    logLevel: 'silent',
  });
}

/** Scripts by their path under `outdir`. */
async function bundle(entryPoints, outdir) {
  const { outputFiles } = await bundleWith(entryPoints, outdir);
  return new Map(outputFiles.map(({ path, text }) => [`/${relative(outdir, path)}`, text]));
}

/** Bytes, compressed, of a script with all that it imports at once; what it may load later does not count. */
async function sizeOf(entryPoint, outdir) {
  const { outputFiles, metafile } = await bundleWith([entryPoint], outdir);
  const outputs = new Map(
    Object.entries(metafile.outputs).map(([path, output]) => [resolve(path), output]),
  );
  const needed = new Set();
  const visit = (path) => {
    if (needed.has(path)) return;
    needed.add(path);
    for (const { path: next, kind } of outputs.get(path)?.imports ?? [])
      if (kind === 'import-statement') visit(resolve(next));
  };
  for (const [path, { entryPoint: from }] of outputs)
    if (from !== undefined && resolve(from) === entryPoint) visit(path);
  return outputFiles
    .filter(({ path }) => needed.has(path))
    .reduce((sum, { text }) => sum + gzipSync(text, { level: 9 }).length, 0);
}

/** The scripts of the client's pages. */
export function bundlePages() {
  const folder = join(root, 'bench/page');
  return bundle([join(folder, 'main.ts')], folder);
}

/** The scripts of the storage's pages, and how large each contender is, minified and compressed. */
export async function bundleStoragePages(contenders) {
  const folder = join(root, 'bench');
  const at = (path) => join(folder, path);
  const files = contenders.map(({ file }) => file);
  const scripts = await bundle(['storage-page/main.ts', ...files].map(at), folder);
  const sizes = new Map();
  for (const { name, size } of contenders) sizes.set(name, await sizeOf(at(size), folder));
  return { scripts, sizes };
}

/** Serves the page of a folder; each server is an origin with databases of its own. */
export async function serve(scripts, folder = 'page') {
  const html = readFileSync(join(root, 'bench', folder, 'index.html'), 'utf8');
  const server = createServer((request, response) => {
    const url = (request.url ?? '').replace(/\?.*$/, '');
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

function bytesBelow(path) {
  const stat = statSync(path, { throwIfNoEntry: false }); // the browser may have just removed it
  if (stat === undefined) return 0;
  if (!stat.isDirectory()) return stat.size;
  return readdirSync(path).reduce((sum, name) => sum + bytesBelow(join(path, name)), 0);
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
      /** Bytes on disk of the databases of an origin. */
      bytesOf: (url) => {
        const { hostname, port } = new URL(url);
        const folder = join(profile, 'Default/IndexedDB');
        return readdirSync(folder)
          .filter((name) => name.startsWith(`http_${hostname}_${port}.`))
          .reduce((sum, name) => sum + bytesBelow(join(folder, name)), 0);
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
