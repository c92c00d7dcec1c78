import { SHORT_WIDTH, shortHash } from './name-hash.js';
import type { Card, CardPurchase, ItemStatistics } from './types.js';

/** What a card holds at most: counts of the contract, and shares of its 64 kB that leave room for the rest. */
export const LIMITS = {
  bytes: 65_536,
  purchases: 50,
  purchasesBytes: 26_000,
  /** A purchase larger than this stands in the card without its lines. */
  purchaseBytes: 12_000,
  items: 500,
  itemsBytes: 24_000,
  visitTimes: 100,
  issues: 50,
  dismissals: 100,
  exposures: 100,
  seen: 800,
} as const;

const encoder = new TextEncoder();

/** A copy without some of its members. */
export function without<T extends object, K extends keyof T>(
  value: T,
  ...keys: readonly K[]
): Omit<T, K> {
  const copy = { ...value };
  for (const key of keys) delete copy[key];
  return copy;
}

/** Bytes of a value as JSON in UTF-8. */
export function jsonBytes(value: unknown): number {
  return encoder.encode(JSON.stringify(value)).length;
}

/** Counts bytes only where the length of the text cannot tell: a UTF-16 unit takes one to three. */
function textFits(text: string, limit: number): boolean {
  if (text.length * 3 <= limit) return true;
  return text.length <= limit && encoder.encode(text).length <= limit;
}

/** True when a value takes at most `limit` bytes as JSON. */
export function fitsBytes(value: unknown, limit: number): boolean {
  return textFits(JSON.stringify(value), limit);
}

/**
 * The longest beginning of `list` within `count` entries and `bytes` of JSON. A beginning, never a choice: so a list that grows at
 * its front can be cut from what was kept of it, with the same result as from the whole.
 */
export function fitList<T>(list: readonly T[], count: number, bytes: number): readonly T[] {
  const first = list.slice(0, count);
  if (fitsBytes(first, bytes)) return first;
  let used = 1;
  const end = first.findIndex((entry) => (used += jsonBytes(entry) + 1) > bytes);
  return first.slice(0, end);
}

/** Order of purchases in a card: newest first, then by id. */
export function compareNewest(a: CardPurchase, b: CardPurchase): number {
  return b.at - a.at || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

/** Order of items in a card: most purchases, then latest, then sku. */
export function compareItems(a: ItemStatistics, b: ItemStatistics): number {
  return b.purchases - a.purchases || b.lastAt - a.lastAt || (a.sku < b.sku ? -1 : 1);
}

/** A purchase as the card's list has it: one that is too large stands without its lines. */
export function fitPurchase(purchase: CardPurchase): CardPurchase {
  return fitsBytes(purchase, LIMITS.purchaseBytes) ? purchase : { ...purchase, lines: [] };
}

/** Adds the hashes of `texts` to those of `seen`, and those of names of which only the hash is left; undefined when they get too many. */
export function addSeen(
  seen: string | undefined,
  texts: Iterable<string>,
  nameHashes: Iterable<string> = [],
): string | undefined {
  if (seen === undefined) return undefined;
  const all = new Set(seen.match(/.{5}/g));
  for (const text of texts) all.add(shortHash(text));
  for (const hash of nameHashes) all.add(hash.slice(0, SHORT_WIDTH));
  return all.size > LIMITS.seen ? undefined : [...all].sort().join('');
}

/** False only when none of `texts` can be among those that made `seen`. */
export function maybeSeen(seen: string | undefined, texts: Iterable<string>): boolean {
  if (seen === undefined) return true;
  const all = new Set(seen.match(/.{5}/g));
  for (const text of texts) if (all.has(shortHash(text))) return true;
  return false;
}

/** The exposures last shown, as many as a card holds. */
export function fitExposures(exposures: Card['exposures']): Card['exposures'] {
  const entries = Object.entries(exposures);
  if (entries.length <= LIMITS.exposures) return exposures;
  return Object.fromEntries(
    entries
      .sort(([a, x], [b, y]) => y.lastAt - x.lastAt || (a < b ? -1 : 1))
      .slice(0, LIMITS.exposures)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

// A card is measured, then written: its text is made once.
const texts = new WeakMap<Card, string>();

/** A card as JSON; forgotten once it is taken. */
export function takeText(card: Card): string {
  const text = texts.get(card) ?? JSON.stringify(card);
  texts.delete(card);
  return text;
}

function cardFits(card: Card, limit: number): boolean {
  const text = texts.get(card) ?? JSON.stringify(card);
  texts.set(card, text);
  return textFits(text, limit);
}

/** True when a card is within its 64 kB. */
export function isWithinLimits(card: Card): boolean {
  return cardFits(card, LIMITS.bytes);
}

/** True when all of a card takes less than each of its lists may. */
export function isSmall(card: Card): boolean {
  return cardFits(card, Math.min(LIMITS.purchasesBytes, LIMITS.itemsBytes));
}

/** Leaves out more and more of a card that extraordinary data made too large: what can be asked again goes first. */
export function trimCard(card: Card): Card {
  if (isWithinLimits(card)) return card;
  const half = <T>(list: readonly T[]): readonly T[] => list.slice(0, list.length >> 1);
  let trimmed: Card = { ...card, exposures: {}, trimmed: true };
  while (!isWithinLimits(trimmed)) {
    const { purchases, items, dismissals, issues, olderPurchases, olderItems = 0 } = trimmed;
    const before = jsonBytes(trimmed);
    trimmed = {
      ...trimmed,
      dismissals: half(dismissals),
      issues: half(issues),
      purchases: half(purchases),
      olderPurchases: olderPurchases + purchases.length - half(purchases).length,
      items: half(items),
      olderItems: olderItems + items.length - half(items).length,
    };
    if (jsonBytes(trimmed) < before) continue;
    if (trimmed.heldLinks) {
      trimmed = without(trimmed, 'heldLinks');
      continue;
    }
    const largest = Object.entries(trimmed.facts).sort(
      ([a, x], [b, y]) => jsonBytes(y) - jsonBytes(x) || (a < b ? -1 : 1),
    );
    if (largest.length > 0) trimmed = { ...trimmed, facts: Object.fromEntries(largest.slice(1)) };
    else if (trimmed.links.length > 0) trimmed = { ...trimmed, links: half(trimmed.links) };
    else break;
  }
  return trimmed;
}
