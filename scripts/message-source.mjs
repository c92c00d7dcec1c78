// Reads the words of a language: files laid out like the W3C's draft of message resources, with MessageFormat 2 as messages.
import { parseMessage, validate } from 'messageformat';

/**
 * @typedef {{ key: string, section: string, source: string, message: import('messageformat').Model.Message, params: Map<string, string>, line: number }} Entry
 * @typedef {{ file: string, meta: Map<string, string>, entries: Map<string, Entry>, problems: string[] }} Resource
 */

/** Variables that are whole numbers, texts that are only chosen by, and the value parts that a number may be. */
export const NUMBERS = new Set(['count', 'days', 'of', 'ordinal']);
export const CHOICES = new Set(['daypart', 'level', 'week']);

const REVIEWS = ['draft', 'reviewed'];
const isOptional = (description = '') => description.startsWith('(optional)');

/** Splits a file into its entries; what is no entry becomes a problem, never an exception. */
export function readResource(text, file) {
  const problems = [];
  const meta = new Map();
  const entries = new Map();
  let [section, params, inHead] = ['', new Map(), true];
  /** @type {{ key: string, lines: string[], line: number } | undefined} */
  let open;
  const close = () => {
    if (!open) return;
    const { key, line } = open;
    const source = open.lines.join('\n').trim();
    open = undefined;
    if (entries.has(key)) return void problems.push(`${file}: ${key}: stands there twice`);
    try {
      const message = parseMessage(source);
      entries.set(key, { key, section, source, message, params, line });
    } catch (error) {
      problems.push(`${file}: ${key}: is no MessageFormat 2: ${error.message}`);
    }
    params = new Map();
  };
  for (const [at, line] of text.split('\n').entries()) {
    const param = /^@param \$(\w+)(?: - (.*))?$/.exec(line);
    const property = /^@(\w+) (.+)$/.exec(line);
    const head = /^\[([\w-]+)\]$/.exec(line);
    const entry = /^([\w-]+) =(?: (.*))?$/.exec(line);
    if (open && /^\s+\S/.test(line)) {
      open.lines.push(line.trim());
      continue;
    }
    close();
    if (line === '---') inHead = false;
    else if (line === '' || line.startsWith('#')) continue;
    else if (param) params.set(param[1], param[2] ?? '');
    else if (property && inHead) meta.set(property[1], property[2]);
    else if (head) section = head[1];
    else if (entry) open = { key: entry[1], lines: [entry[2] ?? ''], line: at + 1 };
    else
      problems.push(
        `${file}: line ${at + 1} is neither comment, "@…", "[section]" nor "key = message"`,
      );
  }
  close();
  for (const name of ['locale', 'name', 'dir', 'review'])
    if (!meta.has(name)) problems.push(`${file}: @${name} is missing`);
  if (meta.has('review') && !REVIEWS.includes(meta.get('review')))
    problems.push(`${file}: @review must be one of ${REVIEWS.join(', ')}`);
  return { file, meta, entries, problems };
}

/** The key without the number of its phrasing: returning-2 → returning. */
export const stemOf = (key) => key.replace(/-\d+$/, '');
const isNumbered = (key) => /-\d+$/.test(key);

/** Lists by key, in the order of their first. */
export function groupBy(all, keyOf) {
  const groups = new Map();
  for (const each of all) groups.set(keyOf(each), [...(groups.get(keyOf(each)) ?? []), each]);
  return groups;
}

/** How a variable is declared: `integer`, `integer ordinal`, `string`, or undefined where it is not. */
export function kindOf(message, name) {
  const { functionRef } = message.declarations.find((each) => each.name === name)?.value ?? {};
  if (!functionRef) return undefined;
  const { select, ...others } = functionRef.options ?? {};
  if (Object.keys(others).length > 0) return 'unknown option';
  return select ? `${functionRef.name} ${select.value}` : functionRef.name;
}

/** The texts of a message, without its values. */
export function literals(message) {
  const patterns =
    message.type === 'select' ? message.variants.map(({ value }) => value) : [message.pattern];
  return patterns.map((pattern) =>
    pattern.filter((each) => typeof each === 'string').join('\u0000'),
  );
}

/** What is wrong with one message beside another language's. */
function checkEntry({ key, message, source }, reference, locale, tell) {
  const { variables, functions } = validate(message, (type, node) =>
    tell(key, problemOf(type, node)),
  );
  for (const name of functions)
    if (!['integer', 'string'].includes(name))
      tell(key, `:${name} is not compiled; use :string or :integer`);
  for (const name of variables) {
    if (!reference.params.has(name))
      tell(key, `$${name} is unknown; there are ${known(reference)}`);
    const kind = kindOf(message, name);
    if (kind === 'unknown option')
      tell(key, `$${name} has an option that is not compiled; only select=ordinal is`);
    else if (NUMBERS.has(name) && !kind?.startsWith('integer'))
      tell(key, `$${name} needs .input {$${name} :integer}`);
    else if (!NUMBERS.has(name) && kind?.startsWith('integer')) tell(key, `$${name} is no number`);
  }
  for (const [name, description] of reference.params)
    if (!variables.has(name) && !isOptional(description)) tell(key, `$${name} is missing`);
  if (message.type === 'select') checkVariants(key, message, locale, tell);
  if (/[{}]|\s{2}/.test(literals(message).join('|').replaceAll('\u0000', '_')))
    tell(key, 'prints a brace or two spaces');
  return source;
}

const known = ({ params }) => [...params.keys()].map((name) => `$${name}`).join(', ') || 'none';

const problemOf = (type, node) =>
  type === 'missing-fallback'
    ? 'has no variant for * (other)'
    : `${type}${node.name ? ` of $${node.name}` : ''}`;

/** A selector of numbers names every category the language has; one of texts that may be empty, the empty one. */
function checkVariants(key, { selectors, variants, declarations }, locale, tell) {
  for (const [at, { name }] of selectors.entries()) {
    const kind = kindOf({ declarations }, name);
    const keys = new Set(
      variants.map(({ keys: all }) => (all[at]?.type === '*' ? '*' : all[at]?.value)),
    );
    if (!keys.has('*')) tell(key, `$${name} has no variant for * (other)`);
    if (kind?.startsWith('integer')) {
      const type = kind.endsWith('ordinal') ? 'ordinal' : 'cardinal';
      const { pluralCategories } = new Intl.PluralRules(locale, { type }).resolvedOptions();
      for (const category of pluralCategories)
        if (category !== 'other' && !keys.has(category))
          tell(key, `$${name} has no variant for the ${type} category "${category}" of ${locale}`);
      for (const each of keys)
        if (!/^(\*|\d+)$/.test(each) && !pluralCategories.includes(each))
          tell(
            key,
            `$${name} has a variant "${each}", which ${locale} has not as a ${type} category`,
          );
    } else if (!CHOICES.has(name) && !keys.has(''))
      tell(key, `$${name} has no variant for || (not known)`);
  }
}

/** Everything wrong with a language, beside the one that all follow; an empty list when it is whole. */
export function checkResource(resource, reference, cognates = new Set()) {
  const { file, meta, entries } = resource;
  const problems = [...resource.problems];
  const tell = (key, what) => void problems.push(`${file}: ${key}: ${what}`);
  const locale = meta.get('locale') ?? 'en';
  try {
    Intl.getCanonicalLocales(locale);
  } catch {
    return [...problems, `${file}: @locale ${locale} is no BCP 47 tag`];
  }
  const stems = new Set([...entries.keys()].map(stemOf));
  for (const [key, { section }] of reference.entries) {
    if (!stems.has(stemOf(key))) tell(key, 'is missing');
    const here = entries.get(key)?.section;
    if (here !== undefined && here !== section) tell(key, `belongs to [${section}]`);
  }
  for (const entry of entries.values()) {
    const like =
      reference.entries.get(entry.key) ?? reference.entries.get(`${stemOf(entry.key)}-1`);
    if (!like) {
      tell(entry.key, 'is unknown');
      continue;
    }
    checkEntry(entry, like, locale, tell);
    const same = resource !== reference && sameWords(entry, like) && !cognates.has(entry.key);
    if (same) tell(entry.key, `is not translated: "${entry.source}"`);
  }
  return [...problems, ...checkPhrasings(resource)];
}

/** Equal texts with a letter in them; "{$count} × {$item}" is nobody's language. */
function sameWords(entry, like) {
  const [own, theirs] = [entry, like].map(({ message }) => literals(message).join('|'));
  return own === theirs && /\p{L}/u.test(own);
}

/** Phrasings are numbered without a gap, and what is heard often has two at least. */
function checkPhrasings({ file, entries }) {
  const numbers = new Map();
  for (const key of entries.keys())
    if (isNumbered(key))
      numbers.set(stemOf(key), [...(numbers.get(stemOf(key)) ?? []), Number(/\d+$/.exec(key))]);
  const problems = [];
  for (const [stem, found] of numbers) {
    if (found.some((number, at) => number !== at + 1))
      problems.push(`${file}: ${stem}: phrasings must be numbered from 1 without a gap`);
    if (['returning', 'regular'].includes(stem) && found.length < 2)
      problems.push(`${file}: ${stem}: needs two phrasings at least`);
    if (stem === 'neutral' && found.length > 1)
      problems.push(`${file}: neutral: has one phrasing: everybody is welcomed alike`);
  }
  return problems;
}
