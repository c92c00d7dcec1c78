import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../scripts/prepare.mjs';

/** A fenced block of a page. */
export interface Block {
  readonly page: string;
  /** 1 is the first line of the block's content. */
  readonly line: number;
  readonly language: string;
  /** Blocks of a page with the same name follow each other in one file; without a name a block is one by itself. */
  readonly name: string | undefined;
  readonly text: string;
}

/** The README and everything written by hand below docs, as paths from the root. */
export const pages: readonly string[] = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .map((name) => `docs/${name.replaceAll('\\', '/')}`)
    .filter((name) => name.endsWith('.md') && !name.startsWith('docs/api/'))
    .sort(),
];

export const readPage = (page: string): string => readFileSync(join(root, page), 'utf8');

/** Every fenced block of a page. */
export function blocksOf(page: string): readonly Block[] {
  const text = readPage(page);
  return [...text.matchAll(/^```(\w+)(?: +(\S+))?\n([^]*?)^```$/gm)].map((match) => ({
    page,
    line: text.slice(0, match.index).split('\n').length + 1,
    language: match[1] ?? '',
    name: match[2],
    text: match[3] ?? '',
  }));
}

/** The content of one file of a page: its blocks of that name, one after the other. */
export function fileOf(page: string, name: string): string {
  return blocksOf(page)
    .filter((block) => block.name === name)
    .map(({ text }) => text)
    .join('\n');
}

/** Every TypeScript file of the pages. Lines are those of the page, so that an error is found. */
export function typescriptFiles(): readonly { readonly file: string; readonly text: string }[] {
  const files = new Map<string, string>();
  for (const page of pages)
    for (const { language, name, line, text } of blocksOf(page)) {
      if (language !== 'ts' && language !== 'tsx') continue;
      const stem = name?.replace(/\.tsx?$/, '') ?? `line-${line}`;
      const file = `${page.replace(/\.md$/, '')}.${stem}.${language}`;
      const before = files.get(file) ?? '';
      files.set(file, before + '\n'.repeat(line - before.split('\n').length) + text);
    }
  return [...files].map(([file, text]) => ({ file, text }));
}
