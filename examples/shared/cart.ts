/** A choice on a line of the cart. */
export interface CartModifier {
  readonly group?: string;
  readonly id?: string;
  readonly name: string;
  readonly quantity?: number;
}

/** What goes into the cart. */
export interface CartEntry {
  readonly sku: string;
  readonly name: string;
  readonly quantity: number;
  readonly modifiers: readonly CartModifier[];
  /** Of one, with its modifiers; integer minor units. */
  readonly unitPrice: number;
}

/** A line of the cart; `key` says which lines are the same. */
export interface CartItem extends CartEntry {
  readonly key: string;
}

/** The cart of a page: in memory, gone with it. */
export interface Cart {
  readonly lines: () => readonly CartItem[];
  readonly count: () => number;
  readonly total: () => number;
  readonly add: (entry: CartEntry) => void;
  readonly setQuantity: (key: string, quantity: number) => void;
  /** Takes a line out; what it returns puts it back where it was. */
  readonly remove: (key: string) => () => void;
  readonly clear: () => void;
  readonly listen: (listener: () => void) => void;
}

const keyOf = (entry: CartEntry): string =>
  JSON.stringify([
    entry.sku,
    entry.modifiers.map((each) => `${each.group}/${each.id ?? each.name}/${each.quantity}`).sort(),
  ]);

export function createCart(): Cart {
  let lines: readonly CartItem[] = [];
  const listeners: (() => void)[] = [];
  const set = (next: readonly CartItem[]): void => {
    lines = next;
    for (const listener of listeners) listener();
  };
  return {
    lines: () => lines,
    count: () => lines.reduce((sum, line) => sum + line.quantity, 0),
    total: () => lines.reduce((sum, line) => sum + line.quantity * line.unitPrice, 0),
    add: (entry) => {
      const key = keyOf(entry);
      const same = lines.find((line) => line.key === key);
      if (same === undefined) return set([...lines, { ...entry, key }]);
      const quantity = Math.min(99, same.quantity + entry.quantity);
      set(lines.map((line) => (line === same ? { ...line, quantity } : line)));
    },
    setQuantity: (key, quantity) =>
      set(
        lines.map((line) =>
          line.key === key ? { ...line, quantity: Math.max(1, Math.min(99, quantity)) } : line,
        ),
      ),
    remove: (key) => {
      const index = lines.findIndex((line) => line.key === key);
      const gone = lines[index];
      set(lines.filter((line) => line.key !== key));
      return () => {
        if (gone !== undefined && !lines.some((line) => line.key === key))
          set([...lines.slice(0, index), gone, ...lines.slice(index)]);
      };
    },
    clear: () => set([]),
    listen: (listener) => void listeners.push(listener),
  };
}
