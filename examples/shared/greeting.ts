import type { Greeting, GreetingPart } from 'regulars';
import { h } from './dom.js';

// What a line says now. Beside the page, not in an attribute: a name belongs into text that is shown and nowhere else.
const said = new WeakMap<HTMLElement, string>();

/** Draws the greeting into its line (a status region, so it is read out once) when the words have changed. */
export function drawGreeting(line: HTMLElement, greeting: Greeting): void {
  const text = greeting.kind === 'none' ? '' : greeting.text;
  if (said.get(line) === text) return;
  said.set(line, text);
  if (greeting.kind === 'none') {
    line.replaceChildren();
    return;
  }
  line.lang = greeting.lang;
  line.dir = greeting.dir;
  // The hello large, what follows smaller: the text is one, a screen reader hears no difference.
  const [hello, more] = atFirstSentence(greeting.parts);
  const draw = (part: GreetingPart): Node => piece(part, greeting);
  line.replaceChildren(
    ...hello.map(draw),
    ...(more.length > 0 ? [h('span', { class: 'greeting-more' }, ...more.map(draw))] : []),
  );
}

type Parts = readonly GreetingPart[];
type Spoken = Exclude<Greeting, { kind: 'none' }>;

/** The first sentence, and the others. Only the words around the values end one: not a "Dr.", and not "your 10. visit". */
function atFirstSentence(parts: Parts): readonly [Parts, Parts] {
  for (const [at, { type, value }] of parts.entries()) {
    const ordinal = parts[at - 1]?.type === 'ordinal' && value.startsWith('.');
    const end = type === 'text' ? value.slice(Number(ordinal)).search(/[.!?。！？؟]/) : -1;
    if (end < 0) continue;
    const rest = value.slice(end + Number(ordinal) + 1);
    const after = rest.trimStart();
    const before = value.slice(0, value.length - after.length);
    return [
      [...parts.slice(0, at), { type, value: before }],
      [...(after === '' ? [] : [{ type, value: after }]), ...parts.slice(at + 1)],
    ];
  }
  return [parts, []];
}

/** The shop's own words, said within those of another language. */
const ofTheShop: readonly GreetingPart['type'][] = ['item', 'modifier', 'shop'];

function piece({ type, value }: GreetingPart, { lang, dir }: Spoken): Node {
  if (type === 'text') return document.createTextNode(value);
  const className = `said said-${type}`;
  // A whole sentence: its first word may run the other way, and tells nothing.
  if (type === 'change') return h('span', { class: className, dir }, value);
  const own = document.documentElement.lang;
  const foreign = ofTheShop.includes(type) && !own.startsWith(lang) ? own : undefined;
  return h('bdi', { class: className, lang: foreign }, value);
}
