import type { Item } from '../recommend/types.js';
import type { CatalogSource, Ready } from './types.js';

/** What the shop sells, as far as it is loaded. */
export interface Catalog {
  readonly state: () => Ready['catalog'];
  /** Loads what can be loaded at once; resolves in any case. */
  readonly load: () => Promise<void>;
  /** The item of a sku or of one of its aliases. */
  readonly item: (sku: string) => Item | undefined;
  /** Everything loaded, each item once. */
  readonly items: () => readonly Item[];
  /** True when an unknown sku is not sold: the whole catalog is here. */
  readonly complete: () => boolean;
  /** Fetches these where the source fetches by sku; a no-op elsewhere. Resolves in any case. */
  readonly want: (skus: readonly string[]) => Promise<void>;
}

/** Reads the host's catalog; an item of another shape is left out, a source that fails leaves what was there. */
export function createCatalog(
  source: CatalogSource | undefined,
  failed: (error: unknown) => void,
  changed: () => void,
): Catalog {
  const bySku = new Map<string, Item>();
  const asked = new Set<string>();
  let loading: Promise<void> | undefined;
  const lazy = typeof source === 'object' && 'get' in source ? source.get.bind(source) : undefined;
  let state: Ready['catalog'] = source === undefined ? 'none' : lazy ? 'ready' : 'loading';

  const take = (items: unknown): void => {
    if (!Array.isArray(items)) throw new TypeError('The catalog is not a list of items.');
    for (const item of items as readonly unknown[])
      if (isItem(item)) for (const key of [...(item.aliases ?? []), item.sku]) bySku.set(key, item);
    state = 'ready';
  };
  const attempt = async (act: () => unknown): Promise<void> => {
    try {
      take(await act());
    } catch (error) {
      if (state === 'loading') state = 'failed';
      failed(error);
    }
    changed();
  };
  return {
    state: () => state,
    item: (sku) => bySku.get(sku),
    items: () => [...new Set(bySku.values())],
    complete: () => state === 'ready' && !lazy,
    load: () => {
      if (source === undefined || lazy) return Promise.resolve();
      return (loading ??= attempt(() => (typeof source === 'function' ? source() : source)));
    },
    want: async (skus) => {
      const missing = lazy ? skus.filter((sku) => !bySku.has(sku) && !asked.has(sku)) : [];
      if (!lazy || missing.length === 0) return;
      for (const sku of missing) asked.add(sku);
      await attempt(() => lazy(missing));
    },
  };
}

function isItem(value: unknown): value is Item {
  if (typeof value !== 'object' || value === null) return false;
  const { sku, name, aliases, modifierGroups } = value as Record<string, unknown>;
  const isList = (list: unknown): boolean => list === undefined || Array.isArray(list);
  return (
    typeof sku === 'string' && typeof name === 'string' && isList(aliases) && isList(modifierGroups)
  );
}
