import type { Card, CardPurchase, PurchaseLine } from '../profile/types.js';
import { REST_MS, VISIT_MS } from '../profile/visit-hours.js';
import type { Item, RecommendVisit } from '../recommend/types.js';
import { countsAsBought, isDismissed, type ItemOf } from './usual-orders.js';

const DAY_MS = 86_400_000;

/** What the shop sells, as far as it is here. */
export interface Goods {
  readonly item: ItemOf;
  readonly items: () => readonly Item[];
}

/** Skus that are not offered now, and skus whose company is not either. */
export interface RefusedItems {
  readonly exclude: readonly string[];
  readonly avoid: readonly string[];
}

/** What was bought, for oneself or for somebody else. */
function countsAsPaid({ status, unproved }: CardPurchase): boolean {
  return (status === 'paid' || status === 'partially_refunded') && !unproved;
}

/** Lines of an order that may speak for suggestions: what is sensitive, came back, or was dismissed since, says nothing. */
function speakingLines(
  { item: itemOf }: Pick<Goods, 'item'>,
  card: Card,
  { lines, at }: CardPurchase,
): readonly PurchaseLine[] {
  return lines.filter((line) => {
    const { sku, quantity, refundedQuantity = 0 } = line;
    const item = sku === null ? undefined : itemOf(sku);
    if (sku === null || item?.sensitive) return false;
    return quantity > refundedQuantity && !isDismissed(card, line, item, at);
  });
}

/** The visits that suggestions may rest on, oldest first: those from `since` on. */
export function visitsOf(
  goods: Pick<Goods, 'item'>,
  card: Card,
  since: number = -Infinity,
): readonly RecommendVisit[] {
  const visits: { at: number; place?: string; items: string[] }[] = [];
  for (const purchase of [...card.purchases].reverse()) {
    if (purchase.at < since || !countsAsBought(purchase)) continue;
    const items = speakingLines(goods, card, purchase).flatMap(({ sku }) =>
      sku === null ? [] : (goods.item(sku)?.sku ?? sku),
    );
    const place = purchase.place?.id;
    const open = visits.at(-1);
    // several purchases within four hours at one place are one visit (product rule D1)
    if (open && open.place === place && purchase.at - open.at <= VISIT_MS)
      open.items.push(...items);
    else visits.push({ at: purchase.at, ...(place !== undefined && { place }), items });
  }
  return visits;
}

/**
 * What is not offered to this customer: what was dismissed, with its category after a "stop"; what was shown three times without a
 * click (product rules D8, D11); what was given away, with its kind and its company; and a category of durables of which one still
 * lasts. `own` is what the customer buys for themselves.
 */
export function refusedItems(
  { item: itemOf, items }: Goods,
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
  const give = (sku: string, category = itemOf(sku)?.category): void => {
    if (own.has(itemOf(sku)?.sku ?? sku)) return;
    const product = itemOf(sku)?.product;
    exclude.add(sku);
    avoid.add(sku);
    if (category !== undefined) given.add(`c:${category}`);
    if (product !== undefined) given.add(`p:${product}`);
  };
  for (const { target, reason, at } of card.dismissals) {
    if (target.kind === 'greeting' || (reason === 'not-now' && Math.abs(now - at) >= REST_MS))
      continue;
    if (target.kind === 'usual') {
      if (reason !== 'not-now') target.skus.forEach((sku) => exclude.add(sku));
      continue;
    }
    exclude.add(target.sku);
    if (reason === 'gift') give(target.sku, target.category);
    const category = target.category ?? itemOf(target.sku)?.category;
    if (reason === 'stop' && category !== undefined) stopped.add(category);
  }
  for (const [sku, { restedAt = Infinity }] of Object.entries(card.exposures))
    if (Math.abs(now - restedAt) < REST_MS) exclude.add(sku);
  for (const { lines } of card.purchases.filter((one) => one.gift && countsAsPaid(one)))
    for (const { sku, category } of lines)
      if (sku !== null) give(sku, itemOf(sku)?.category ?? category);
  const lasting = lastingCategories(items(), itemOf, card, now);
  if (stopped.size + given.size + lasting.size > 0)
    for (const { sku, category = '', product, repurchaseDays } of items()) {
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
