import type { Item } from 'regulars';
import { byId, h, svg } from '../shared/dom.js';
import type { Bowl } from './menu.js';

function picture({ broth, top }: Bowl): SVGElement {
  return svg(
    'svg',
    { viewBox: '0 0 96 60', 'aria-hidden': 'true', class: 'tile-picture' },
    svg('ellipse', { cx: 48, cy: 24, rx: 40, ry: 15, fill: '#fff6e6' }),
    svg('ellipse', { cx: 48, cy: 24, rx: 35, ry: 11.5, fill: broth }),
    svg('path', {
      d: 'M22 24c5-7 9-7 13 0s9 7 13 0 9-7 13 0 8 6 12 0',
      fill: 'none',
      stroke: '#fdeec2',
      'stroke-width': 3,
    }),
    svg('circle', { cx: 36, cy: 20, r: 5, fill: top }),
    svg('circle', { cx: 60, cy: 26, r: 5, fill: top }),
    svg('circle', { cx: 50, cy: 18, r: 3.5, fill: top }),
    svg('path', {
      d: 'M8 24.5c2 8.5 18 14.5 40 14.5s38-6 40-14.5C88 44 74 57 58 58H38C22 57 8 44 8 24.5z',
      fill: 'currentColor',
    }),
  );
}

/** The menu as tiles: the whole tile is the button. */
export function drawTiles(
  menu: readonly Item<Bowl>[],
  price: (minor: number) => string,
  add: (item: Item<Bowl>) => void,
): void {
  byId('dishes', HTMLUListElement).replaceChildren(
    ...menu.map((item) =>
      h(
        'li',
        {},
        h(
          'button',
          { type: 'button', class: 'tile', 'data-sku': item.sku, onclick: () => add(item) },
          ...(item.ref === undefined ? [] : [picture(item.ref)]),
          h('span', { class: 'tile-name' }, item.name),
          h('span', { class: 'tile-about' }, item.ref?.about ?? ''),
          h('span', { class: 'tile-price' }, price(item.price ?? 0)),
        ),
      ),
    ),
  );
}
