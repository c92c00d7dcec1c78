// Makes TypeScript of messages: small functions, no parser, nothing evaluated.
import { CHOICES, groupBy, kindOf, NUMBERS, stemOf } from './message-source.mjs';

const text = (value) => JSON.stringify(value);

/** A value of a pattern. */
function placeholder({ arg }, message) {
  const { name } = arg;
  if (!NUMBERS.has(name)) return `f.${name}`;
  const number = `l.n(f.${name})`;
  return kindOf(message, name)?.endsWith('ordinal')
    ? `{ type: 'ordinal', value: ${number} }`
    : number;
}

/** A pattern as an expression. */
function pattern(elements, message) {
  const pieces = elements.map((each) =>
    typeof each === 'string' ? text(each) : placeholder(each, message),
  );
  return pieces.length === 0 ? `''` : pieces.length === 1 ? pieces[0] : `[${pieces.join(', ')}]`;
}

/** Whether a selector has this key. */
function test(name, key, message) {
  if (key.type === '*') return [];
  if (!NUMBERS.has(name))
    return CHOICES.has(name) ? [`f.${name} === ${text(key.value)}`] : [`!f.${name}`];
  if (/^\d+$/.test(key.value)) return [`f.${name} === ${key.value}`];
  return [
    `l.${kindOf(message, name).endsWith('ordinal') ? 'o' : 'p'}(f.${name}) === ${text(key.value)}`,
  ];
}

/** An exact number comes before its category, and both before `*`; the first selector weighs most. */
const rank = (key) => (key.type === '*' ? 2 : /^\d+$/.test(key.value) ? 0 : 1);
function byPreference(a, b) {
  for (const [at, key] of a.keys.entries()) {
    const difference = rank(key) - rank(b.keys[at]);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** A message as an arrow function. */
export function compileMessage(message) {
  const variants =
    message.type === 'select'
      ? message.variants.toSorted(byPreference).map(({ keys, value }) => ({
          tests: keys.flatMap((key, at) => test(message.selectors[at].name, key, message)),
          value: pattern(value, message),
        }))
      : [{ tests: [], value: pattern(message.pattern, message) }];
  const last = variants.findIndex(({ tests }) => tests.length === 0);
  let code = variants[last].value;
  for (const { tests, value } of variants.slice(0, last).reverse())
    if (value !== code || tests.length === 0) code = `${tests.join(' && ')} ? ${value} : ${code}`;
  const args = /\bl\./.test(code) ? '(f, l)' : /\bf\./.test(code) ? '(f)' : '()';
  return `${args} => ${code}`;
}

/** A table of messages as an object literal; phrasings of one thing are a list. */
export function compileTable(entries) {
  const stems = groupBy(entries, ({ key }) => stemOf(key));
  const lines = [...stems].map(([stem, all]) => {
    const functions = all.map(({ message }) => compileMessage(message));
    const isList = stem !== all[0].key;
    return `${text(stem)}: ${isList ? `[${functions.join(', ')}]` : functions[0]}`;
  });
  return `{ ${lines.join(',\n')} }`;
}

const upper = (name) => name[0].toUpperCase() + name.slice(1);

/** The interfaces that every language fills, from the one that all follow. */
export function compileTypes({ entries }) {
  const sections = groupBy(entries.values(), ({ section }) => section);
  const blocks = [...sections].map(([section, all]) => {
    const stems = groupBy(all, ({ key }) => stemOf(key));
    const lines = [...stems].map(
      ([stem, [first]]) =>
        `readonly ${text(stem)}: ${stem === first.key ? 'Message' : 'readonly Message[]'};`,
    );
    return `/** Messages of the section [${section}]. */\nexport interface ${upper(section)}Words {\n${lines.join('\n')}\n}`;
  });
  return `import type { Message } from '../pieces.js';\n\n${blocks.join('\n\n')}\n\n/** All messages of a language. */\nexport type Words = ${[...sections.keys()].map((each) => `${upper(each)}Words`).join(' & ')};\n`;
}
