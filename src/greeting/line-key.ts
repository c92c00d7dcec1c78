import { foldText, plainText } from '../kernel/text.js';
import type { Modifier, PurchaseLine } from '../profile/types.js';
import type { Item, ModifierGroup, ModifierOption } from '../recommend/types.js';

/** What a line is compared by. */
export type KeyedLine = Pick<PurchaseLine, 'sku' | 'name' | 'modifiers'>;

// "Oat (+$0.60)", "Cheese € 2,00": shop systems write prices into labels, and an amount is never said (product rule D12).
const PRICE = /[([]?[+-]? ?(\p{Sc} ?\d[\d.,]*|\d[\d.,]* ?\p{Sc})[)\]]?$/u;

/** A label of a line or modifier, fit to show: no controls, no price, at most 60 characters. */
export function labelOf(text: string): string {
  return plainText(text, 60).replace(PRICE, '').trim();
}

/** A label as it is compared. Cut first: a label of a megabyte must not cost a page its time. */
export function foldLabel(text: string): string {
  return foldText(text.slice(0, 300)).replace(PRICE, '').trim();
}

/** What kind of thing a line is, whatever its modifiers: its sku, else its name. */
export function familyKey(line: KeyedLine, item?: Item): string {
  return item?.sku ?? line.sku ?? `=${foldLabel(line.name)}`;
}

/** The groups of a catalog item that a modifier says it belongs to. */
export function groupsOf(
  groups: readonly ModifierGroup[],
  modifier: Modifier,
): readonly ModifierGroup[] {
  const { group } = modifier;
  return group === undefined
    ? []
    : groups.filter(({ id, name }) => id === group || foldLabel(name) === foldLabel(group));
}

/** Where a modifier stands in the catalog today. */
export interface MatchedOption {
  readonly group: ModifierGroup;
  readonly option: ModifierOption;
}

/**
 * Finds a modifier among the groups of an item: by id in its group, by id anywhere, by name in its group. By name in another
 * group only when the catalog does not know its group: "regular" of the sizes is not "regular" of the milks.
 */
export function matchOption(
  groups: readonly ModifierGroup[],
  modifier: Modifier,
): MatchedOption | undefined {
  const own = groupsOf(groups, modifier);
  const name = foldLabel(modifier.name);
  const find = (
    among: readonly ModifierGroup[],
    same: (option: ModifierOption) => boolean,
  ): MatchedOption | undefined => {
    for (const group of among)
      for (const option of group.options) if (same(option)) return { group, option };
    return undefined;
  };
  const byId = (option: ModifierOption): boolean => option.id === modifier.id;
  return (
    find(own, byId) ??
    find(groups, byId) ??
    find(own.length > 0 ? own : groups, (option) => foldLabel(option.name) === name)
  );
}

/** Text that is equal for modifiers that are the same choice: group, id or name, quantity, prefix, what it hangs on. */
export function modifierKey(modifier: Modifier, item?: Item): string {
  const match = matchOption(item?.modifierGroups ?? [], modifier);
  const { id, name, group = '', quantity, pre = '', under = '' } = modifier;
  return JSON.stringify([
    match?.group.id ?? foldLabel(group),
    match?.option.id ?? id ?? foldLabel(name),
    quantity,
    foldLabel(pre),
    under,
  ]);
}

/** The modifiers of a line that say something: without those that the catalog gives anyway; the same one twice is one of twice the quantity. */
export function tellingModifiers(line: KeyedLine, item?: Item): readonly Modifier[] {
  const told = new Map<string, Modifier>();
  for (const modifier of line.modifiers) {
    const match = matchOption(item?.modifierGroups ?? [], modifier);
    if (match?.option.default === true && modifier.quantity === 1 && !modifier.pre) continue;
    const key = modifierKey(modifier, item);
    const before = told.get(key);
    told.set(key, before ? { ...before, quantity: before.quantity + modifier.quantity } : modifier);
  }
  return [...told.values()];
}

/**
 * Text that is equal for lines that are the same order: the thing and the set of its modifiers. Price, quantity, note, seat and
 * the order of modifiers are no part of it; with the catalog's item a default option equals its absence.
 */
export function lineKey(line: KeyedLine, item?: Item): string {
  const modifiers = tellingModifiers(line, item).map((modifier) => modifierKey(modifier, item));
  return JSON.stringify([familyKey(line, item), ...modifiers.sort()]);
}
