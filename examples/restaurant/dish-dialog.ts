import type { Item, ModifierGroup } from 'regulars';
import type { CartEntry, CartModifier } from '../shared/cart.js';
import { openDialog } from '../shared/dialog.js';
import { h } from '../shared/dom.js';
import { unitPrice } from '../shared/price-line.js';

/** One choice of at most one: radio buttons; else check boxes. */
const single = (group: ModifierGroup): boolean => group.max === 1;

function groupField(group: ModifierGroup, price: (minor: number) => string): HTMLFieldSetElement {
  const available = group.options.filter((option) => option.available !== false);
  return h(
    'fieldset',
    { class: 'group' },
    h('legend', {}, group.name),
    ...group.options.map((option) =>
      h(
        'label',
        { class: 'option' },
        h('input', {
          type: single(group) ? 'radio' : 'checkbox',
          name: group.id,
          value: option.id,
          required: single(group) && (group.min ?? 0) > 0,
          disabled: option.available === false,
          checked: option.default === true && available.includes(option),
        }),
        h('span', {}, option.name),
        h(
          'span',
          { class: 'small' },
          option.available === false
            ? 'not today'
            : option.price === undefined
              ? ''
              : `+ ${price(option.price)}`,
        ),
      ),
    ),
  );
}

function chosen(item: Item, form: HTMLFormElement): readonly CartModifier[] {
  const data = new FormData(form);
  return (item.modifierGroups ?? []).flatMap((group) =>
    data.getAll(group.id).flatMap((value) => {
      const option = group.options.find((each) => each.id === value);
      // What everybody gets unless they say otherwise is not worth a word on the order.
      return option === undefined || option.default === true
        ? []
        : [{ group: group.id, id: option.id, name: option.name, quantity: 1 }];
    }),
  );
}

/** Asks how a dish is wanted. */
export function openDish(
  item: Item,
  price: (minor: number) => string,
  add: (entry: CartEntry) => void,
): void {
  openDialog(item.name, (close) => {
    const submit = h('button', { type: 'submit', class: 'button primary' });
    const form = h(
      'form',
      {
        onsubmit: (event) => {
          event.preventDefault();
          const modifiers = chosen(item, form);
          close();
          add({
            sku: item.sku,
            name: item.name,
            quantity: 1,
            modifiers,
            unitPrice: unitPrice(item, modifiers),
          });
        },
        onchange: () => label(),
      },
      ...(item.modifierGroups ?? []).map((group) => groupField(group, price)),
      submit,
    );
    const label = (): void => {
      submit.textContent = `Add · ${price(unitPrice(item, chosen(item, form)))}`;
    };
    label();
    return [form];
  });
}
