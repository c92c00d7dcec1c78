import type { Modifier } from '../profile/types.js';
import type { Item, ModifierGroup } from '../recommend/types.js';
import { groupOf, labelOf, matchOption } from './line-key.js';
import { itemOfLine } from './match-items.js';
import type { Messages } from './messages.js';
import type {
  CartLine,
  LookedFor,
  Reorder,
  ReorderChange,
  UsualLine,
  UsualQuestion,
} from './types.js';
import { modifierText } from './words.js';

/** A line to order again, with what one cost then. */
export interface ReorderLine extends UsualLine {
  /** Integer of the minor unit, without its modifiers; absent or null where nobody knows. */
  readonly unitPrice?: number | null;
}

/** What else is known of today. */
export interface ReorderToday<T = unknown> {
  /** The whole catalog, to find what has no sku, or another one, by its name. @defaultValue by sku alone */
  readonly items?: readonly Item<T>[];
  /** What to say of a thing that is gone: `lookFor` knows what comes near it, and who has it. @defaultValue only that it is gone */
  readonly instead?: (line: ReorderLine, item: Item<T> | undefined) => LookedFor<T>;
  /**
   * True where an item that `itemOf` does not know is sold no more; false where nobody could be asked. @defaultValue true for each line
   */
  readonly tells?: (line: ReorderLine) => boolean;
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

/** "No onions", by number or by the vendor's prefix: it costs nothing, fills no choice, and stays true on a day without onions. */
const isWithout = ({ quantity, pre }: Modifier): boolean =>
  quantity === 0 || /^(no|without)$/i.test(pre ?? '');

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
    const counts = isWithout(modifier) ? 0 : modifier.quantity;
    if (!option || (!isThere(option) && counts !== 0)) {
      chosen.set(group, NaN);
      changes.push({ kind: 'modifier-gone', line: index, modifier, options: namesOf(group) });
      continue;
    }
    const { id, name, price: unitPrice = 0 } = option;
    chosen.set(group, (chosen.get(group) ?? 0) + Math.sign(counts));
    price += unitPrice * counts;
    modifiers.push({ ...modifier, ...(group && { group: group.id }), id, name, unitPrice });
  }
  for (const group of groups) {
    const { min = 0, max = Infinity, name } = group;
    const count = chosen.get(group);
    const given = count === undefined ? group.options.find((o) => o.default) : undefined;
    price += given?.price ?? 0;
    const filled = count ?? (given ? 1 : 0);
    // A choice that is gone was told already: its NaN is neither too few nor too many.
    if (isThere(given) && !(filled < min) && !(filled > max)) continue;
    const options = namesOf(group);
    changes.push({ kind: 'option-missing', line: index, group: name, options });
  }
  return { changes, modifiers, price };
}

function resolveLine<T>(
  line: ReorderLine,
  index: number,
  item: Item<T> | undefined,
  today: ReorderToday<T>,
): Resolved {
  const { modifiers } = line;
  if (!item || !isThere(item)) {
    if (!item && today.tells?.(line) === false) return { changes: [], modifiers, price: NaN };
    const found = today.instead?.(line, item);
    const instead = found?.kind === 'substitute' || found?.kind === 'referral' ? found : undefined;
    const reason = item ? 'unavailable' : 'unknown';
    const change: ReorderChange = {
      kind: 'gone',
      line: index,
      reason,
      ...(instead && { instead }),
    };
    return { changes: [change], modifiers, price: NaN };
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
  if (kind === 'gone' && change.instead) return change.instead.text;
  if (kind === 'gone')
    return messages.change(change.reason === 'unknown' ? kind : change.reason, { item });
  // "onions" that were to be left out are not what is missing
  const choice = (modifier: Modifier): string =>
    isWithout(modifier) ? modifierText(modifier, messages) : labelOf(modifier.name);
  return messages.change(kind, {
    item,
    modifier: kind === 'modifier-gone' ? choice(change.modifier) : labelOf(change.group),
    options: change.options.map(labelOf),
  });
}

/** True for a choice that is missing because the habit itself leaves it open: that is asked once. */
function isAsked(
  change: ReorderChange,
  item: Item | undefined,
  ask: readonly UsualQuestion[],
): boolean {
  return (
    change.kind === 'option-missing' &&
    ask.some(({ line, group }) => {
      const modifier = { group, name: '', quantity: 1 };
      return (
        line === change.line && groupOf(item?.modifierGroups ?? [], modifier)?.name === change.group
      );
    })
  );
}

/**
 * An earlier order against today's catalog: each line (by sku, alias, product or its very name) and each modifier (by id or name) is
 * resolved, prices are today's. A changed price is named; with anything else open the cart is empty, so nothing goes in silently
 * different. Items without `modifierGroups` keep their modifiers unchecked. `ask` are the open questions of a usual of kind `ask`.
 */
export function resolveReorder<T = unknown>(
  lines: readonly ReorderLine[],
  itemOf: (sku: string) => Item<T> | undefined,
  messages: Messages,
  formatPrice: (minor: number) => string,
  ask: readonly UsualQuestion[] = [],
  today: ReorderToday<T> = {},
): Reorder<T> {
  const changes: ReorderChange[] = ask.map(({ line, group, options }) => ({
    kind: 'option-missing',
    line,
    group,
    options: options.flatMap((option) => (option ? modifierText(option, messages) : [])),
  }));
  let checked = true;
  const cart = lines.flatMap((line, index): CartLine<T> | never[] => {
    const { quantity } = line;
    // what came to nothing was not bought
    if (!(quantity > 0 && quantity < Infinity)) return [];
    const item = itemOfLine(line, itemOf, today.items ?? []);
    const { changes: found, modifiers, price } = resolveLine(line, index, item, today);
    changes.push(
      ...found.filter((change) => !isAsked(change, item, ask)),
      ...priceChange(line, index, price),
    );
    if (item)
      return { item, quantity, modifiers, ...(!Number.isNaN(price) && { unitPrice: price }) };
    checked &&= found.length > 0;
    return [];
  });
  const ready =
    checked &&
    (cart.length > 0 || changes.length > 0) &&
    changes.every(({ kind }) => kind === 'price');
  const changed = changes.map((change, at) => ({
    ...change,
    // what the habit leaves open is asked in the words that it is shown with
    text: ask[at]?.text ?? changeText(change, lines[change.line], messages, formatPrice),
  }));
  return { ready, checked, changed, cart: ready ? cart : [], lines };
}
