import type { Greeting } from 'regulars';
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
  line.replaceChildren(
    ...greeting.parts.map((part) =>
      part.type === 'text'
        ? document.createTextNode(part.value)
        : h('bdi', { class: `said said-${part.type}` }, part.value),
    ),
  );
}
