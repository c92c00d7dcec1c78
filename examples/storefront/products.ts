import type { Item } from 'regulars';
import { byId, h } from '../shared/dom.js';
import { drawing, kindOf, kinds } from './art.js';
import { price } from './shop.js';

const STEP = 30;

/** A card of one thing. `extra` stands under the price: why it is offered. */
export function productCard(item: Item, add: () => void, ...extra: readonly Node[]): HTMLElement {
  const out = item.available === false || item.price === undefined;
  return h(
    'li',
    { class: 'card', 'data-sku': item.sku },
    h('div', { class: `picture tint-${kindOf(item.name).id}` }, drawing(item.sku, item.name)),
    h('h3', { class: 'card-name' }, item.name),
    ...extra,
    h(
      'div',
      { class: 'card-buy' },
      h('span', { class: 'card-price' }, item.price === undefined ? '' : price(item.price)),
      h(
        'button',
        {
          type: 'button',
          class: 'button add',
          disabled: out,
          'aria-label': out ? `${item.name} is out of stock` : `Add ${item.name} to the basket`,
          onclick: add,
        },
        out ? 'Out' : 'Add',
      ),
    ),
  );
}

/** The whole shop with its search and its shelves. */
export function showProducts(items: readonly Item[], add: (item: Item) => void): void {
  const list = byId('products', HTMLUListElement);
  const query = byId('query', HTMLInputElement);
  const kind = byId('kind', HTMLSelectElement);
  const found = byId('found', HTMLParagraphElement);
  const more = byId('more', HTMLButtonElement);
  let shown = STEP;

  for (const each of kinds)
    if (items.some((item) => kindOf(item.name) === each))
      kind.append(h('option', { value: each.id }, each.label));

  const draw = (): void => {
    const words = query.value.toLowerCase().split(/\s+/).filter(Boolean);
    const hits = items.filter(
      (item) =>
        (kind.value === '' || kindOf(item.name).id === kind.value) &&
        words.every((word) => item.name.toLowerCase().includes(word)),
    );
    list.replaceChildren(...hits.slice(0, shown).map((item) => productCard(item, () => add(item))));
    found.textContent =
      hits.length === 0
        ? 'Nothing of that name. Try another word.'
        : `${hits.length} ${hits.length === 1 ? 'thing' : 'things'}`;
    more.hidden = hits.length <= shown;
  };
  const again = (): void => {
    shown = STEP;
    draw();
  };
  query.addEventListener('input', again);
  kind.addEventListener('change', again);
  more.addEventListener('click', () => {
    const first = shown;
    shown += STEP;
    draw();
    list.children[first]?.querySelector('button')?.focus();
  });
  draw();
  byId('all', HTMLElement).hidden = false;
}
