import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { entries, outputName } from '../../scripts/entries.mjs';
import { root } from '../../scripts/prepare.mjs';
import { inKilobytes, measure, toMarkdown } from '../../scripts/size.mjs';

const read = (name: string): string => readFileSync(join(root, name), 'utf8');
const manifest = JSON.parse(read('package.json')) as {
  version: string;
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
};

interface Packed {
  readonly files: readonly { readonly path: string }[];
}

function packedFiles(): readonly string[] {
  const json = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: root,
    encoding: 'utf8',
    shell: process.platform === 'win32',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const report = JSON.parse(json) as readonly Packed[] | Record<string, Packed>;
  return Object.values(report).flatMap(({ files }: Packed) => files.map(({ path }) => path));
}

describe('the package', () => {
  let files: readonly string[] = [];
  beforeAll(() => {
    files = packedFiles();
  });

  it('holds dist, the manifest and the three papers, and nothing else', () => {
    expect(files.filter((path) => !path.startsWith('dist/')).toSorted()).toEqual([
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'package.json',
    ]);
    expect(files.filter((path) => !/\.(js|js\.map|d\.ts)$/.test(path)).length).toBe(4);
  });

  it('holds every entry', () => {
    const expected = entries.flatMap(({ name }) => [
      `dist/${outputName(name)}.js`,
      `dist/${outputName(name)}.d.ts`,
    ]);
    expect(files).toEqual(expect.arrayContaining(expected));
  });

  it('depends on idb and zod at run time, and pins every version exactly', () => {
    expect(Object.keys(manifest.dependencies)).toEqual(['idb', 'zod']);
    const versions = Object.values({ ...manifest.dependencies, ...manifest.devDependencies });
    expect(versions.filter((version) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
  });

  it('has a section for its version in the CHANGELOG', () => {
    expect(read('CHANGELOG.md').split('\n')).toContain(`## ${manifest.version}`);
  });
});

/** Rows of the README's size table: name to size, whatever the padding. */
function sizeRows(markdown: string): ReadonlyMap<string, number> {
  const table = /<!-- sizes -->([^]*?)<!-- \/sizes -->/.exec(markdown)?.[1] ?? '';
  const rows = table.matchAll(/^\|\s*`?([^|`]+?)`?\s*\|\s*(?:\+ )?([\d.]+) kB\s*\|/gm);
  return new Map([...rows].map(([, name = '', size]) => [name, Number(size)]));
}

describe('the sizes in the README', () => {
  it('are those of this build, to a tenth of a kilobyte', async () => {
    const rows = await measure();
    const told = sizeRows(read('README.md'));
    expect([...told.keys()], 'node scripts/size.mjs --markdown prints the table').toEqual(
      rows.map(({ name }) => name),
    );
    // Versions of zlib differ by a few bytes, which may turn a tenth.
    const wrong = rows.filter(
      ({ name, bytes }) => Math.abs((told.get(name) ?? 0) * 1000 - bytes) > 110,
    );
    expect(wrong.map(({ name, bytes }) => `${name} is ${inKilobytes(bytes)}`)).toEqual([]);
  });

  it('are read back from the table that is printed', () => {
    const rows = [{ name: 'regulars/x', bytes: 1234, budget: 2000, added: true, leaks: [] }];
    const markdown = `<!-- sizes -->\n\n${toMarkdown(rows)}\n\n<!-- /sizes -->`;
    expect([...sizeRows(markdown)]).toEqual([['regulars/x', 1.2]]);
  });
});

describe.runIf(existsSync(join(root, '.git')))('the tracked files', () => {
  const names = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' })
    .split('\0')
    .filter((name) => name !== '' && existsSync(join(root, name)));
  // Written so that this file does not hold what it looks for.
  const forbidden = [
    /registry\.[a-z]/,
    /deb\.debian\.[a-z]/,
    /(^|[\s"'`(=:])\/(work|root|home)\/[\w.]/m,
  ];

  it.each(forbidden)('name no place on one machine or network: %s', (pattern) => {
    const text = names.filter((name) => !/\.(gz|png|ico|bin|woff2?)$/.test(name));
    expect(text.filter((name) => pattern.test(read(name)))).toEqual([]);
  });
});
