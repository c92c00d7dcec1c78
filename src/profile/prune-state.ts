import { compareNewest } from './card-limits.js';
import { placeOf } from './card-purchases.js';
import { compareEntries } from './fold-records.js';
import { nameHash, packHashes, unpackHashes } from './name-hash.js';
import { readOlder } from './older-purchases.js';
import { partsOf, sumExposures } from './sum-exposures.js';
import type {
  FoldState,
  OlderData,
  OlderPurchase,
  Purchase,
  PurchaseLine,
  Stamped,
} from './types.js';

/** What is dropped, and whose it is. */
export interface PruneOptions {
  readonly subject: string;
  /** Who drops it; what somebody else dropped stays apart. */
  readonly by: string;
  /** Ids of the records that go: those that stand in the state, and those that a later one took the place of. */
  readonly records: ReadonlySet<string>;
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
 * The same state with some of its records reduced to what they count: purchases to when, where and how many of what; exposures to
 * sums; visits and accesses to nothing but their names. Pure. Cards computed from it keep every number, also after later refunds,
 * merges and unmerges; all they lose is the look of what was dropped.
 */
export function pruneState(state: FoldState, options: PruneOptions): FoldState {
  const { subject, by, records, delivered = 0 } = options;
  if (records.size === 0) return state;
  const key = JSON.stringify([subject, by]);
  const own = state.older?.[key];
  const past = own?.data ?? NOTHING;
  const purchases = split(state.purchases, records);
  const exposures = split(state.exposures, records);
  const visits = split(state.visits, records);
  const accesses = split(state.accesses, records);
  const names = packHashes([...unpackHashes(past.records), ...[...records].map(nameHash)]);
  const data: OlderData = {
    revision: unpackHashes(names).length,
    delivered: past.delivered + delivered,
    records: names,
    ...addPurchases(past, Object.values(purchases.gone)),
    exposureKeys: packHashes([
      ...unpackHashes(past.exposureKeys),
      ...Object.keys(exposures.gone).map(nameHash),
    ]),
    exposures: sumExposures(
      past.exposures,
      Object.entries(exposures.gone).flatMap(([name, entry]) => partsOf(entry.data, name)),
    ),
  };
  // the card's latest stamp stays what it is; what a later record took the place of has none that counts
  const stamps = [purchases, exposures, visits, accesses].flatMap(({ gone }) =>
    Object.values<Stamped<unknown>>(gone).map(({ stamp }) => stamp),
  );
  const stamp = [...stamps, own?.stamp ?? state.since ?? ''].sort().at(-1) ?? '';
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
  readonly gone: { readonly [key: string]: Stamped<T> };
  readonly rest: { readonly [key: string]: Stamped<T> };
}

function split<T>(
  map: { readonly [key: string]: Stamped<T> },
  records: ReadonlySet<string>,
): Split<T> {
  const entries = Object.entries(map);
  return {
    gone: Object.fromEntries(entries.filter(([, { record }]) => records.has(record))),
    rest: Object.fromEntries(entries.filter(([, { record }]) => !records.has(record))),
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
