import type { Modifier } from '../profile/types.js';
import { groupOf, type KeyedModifier } from './line-key.js';
import type { UsualOrderLine } from './usual-orders.js';

/** A line of an order, with the weight of that order. */
export interface WeightedLine {
  readonly line: UsualOrderLine;
  readonly weight: number;
}

/** What the orders say of one line: the choices with a majority, and the groups without one. */
export interface ModifierVote {
  readonly modifiers: readonly Modifier[];
  readonly open: readonly {
    readonly group: string;
    readonly options: readonly (Modifier | null)[];
  }[];
}

interface Tally {
  /** Weight of the lines that chose in this group. */
  weight: number;
  /** Weight of the lines that could: of what hangs on a modifier, those that have it. */
  readonly total: number;
  readonly choices: Map<string, { readonly modifier: Modifier; weight: number }>;
}

const sum = (lines: readonly WeightedLine[]): number =>
  lines.reduce((all, { weight }) => all + weight, 0);

/** Weights of the choices by group; in a line that has several of a group each counts. */
function tallyGroups(lines: readonly WeightedLine[]): ReadonlyMap<string, Tally> {
  const groups = new Map<string, Tally>();
  const having = (is: (modifier: KeyedModifier) => boolean, from = 0): readonly WeightedLine[] =>
    lines.slice(from).filter(({ line }) => line.modifiers.some(is));
  lines.forEach(({ line, weight }, at) => {
    const seen = new Set<Tally>();
    for (const { group, choice, modifier } of line.modifiers) {
      const { under } = modifier;
      // A group that was renamed: it shares a choice with one that from here on nobody has heard of.
      const renamed = [...groups].find(
        ([name, { choices }]) => choices.has(choice) && !having((m) => m.group === name, at).length,
      );
      const hangs = under === undefined ? [] : having((m) => m.modifier.id === under);
      const total = sum(hangs.length > 0 ? hangs : lines);
      const tally = groups.get(group) ?? renamed?.[1] ?? { weight: 0, total, choices: new Map() };
      groups.set(group, tally);
      if (!seen.has(tally)) tally.weight += weight;
      seen.add(tally);
      const known = tally.choices.get(choice) ?? { modifier, weight: 0 };
      tally.choices.set(choice, known);
      known.weight += weight;
    }
  });
  return groups;
}

/** What "nothing chosen" means: the catalog's default, where it names one. */
function defaultOf({ item }: UsualOrderLine, modifier: Modifier): Modifier | null {
  const group = groupOf(item?.modifierGroups ?? [], modifier);
  const option = group?.options.find((candidate) => candidate.default);
  return group && option
    ? { group: group.id, id: option.id, name: option.name, quantity: 1 }
    : null;
}

/**
 * Votes each group of modifiers: more than 60 % of the weight decides, for a choice or for none (product rule D4). Without a
 * majority the group is open with all its choices; in a group of several choices those between 40 and 60 % are open. Newest line first.
 */
export function voteModifiers(lines: readonly WeightedLine[]): ModifierVote {
  const modifiers: Modifier[] = [];
  const open: { group: string; options: (Modifier | null)[] }[] = [];
  for (const { weight, total, choices } of new Set(tallyGroups(lines).values())) {
    // Sums of powers of two lose their last bits; 60 % is not more than 60 %.
    const isMajority = (part: number): boolean => part > total * 0.6 + 1e-9;
    if (isMajority(total - weight)) continue;
    const ranked = [...choices.values()].sort((a, b) => b.weight - a.weight);
    const decided = ranked.filter((choice) => isMajority(choice.weight));
    modifiers.push(...decided.map(({ modifier }) => modifier));
    const unsure = ranked.filter(
      (choice) =>
        !decided.includes(choice) && !(decided.length > 0 && isMajority(total - choice.weight)),
    );
    const [first] = unsure;
    const [newest] = lines;
    if (!first || !newest) continue;
    const { modifier } = first;
    const options = unsure.map((choice): Modifier | null => choice.modifier);
    if (decided.length > 0) options.push(null);
    else if (total - weight > 1e-9) options.push(defaultOf(newest.line, modifier));
    open.push({ group: modifier.group ?? '', options });
  }
  // What hangs on a choice that is still open is asked for too, and what hangs on one that is not made is not there.
  const kept = modifiers.filter((modifier) => {
    const { under, group = '' } = modifier;
    const isParent = ({ id }: Modifier): boolean => id !== undefined && id === under;
    const told = lines.some(({ line }) => line.modifiers.some((one) => isParent(one.modifier)));
    if (!told || modifiers.some(isParent)) return true;
    if (open.some(({ options }) => options.some((option) => option && isParent(option))))
      open.push({ group, options: [modifier, null] });
    return false;
  });
  return { modifiers: kept, open };
}
