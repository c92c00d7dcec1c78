import type { Catalog } from './catalog.js';

/** Fetches these where the source fetches by sku; nothing to do elsewhere. Resolves in any case. */
export async function wantItems(catalog: Catalog, skus: readonly string[]): Promise<void> {
  const { bySkus, asked } = catalog;
  if (!bySkus) return;
  const wanted = skus.filter((sku) => !catalog.item(sku));
  const missing = wanted.filter((sku) => !asked.has(sku));
  if (missing.length > 0) {
    // a source that failed is asked again by the next who wants them
    const answer = catalog.read(
      async () => {
        const items = await bySkus(missing);
        missing.forEach((sku) => catalog.answered.add(sku));
        return items;
      },
      () => missing.forEach((sku) => asked.delete(sku)),
    );
    for (const sku of missing) asked.set(sku, answer);
  }
  for (const sku of wanted) await asked.get(sku);
}
