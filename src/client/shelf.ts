import type { StorageTransaction } from '../profile/port.js';
import type { FileName, FileShelf, Item, KeptFile } from '../recommend/types.js';
import type { Core } from './core.js';
import { openInTurn } from './open-in-turn.js';

const DAY_MS = 86_400_000;
/** Rows of the store `meta`. */
const rowOf = (name: FileName | 'catalog'): string => `file:${name}`;

/**
 * Shop data: on the shop's own devices always, elsewhere once the customer's storage is open, which it is only after their yes.
 * Undefined where nothing may be kept.
 */
async function onShelf<T>(
  { vault, mode, options: { storage, shop } }: Core,
  how: 'readonly' | 'readwrite',
  body: (transaction: StorageTransaction) => Promise<T>,
): Promise<T | undefined> {
  if (mode === 'kiosk') return storage && openInTurn(storage, shop, how, body);
  return vault.keeps() ? vault.run(how, body, 'relaxed') : undefined;
}

async function putOn(core: Core, name: FileName | 'catalog', row: object): Promise<void> {
  try {
    await onShelf(core, 'readwrite', (transaction) => {
      transaction.put('meta', rowOf(name), { ...row, at: core.clock.now() });
      return Promise.resolve();
    });
  } catch (error) {
    core.report(error); // without it the next page fetches it again
  }
}

/** Where the last good files are kept. */
export function shelfHere(core: Core): FileShelf {
  return {
    get: async (name) => {
      const row = await onShelf(core, 'readonly', (tx) => tx.get('meta', rowOf(name)));
      const { bytes, at } = Object(row) as Partial<KeptFile>;
      return bytes instanceof Uint8Array && Number.isFinite(at) ? (row as KeptFile) : undefined;
    },
    put: (name, file) => putOn(core, name, file),
  };
}

/** What was kept of the catalog, by sku, where none could be had. */
const without = new WeakMap<Core, ReadonlyMap<string, Item>>();

/** An item of the catalog; where none could be had, as the last good one had it. */
export function itemHere(core: Core, sku: string): Item | undefined {
  return core.catalog.item(sku) ?? without.get(core)?.get(sku);
}

/** The catalog, once a day: what things are, and nothing of prices and stock, which are of their day (product rule D13). */
export async function keepCatalog(core: Core): Promise<void> {
  const { catalog, clock } = core;
  if (!catalog.complete()) return;
  const row = await onShelf(core, 'readonly', (tx) => tx.get('meta', rowOf('catalog')));
  const { at = -Infinity } = Object(row) as { readonly at?: number };
  if (Math.abs(clock.now() - at) < DAY_MS) return;
  const items = catalog.items().map(({ sku, name, product, aliases, category, ...more }) => {
    const { repurchaseDays, allergens, sensitive, substitutes } = more;
    const kinds = { product, aliases, category, repurchaseDays, allergens, sensitive };
    return { sku, name, ...kinds, substitutes };
  });
  await putOn(core, 'catalog', { items: JSON.stringify(items) });
}

/** The last good catalog; nothing where none was kept. */
export async function keptCatalog(core: Core): Promise<readonly Item[]> {
  try {
    const row = await onShelf(core, 'readonly', (tx) => tx.get('meta', rowOf('catalog')));
    const { items } = Object(row) as { readonly items?: unknown };
    if (typeof items !== 'string') return [];
    const kept = JSON.parse(items) as readonly Item[];
    without.set(core, new Map(kept.map((item) => [item.sku, item])));
    return kept;
  } catch (error) {
    core.report(error);
    return [];
  }
}
