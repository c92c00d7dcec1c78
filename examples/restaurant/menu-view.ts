import type { Item } from 'regulars';
import type { CartEntry } from '../shared/cart.js';
import { byId, h } from '../shared/dom.js';
import { openDish } from './dish-dialog.js';
import type { Dish } from './menu.js';

const slug = (course: string): string => course.toLowerCase().replace(/[^a-z]+/g, '-');

/** Draws the menu by courses. A dish with choices asks for them first. */
export function drawMenu(
  menu: readonly Item<Dish>[],
  price: (minor: number) => string,
  add: (entry: CartEntry) => void,
): void {
  const courses = [...new Set(menu.map((item) => item.category ?? ''))];
  byId('courses', HTMLElement).replaceChildren(
    ...courses.map((course) => h('a', { href: `#${slug(course)}` }, course)),
  );
  byId('dishes', HTMLElement).replaceChildren(
    ...courses.map((course) =>
      h(
        'section',
        { class: 'course', 'aria-labelledby': slug(course) },
        h('h2', { id: slug(course) }, course),
        h(
          'ul',
          {},
          ...menu
            .filter((item) => item.category === course)
            .map((item) => dishRow(item, price, add)),
        ),
      ),
    ),
  );
}

function dishRow(
  item: Item<Dish>,
  price: (minor: number) => string,
  add: (entry: CartEntry) => void,
): HTMLElement {
  const choices = (item.modifierGroups ?? []).length > 0;
  const out = item.available === false;
  return h(
    'li',
    { class: 'dish', 'data-sku': item.sku },
    h('h3', {}, item.name),
    h('span', { class: 'dots', 'aria-hidden': 'true' }),
    h('span', { class: 'dish-price' }, price(item.price ?? 0)),
    h('p', { class: 'dish-about' }, item.ref?.about ?? ''),
    h(
      'button',
      {
        type: 'button',
        class: 'button dish-add',
        disabled: out,
        'aria-haspopup': choices ? 'dialog' : undefined,
        'aria-label': out
          ? `${item.name}: not today`
          : `${choices ? 'Choose' : 'Add'} ${item.name}`,
        onclick: () => {
          if (choices) openDish(item, price, add);
          else
            add({
              sku: item.sku,
              name: item.name,
              quantity: 1,
              modifiers: [],
              unitPrice: item.price ?? 0,
            });
        },
      },
      out ? 'Not today' : choices ? 'Choose' : 'Add',
    ),
  );
}
