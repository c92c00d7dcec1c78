import type { Item, Modifier, UsualLine } from 'regulars';
import type { CartEntry, CartModifier } from './cart.js';

/** What one of `item` costs with its choices, today. */
export function unitPrice(item: Item, modifiers: readonly CartModifier[]): number {
  const options = item.modifierGroups?.flatMap((group) => group.options) ?? [];
  const extra = modifiers.reduce((sum, modifier) => {
    const option = options.find((each) => each.id === modifier.id || each.name === modifier.name);
    return sum + (option?.price ?? 0) * (modifier.quantity ?? 1);
  }, 0);
  return (item.price ?? 0) + extra;
}

/** A line for the cart from an earlier one. */
export function entryOf(item: Item, line: Pick<UsualLine, 'quantity' | 'modifiers'>): CartEntry {
  return {
    sku: item.sku,
    name: item.name,
    quantity: line.quantity,
    modifiers: line.modifiers.map(plain),
    unitPrice: unitPrice(item, line.modifiers),
  };
}

function plain(modifier: Modifier): CartModifier {
  const { name, quantity, group, id } = modifier;
  return {
    name,
    quantity,
    ...(group === undefined ? {} : { group }),
    ...(id === undefined ? {} : { id }),
  };
}
