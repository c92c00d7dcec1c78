import { linksOfCard } from './adds-nothing.js';
import { sinceOf } from './adoption.js';
import { isUnproved } from './card-of.js';
import {
  addSeen,
  fitExposures,
  fitList,
  fitPurchase,
  isSmall,
  isWithinLimits,
  jsonBytes,
  LIMITS,
  maybeSeen,
  without,
} from './card-limits.js';
import {
  addItems,
  countsAsVisit,
  derivePurchase,
  listItems,
  namesOf,
  placeOf,
} from './card-purchases.js';
import { exposureKey, isKnownRecord } from './fold-records.js';
import type {
  Card,
  CardPurchase,
  ItemStatistics,
  ProfileRecord,
  RecordOf,
  UnknownRecord,
} from './types.js';
import { partsOf, sumExposures } from './sum-exposures.js';
import { VISIT_MS } from './visit-hours.js';

/**
 * The card after one more record, without the records before it; undefined when only a refold can tell. Never another card than
 * the refold would give: it covers the newest purchase, visits and exposures of one page view after the other.
 */
export function extendCard(card: Card, record: ProfileRecord | UnknownRecord): Card | undefined {
  if (!isKnownRecord(record)) return card;
  if (card.erased || card.trimmed || !card.subjects.includes(record.subject)) return undefined;
  const { stamp } = record;
  // an earlier stamp could make another subject the oldest of several
  if (card.subjects.length > 1 && (card.stamp === undefined || stamp <= card.stamp))
    return undefined;
  const since = sinceOf(card.links.filter(({ subject }) => subject === record.subject));
  if (since !== undefined && 'at' in record.data && record.data.at < since) return undefined;
  const at = card.stamp === undefined || stamp > card.stamp ? stamp : card.stamp;
  const extend = (fit: Fit): Card | undefined => {
    const extended = extendBy(card, record, fit);
    if (extended === undefined) return undefined;
    // members in the order in which a refold writes them: the two are one text
    const { partial } = extended;
    return { ...without(extended, 'stamp', 'partial'), stamp: at, ...(partial && { partial }) };
  };
  // hardly any card comes near its limits: the whole of it tells so at once, in the text that is written then
  const whole = extend((list, count) => list.slice(0, count));
  if (whole === undefined || isSmall(whole)) return whole;
  const fitted = extend(fitList);
  return fitted && isWithinLimits(fitted) ? fitted : undefined;
}

/** How a list is cut to what a card holds of it. */
type Fit = typeof fitList;

function extendBy(card: Card, record: ProfileRecord, fit: Fit): Card | undefined {
  switch (record.kind) {
    case 'visit':
      // a card does not say which visits were dropped
      return card.partial ? undefined : card;
    case 'purchase':
      return extendByPurchase(card, record, fit);
    case 'exposure':
      return extendByExposure(card, record);
    default:
      return undefined;
  }
}

function extendByPurchase(
  card: Card,
  { subject, data }: RecordOf<'purchase'>,
  fit: Fit,
): Card | undefined {
  const links = linksOfCard(card).map((link) => ({
    subject: link.subject,
    data: link,
  }));
  const names = [data.id, ...(data.refs ?? [])];
  const purchase = derivePurchase(data, names, [], isUnproved(subject, links));
  const newest = card.purchases[0];
  if (
    (newest !== undefined && purchase.at <= newest.at) ||
    card.purchases.some((known) => namesOf(known).some((name) => names.includes(name))) ||
    maybeSeen(card.seen, names)
  )
    return undefined;
  const items = extendItems(card, purchase, fit);
  if (items === undefined) return undefined;
  const all = [fitPurchase(purchase), ...card.purchases];
  const purchases = fit(all, LIMITS.purchases, LIMITS.purchasesBytes);
  const dropped = all.slice(purchases.length);
  const seen = addSeen(card.seen, dropped.flatMap(namesOf));
  return {
    ...without(card, 'seen', 'openVisits', 'olderItems'),
    purchases,
    olderPurchases: card.olderPurchases + dropped.length,
    ...items,
    ...extendVisits(card, purchase),
    ...(seen !== undefined && { seen }),
  };
}

function extendVisits(
  card: Card,
  purchase: CardPurchase,
): Pick<Card, 'visitTimes' | 'paidVisits' | 'openVisits'> {
  const { at } = purchase;
  const place = placeOf(purchase);
  const open = (card.openVisits ?? []).filter((visit) => at - visit.at <= VISIT_MS);
  const begins = countsAsVisit(purchase) && !open.some((visit) => visit.place === place);
  const openVisits = begins ? [{ at, place }, ...open] : open;
  return {
    visitTimes: begins ? [at, ...card.visitTimes].slice(0, LIMITS.visitTimes) : card.visitTimes,
    paidVisits: card.paidVisits + Number(begins),
    ...(openVisits.length > 0 && { openVisits }),
  };
}

function extendItems(
  card: Card,
  purchase: CardPurchase,
  fit: Fit,
): Pick<Card, 'items' | 'olderItems'> | undefined {
  const before = new Map<string, ItemStatistics>(card.items.map((item) => [item.sku, item]));
  const sums = new Map(before);
  addItems(sums, purchase);
  const { olderItems = 0 } = card;
  if (olderItems > 0)
    for (const [sku, item] of sums) {
      const was = before.get(sku);
      // an item left out may be this one, and one that became shorter may make room for another
      if (was === undefined || (was !== item && jsonBytes(item) < jsonBytes(was))) return undefined;
    }
  const all = listItems(sums);
  const items = fit(all, LIMITS.items, LIMITS.itemsBytes);
  const left = olderItems + all.length - items.length;
  return { items, ...(left > 0 && { olderItems: left }) };
}

function extendByExposure(card: Card, { data, by }: RecordOf<'exposure'>): Card | undefined {
  const key = exposureKey(data.visit, by);
  if (maybeSeen(card.seen, [key])) return undefined;
  const parts = partsOf(data, key);
  const full = Object.keys(card.exposures).length >= LIMITS.exposures;
  for (const { sku } of parts) {
    const before = Object.hasOwn(card.exposures, sku) ? card.exposures[sku] : undefined;
    // one left out may be this one, and what was shown before the last time has its place before it
    if (before ? before.lastAt >= data.at : full) return undefined;
  }
  const seen = addSeen(card.seen, [key]);
  return {
    ...without(card, 'seen'),
    exposures: fitExposures(sumExposures(card.exposures, parts)),
    ...(seen !== undefined && { seen }),
  };
}
