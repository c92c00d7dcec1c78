import type { RecommendedItem, Regulars } from 'regulars';
import { h } from '../shared/dom.js';
import { openWhy } from '../shared/why.js';

/** Why something is offered, and the way to know more of it or to be rid of it. */
export function reasonOf(
  client: Regulars,
  { text, ref }: RecommendedItem,
  about: string,
  dismissed: () => void,
): HTMLElement {
  const onclick = (): void => openWhy(client, ref, { about, dismissed });
  return h(
    'p',
    { class: 'reason' },
    h('span', {}, text),
    ' ',
    h('button', { type: 'button', class: 'plain', 'aria-label': `Why ${about}?`, onclick }, 'Why?'),
  );
}
