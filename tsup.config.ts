import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'tsup';
import type { Options } from 'tsup';
import { entries, globalBuild, outputName } from './scripts/entries.mjs';

type Plugin = NonNullable<Options['plugins']>[number];

/** Frameworks that render on servers want the directive as the very first line; a build that splits drops it. */
const useClient: Plugin = {
  name: 'use-client',
  renderChunk(code, chunk) {
    if (chunk.entryPoint !== 'src/react/index.ts' || /^['"]use client/.test(code)) return undefined;
    if (typeof chunk.map === 'string') {
      const map = JSON.parse(chunk.map) as { mappings: string };
      chunk.map = JSON.stringify({ ...map, mappings: `;${map.mappings}` }); // one line further down
    }
    return { code: `'use client';\n${code}` };
  },
};

/** What dist may hold of others, so that nobody has to install it. */
const bundled = [
  ...['@nodable/entities', 'anynum', 'fast-xml-parser', 'is-unsafe', 'path-expression-matcher'],
  ...['papaparse', 'simple-statistics', 'strnum', 'xml-naming'],
  ...['is-any-array', 'ml-array-max', 'ml-array-min', 'ml-array-rescale', 'ml-matrix'],
];

/** What the command line may hold besides. */
const bundledInCommand = [
  ...['ansi-regex', 'cli-progress', 'cli-table3', 'emoji-regex', 'is-fullwidth-code-point'],
  ...['stream-chain', 'stream-json', 'string-width', 'strip-ansi'],
  ...['@hono/node-server', 'hono', 'jose'],
];

const packageFile = (name: string, file: string): string =>
  join(import.meta.dirname, 'node_modules', name, file);

/** The text of a licence, wherever a package keeps it. */
function licenceOf(name: string): string {
  const file = readdirSync(packageFile(name, '')).find((each) => /^licen[cs]e/i.test(each));
  if (file !== undefined) return readFileSync(packageFile(name, file), 'utf8').trim();
  // of the same author and under the same licence, but published without its text
  if (name === '@nodable/entities') return licenceOf('fast-xml-parser');
  throw new Error(`${name} has no licence file`);
}

/** Ends each file that holds parts of other packages with their licences; fails a build that holds what is not on the list. */
const withLicences = (allowed: readonly string[]): Plugin => ({
  name: 'with-licences',
  renderChunk(code) {
    // how esbuild marks where a module begins: in a comment, or as the name of a CommonJS one
    const marks = code.matchAll(/^(?:\/\/ |\s*")\S*node_modules\/((?:@[^/\n]+\/)?[^/\n]+)\/\S+$/gm);
    const names = [...new Set([...marks].map(([, name = '']) => name))].sort();
    const foreign = names.find((name) => !allowed.includes(name));
    if (foreign !== undefined) throw new Error(`${foreign} is bundled and not on the list.`);
    if (names.length === 0) return undefined;
    const parts = names.map((name) => {
      const { version } = JSON.parse(readFileSync(packageFile(name, 'package.json'), 'utf8')) as {
        version: string;
      };
      return `${name} ${version}\n\n${licenceOf(name)}`;
    });
    const text = parts.join('\n\n').replaceAll('*/', '* /');
    return {
      code: `${code}\n/*\nThis file holds parts of other packages, under these licences.\n\n${text}\n*/\n`,
    };
  },
});

/**
 * papaparse as pages can have it: its build for browsers, which asks for no module of Node's, and without sight of the page. It would look for
 * `window` when it is imported, start workers from blobs, which a strict policy forbids, and register itself where a page has an AMD loader.
 */
const quietPapaparse: NonNullable<Options['esbuildPlugins']>[number] = {
  name: 'quiet-papaparse',
  setup: (build) => {
    const path = packageFile('papaparse', 'papaparse.min.js');
    build.onResolve({ filter: /^papaparse$/ }, () => ({ path }));
    build.onLoad({ filter: /papaparse\.min\.js$/ }, () => ({
      contents: `var define, self, window;\n${readFileSync(path, 'utf8')}`,
    }));
  },
};

/** Of simple-statistics the one function that is used: its bundle makes tables and classes of others when it is imported. */
const onlyGammaln: NonNullable<Options['esbuildPlugins']>[number] = {
  name: 'only-gammaln',
  setup: (build) => {
    const path = packageFile('simple-statistics', 'index.js');
    build.onResolve({ filter: /^simple-statistics$/ }, () => ({ path }));
    build.onLoad({ filter: /simple-statistics[\\/]index\.js$/ }, () => ({
      contents: "export { default as gammaln } from './src/gammaln.js';",
      resolveDir: packageFile('simple-statistics', ''),
    }));
  },
};

// They run side by side: scripts/build.mjs empties dist first, `clean` in one would delete files of the other.
export default defineConfig([
  {
    entry: Object.fromEntries(entries.map(({ name, source }) => [outputName(name), source])),
    format: ['esm'],
    platform: 'neutral',
    target: 'es2022',
    splitting: true,
    sourcemap: true,
    minify: false,
    silent: true,
    external: [
      ...['idb', 'zod', 'react', 'react-dom', 'lmdb', 'jose', 'libphonenumber-js'],
      '@electric-sql/pglite',
      /^node:/,
    ],
    removeNodeProtocol: false, // Deno and bundlers tell a module of Node's by it
    plugins: [useClient, withLicences(bundled)],
    esbuildPlugins: [quietPapaparse, onlyGammaln],
    esbuildOptions: (options) => {
      options.mainFields = ['module', 'main']; // a neutral platform knows none
    },
    dts: {
      compilerOptions: {
        types: ['node'], // of the adapters for Node and the command line
        ignoreDeprecations: '6.0', // tsup passes baseUrl, which TypeScript 6 deprecates
        noUnusedLocals: false, // not a reason to have no build; `check:types` sees to it
        noUnusedParameters: false,
      },
    },
  },
  {
    entry: { regulars: globalBuild.source },
    format: ['iife'],
    globalName: 'Regulars',
    platform: 'browser',
    target: 'es2022',
    minify: true,
    silent: true,
    noExternal: [/.*/],
    outExtension: () => ({ js: '.global.js' }),
  },
  {
    entry: { cli: 'src/cli/index.ts' },
    format: ['esm'],
    splitting: false,
    platform: 'node',
    target: 'node20',
    silent: true,
    noExternal: [...bundled, ...bundledInCommand],
    external: [
      'idb',
      'zod',
      'lmdb',
      '@duckdb/node-api',
      '@electric-sql/pglite',
      'pg',
      /^@colors\/colors/,
    ], // the last for colors, which we leave to the terminal
    banner: {
      // CommonJS inside asks for Node's modules by `require`
      js: `#!/usr/bin/env node
import { createRequire as createRequireOfCli } from 'node:module';
const require = createRequireOfCli(import.meta.url);`,
    },
    plugins: [withLicences([...bundled, ...bundledInCommand])],
  },
]);
