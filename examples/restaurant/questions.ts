import type { Item, Modifier, Reorder, Usual, UsualLine } from 'regulars';

/** Something to choose before an earlier order may go into the cart. */
export interface Question {
  readonly line: number;
  readonly text: string;
  /** What to choose from; null is "without". */
  readonly options: readonly (Modifier | null)[];
  /** Choices of this group, or this one choice, make way for the answer. */
  readonly replaces: (modifier: Modifier) => boolean;
}

type Change = Reorder['changed'][number];

const isGroup =
  (group: string) =>
  (modifier: Modifier): boolean =>
    modifier.group === group;

/** Choices of the menu by their names, as modifiers of a line. */
function named(item: Item | undefined, names: readonly string[]): readonly Modifier[] {
  return (item?.modifierGroups ?? []).flatMap((group) =>
    group.options
      .filter((option) => names.includes(option.name))
      .map((option) => ({ group: group.id, id: option.id, name: option.name, quantity: 1 })),
  );
}

/** What is open: questions of the habit itself, and what the menu has changed since. */
export function questionsOf(
  usual: Usual,
  reorder: Reorder,
  menu: ReadonlyMap<string, Item>,
): readonly Question[] {
  const asked = usual.kind === 'none' ? [] : usual.ask;
  const own = asked.map(({ line, group, options, text }): Question => ({
    line,
    text,
    options,
    replaces: isGroup(group),
  }));
  const covered = (line: number, group: string): boolean =>
    asked.some((question) => question.line === line && question.group === group);
  const changed = reorder.changed.flatMap((change: Change): readonly Question[] => {
    if (change.kind === 'price' || change.kind === 'gone') return [];
    const item = menu.get(reorder.lines[change.line]?.sku ?? '');
    const options = named(item, change.options);
    if (change.kind === 'option-missing')
      return covered(change.line, change.group)
        ? []
        : [
            {
              line: change.line,
              text: change.text,
              options,
              replaces: isGroup(options[0]?.group ?? change.group),
            },
          ];
    return [
      {
        line: change.line,
        text: change.text,
        options,
        replaces: (modifier) => modifier.name === change.modifier.name,
      },
    ];
  });
  return [...own, ...changed];
}

/** The lines with the answers in them, without those that are gone. */
export function answeredLines(
  reorder: Reorder,
  questions: readonly Question[],
  answers: readonly (Modifier | null)[],
): readonly UsualLine[] {
  const gone = new Set(
    reorder.changed.filter((change) => change.kind === 'gone').map((change) => change.line),
  );
  return reorder.lines
    .map((line, index) => {
      let { modifiers } = line;
      questions.forEach((question, at) => {
        if (question.line !== index) return;
        const answer = answers[at];
        modifiers = modifiers.filter((modifier) => !question.replaces(modifier));
        if (answer) modifiers = [...modifiers, answer];
      });
      return { ...line, modifiers };
    })
    .filter((_, index) => !gone.has(index));
}
