import { isDismissed } from '../greeting/usual-orders.js';
import type { Card, CardPurchase, PurchaseLine } from '../profile/types.js';
import type { Item } from '../recommend/types.js';
import type { Core } from './core.js';
import { REST_MS } from './speak.js';

const DAY_MS = 86_400_000;

/** Skus that are not offered now, and skus whose company is not either. */
export interface RefusedItems {
  readonly exclude: readonly string[];
  readonly avoid: readonly string[];
}

/** What was bought, for oneself or for somebody else. */
function countsAsPaid({ status, unproved }: CardPurchase): boolean {
  return (status === 'paid' || status === 'partially_refunded') && !unproved;
}

/** Lines of an order that may speak for suggestions: what came back, or was dismissed since, says nothing. */
export function speakingLines(
  { catalog }: Core,
  card: Card,
  { lines, at }: CardPurchase,
): readonly PurchaseLine[] {
  return lines.filter((line) => {
    const { sku, quantity, refundedQuantity = 0 } = line;
    const item = sku === null ? undefined : catalog.item(sku);
    return sku !== null && quantity > refundedQuantity && !isDismissed(card, line, item, at);
  });
}

/**
 * What is not offered to this customer: what was dismissed, with its category after a "stop"; what was shown three times without a
 * click (product rules D8, D11); what was given away, with its kind and its company; and a category of durables of which one still
 * lasts. `own` is what the customer buys for themselves.
 */
export function refusedItems(
  { catalog }: Core,
  card: Card | undefined,
  now: number,
  own: ReadonlySet<string>,
): RefusedItems {
  if (!card) return { exclude: [], avoid: [] };
  const exclude = new Set<string>();
  const avoid = new Set<string>();
  /** Whole categories; categories and products of what was given away. */
  const stopped = new Set<string>();
  const given = new Set<string>();
  const itemOf = (sku: string): Item | undefined => catalog.item(sku);
  const give = (sku: string, category = itemOf(sku)?.category): void => {
    if (own.has(itemOf(sku)?.sku ?? sku)) return;
    const product = itemOf(sku)?.product;
    exclude.add(sku);
    avoid.add(sku);
    if (category !== undefined) given.add(`c:${category}`);
    if (product !== undefined) given.add(`p:${product}`);
  };
  for (const { target, reason, at } of card.dismissals) {
    if (target.kind === 'greeting' || (reason === 'not-now' && now - at >= REST_MS)) continue;
    if (target.kind === 'usual') {
      if (reason !== 'not-now') target.skus.forEach((sku) => exclude.add(sku));
      continue;
    }
    exclude.add(target.sku);
    if (reason === 'gift') give(target.sku, target.category);
    const category = target.category ?? itemOf(target.sku)?.category;
    if (reason === 'stop' && category !== undefined) stopped.add(category);
  }
  for (const [sku, { shown, accepted, lastAt }] of Object.entries(card.exposures))
    if (shown >= 3 && accepted === 0 && now - lastAt < REST_MS) exclude.add(sku);
  for (const { lines } of card.purchases.filter((one) => one.gift && countsAsPaid(one)))
    for (const { sku, category } of lines)
      if (sku !== null) give(sku, itemOf(sku)?.category ?? category);
  const lasting = lastingCategories(catalog.items(), itemOf, card, now);
  if (stopped.size + given.size + lasting.size > 0)
    for (const { sku, category = '', product, repurchaseDays } of catalog.items()) {
      const isGiven = given.has(`c:${category}`) || given.has(`p:${product ?? ''}`);
      const isLasting = repurchaseDays !== undefined && lasting.has(category);
      if (stopped.has(category) || isLasting || (isGiven && !own.has(sku))) exclude.add(sku);
    }
  return { exclude: [...exclude], avoid: [...avoid] };
}

/** Categories of durables of which the customer has one that still lasts, also one that is sold no more. */
function lastingCategories(
  items: readonly Item[],
  itemOf: (sku: string) => Item | undefined,
  card: Card,
  now: number,
): ReadonlySet<string> {
  const longest = longestByCategory(items);
  const lasting = new Set<string>();
  if (longest.size === 0) return lasting;
  for (const { at, gift, ...purchase } of card.purchases.filter(countsAsPaid))
    for (const { sku, category, quantity, refundedQuantity = 0 } of purchase.lines) {
      const kind = (sku === null ? undefined : itemOf(sku)?.category) ?? category ?? '';
      const lasts = (longest.get(kind) ?? 0) * DAY_MS;
      if (!gift && quantity > refundedQuantity && now - at < lasts) lasting.add(kind);
    }
  return lasting;
}

/** For how many days a thing of a category lasts, where the catalog says so. */
function longestByCategory(items: readonly Item[]): ReadonlyMap<string, number> {
  const days = new Map<string, number>();
  for (const { category, repurchaseDays = 0 } of items)
    if (category !== undefined && repurchaseDays > (days.get(category) ?? 0))
      days.set(category, repurchaseDays);
  return days;
}
