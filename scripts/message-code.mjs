// Makes TypeScript of messages: small functions, no parser, nothing evaluated.
import { CHOICES, groupBy, kindOf, NUMBERS, stemOf } from './message-source.mjs';

const text = (value) => JSON.stringify(value);

/** A value of a pattern. A number is written by whoever puts the pieces together; an ordinal is a part of its own. */
function placeholder({ arg }, message) {
  const { name } = arg;
  return kindOf(message, name)?.endsWith('ordinal')
    ? `{ type: 'ordinal', value: l.n(f.${name}) }`
    : `f.${name}`;
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

/** How far all lists begin alike, their texts letter by letter. */
function sharedHead(lists) {
  const [first, ...others] = lists;
  const head = [];
  for (const [at, element] of first.entries()) {
    if (others.every((list) => typeof list[at] !== 'string' && isSame(list[at], element))) {
      head.push(element);
      continue;
    }
    const texts = lists.map((list) => (typeof list[at] === 'string' ? list[at] : ''));
    const length = texts[0]
      .split('')
      .findIndex((_, to) => texts.some((text) => text[to] !== texts[0][to]));
    const common =
      length < 0
        ? texts[0].slice(0, Math.min(...texts.map((text) => text.length)))
        : texts[0].slice(0, length);
    if (common) head.push(common);
    if (common !== texts[0] || texts.some((text) => text !== common)) break;
    if (!common) break;
  }
  return head;
}

const isSame = (a, b) => JSON.stringify(a) === JSON.stringify(b);

/** A list without a head of it. */
function without(list, head) {
  const rest = list.slice(head.length);
  const last = head.at(-1);
  const cut = list[head.length - 1];
  return typeof last === 'string' && cut !== last ? [cut.slice(last.length), ...rest] : rest;
}

const turned = (list) =>
  list
    .map((each) => (typeof each === 'string' ? each.split('').reverse().join('') : each))
    .reverse();

/** What all variants begin and end with stands once; what is between them is chosen. */
function factor(patterns) {
  const head = sharedHead(patterns);
  const rests = patterns.map((list) => without(list, head));
  const tail = sharedHead(rests.map(turned));
  return {
    head,
    middles: rests.map((list) => turned(without(turned(list), tail))),
    tail: turned(tail),
  };
}

/** The choice among patterns: a chain of conditions in the order of preference. */
function choice(variants, message) {
  const last = variants.findIndex(({ tests }) => tests.length === 0);
  let code = pattern(variants[last].value, message);
  for (const { tests, value } of variants.slice(0, last).toReversed()) {
    const own = pattern(value, message);
    const [, name] = /^!(f\.\w+)$/.exec(tests.join()) ?? [];
    // a value that is not there is empty anyway
    if (own === code || (name === code && own === "''")) continue;
    code = name && own === "''" ? `${name} && ${code}` : `${tests.join(' && ')} ? ${own} : ${code}`;
  }
  return code;
}

/** What needs neither values nor a language's rules is a text. */
const arrow = (code) =>
  /\bl\./.test(code) ? `(f, l) => ${code}` : /\bf\./.test(code) ? `(f) => ${code}` : code;

/** A message as an arrow function, or as its text. */
export function compileMessage(message) {
  if (message.type !== 'select') return arrow(pattern(message.pattern, message));
  const sorted = message.variants.toSorted(byPreference).map(({ keys, value }) => ({
    tests: keys.flatMap((key, at) => test(message.selectors[at].name, key, message)),
    value,
  }));
  const { head, middles, tail } = factor(sorted.map(({ value }) => value));
  const chosen = choice(
    sorted.map(({ tests }, at) => ({ tests, value: middles[at] })),
    message,
  );
  const around = [...head, { code: chosen }, ...tail].filter((each) => each.code !== "''");
  const code =
    head.length + tail.length === 0
      ? chosen
      : `[${around.map((each) => each.code ?? pattern([each], message)).join(', ')}]`;
  return arrow(code);
}

/** Messages as a list, in the order that the types tell: without their names a language is a fifth smaller. */
export function compileList(entries) {
  return `[${stemsOf(entries)
    .map(([, code]) => code)
    .join(',\n')}]`;
}

/** A table of messages as an object literal. */
export function compileTable(entries) {
  return `{ ${stemsOf(entries)
    .map(([stem, code]) => `${text(stem)}: ${code}`)
    .join(',\n')} }`;
}

/** Messages with their names; phrasings of one thing are a list. */
function stemsOf(entries) {
  const stems = groupBy(entries, ({ key }) => stemOf(key));
  return [...stems].map(([stem, all]) => {
    const functions = all.map(({ message }) => compileMessage(message));
    return [stem, stem === all[0].key ? functions[0] : `[${functions.join(', ')}]`];
  });
}

const camel = (name) => name.replace(/-(\w)/g, (_, letter) => letter.toUpperCase());
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
    const places = [...stems].map(
      ([stem, [first]]) =>
        `${camel(stem)}: ${stem === first.key ? 'Message' : 'readonly Message[]'}`,
    );
    return `/** Messages of the section [${section}]. */\nexport interface ${upper(section)}Words {\n${lines.join('\n')}\n}\n\n/** The same, in their order. */\nexport type ${upper(section)}List = readonly [${places.join(', ')}];`;
  });
  return `import type { Message } from '../pieces.js';\n\n${blocks.join('\n\n')}\n\n/** All messages of a language. */\nexport type Words = ${[...sections.keys()].map((each) => `${upper(each)}Words`).join(' & ')};\n\n/** All messages of a language, in their order. */\nexport type WordLists = readonly [${[...sections.keys()].map((each) => `${each}: ${upper(each)}List`).join(', ')}];\n`;
}
