import type { Modifier } from '../profile/types.js';
import type { Item, ModifierGroup } from '../recommend/types.js';
import { groupOf, labelOf, matchOption } from './line-key.js';
import type { Messages } from './messages.js';
import type { CartLine, Reorder, ReorderChange, UsualLine, UsualQuestion } from './types.js';
import { modifierText } from './words.js';

/** A line to order again, with what one cost then. */
export interface ReorderLine extends UsualLine {
  /** Integer of the minor unit, without its modifiers; absent or null where nobody knows. */
  readonly unitPrice?: number | null;
}

/** A line against its item. */
interface Resolved {
  /** What keeps it from the cart. */
  readonly changes: readonly ReorderChange[];
  readonly modifiers: readonly Modifier[];
  /** Today's price of one; NaN when the catalog cannot tell. */
  readonly price: number;
}

const isThere = (thing: { readonly available?: boolean } | undefined): boolean =>
  thing?.available !== false;

const namesOf = (group: ModifierGroup | undefined): readonly string[] =>
  group?.options.filter(isThere).map(({ name }) => name) ?? [];

/** Modifiers of a line against the groups of its item. */
function resolveModifiers(
  line: UsualLine,
  index: number,
  groups: readonly ModifierGroup[],
  base: number,
): Resolved {
  const changes: ReorderChange[] = [];
  const modifiers: Modifier[] = [];
  const chosen = new Map<ModifierGroup | undefined, number>();
  let price = base;
  for (const modifier of line.modifiers) {
    const { group, option } = matchOption(groups, modifier) ?? {
      group: groupOf(groups, modifier),
    };
    // "No onions" stays true on a day without onions.
    if (!option || (!isThere(option) && modifier.quantity !== 0)) {
      chosen.set(group, NaN);
      changes.push({ kind: 'modifier-gone', line: index, modifier, options: namesOf(group) });
      continue;
    }
    const { id, name, price: unitPrice = 0 } = option;
    chosen.set(group, (chosen.get(group) ?? 0) + Math.sign(modifier.quantity));
    price += unitPrice * modifier.quantity;
    modifiers.push({ ...modifier, ...(group && { group: group.id }), id, name, unitPrice });
  }
  for (const group of groups) {
    const { min = 0, max = Infinity, name } = group;
    const count = chosen.get(group);
    const given = count === undefined ? group.options.find((o) => o.default) : undefined;
    price += given?.price ?? 0;
    const filled = count ?? (given ? 1 : 0);
    // A choice that is gone was told already: its NaN is neither too few nor too many.
    if (!isThere(given) || filled < min || filled > max)
      changes.push({ kind: 'option-missing', line: index, group: name, options: namesOf(group) });
  }
  return { changes, modifiers, price };
}

function resolveLine(line: ReorderLine, index: number, item: Item | undefined): Resolved {
  const { modifiers } = line;
  if (!item || !isThere(item)) {
    const reason = item ? 'unavailable' : 'unknown';
    return { changes: [{ kind: 'gone', line: index, reason }], modifiers, price: NaN };
  }
  const { modifierGroups, price = NaN } = item;
  if (modifierGroups) return resolveModifiers(line, index, modifierGroups, price);
  // The catalog says nothing of modifiers (a shop of variants): they go through as they were, but what a priced one costs today is unknown.
  return { changes: [], modifiers, price: modifiers.some((m) => m.unitPrice) ? NaN : price };
}

/** A price that changed. Sources differ in whether a line's price holds its modifiers; equal in either reading is equal. */
function priceChange(line: ReorderLine, index: number, is: number): readonly ReorderChange[] {
  const { unitPrice, modifiers } = line;
  if (typeof unitPrice !== 'number' || Number.isNaN(is) || is === unitPrice) return [];
  const was = modifiers.reduce((sum, m) => sum + (m.unitPrice ?? 0) * m.quantity, unitPrice);
  return is === was ? [] : [{ kind: 'price', line: index, was, is }];
}

function changeText(
  change: ReorderChange,
  line: UsualLine | undefined,
  messages: Messages,
  formatPrice: (minor: number) => string,
): string {
  const { kind } = change;
  const item = labelOf(line?.name ?? '');
  if (kind === 'price') {
    const [was, is] = [change.was, change.is].map(formatPrice);
    return messages.change(kind, { item, ...(was && is && { was, is }) });
  }
  if (kind === 'gone')
    return messages.change(change.reason === 'unknown' ? kind : change.reason, { item });
  return messages.change(kind, {
    item,
    modifier: labelOf(kind === 'modifier-gone' ? change.modifier.name : change.group),
    options: change.options.map(labelOf),
  });
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
  const changes: ReorderChange[] = ask.map(({ line, group, options }) => ({
    kind: 'option-missing',
    line,
    group,
    options: options.flatMap((option) => (option ? modifierText(option, messages) : [])),
  }));
  const cart = lines.flatMap((line, index): CartLine<T> | never[] => {
    const { sku, quantity } = line;
    const item = sku === null ? undefined : itemOf(sku);
    const { changes: found, modifiers, price } = resolveLine(line, index, item);
    changes.push(...found, ...priceChange(line, index, price));
    if (!item) return [];
    return { item, quantity, modifiers, ...(!Number.isNaN(price) && { unitPrice: price }) };
  });
  const ready = lines.length > 0 && changes.every(({ kind }) => kind === 'price');
  const changed = changes.map((change) => ({
    ...change,
    text: changeText(change, lines[change.line], messages, formatPrice),
  }));
  return { ready, changed, cart: ready ? cart : [], lines };
}
