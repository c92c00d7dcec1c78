// Compiles src/greeting/locales/*.mf2 into the TypeScript beside them: node scripts/compile-messages.mjs [--check]
import fs from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { compileList, compileTable, compileTypes } from './message-code.mjs';
import { checkResource, groupBy, readResource, stemOf } from './message-source.mjs';
import { main, Refusal, root } from './prepare.mjs';

/** Messages that are the same in both languages, and right so. */
const COGNATES = {
  'de.mf2': ['extra'],
  'de-formal.mf2': ['extra'],
  'nl.mf2': ['extra'],
};

const folder = join(root, 'src', 'greeting', 'locales');
const banner = (file) =>
  `// Compiled from ${file} by scripts/compile-messages.mjs: change that file.\n`;

/** Reads every language; the one that all follow comes first. */
export function readLanguages(from = folder) {
  const files = fs.readdirSync(from).filter((file) => file.endsWith('.mf2'));
  return ['en.mf2', ...files.filter((file) => file !== 'en.mf2').sort()].map((file) =>
    readResource(fs.readFileSync(join(from, file), 'utf8'), file),
  );
}

/**
 * What is wrong with any of them.
 * @param {readonly any[]} languages
 */
export function checkLanguages(languages, cognates = COGNATES) {
  const [reference, ...others] = languages;
  return [
    ...checkResource(reference, reference),
    ...others.flatMap((each) => checkResource(each, reference, new Set(cognates[each.file]))),
  ];
}

/** `zh-Hans.mf2` → `zhHans`, `zh-hans`. */
const exportName = (file) =>
  file
    .replace('.mf2', '')
    .toLowerCase()
    .replace(/-(\w)/g, (_, letter) => letter.toUpperCase());
const fileName = (file) => file.replace('.mf2', '').toLowerCase();

/** The entries of a language as a list for each section, in the order of the one that all follow. */
function listsOf({ entries }, english) {
  const sections = groupBy(english.entries.values(), ({ section }) => section);
  return [...sections.values()].map((like) => {
    const stems = [...groupBy(like, ({ key }) => stemOf(key)).keys()];
    return stems.flatMap((stem) => [...entries.values()].filter(({ key }) => stemOf(key) === stem));
  });
}

/** A language is one module. */
function moduleOf(language, english) {
  const { file, meta } = language;
  const traits = ['lang', 'dir', 'lists', 'review']
    .map((name) => [name, meta.get(name === 'lang' ? 'locale' : name)])
    .flatMap(([name, value]) => (value ? `${name}: '${value}'` : []));
  const state =
    meta.get('review') === 'draft'
      ? 'A draft: two native readers have yet to sign it.'
      : 'Signed by two native readers.';
  const lists = listsOf(language, english).map(compileList);
  return {
    [`${fileName(file)}.ts`]: `${banner(file)}import type { Locale } from '../messages.js';\n\n/** ${meta.get('name')}. ${state} */\nexport const ${exportName(file)}: Locale = { ${traits.join(', ')}, words: [${lists.join(', ')}] };\n`,
  };
}

/** English is on every page: each section is a module of its own, and loads with what needs it. */
function modulesOfEnglish(english) {
  const sections = groupBy(english.entries.values(), ({ section }) => section);
  return Object.fromEntries([
    ['word-types.ts', banner(english.file) + compileTypes(english)],
    ...[...sections].map(([section, entries]) => {
      const type = `${section[0].toUpperCase()}${section.slice(1)}Words`;
      return [
        `en-${section}-words.ts`,
        `${banner(english.file)}import type { ${type} } from './word-types.js';\n\nexport const ${section}: ${type} = ${compileTable(entries)};\n`,
      ];
    }),
  ]);
}

/**
 * Every generated file, by its name.
 * @param {readonly any[]} languages
 * @returns {Promise<Record<string, string>>}
 */
export async function compileLanguages(languages) {
  const [english, ...others] = languages;
  const files = Object.assign(
    modulesOfEnglish(english),
    ...others.map((each) => moduleOf(each, english)),
  );
  const config = await resolveConfig(join(folder, 'en.ts'));
  const formatted = Object.entries(files).map(async ([name, code]) => [
    name,
    await format(code, { ...config, parser: 'typescript' }),
  ]);
  return Object.fromEntries(await Promise.all(formatted));
}

/** Generated files that are not what the sources say. */
export function staleFiles(files, from = folder) {
  const read = (name) =>
    fs.existsSync(join(from, name)) ? fs.readFileSync(join(from, name), 'utf8') : '';
  const stale = Object.keys(files).filter(
    (name) => read(name).replaceAll('\r\n', '\n') !== files[name],
  );
  const left = fs
    .readdirSync(from)
    .filter((name) => name.endsWith('.ts') && !(name in files))
    .filter((name) => fs.readFileSync(join(from, name), 'utf8').startsWith('// Compiled from '));
  return [...stale, ...left];
}

if (import.meta.filename === process.argv[1] || process.argv[1]?.endsWith('compile-messages.mjs'))
  await main(async () => {
    const { values } = parseArgs({ options: { check: { type: 'boolean' } } });
    const languages = readLanguages();
    const problems = checkLanguages(languages);
    if (problems.length > 0) throw new Refusal(problems.join('\n'));
    const files = await compileLanguages(languages);
    if (!values.check)
      return Object.entries(files).forEach(([name, code]) =>
        fs.writeFileSync(join(folder, name), code),
      );
    const stale = staleFiles(files);
    if (stale.length > 0)
      throw new Refusal(`Stale, run "node scripts/compile-messages.mjs": ${stale.join(', ')}.`);
  });
