import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  checkLanguages,
  compileLanguages,
  readLanguages,
  staleFiles,
} from '../../../scripts/compile-messages.mjs';
import { compileMessage } from '../../../scripts/message-code.mjs';
import { readResource } from '../../../scripts/message-source.mjs';

const HEAD = '@locale LL\n@name A language\n@dir ltr\n@review draft\n---\n[spoken]\n';
const ENGLISH = `${HEAD.replace('LL', 'en')}
@param $name
returning-1 =
  .input {$name :string}
  .match $name
  || {{Welcome back.}}
  *  {{Welcome back, {$name}.}}
@param $name
returning-2 = Hello again, {$name}.
@param $count
@param $days - (optional) so many
visits =
  .input {$count :integer}
  .match $count
  one {{Once.}}
  *   {{{$count} times.}}
plain = as it comes
`;

/** What the check says of a language beside this English. */
function problemsOf(locale: string, body: string): readonly string[] {
  const texts: readonly (readonly [string, string])[] = [
    [ENGLISH, 'en.mf2'],
    [HEAD.replace('LL', locale) + body, 'xx.mf2'],
  ];
  return checkLanguages(texts.map(([text, file]) => readResource(text, file))).filter(
    (problem) => !problem.startsWith('en.mf2'),
  );
}
const RETURNING = 'returning-1 = Da, {$name}.\nreturning-2 = Schon wieder da, {$name}.\n';
const VISITS =
  'visits =\n  .input {$count :integer}\n  .match $count\n  one {{Einmal.}}\n  * {{{$count}-mal.}}\n';
const PLAIN = 'plain = wie es ist\n';

describe('the check of messages', () => {
  it('finds nothing in a language that is whole', () => {
    expect(problemsOf('de', RETURNING + VISITS + PLAIN)).toEqual([]);
  });

  it.each([
    ['a missing message', 'de', RETURNING + VISITS, 'xx.mf2: plain: is missing'],
    [
      'an unknown message',
      'de',
      `${RETURNING + VISITS + PLAIN}other = x\n`,
      'xx.mf2: other: is unknown',
    ],
    [
      'an unknown variable',
      'de',
      `${RETURNING + VISITS}plain = {$nmae}\n`,
      'xx.mf2: plain: $nmae is unknown; there are none',
    ],
    [
      'a missing variable',
      'de',
      `${RETURNING.replace('Da, {$name}', 'Da')}${VISITS}${PLAIN}`,
      'xx.mf2: returning-1: $name is missing',
    ],
    [
      'a message without its *',
      'de',
      RETURNING + VISITS.replace('  * {{{$count}-mal.}}\n', '') + PLAIN,
      'xx.mf2: visits: $count has no variant for * (other)',
    ],
    [
      'a missing plural category',
      'pl',
      RETURNING + VISITS + PLAIN,
      'xx.mf2: visits: $count has no variant for the cardinal category "few" of pl',
    ],
    [
      'a category the language has not',
      'ja',
      RETURNING + VISITS + PLAIN,
      'xx.mf2: visits: $count has a variant "one", which ja has not as a cardinal category',
    ],
    [
      'a number that is not declared',
      'de',
      `${RETURNING}visits = {$count}-mal.\n${PLAIN}`,
      'xx.mf2: visits: $count needs .input {$count :integer}',
    ],
    [
      'words that are not translated',
      'de',
      `${RETURNING + VISITS}plain = as it comes\n`,
      'xx.mf2: plain: is not translated: "as it comes"',
    ],
    [
      'one phrasing of what is heard often',
      'de',
      `returning-1 = Da, {$name}.\n${VISITS}${PLAIN}`,
      'xx.mf2: returning: needs two phrasings at least',
    ],
    [
      'a gap in the numbers',
      'de',
      `${RETURNING.replace('-2', '-3')}${VISITS}${PLAIN}`,
      'xx.mf2: returning: phrasings must be numbered from 1 without a gap',
    ],
    [
      'a function that is not compiled',
      'de',
      `${RETURNING}visits = {$count :currency}.\n${PLAIN}`,
      'xx.mf2: visits: :currency is not compiled; use :string or :integer',
    ],
    [
      'what is no message',
      'de',
      `${RETURNING + VISITS}plain = {$x\n`,
      'xx.mf2: plain: is no MessageFormat 2',
    ],
    [
      'a line that is nothing',
      'de',
      `${RETURNING + VISITS + PLAIN}hello\n`,
      'xx.mf2: line 15 is neither comment',
    ],
    [
      'a tag that is none',
      'not a tag',
      RETURNING + VISITS + PLAIN,
      'xx.mf2: @locale not a tag is no BCP 47 tag',
    ],
    [
      'a nameless variant that is missing',
      'de',
      `returning-1 =\n  .input {$name :string}\n  .match $name\n  Ana {{Ana.}}\n  * {{Da, {$name}.}}\nreturning-2 = Da, {$name}.\n${VISITS}${PLAIN}`,
      'xx.mf2: returning-1: $name has no variant for || (not known)',
    ],
  ])('names %s', (_, locale, body, problem) => {
    expect(problemsOf(locale, body).join('\n')).toContain(problem);
  });

  it('finds our own languages whole, and what was compiled of them fresh', async () => {
    const languages = readLanguages();
    expect(languages).toHaveLength(13);
    expect(checkLanguages(languages)).toEqual([]);
    const files = await compileLanguages(languages);
    expect(staleFiles(files)).toEqual([]);
    expect(staleFiles({ ...files, 'de.ts': 'changed' })).toEqual(['de.ts']);
    const { 'de.ts': _gone, ...fewer } = files;
    expect(staleFiles(fewer)).toEqual(['de.ts']);
  });
});

describe('the guide', () => {
  it('tells the review state that each source has', () => {
    const guide = readFileSync(
      new URL('../../../docs/guides/languages.md', import.meta.url),
      'utf8',
    );
    for (const { file, meta } of readLanguages()) {
      const entry =
        file === 'en.mf2' ? 'built in' : `\`regulars/locales/${file.replace('.mf2', '')}\``;
      const row = guide.split('\n').find((line) => line.startsWith(`| ${entry} `));
      expect(row, file).toMatch(new RegExp(`\\| ${meta.get('review')} +\\|$`));
    }
  });
});

describe('a compiled message', () => {
  const code = (source: string): string => {
    const { entries } = readResource(`${HEAD}x =\n${source.replace(/^/gm, '  ')}\n`, 'x.mf2');
    return compileMessage(entries.get('x')?.message);
  };
  it('says once what all variants begin and end with', () => {
    expect(code('.input {$name :string}\n.match $name\n|| {{Hi.}}\n* {{Hi, {$name}.}}')).toBe(
      '(f) => ["Hi", f.name && [", ", f.name], "."]',
    );
  });
  it('takes an exact number before its category, and the first selector before the second', () => {
    const two =
      '.input {$count :integer}\n.input {$name :string}\n.match $count $name\n* * {{d}}\none * {{c}}\n1 || {{b}}\none || {{a}}\n* || {{e}}';
    expect(code(two)).toBe(
      '(f, l) => f.count === 1 && !f.name ? "b" : l.p(f.count) === "one" && !f.name ? "a" : l.p(f.count) === "one" ? "c" : !f.name ? "e" : "d"',
    );
  });
});
