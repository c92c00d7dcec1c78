import type { Item, RecommendedItem, RecommendOptions, Regulars } from 'regulars';
import { byId } from '../shared/dom.js';
import { productCard } from './products.js';
import { reasonOf } from './reason.js';

const NEW = ['together', 'similar', 'new', 'popular'] as const;

/** The two shelves made for this customer. What is on them changes only by the customer's act. */
export function createOffers(
  client: Regulars,
  goods: ReadonlyMap<string, Item>,
  add: (item: Item) => void,
): {
  readonly draw: () => void;
  /** Something went into the basket, from a shelf or from elsewhere. */
  readonly taken: (sku: string) => void;
} {
  // Drawn again is not shown again: what a visitor leaves lying three times rests for a while.
  const seen = new Set<string>();
  const offered = new Map<string, string>();
  const shelf = (id: string, offers: readonly RecommendedItem[]): void => {
    const section = byId(id, HTMLElement);
    const title = byId(`${id}-title`, HTMLElement);
    const list = byId(`${id}-list`, HTMLUListElement);
    const cards = offers.flatMap((offer) => {
      const item = goods.get(offer.sku);
      return item === undefined ? [] : [card(offer, item, title)];
    });
    list.replaceChildren(...cards);
    section.hidden = cards.length === 0;
    const fresh = offers.map((offer) => offer.ref).filter((ref) => !seen.has(ref));
    if (fresh.length > 0) client.shown(fresh);
    for (const { sku, ref } of offers) {
      seen.add(ref);
      offered.set(sku, ref);
    }
  };
  const card = (offer: RecommendedItem, item: Item, title: HTMLElement): HTMLElement =>
    productCard(
      item,
      () => add(item),
      reasonOf(client, offer, item.name, () => {
        draw();
        title.focus();
      }),
    );
  const offersOf = (asked: RecommendOptions): readonly RecommendedItem[] => {
    const answer = client.recommend({ limit: 4, ...asked });
    return answer.kind === 'items' ? answer.items : [];
  };
  const draw = (): void => {
    const again = offersOf({ question: 'buy-again' });
    const fresh = offersOf({ kinds: NEW, exclude: again.map((offer) => offer.sku) });
    shelf('again', again);
    shelf('offers', fresh);
    byId('offers-title', HTMLElement).textContent = fresh.some(
      (offer) => offer.source !== 'popular',
    )
      ? 'You may like'
      : 'Popular here';
  };
  return {
    draw,
    taken: (sku) => {
      const ref = offered.get(sku);
      if (ref !== undefined) client.accepted(ref);
    },
  };
}
