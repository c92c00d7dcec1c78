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
  const end = greeting.parts.findIndex((part) => part.type === 'text' && part.value === '.') + 1;
  line.replaceChildren(...greeting.parts.slice(0, end).map(piece));
  if (end < greeting.parts.length)
    line.append(h('span', { class: 'greeting-more' }, ...greeting.parts.slice(end).map(piece)));
}

const piece = (part: GreetingPart): Node =>
  part.type === 'text'
    ? document.createTextNode(part.value)
    : h('bdi', { class: `said said-${part.type}` }, part.value);
