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

// The two run side by side: scripts/build.mjs empties dist first, `clean` in one would delete files of the other.
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
    external: ['idb', 'zod', 'react', 'react-dom', 'lmdb', /^node:/],
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
]);
