import { foldText, plainText } from '../kernel/text.js';
import type { Modifier, PurchaseLine } from '../profile/types.js';
import type { Item, ModifierGroup, ModifierOption } from '../recommend/types.js';

/** What a line is compared by. */
export type KeyedLine = Pick<PurchaseLine, 'sku' | 'name' | 'modifiers'>;

// "Oat (+$0.60)", "Cheese € 2,00", "Milk +5 kr", "Oat (+0.60)": shop systems write prices into labels, and an amount is never said (product rule D12).
const PRICE =
  /:? ?[([]?[+-]? ?((\p{Sc}|\b([A-Z]{1,2}\p{Sc}|EUR|USD|GBP|CHF|kr)) ?\d[\d.,]*|\d[\d.,]* ?(\p{Sc}|EUR|USD|GBP|CHF|kr\.?|zł|Kč|[円元원]))[)\]]?$| ?\([+-] ?\d+[.,]\d\d\)$/iu;

/** A label of a line or modifier, fit to show: no controls, no price, at most 60 characters. */
export function labelOf(text: string): string {
  return plainText(text, 60).replace(PRICE, '').trim();
}

/** A label as it is compared. Cut first: a label of a megabyte must not cost a page its time. */
function foldLabel(text = ''): string {
  return foldText(text.slice(0, 300)).replace(PRICE, '').trim();
}

/** The group of a catalog item that a modifier says it belongs to. */
export function groupOf(
  groups: readonly ModifierGroup[],
  { group }: Modifier,
): ModifierGroup | undefined {
  return (
    groups.find(({ id }) => id === group) ??
    groups.find(({ name }) => foldLabel(name) === foldLabel(group))
  );
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
  const own = groupOf(groups, modifier);
  const find = (
    among: readonly ModifierGroup[],
    same: (option: ModifierOption) => boolean,
  ): MatchedOption | undefined =>
    among
      .flatMap((group) => group.options.map((option) => ({ group, option })))
      .find(({ option }) => same(option));
  const name = foldLabel(modifier.name);
  return (
    find(own ? [own, ...groups] : groups, ({ id }) => id === modifier.id) ??
    find(own ? [own] : groups, (option) => foldLabel(option.name) === name)
  );
}

/** True when the catalog may have something of these lines no more: what that is, and what instead, `resolveReorder` tells. */
export function mayHaveChanged(
  lines: readonly KeyedLine[],
  itemOf: (sku: string) => Item | undefined,
): boolean {
  return lines.some(({ sku, modifiers }) => {
    const item = itemOf(sku ?? '');
    const groups = item?.modifierGroups;
    return (
      !item ||
      item.available === false ||
      modifiers.some((modifier) => {
        const match = groups && matchOption(groups, modifier);
        return groups && (!match || match.option.available === false);
      })
    );
  });
}

/** A modifier as it is compared. */
export interface KeyedModifier {
  /** Equal for choices among which one is made; a modifier without a group is a group of its own. */
  readonly group: string;
  /** Equal for the same choice within its group. */
  readonly choice: string;
  readonly modifier: Modifier;
}

/** A line as it is compared. */
export interface LineIdentity {
  /** Which thing, whatever its modifiers: its sku, else its name. */
  readonly family: string;
  /** Equal for the same thing with the same modifiers. */
  readonly key: string;
  /** Those that say something: not what the catalog gives anyway. */
  readonly modifiers: readonly KeyedModifier[];
}

/** What a line is compared by: its thing, and the set of (group, id or name, quantity, prefix, what it hangs on) of its modifiers. */
export function identifyLine(line: KeyedLine, item?: Item): LineIdentity {
  const told = new Map<string, KeyedModifier>();
  for (const given of line.modifiers) {
    const match = matchOption(item?.modifierGroups ?? [], given);
    const { pre, under = '' } = given;
    if (match?.option.default && given.quantity === 1 && !pre) continue;
    const group = match?.group.id ?? foldLabel(given.group);
    const id = match?.option.id ?? given.id ?? foldLabel(given.name);
    const bare = JSON.stringify([id, foldLabel(pre), under]);
    // The salt of the fries and the salt of the salad are chosen apart.
    const own = group && JSON.stringify([group, under]);
    const quantity = given.quantity + (told.get(own + bare)?.modifier.quantity ?? 0);
    // The same one twice is one of twice the quantity.
    told.set(own + bare, {
      group: own || bare,
      choice: quantity + bare,
      modifier: { ...given, quantity },
    });
  }
  const modifiers = [...told.values()];
  const family = item?.sku ?? line.sku ?? `=${foldLabel(line.name)}`;
  const keys = modifiers.map(({ group, choice }) => group + choice).sort();
  return { family, key: JSON.stringify([family, ...keys]), modifiers };
}

/**
 * Text that is equal for lines that are the same order. Price, quantity, note, seat and the order of modifiers are no part of
 * it; with the catalog's item a default option equals its absence.
 */
export function lineKey(line: KeyedLine, item?: Item): string {
  return identifyLine(line, item).key;
}
