import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import vm from 'node:vm';
import { describe, expect, it } from 'vitest';
import { entries, globalBuild, outputName } from '../../scripts/entries.mjs';
import { root } from '../../scripts/prepare.mjs';
import { bundleEntry } from '../../scripts/size.mjs';

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  exports: Record<string, unknown>;
  unpkg: string;
  jsdelivr: string;
};

/** Imports a module in a bare Node where whatever a page has, and every timer, reports its use. */
const IMPORT = `
  const touched = [];
  for (const name of ['document', 'window', 'localStorage', 'sessionStorage', 'indexedDB', 'customElements',
    'navigator', 'BroadcastChannel', 'fetch', 'setTimeout', 'setInterval', 'addEventListener'])
    Object.defineProperty(globalThis, name, { configurable: true, get() { touched.push(name); return undefined; } });
  const exported = Object.keys(await import(process.argv[1]));
  process.stdout.write(JSON.stringify({ touched, exported }));
`;

function importAlone(file: string): { touched: string[]; exported: string[] } {
  const args = ['--input-type=module', '--eval', IMPORT, pathToFileURL(file).href];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }));
}

it('package.json exports exactly the entries of the table', () => {
  const expected = Object.fromEntries(
    entries.map(({ name, server }) => {
      const file = `./dist/${outputName(name)}.js`;
      const types = file.replace(/js$/, 'd.ts');
      const places = { workerd: file, worker: file, browser: null };
      return [
        name === '.' ? '.' : `./${name}`,
        { types, ...(server === true && places), default: file },
      ];
    }),
  );
  expect(manifest.exports).toEqual({ ...expected, './package.json': './package.json' });
  expect([manifest.unpkg, manifest.jsdelivr]).toEqual(Array(2).fill(`./${globalBuild.file}`));
});

it('a page that imports what belongs to the backend fails to build', async () => {
  const { build } = await import('esbuild');
  const builds = async (name: string, conditions: string[] = []): Promise<boolean> => {
    const stdin = { contents: `import 'regulars/${name}';`, resolveDir: root };
    const how = { bundle: true, write: false, logLevel: 'silent' } as const;
    const done = build({ ...how, stdin, conditions, format: 'esm', platform: 'browser' });
    return done.then(
      () => true,
      () => false,
    );
  };
  for (const { name } of entries.filter(({ server }) => server)) {
    expect(await builds(name)).toBe(false);
    expect(await builds(name, ['worker'])).toBe(true);
  }
  expect(await builds('greeting')).toBe(true);
});

it('tsconfig.test.json leads every entry to its source', () => {
  const { compilerOptions } = JSON.parse(
    readFileSync(join(root, 'tsconfig.test.json'), 'utf8'),
  ) as {
    compilerOptions: { paths: Record<string, unknown> };
  };
  const expected = entries.map(({ name, source }) => [
    name === '.' ? 'regulars' : `regulars/${name}`,
    [`./${source}`],
  ]);
  expect(compilerOptions.paths).toEqual(Object.fromEntries(expected));
});

describe.each(entries)('$name', (entry) => {
  const file = join(root, 'dist', `${outputName(entry.name)}.js`);

  it('is built, with its types', () => {
    expect(existsSync(file)).toBe(true);
    expect(existsSync(file.replace(/\.js$/, '.d.ts'))).toBe(true);
  });
  it('imports without a DOM, gives something, and does nothing', () => {
    const { touched, exported } = importAlone(file);
    expect(touched).toEqual([]);
    expect(exported).not.toEqual([]);
    expect(exported).not.toContain('default');
  });
  it('pulls in nothing foreign', async () => {
    const { text, inputs } = await bundleEntry(entry);
    expect(text.length).toBeGreaterThan(0);
    expect((entry.foreign ?? []).filter((word) => new RegExp(word).test(text))).toEqual([]);
    expect(inputs.filter((path) => path.includes('node_modules/zod/'))).toEqual([]);
  });
});

describe('the test of an import', () => {
  it('notices a module that looks for a page', () => {
    const { touched } = importAlone(join(root, 'test/package/fixtures/eager.mjs'));
    expect(touched).toEqual(['document', 'setTimeout']);
  });
});

it("only the React binding says 'use client', on its first line", () => {
  const scripts = readdirSync(join(root, 'dist'), { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.js') && name !== 'regulars.global.js',
  );
  const said = scripts.filter((name) =>
    /["']use client["']/.test(readFileSync(join(root, 'dist', name), 'utf8')),
  );
  expect(said).toEqual(['react.js']);
  expect(readFileSync(join(root, 'dist/react.js'), 'utf8')).toMatch(/^["']use client["'];\n/);
});

it('the global build gives one global to a plain script, and touches no page', () => {
  const everywhere = { TextDecoder, TextEncoder, URL }; // what pages, workers and servers all have
  const context = vm.createContext({ ...everywhere });
  vm.runInContext(readFileSync(join(root, globalBuild.file), 'utf8'), context);
  const found = vm.runInContext('typeof Regulars.createRegulars', context) as string;
  expect(found).toBe('function');
  expect(Object.keys(context)).toEqual([...Object.keys(everywhere), 'Regulars']);
});
