import type { Modifier } from '../profile/types.js';
import type { Item, ModifierGroup, ModifierOption } from '../recommend/types.js';
import { groupsOf, labelOf, matchOption } from './line-key.js';
import type { Messages } from './messages.js';
import type { CartLine, Reorder, ReorderChange, UsualLine, UsualQuestion } from './types.js';
import { modifierText } from './words.js';

/** A line to order again, with what one cost then. */
export interface ReorderLine extends UsualLine {
  /** Integer of the minor unit, without its modifiers; absent or null where nobody knows. */
  readonly unitPrice?: number | null;
}

/** A line against its item: the changes that keep it from the cart, and what it is today. */
interface Resolved {
  readonly changes: readonly ReorderChange[];
  readonly modifiers: readonly Modifier[];
  /** Today's price of one; undefined when the catalog cannot tell. */
  readonly price: number | undefined;
}

const isThere = ({ available }: { readonly available?: boolean }): boolean => available !== false;

const namesOf = (group: ModifierGroup | undefined): readonly string[] =>
  (group?.options ?? []).filter(isThere).map(({ name }) => name);

const add = (sum: number | undefined, more: number | undefined, times = 1): number | undefined =>
  sum === undefined || more === undefined ? undefined : sum + more * times;

/** Modifiers of a line against the groups of its item. */
function resolveModifiers(
  line: UsualLine,
  index: number,
  item: Item,
  groups: readonly ModifierGroup[],
): Resolved {
  const changes: ReorderChange[] = [];
  const modifiers: Modifier[] = [];
  const chosen = new Map<ModifierGroup, number>();
  const open = new Set<ModifierGroup>();
  let price = item.price;

  for (const modifier of line.modifiers) {
    const match = matchOption(groups, modifier);
    const group = match?.group ?? groupsOf(groups, modifier)[0];
    // "No onions" stays true on a day without onions.
    if (match === undefined || (!isThere(match.option) && modifier.quantity !== 0)) {
      if (group) open.add(group);
      changes.push({ kind: 'modifier-gone', line: index, modifier, options: namesOf(group) });
      continue;
    }
    const { option } = match;
    chosen.set(match.group, (chosen.get(match.group) ?? 0) + (modifier.quantity === 0 ? 0 : 1));
    price = add(price, option.price ?? 0, modifier.quantity);
    modifiers.push({
      ...modifier,
      group: match.group.id,
      id: option.id,
      name: option.name,
      ...(option.price === undefined ? {} : { unitPrice: option.price }),
    });
  }
  for (const group of groups) {
    if (open.has(group)) continue;
    const count = chosen.get(group);
    const standard = count === undefined ? defaultOf(group) : undefined;
    price = add(price, standard?.price ?? 0);
    const filled = (count ?? 0) + (standard !== undefined && isThere(standard) ? 1 : 0);
    const lost = standard !== undefined && !isThere(standard);
    if (lost || filled < (group.min ?? 0) || filled > (group.max ?? Infinity))
      changes.push({
        kind: 'option-missing',
        line: index,
        group: group.name,
        options: namesOf(group),
      });
  }
  return { changes, modifiers, price };
}

const defaultOf = (group: ModifierGroup): ModifierOption | undefined =>
  group.options.find((option) => option.default === true);

function resolveLine(line: ReorderLine, index: number, item: Item | undefined): Resolved {
  if (item === undefined || !isThere(item)) {
    const reason = item === undefined ? 'unknown' : 'unavailable';
    return {
      changes: [{ kind: 'gone', line: index, reason }],
      modifiers: [],
      price: undefined,
    };
  }
  if (item.modifierGroups) return resolveModifiers(line, index, item, item.modifierGroups);
  // The catalog says nothing of modifiers (a shop of variants): they go through as they were, but what a priced one costs today is unknown.
  const priced = line.modifiers.some(({ unitPrice }) => unitPrice);
  return { changes: [], modifiers: line.modifiers, price: priced ? undefined : item.price };
}

/** A price that changed. Sources differ in whether a line's price holds its modifiers; equal in either reading is equal. */
function priceChange(line: ReorderLine, index: number, is: number | undefined): ReorderChange[] {
  if (typeof line.unitPrice !== 'number' || is === undefined) return [];
  const was = line.modifiers.reduce(
    (sum, { unitPrice = 0, quantity }) => sum + unitPrice * quantity,
    line.unitPrice,
  );
  return is === was || is === line.unitPrice ? [] : [{ kind: 'price', line: index, was, is }];
}

/** A question of the usual that nobody answered: in the way like an option that is missing. */
function unanswered(ask: readonly UsualQuestion[], messages: Messages): readonly ReorderChange[] {
  return ask.map(({ line, group, options }) => ({
    kind: 'option-missing',
    line,
    group,
    options: options.flatMap((option) => (option ? [modifierText(option, messages)] : [])),
  }));
}

function changeText(
  change: ReorderChange,
  line: UsualLine | undefined,
  messages: Messages,
  formatPrice: (minor: number) => string,
): string {
  const item = labelOf(line?.name ?? '');
  switch (change.kind) {
    case 'price':
      return messages.change('price', {
        item,
        was: formatPrice(change.was),
        is: formatPrice(change.is),
      });
    case 'gone':
      return messages.change(change.reason === 'unknown' ? 'gone' : 'unavailable', { item });
    case 'modifier-gone':
      return messages.change('modifier-gone', {
        item,
        modifier: labelOf(change.modifier.name),
        options: change.options.map(labelOf),
      });
    case 'option-missing':
      return messages.change('option-missing', {
        item,
        modifier: labelOf(change.group),
        options: change.options.map(labelOf),
      });
  }
}

/**
 * An earlier order against today's catalog: each line and each modifier is resolved, prices are today's. A changed price is
 * named; with anything else open the cart is empty, so nothing goes in silently different. Items without `modifierGroups`
 * keep their modifiers unchecked. `itemOf` follows aliases; `ask` are the open questions of a usual of kind `ask`.
 */
export function resolveReorder<T = unknown>(
  lines: readonly ReorderLine[],
  itemOf: (sku: string) => Item<T> | undefined,
  messages: Messages,
  formatPrice: (minor: number) => string,
  ask: readonly UsualQuestion[] = [],
): Reorder<T> {
  const changes: ReorderChange[] = [...unanswered(ask, messages)];
  const cart: CartLine<T>[] = [];
  lines.forEach((line, index) => {
    const item = line.sku === null ? undefined : itemOf(line.sku);
    const { changes: found, modifiers, price } = resolveLine(line, index, item);
    changes.push(...found, ...priceChange(line, index, price));
    if (item && found.length === 0)
      cart.push({
        item,
        quantity: line.quantity,
        modifiers,
        ...(price === undefined ? {} : { unitPrice: price }),
      });
  });
  const ready = lines.length > 0 && changes.every(({ kind }) => kind === 'price');
  return {
    ready,
    changed: changes.map((change) => ({
      ...change,
      text: changeText(change, lines[change.line], messages, formatPrice),
    })),
    cart: ready ? cart : [],
    lines,
  };
}
