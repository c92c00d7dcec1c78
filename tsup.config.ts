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

/** What the command line is built with and nobody has to install: each with its licence at the end of the file. */
const bundled = [
  'ansi-regex',
  'cli-progress',
  'cli-table3',
  'emoji-regex',
  'is-fullwidth-code-point',
  'string-width',
  'strip-ansi',
] as const;

const packageFile = (name: string, file: string): string =>
  join(import.meta.dirname, 'node_modules', name, file);

/** The text of a licence, wherever a package keeps it. */
function licenceOf(name: string): string {
  const file = readdirSync(packageFile(name, '')).find((each) => /^licen[cs]e/i.test(each));
  if (file === undefined) throw new Error(`${name} has no licence file`);
  return readFileSync(packageFile(name, file), 'utf8').trim();
}

function licences(): string {
  const parts = bundled.map((name) => {
    const { version } = JSON.parse(readFileSync(packageFile(name, 'package.json'), 'utf8')) as {
      version: string;
    };
    return `${name} ${version}\n\n${licenceOf(name)}`;
  });
  return `/*\nThis file holds parts of other packages, under these licences.\n\n${parts.join('\n\n').replaceAll('*/', '* /')}\n*/`;
}

/** Fails a build that bundles what is not on the list. */
const onlyBundled: NonNullable<Options['esbuildPlugins']>[number] = {
  name: 'only-bundled',
  setup: (build) => {
    build.initialOptions.metafile = true;
    build.onEnd(({ metafile }) => {
      const names = Object.keys(metafile?.inputs ?? {}).flatMap(
        (path) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? [],
      );
      const foreign = names.find((name) => !(bundled as readonly string[]).includes(name));
      if (foreign !== undefined) throw new Error(`The command line bundles ${foreign}.`);
    });
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
      /^node:/,
    ],
    removeNodeProtocol: false, // Deno and bundlers tell a module of Node's by it
    plugins: [useClient],
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
    noExternal: [...bundled],
    external: ['idb', 'zod', 'lmdb', /^@colors\/colors/], // the last for colors, which we leave to the terminal
    banner: {
      // CommonJS inside asks for Node's modules by `require`
      js: `#!/usr/bin/env node
import { createRequire as createRequireOfCli } from 'node:module';
const require = createRequireOfCli(import.meta.url);`,
    },
    footer: { js: licences() },
    esbuildPlugins: [onlyBundled],
  },
]);
