import type { Modifier } from '../profile/types.js';
import type { Item } from '../recommend/types.js';
import { foldLabel, groupsOf, modifierKey } from './line-key.js';
import type { UsualLine } from './types.js';

/** A line of an order, with the weight of that order. */
export interface WeightedLine {
  readonly line: UsualLine;
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

const groupKey = (modifier: Modifier, item: Item | undefined): string =>
  groupsOf(item?.modifierGroups ?? [], modifier)[0]?.id ?? foldLabel(modifier.group ?? '');

/** Groups of which some line has several choices: there each choice is a yes or no of its own. */
function severalOf(lines: readonly WeightedLine[], item: Item | undefined): ReadonlySet<string> {
  const several = new Set(['']);
  for (const { line } of lines) {
    const seen = new Set<string>();
    for (const modifier of line.modifiers) {
      const group = groupKey(modifier, item);
      if (seen.has(group)) several.add(group);
      seen.add(group);
    }
  }
  return several;
}

/** What "nothing chosen" means: the catalog's default, where it names one. */
function defaultOf(modifier: Modifier, item: Item | undefined): Modifier | null {
  const group = groupsOf(item?.modifierGroups ?? [], modifier)[0];
  const option = group?.options.find((candidate) => candidate.default === true);
  return group === undefined || option === undefined
    ? null
    : { group: group.id, id: option.id, name: option.name, quantity: 1 };
}

/** Votes each group of modifiers: more than 60 % of the weight decides, else it stays open (product rule D4). Newest line first. */
export function voteModifiers(
  lines: readonly WeightedLine[],
  item: Item | undefined,
): ModifierVote {
  const total = lines.reduce((sum, { weight }) => sum + weight, 0);
  const several = severalOf(lines, item);
  const subjects = new Map<string, Modifier>();
  const chosen = lines.map(({ line, weight }) => {
    const choices = new Map<string, Modifier>();
    for (const modifier of line.modifiers) {
      const group = groupKey(modifier, item);
      const subject = several.has(group)
        ? `${group}\n${modifier.id ?? foldLabel(modifier.name)}`
        : group;
      choices.set(subject, modifier);
      if (!subjects.has(subject)) subjects.set(subject, modifier);
    }
    return { choices, weight };
  });
  const modifiers: Modifier[] = [];
  const open: { group: string; options: (Modifier | null)[] }[] = [];
  for (const [subject, example] of subjects) {
    const tally = new Map<string, { choice: Modifier | null; weight: number }>();
    for (const { choices, weight } of chosen) {
      const choice = choices.get(subject) ?? null;
      const key = choice === null ? '' : modifierKey(choice, item);
      const before = tally.get(key);
      tally.set(key, {
        choice: before ? before.choice : choice,
        weight: (before?.weight ?? 0) + weight,
      });
    }
    const ranked = [...tally.values()].sort((a, b) => b.weight - a.weight);
    const winner = ranked[0];
    if (winner === undefined) continue;
    if (winner.weight > 0.6 * total + 1e-9) {
      if (winner.choice !== null) modifiers.push(winner.choice);
    } else {
      const yesOrNo = several.has(groupKey(example, item));
      open.push({
        group: example.group ?? '',
        options: ranked.map(({ choice }) => choice ?? (yesOrNo ? null : defaultOf(example, item))),
      });
    }
  }
  return { modifiers, open };
}
