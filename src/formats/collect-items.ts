import type { Item } from '../recommend/types.js';
import { text, defined } from './read.js';
import type { ParsedCatalog, Skipped, SkipReason } from './types.js';

/** Gathers what a parser of a catalog finds. */
export interface ItemCollector {
  /**
   * An item; the same sku again replaces, in its place. Without sku or name it is skipped; what is undefined falls away, also a price that is none
   * (`rawPrice` is what it was read from).
   */
  readonly add: (
    item: { readonly [K in keyof Item]: Item[K] | null | undefined },
    where: string,
    rawPrice?: unknown,
  ) => void;
  readonly skip: (reason: SkipReason, where: string) => void;
  readonly warn: (warning: string) => void;
  readonly done: () => ParsedCatalog;
}

/** Makes one. */
export function collectItems(): ItemCollector {
  const items = new Map<string, Item>();
  const skipped: Skipped[] = [];
  const warnings = new Set<string>();
  const skip = (reason: SkipReason, where: string): void => void skipped.push({ reason, where });
  return {
    add: (item, where, rawPrice) => {
      const { sku, name } = item;
      if (!sku || !name) return skip(sku ? 'no-name' : 'no-id', where);
      const price = item.price !== null && item.price !== undefined && item.price >= 0;
      if (!price && text(rawPrice)) warnings.add(`${sku}: its price could not be read`);
      const entries = Object.entries({ ...item, price: price ? item.price : undefined });
      const fields = defined(
        Object.fromEntries(entries.map(([key, value]) => [key, value ?? undefined])),
      );
      return void items.set(sku, { ...fields, sku, name });
    },
    skip,
    warn: (warning) => void warnings.add(warning),
    done: () => ({ items: [...items.values()], skipped, warnings: [...warnings] }),
  };
}
