import type { Item, ModifierGroup } from './types.js';

/** A copy of plain data, so that no getter of the host's runs while a customer is greeted; undefined for what is no item. */
export function readItem(value: unknown): Item | undefined {
  try {
    const item = { ...(value as Item) };
    const { sku, name, aliases, modifierGroups, price } = item;
    const fits =
      typeof sku === 'string' &&
      typeof name === 'string' &&
      (aliases === undefined ||
        (Array.isArray(aliases) && aliases.every((alias) => typeof alias === 'string'))) &&
      (price === undefined || Number.isFinite(price)) &&
      (modifierGroups === undefined ||
        (Array.isArray(modifierGroups) && modifierGroups.every(isGroup)));
    return fits ? item : undefined;
  } catch {
    return undefined;
  }
}

const isNamed = (thing: { readonly id?: unknown; readonly name?: unknown } | null): boolean =>
  typeof thing?.id === 'string' && typeof thing.name === 'string';

function isGroup(group: ModifierGroup | null): boolean {
  return isNamed(group) && Array.isArray(group?.options) && group.options.every(isNamed);
}
