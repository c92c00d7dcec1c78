import { rootOf } from './components.js';
import { compareItems, compareNewest, without } from './card-limits.js';
import { compareEntries, compareText } from './fold-records.js';
import { nameHash } from './name-hash.js';
import { readOlder } from './older-purchases.js';
import type {
  CardPurchase,
  FoldState,
  ItemStatistics,
  Purchase,
  PurchaseLine,
  RecordData,
  Stamped,
} from './types.js';
import { VISIT_MS } from './visit-hours.js';

type Refund = RecordData['refund'];

/** What the key of a correction begins with that is about a purchase: null says that it was not the customer's. */
const PURCHASE = 'purchase:';

/** Key of the correction by which the customer refuses a purchase, or takes that back. */
export function purchaseKey(id: string): string {
  return PURCHASE + id;
}

/** True for a correction that is about a purchase, and no fact to show. */
export function isAboutPurchase(key: string, corrected: boolean): boolean {
  return corrected && key.startsWith(PURCHASE);
}

/** The purchases of one customer, each once. */
export interface MergedPurchases {
  /** Newest first. */
  readonly purchases: readonly CardPurchase[];
  /** Those that the customer refused, "that was not me": they count nowhere, also when they come again. */
  readonly removed: readonly CardPurchase[];
  /** Those of `purchases` of which only what they count is left: their ids are hashes. */
  readonly older: ReadonlySet<CardPurchase>;
  /** Hashes of what those go by. */
  readonly olderNames: readonly string[];
  /** What refunds name and no purchase here is called. */
  readonly unmatched: readonly string[];
}

/** A purchase of one subject. */
interface Entry {
  readonly entry: Stamped<Purchase>;
  /** What it goes by: hashed, where of some purchases no more is left. */
  readonly names: readonly string[];
  readonly older: boolean;
  readonly unproved: boolean;
}

/** Several records of one purchase. */
interface Group {
  best: Entry;
  unproved: boolean;
  readonly names: Set<string>;
  readonly refunds: Map<string, Refund>;
}

/** All purchases of some subjects, those that share an id or a ref as one, with what came back taken into account. */
export function mergePurchases(
  states: ReadonlyMap<string, FoldState>,
  unproved: ReadonlySet<string>,
): MergedPurchases {
  const hashed = [...states.values()].some(({ older }) => older !== undefined);
  const nameOf = hashed ? nameHash : (name: string): string => name;
  const all = [...states].flatMap(([subject, state]) =>
    entriesOf(state, unproved.has(subject), nameOf),
  );
  const parents = joinNames(all);
  const groups = new Map<string, Group>();
  for (const one of all) {
    const root = rootOf(parents, one.names[0] ?? '');
    const group = groups.get(root) ?? {
      best: one,
      unproved: true,
      names: new Set<string>(),
      refunds: new Map<string, Refund>(),
    };
    groups.set(root, group);
    if (compareSources(one, group.best) > 0) group.best = one;
    group.unproved &&= one.unproved;
    if (!one.older) for (const name of namesOf(one.entry.data)) group.names.add(name);
  }
  const unmatched = new Set<string>();
  for (const { refunds } of states.values())
    for (const [record, { data }] of Object.entries(refunds)) {
      const group = groups.get(rootOf(parents, nameOf(data.purchase)));
      if (group === undefined) unmatched.add(data.purchase);
      else group.refunds.set(record, data);
    }
  const older = new Set<CardPurchase>();
  const purchases: CardPurchase[] = [];
  const removed: CardPurchase[] = [];
  const refused = new Set(refusedNames(states).map((name) => rootOf(parents, nameOf(name))));
  for (const [root, { best, names, refunds, unproved: claimed }] of groups) {
    const purchase = derivePurchase(best.entry.data, names, [...refunds.values()], claimed);
    (refused.has(root) ? removed : purchases).push(purchase);
    if (best.older) older.add(purchase);
  }
  return {
    purchases: purchases.sort(compareNewest),
    removed,
    older,
    olderNames: all.flatMap((one) => (one.older ? one.names : [])),
    unmatched: [...unmatched],
  };
}

/** Which of two records of one purchase holds: what nobody has proved never stands for what somebody has. */
function compareSources(a: Entry, b: Entry): number {
  return Number(b.unproved) - Number(a.unproved) || compareEntries(a.entry, b.entry);
}

/** Which names are those of one purchase: by each its parent, for `rootOf`. */
function joinNames(entries: readonly Entry[]): Map<string, string> {
  const parents = new Map<string, string>();
  for (const { names } of entries)
    for (const [i, name] of names.entries()) {
      const root = rootOf(parents, names[0] ?? '');
      if (i > 0 && rootOf(parents, name) !== root) parents.set(rootOf(parents, name), root);
    }
  return parents;
}

/** What the customer said was not theirs; what stands of several words is the last. */
function refusedNames(states: ReadonlyMap<string, FoldState>): readonly string[] {
  const words = new Map<string, FoldState['facts'][string]>();
  for (const { facts } of states.values())
    for (const [key, fact] of Object.entries(facts)) {
      const held = words.get(key);
      if (isAboutPurchase(key, fact.corrected) && (!held || compareEntries(fact, held) > 0))
        words.set(key, fact);
    }
  return [...words].flatMap(([key, { data }]) =>
    data.value === null ? [key.slice(PURCHASE.length)] : [],
  );
}

/** The purchases of a subject, the latest version of each: dropped or not. */
function entriesOf(
  state: FoldState,
  unproved: boolean,
  nameOf: (name: string) => string,
): readonly Entry[] {
  const entries = new Map<string, Entry>();
  const put = (key: string, one: Entry): void => {
    const held = entries.get(key);
    if (held === undefined || compareEntries(one.entry, held.entry) > 0) entries.set(key, one);
  };
  for (const { data } of Object.values(state.older ?? {}))
    for (const { names, entry } of readOlder(data))
      put(entry.data.id, { entry, names, older: true, unproved });
  for (const entry of Object.values(state.purchases)) {
    const names = namesOf(entry.data).map(nameOf);
    put(names[0] ?? '', { entry, names, older: false, unproved });
  }
  return [...entries.values()];
}

/** Every id a purchase goes by, its own first. */
export function namesOf({ id, refs = [] }: Purchase): readonly string[] {
  return [id, ...refs];
}

/** A purchase as its names, refunds and proof make it. */
export function derivePurchase(
  purchase: Purchase,
  names: Iterable<string>,
  refunds: readonly Refund[],
  unproved: boolean,
): CardPurchase {
  const refs = [...new Set(names)].filter((name) => name !== purchase.id).sort(compareText);
  const lines = returnLines(purchase.lines, refunds);
  const back = lines.filter(({ refundedQuantity = 0 }) => refundedQuantity > 0);
  const all = lines.every(({ quantity, refundedQuantity = 0 }) => refundedQuantity >= quantity);
  const status =
    purchase.status === 'cancelled' || purchase.status === 'refunded'
      ? purchase.status
      : refunds.some((refund) => refund.lines === undefined) || (back.length > 0 && all)
        ? 'refunded'
        : back.length + refunds.length > 0
          ? 'partially_refunded'
          : purchase.status;
  return {
    ...without(purchase, 'refs'),
    status,
    lines,
    ...(refs.length > 0 && { refs }),
    ...(unproved && { unproved }),
    ...(status !== purchase.status && { givenStatus: purchase.status }),
  };
}

/** The lines with how much of each came back: by refunds, or by what the source itself said, whichever is more. */
function returnLines(
  lines: readonly PurchaseLine[],
  refunds: readonly Refund[],
): readonly PurchaseLine[] {
  if (refunds.length === 0) return lines;
  const pool = new Map<string, number>();
  for (const refund of refunds)
    for (const { sku, quantity } of refund.lines ?? [])
      pool.set(sku, (pool.get(sku) ?? 0) + quantity);
  const whole = refunds.some((refund) => refund.lines === undefined);
  return lines.map((line) => {
    const returned = Math.min(line.quantity, (line.sku !== null && pool.get(line.sku)) || 0);
    if (line.sku !== null) pool.set(line.sku, (pool.get(line.sku) ?? 0) - returned);
    const refundedQuantity = whole ? line.quantity : Math.max(returned, line.refundedQuantity ?? 0);
    return refundedQuantity > 0 ? { ...line, refundedQuantity } : line;
  });
}

/** True for a purchase that counts as a visit (product rules D1, D2). */
export function countsAsVisit({ status, unproved }: CardPurchase): boolean {
  return unproved !== true && (status === 'paid' || status === 'partially_refunded');
}

/** Where a purchase was made, as one text. */
export function placeOf({ place }: Purchase): string {
  return place?.id ?? place?.name ?? '';
}

/** Begins of the visits that purchases make, newest first. */
export function visitsOf(
  newestFirst: readonly CardPurchase[],
): readonly { readonly at: number; readonly place: string }[] {
  const last = new Map<string, number>();
  const visits: { at: number; place: string }[] = [];
  for (let i = newestFirst.length - 1; i >= 0; i--) {
    const purchase = newestFirst[i];
    if (purchase === undefined || !countsAsVisit(purchase)) continue;
    const place = placeOf(purchase);
    // counted from the begin of the visit: somebody who buys every three hours comes more than once a day
    if (purchase.at - (last.get(place) ?? -Infinity) <= VISIT_MS) continue;
    last.set(place, purchase.at);
    visits.push({ at: purchase.at, place });
  }
  return visits.sort((a, b) => b.at - a.at || compareText(a.place, b.place));
}

/** Adds what a purchase says of its items; purchases are to be added oldest first. */
export function addItems(items: Map<string, ItemStatistics>, purchase: CardPurchase): void {
  if (!countsAsVisit(purchase) || purchase.gift === true) return;
  const here = new Set<string>();
  for (const line of purchase.lines) {
    const quantity = line.quantity - (line.refundedQuantity ?? 0);
    if (quantity <= 0) continue;
    // a menu without skus has names: then the name is what the item is known by
    const sku = line.sku ?? line.name;
    const before = items.get(sku);
    const again = here.has(sku);
    const category = (again ? before?.category : undefined) ?? line.category ?? before?.category;
    here.add(sku);
    items.set(sku, {
      sku,
      name: again && before ? before.name : line.name,
      ...(category !== undefined && { category }),
      purchases: (before?.purchases ?? 0) + (again ? 0 : 1),
      quantity: (before?.quantity ?? 0) + quantity,
      firstAt: before?.firstAt ?? purchase.at,
      lastAt: purchase.at,
    });
  }
}

/** Items as a card lists them, all of them. */
export function listItems(items: ReadonlyMap<string, ItemStatistics>): readonly ItemStatistics[] {
  return [...items.values()].sort(compareItems);
}
