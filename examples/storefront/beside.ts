import type { Item, RecommendedItem, Regulars } from 'regulars';
import { byId, h } from '../shared/dom.js';
import { reasonOf } from './reason.js';
import { price } from './shop.js';

/** What goes with the basket, under it: three things at most, each with its reason; nothing where nothing is known to go with it. */
export function createBeside(
  client: Regulars,
  goods: ReadonlyMap<string, Item>,
  add: (item: Item) => void,
): { readonly draw: (basket: readonly string[]) => void } {
  const section = byId('beside', HTMLElement);
  const title = byId('beside-title', HTMLElement);
  const list = byId('beside-list', HTMLUListElement);
  const seen = new Set<string>();
  let last: readonly string[] = [];
  const row = (offer: RecommendedItem, item: Item): HTMLElement =>
    h(
      'li',
      { class: 'beside-row' },
      h('span', { class: 'beside-name' }, item.name),
      h('span', { class: 'card-price' }, price(item.price ?? 0)),
      reasonOf(client, offer, item.name, () => {
        draw(last);
        title.focus();
      }),
      h(
        'button',
        {
          type: 'button',
          class: 'button add',
          'aria-label': `Add ${item.name} to the basket`,
          onclick: () => {
            client.accepted(offer.ref);
            add(item);
            title.focus();
          },
        },
        'Add',
      ),
    );
  const draw = (basket: readonly string[]): void => {
    last = basket;
    const answer = client.recommend({ question: 'goes-with', basket, limit: 3 });
    const offers = answer.kind === 'items' ? answer.items : [];
    const rows = offers.flatMap((offer) => {
      const item = goods.get(offer.sku);
      return item?.price === undefined ? [] : [row(offer, item)];
    });
    list.replaceChildren(...rows);
    section.hidden = rows.length === 0;
    // in a closed drawer nothing is shown
    if (!byId('cart', HTMLDialogElement).open) return;
    const fresh = offers.map(({ ref }) => ref).filter((ref) => !seen.has(ref));
    fresh.forEach((ref) => seen.add(ref));
    if (fresh.length > 0) client.shown(fresh);
  };
  return { draw };
}
