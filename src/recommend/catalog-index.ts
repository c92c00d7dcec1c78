import type { Item } from './types.js';

/** A catalog, ready to be asked by any key an item has. */
export interface CatalogIndex {
  /** The sku under which the shop sells it today; a key nobody knows is its own sku. */
  readonly canonical: (key: string) => string;
  readonly item: (sku: string) => Item | undefined;
  /** Skus by category. */
  readonly categories: ReadonlyMap<string, readonly string[]>;
  /** False where no catalog was given: then anything may be sold. */
  readonly known: boolean;
}

/** Indexes a catalog. The first item of a sku or alias holds; a sku outranks an alias; what is no item is left out. */
export function indexCatalog(catalog: readonly Item[] | undefined): CatalogIndex {
  const items = new Map<string, Item>();
  const aliases = new Map<string, string>();
  const categories = new Map<string, string[]>();
  for (const item of catalog ?? []) {
    const { sku, category }: Partial<Item> = item ?? {};
    if (typeof sku !== 'string') continue;
    if (!items.has(sku)) {
      items.set(sku, item);
      const alike = categories.get(category ?? '');
      if (alike) alike.push(sku);
      else if (category) categories.set(category, [sku]);
    }
    for (const alias of item.aliases ?? []) if (!aliases.has(alias)) aliases.set(alias, sku);
  }
  return {
    canonical: (key) => (items.has(key) ? key : (aliases.get(key) ?? key)),
    item: (sku) => items.get(sku),
    categories,
    known: catalog !== undefined,
  };
}
