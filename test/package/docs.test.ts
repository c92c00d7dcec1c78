import { existsSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import ts from 'typescript';
import { beforeAll, describe, expect, it } from 'vitest';
import { root } from '../../scripts/prepare.mjs';
import { storageContract } from '../../src/testing/storage-contract.js';
import { transportContract } from '../../src/testing/transport-contract.js';
import { blocksOf, pages, readPage, typescriptFiles } from '../support/docs.js';

/** The closed lists that the errors guide answers for, under the headings that hold them. */
const LISTS: Readonly<Record<string, string>> = {
  Errors: 'RegularsErrorCode',
  Notices: `Notice['code']`,
  Recognition: `Recognition['kind']`,
  'Blocked identifiers': 'BlockedReason',
  Unavailable: `Extract<Recognition, { kind: 'unavailable' }>['reason']`,
  'Proof requests': `Extract<ProofRequest, { kind: 'refused' }>['reason']`,
  Verification: `Extract<Verification, { kind: 'refused' }>['reason']`,
  Record: `RecordOutcome['kind']`,
  Held: `Extract<RecordOutcome, { kind: 'held' }>['reason']`,
  Refused: `Extract<RecordOutcome, { kind: 'refused' }>['reason']`,
  Recommendations: `Extract<Recommendations, { kind: 'none' }>['reason']`,
  Greeting: `Extract<Greeting, { kind: 'none' }>['reason']`,
  Usual: `Extract<Usual, { kind: 'none' }>['reason']`,
  Sync: `SyncStatus['state']`,
  'Refused records': `RefusedRecord['code']`,
};
const LISTS_FILE = join(root, 'docs', 'lists.ts');
const listsSource = `import type { BlockedReason, Greeting, Notice, ProofRequest, Recognition, Recommendations, RecordOutcome, RefusedRecord, RegularsErrorCode, SyncStatus, Usual, Verification } from 'regulars';
${Object.values(LISTS)
  .map((type, n) => `export type List${n} = ${type};`)
  .join('\n')}
`;

/** All code of the pages in one program, against the types that are shipped. */
function compile(files: ReadonlyMap<string, string>): ts.Program {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (name) =>
    ts.sys.readFile(name),
  );
  const { options } = ts.parseJsonConfigFileContent(
    { compilerOptions: { ...config.compilerOptions, isolatedDeclarations: false } },
    ts.sys,
    root,
  );
  Object.assign(options, { declaration: false, skipLibCheck: true, types: ['node'] });
  const disk = ts.createCompilerHost(options);
  return ts.createProgram([...files.keys()], options, {
    ...disk,
    fileExists: (name) => files.has(name) || disk.fileExists(name),
    readFile: (name) => files.get(name) ?? disk.readFile(name),
    getSourceFile: (name, version, ...more) => {
      const text = files.get(name);
      return text === undefined
        ? disk.getSourceFile(name, version, ...more)
        : ts.createSourceFile(name, text, version);
    },
  });
}

const problemsIn = (program: ts.Program, name: string): readonly string[] =>
  ts
    .getPreEmitDiagnostics(program, program.getSourceFile(name))
    .map(({ file, start = 0, messageText }) => {
      const line = (file?.getLineAndCharacterOfPosition(start).line ?? 0) + 1;
      return `line ${line}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
    });

const files = new Map(typescriptFiles().map(({ file, text }) => [join(root, file), text]));
const wrong = join(root, 'docs', 'wrong.ts');
let program: ts.Program;
beforeAll(() => {
  program = compile(
    new Map([
      ...files,
      [LISTS_FILE, listsSource],
      [wrong, `import { createRegulars } from 'regulars';\ncreateRegulars({ shopp: 'x' });`],
    ]),
  );
});

describe('TypeScript in the README and the guides', () => {
  it('is there', () => {
    expect(files.size).toBeGreaterThan(5);
  });
  it.each([...files.keys()].map((name) => name.slice(root.length + 1)))('%s compiles', (name) => {
    expect(problemsIn(program, join(root, name))).toEqual([]);
  });
  it('would not compile if it were wrong', () => {
    expect(problemsIn(program, wrong).join()).toMatch(/line 2: .*shopp/s);
  });
});

/** First cells of the tables below each heading, without their backticks. */
function listed(markdown: string): ReadonlyMap<string, readonly string[]> {
  const sections = markdown.split(/^#{2,3} /m).slice(1);
  return new Map(
    sections.map((section) => [
      section.slice(0, section.indexOf('\n')).trim(),
      [...section.matchAll(/^\| `([^`]+)`/gm)].map(([, code = '']) => code).sort(),
    ]),
  );
}

describe('the errors guide', () => {
  const told = listed(readPage('docs/guides/errors.md'));
  it.each(Object.keys(LISTS).map((heading, n) => [heading, n] as const))(
    'has an entry for each of %s, and for nothing else',
    (heading, n) => {
      const checker = program.getTypeChecker();
      const source = program.getSourceFile(LISTS_FILE);
      const alias = source?.statements.filter(ts.isTypeAliasDeclaration)[n];
      const type = alias && checker.getTypeAtLocation(alias.name);
      const members = type?.isUnion() ? type.types : type ? [type] : [];
      const codes = members.map((one) => (one.isStringLiteral() ? one.value : 'not a text'));
      expect(codes.length).toBeGreaterThan(0);
      expect(told.get(heading)).toEqual(codes.sort());
    },
  );
});

it('the guide for storages lists the promises of the contract', () => {
  const list = /<!-- promises -->([^]*?)<!-- \/promises -->/.exec(
    readPage('docs/guides/write-a-storage.md'),
  )?.[1];
  expect([...(list ?? '').matchAll(/^- (.+)$/gm)].map(([, name]) => name)).toEqual(
    storageContract.map(({ name }) => name),
  );
});

it('the guide for transports lists the promises of the contract', () => {
  const list = /<!-- promises -->([^]*?)<!-- \/promises -->/.exec(
    readPage('docs/guides/write-a-transport.md'),
  )?.[1];
  expect([...(list ?? '').matchAll(/^- (.+) \(`(.+)`\)$/gm)].map(([, ...one]) => one)).toEqual(
    transportContract.map(({ name, part }) => [name, part]),
  );
});

/** The anchor that a heading has on a page. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-');

function anchors(page: string): readonly string[] {
  const prose = readPage(page).replace(/^```[^]*?^```$/gm, '');
  return [...prose.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading));
}

/** Links of a page into this repository that lead nowhere. */
function brokenLinks(page: string): readonly string[] {
  const prose = readPage(page).replace(/^```[^]*?^```$/gm, '');
  const links = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
  return links.filter((link) => {
    if (/^[a-z]+:/.test(link)) return false;
    const [path = '', anchor] = link.split('#');
    const target = path === '' ? page : posix.join(dirname(page), path);
    if (!existsSync(join(root, target))) return true;
    return anchor !== undefined && !anchors(target).includes(anchor);
  });
}

describe('links', () => {
  it.each(pages)('of %s lead somewhere', (page) => {
    expect(brokenLinks(page)).toEqual([]);
  });
  it('of the index of docs lead to every page', () => {
    const index = readPage('docs/README.md');
    const named = pages
      .filter((page) => page.startsWith('docs/') && page !== 'docs/README.md')
      .filter((page) => !index.includes(`(${page.slice('docs/'.length)})`));
    expect(named).toEqual([]);
  });
});

describe('the README', () => {
  const readme = readPage('README.md');
  const table = /<!-- sizes -->([^]*?)<!-- \/sizes -->/.exec(readme)?.[1] ?? '';
  const sizeOf = (name: string): string =>
    new RegExp(`^\\| \`?${name}\`?\\s*\\|\\s*(?:\\+ )?([\\d.]+) kB`, 'm').exec(table)?.[1] ??
    'none';

  it('claims the sizes of its own table, which another test compares with the build', () => {
    const claimed = [...readme.matchAll(/([\d.]+) kB<!-- (.+?) -->/g)].map(
      ([, size = '', name = '']) => [name, size],
    );
    expect(claimed.length).toBeGreaterThan(0);
    expect(claimed).toEqual(claimed.map(([name = '']) => [name, sizeOf(name)]));
  });

  it('shows what it is, both commands, five claims and an example before anything else', () => {
    const first = readme.slice(0, readme.indexOf('\n## '));
    for (const part of ['npm start', 'npm test']) expect(first).toContain(part);
    expect([...first.matchAll(/^- \*\*/gm)]).toHaveLength(5);
    expect(blocksOf('README.md')[1]?.language).toBe('html');
  });
});
