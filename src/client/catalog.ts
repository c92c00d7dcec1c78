import { readItem } from '../recommend/read-item.js';
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
  /** The source, where it fetches by sku. */
  readonly bySkus: ((skus: readonly string[]) => Promise<readonly Item[]>) | undefined;
  /** What was asked of it, by sku. */
  readonly asked: Map<string, Promise<void>>;
  /** Skus that it has answered for, with an item or without. */
  readonly answered: Set<string>;
  /** Takes what a source gives; resolves in any case. */
  readonly read: (source: () => unknown, onFailure?: () => void) => Promise<void>;
}

/** Reads the host's catalog; an item of another shape is left out, a source that fails leaves what was there. */
export function createCatalog(
  source: CatalogSource | undefined,
  failed: (error: unknown) => void,
  changed: () => void,
): Catalog {
  const bySku = new Map<string, Item>();
  let loading: Promise<void> | undefined;
  const lazy = typeof source === 'object' && 'get' in source ? source.get.bind(source) : undefined;
  let state: Ready['catalog'] = source === undefined ? 'none' : lazy ? 'ready' : 'loading';

  const take = (items: unknown): void => {
    if (!Array.isArray(items)) throw new TypeError('The catalog is not a list of items.');
    for (const given of items as readonly unknown[]) {
      const item = readItem(given);
      if (item) for (const key of [...(item.aliases ?? []), item.sku]) bySku.set(key, item);
    }
    state = 'ready';
  };
  let asking = 0;
  const attempt = async (act: () => unknown, onFailure?: () => void): Promise<void> => {
    asking++;
    changed();
    try {
      take(await act());
    } catch (error) {
      state = 'failed';
      onFailure?.();
      failed(error);
    }
    asking--;
    changed();
  };
  return {
    bySkus: lazy,
    asked: new Map(),
    answered: new Set(),
    read: attempt,
    // one that fails again and again is no news: a page that asks whenever something changes would ask for ever
    state: () => (asking > 0 && state !== 'failed' ? 'loading' : state),
    item: (sku) => bySku.get(sku),
    items: () => [...new Set(bySku.values())],
    complete: () => state === 'ready' && !lazy,
    load: () => {
      if (source === undefined || lazy) return Promise.resolve();
      return (loading ??= attempt(() => (typeof source === 'function' ? source() : source)));
    },
  };
}
