import { addExposures } from './card-of.js';
import { compareNewest } from './card-limits.js';
import { placeOf } from './card-purchases.js';
import { compareEntries } from './fold-records.js';
import { nameHash, packHashes, unpackHashes } from './name-hash.js';
import { readOlder } from './older-purchases.js';
import type {
  FoldState,
  OlderData,
  OlderPurchase,
  Purchase,
  PurchaseLine,
  Stamped,
} from './types.js';

/** What is pruned, and whose it is. */
export interface PruneOptions {
  readonly subject: string;
  /** Who prunes; what somebody else dropped stays apart. */
  readonly by: string;
  /** What happened before is reduced to what it counts; ms. */
  readonly before: number;
  /** Ids of records that went into the state and may be in it no more: those that a later one took the place of. */
  readonly records?: readonly string[];
  /** How many of them had been delivered. @defaultValue 0 */
  readonly delivered?: number;
}

const NOTHING: OlderData = {
  revision: 0,
  delivered: 0,
  records: '',
  purchases: [],
  goods: [],
  places: [],
  exposureKeys: '',
  exposures: {},
};

/**
 * The same state with what happened before a time reduced to what it counts: purchases to who, when, where and how many of what;
 * exposures to sums; visits and accesses to nothing but their names. Pure. Cards computed from it keep every number, also after later
 * refunds, merges and unmerges; all they lose is the look of what was dropped.
 */
export function pruneState(state: FoldState, options: PruneOptions): FoldState {
  const { subject, by, before, records = [], delivered = 0 } = options;
  const key = JSON.stringify([subject, by]);
  const own = state.older?.[key];
  const past = own?.data ?? NOTHING;
  const purchases = splitAt(state.purchases, before);
  const exposures = splitAt(state.exposures, before);
  const visits = splitAt(state.visits, before);
  const accesses = splitAt(state.accesses, before);
  const gone: readonly Stamped<unknown>[] = [purchases, exposures, visits, accesses].flatMap(
    ({ old }) => Object.values<Stamped<unknown>>(old),
  );
  if (gone.length === 0 && records.length === 0) return state;

  const names = packHashes([
    ...unpackHashes(past.records),
    ...records.map(nameHash),
    ...gone.map(({ record }) => nameHash(record)),
  ]);
  const data: OlderData = {
    revision: unpackHashes(names).length,
    delivered: past.delivered + delivered,
    records: names,
    ...addPurchases(past, Object.values(purchases.old)),
    exposureKeys: packHashes([
      ...unpackHashes(past.exposureKeys),
      ...Object.keys(exposures.old).map(nameHash),
    ]),
    exposures: sumExposures(past.exposures, Object.values(exposures.old)),
  };
  const stamps = [...(own ? [own.stamp] : []), ...gone.map(({ stamp }) => stamp)].sort();
  // what a later record took the place of has no stamp that counts
  const stamp = stamps.at(-1) ?? state.since ?? '';
  return {
    ...state,
    purchases: purchases.rest,
    exposures: exposures.rest,
    visits: visits.rest,
    accesses: accesses.rest,
    older: { ...state.older, [key]: { stamp, data, record: '' } },
  };
}

interface Split<T> {
  readonly old: { readonly [key: string]: Stamped<T> };
  readonly rest: { readonly [key: string]: Stamped<T> };
}

function splitAt<T extends { readonly at: number }>(
  map: { readonly [key: string]: Stamped<T> },
  before: number,
): Split<T> {
  const entries = Object.entries(map);
  const isOld = ([, { data }]: readonly [string, Stamped<T>]): boolean => data.at < before;
  return {
    old: Object.fromEntries(entries.filter(isOld)),
    rest: Object.fromEntries(entries.filter((entry) => !isOld(entry))),
  };
}

function addPurchases(
  past: OlderData,
  entries: readonly Stamped<Purchase>[],
): Pick<OlderData, 'purchases' | 'goods' | 'places'> {
  const goods = createNumbers<OlderData['goods'][number]>(past.goods);
  const places = createNumbers<string>(past.places);
  const all = new Map<string, Stamped<Purchase> & { readonly names: string }>();
  for (const { names, entry } of readOlder(past))
    all.set(names[0] ?? '', { ...entry, names: names.join('') });
  for (const entry of entries) {
    const { id, refs = [] } = entry.data;
    const hash = nameHash(id);
    const held = all.get(hash);
    const names = [id, ...refs].map(nameHash).join('');
    if (held === undefined || compareEntries(entry, held) > 0)
      all.set(hash, { ...entry, data: { ...entry.data, id: hash }, names });
  }
  const purchases = [...all.values()]
    .sort((a, b) => compareNewest(b.data, a.data))
    .map(({ names, stamp, data }): OlderPurchase => {
      const place = placeOf(data);
      const lines = data.lines.flatMap((line) => [
        goods.numberOf(goodOf(line)),
        line.quantity,
        line.refundedQuantity ?? 0,
      ]);
      const { status, gift, revision } = data;
      const unusual = {
        ...(status !== 'paid' && { status }),
        ...(gift && { gift }),
        ...(revision !== undefined && { revision }),
      };
      const number = place === '' ? -1 : places.numberOf(place);
      const row = [names, data.at, stamp, number, lines] as const;
      return Object.keys(unusual).length > 0 ? [...row, unusual] : row;
    });
  return { purchases, goods: goods.list, places: places.list };
}

function goodOf({ sku, name, category }: PurchaseLine): OlderData['goods'][number] {
  return { sku, name, ...(category !== undefined && { category }) };
}

/** Gives equal values one number: their place in a list that only grows. */
function createNumbers<T>(past: readonly T[]): {
  readonly list: readonly T[];
  readonly numberOf: (value: T) => number;
} {
  const list = [...past];
  const numbers = new Map(list.map((value, i) => [JSON.stringify(value), i]));
  return {
    list,
    numberOf: (value) => {
      const text = JSON.stringify(value);
      const known = numbers.get(text);
      if (known !== undefined) return known;
      numbers.set(text, list.length);
      return list.push(value) - 1;
    },
  };
}

function sumExposures(
  past: OlderData['exposures'],
  entries: readonly FoldState['exposures'][string][],
): OlderData['exposures'] {
  const sums = new Map(Object.entries(past));
  for (const { data } of entries) addExposures(sums, data);
  return Object.fromEntries(sums);
}
