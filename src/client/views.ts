import type { Core } from './core.js';

/** More different things than that nobody looks at in one visit. */
const VIEWED_KEPT = 200;
const SKU_LENGTH = 200;

/** Counts what the customer looked at in the visit's exposure. */
export function countViews({ state }: Core, skus: string | readonly string[]): void {
  const { visit } = state;
  for (const sku of typeof skus === 'string' ? [skus] : skus) {
    if (!visit || typeof sku !== 'string' || sku === '' || sku.length > SKU_LENGTH) continue;
    const counts = visit.exposures.get(sku) ?? { shown: 0, accepted: 0 };
    if (!visit.exposures.has(sku) && visit.exposures.size >= VIEWED_KEPT) continue;
    visit.exposures.set(sku, { ...counts, viewed: (counts.viewed ?? 0) + 1 });
    visit.exposuresChanged = true;
  }
}
