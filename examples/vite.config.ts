import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { defineConfig, type Plugin } from 'vite';

const here = import.meta.dirname;
const root = resolve(here, '..');
const manifest = JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8')) as {
  readonly name: string;
  readonly exports: Readonly<Record<string, string | { readonly default: string }>>;
};

// The pages import the package by name, as its users do; here that name leads to the files its `exports` name.
const alias = Object.entries(manifest.exports).flatMap(([entry, target]) =>
  typeof target === 'string'
    ? []
    : [
        {
          find: new RegExp(`^${manifest.name}${entry.slice(1)}$`),
          replacement: resolve(root, target.default),
        },
      ],
);

/** What the storefront fetches is made from the sample of real orders. */
const sample: Plugin = {
  name: 'sample',
  buildStart: async () => {
    // by address: Vite would bundle it into this file, and look for the package before it is built
    await import(pathToFileURL(resolve(here, 'data/build.mjs')).href);
  },
};

export default defineConfig({
  root: here,
  base: './',
  publicDir: '.generated',
  plugins: [sample],
  resolve: { alias },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: ['chrome94', 'safari15.4', 'firefox96'],
    assetsInlineLimit: 0, // a strict content security policy has no room for data: addresses
    rolldownOptions: {
      input: [
        'index.html',
        'storefront/index.html',
        'restaurant/index.html',
        'kiosk/index.html',
        'proofs/index.html',
        'analytics/index.html',
      ].map((page) => resolve(here, page)),
    },
  },
});
