import { list, object, text, type Loose } from './read.js';

/**
 * Items that stand for themselves, each with all that hang on it, at any depth. `parents` are the fields that may name the item one hangs
 * on by its `id`; a child of nothing that is there stands for itself.
 */
export function nest(
  value: unknown,
  id: string,
  parents: readonly string[],
): readonly (readonly [item: Loose, children: readonly Loose[]])[] {
  const items = list(value).map(object);
  const byId = new Map(items.map((item) => [text(item[id]), item]));
  const rootOf = (item: Loose): Loose => {
    let root = item;
    // as deep as things nest; round and round, it stands for itself
    for (let depth = 0; depth < 9; depth++) {
      const above = parents.flatMap((field) => text(root[field]) ?? []);
      const parent = byId.get(above.find((each) => each !== '0'));
      if (above.length === 0 || !parent) return root;
      root = parent;
    }
    return item;
  };
  const groups = new Map<Loose, Loose[]>();
  for (const item of items) {
    const root = rootOf(item);
    const children = groups.get(root) ?? [];
    groups.set(root, children);
    if (root !== item) children.push(item);
  }
  return [...groups];
}
