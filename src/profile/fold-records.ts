import { canonicalJson } from '../kernel/json.js';
import type { Stamp } from '../kernel/stamp.js';
import { hasHash, nameHash } from './name-hash.js';
import type {
  FactData,
  FoldState,
  OlderData,
  ProfileRecord,
  RecordOf,
  Stamped,
  UnknownRecord,
} from './types.js';

/** The maps of a state that records go into. */
export type FoldMap = Exclude<keyof FoldState, 'since' | 'older'>;

/** What a map holds, whichever it is. */
export type FoldEntry = Stamped<unknown> & {
  readonly corrected?: boolean;
  readonly subject?: string;
  readonly by?: string;
};

const MAP_OF_KIND: ReadonlyMap<string, FoldMap> = new Map([
  ['purchase', 'purchases'],
  ['refund', 'refunds'],
  ['visit', 'visits'],
  ['fact', 'facts'],
  ['correction', 'facts'],
  ['link', 'links'],
  ['unlink', 'unlinks'],
  ['consent', 'consents'],
  ['issue', 'issues'],
  ['answer', 'answers'],
  ['dismissal', 'dismissals'],
  ['exposure', 'exposures'],
  ['attestation', 'attestations'],
  ['access', 'accesses'],
  ['erasure', 'erasures'],
]);
const MAPS: ReadonlySet<FoldMap | 'older'> = new Set([...MAP_OF_KIND.values(), 'older']);

/** A fold under way: records go in, in any order, a state comes out. */
export interface Fold {
  readonly add: (record: ProfileRecord | UnknownRecord) => void;
  readonly merge: (state: FoldState) => void;
  /** What holds now under the key that `record` would take. */
  readonly standing: (record: ProfileRecord) => FoldEntry | undefined;
  /** True when this very record stands, or was dropped for want of room. */
  readonly holds: (record: ProfileRecord) => boolean;
  readonly state: () => FoldState;
}

/** Compares texts by UTF-16 code units, as keys are sorted everywhere. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * Which of two entries of one key holds: a correction before a fact, a fact said while verified before others, the higher revision,
 * the later stamp, then the record id.
 * The content decides last, so that even forged twins are ordered the same way everywhere.
 */
export function compareEntries(a: FoldEntry, b: FoldEntry): number {
  return (
    rankOf(a) - rankOf(b) ||
    revisionOf(a) - revisionOf(b) ||
    compareText(a.stamp, b.stamp) ||
    compareText(a.record, b.record) ||
    (a === b ? 0 : compareText(canonicalJson(a), canonicalJson(b)))
  );
}

/** True for a record of a kind that this version folds. */
export function isKnownRecord(record: ProfileRecord | UnknownRecord): record is ProfileRecord {
  return record.kind === 'base' || MAP_OF_KIND.has(record.kind);
}

/** Starts a fold of one subject's records. */
export function createFold(): Fold {
  const maps = new Map<FoldMap | 'older', Map<string, FoldEntry>>();
  for (const name of MAPS) maps.set(name, new Map());
  let since: Stamp | undefined;

  const meet = (stamp: Stamp | undefined): void => {
    if (stamp !== undefined && (since === undefined || stamp < since)) since = stamp;
  };
  const put = (name: FoldMap | 'older', key: string, entry: FoldEntry): void => {
    const map = maps.get(name);
    const held = map?.get(key);
    if (held === undefined || compareEntries(entry, held) > 0) map?.set(key, entry);
  };
  const merge = (state: FoldState): void => {
    meet(state.since);
    for (const name of MAPS)
      for (const [key, entry] of Object.entries(state[name] ?? {})) put(name, key, entry);
  };
  const standing = (record: ProfileRecord): FoldEntry | undefined =>
    maps.get(MAP_OF_KIND.get(record.kind) ?? 'visits')?.get(keyOf(record));
  return {
    add: (record) => {
      if (!isKnownRecord(record)) return;
      if (record.kind === 'base') return merge(record.data.state);
      meet(record.stamp);
      const name = MAP_OF_KIND.get(record.kind);
      if (name !== undefined) put(name, keyOf(record), entryOf(record));
    },
    merge,
    standing,
    holds: (record) =>
      standing(record)?.record === record.id ||
      [...(maps.get('older')?.values() ?? [])].some(({ data }) =>
        hasHash((data as OlderData).records, nameHash(record.id)),
      ),
    state: () => toState(maps, since),
  };
}

type Maps = ReadonlyMap<FoldMap | 'older', ReadonlyMap<string, FoldEntry>>;

/** What a fold has come to as plain data, the keys sorted. */
function toState(maps: Maps, since: Stamp | undefined): FoldState {
  const erased = maps.get('erasures')?.size !== 0;
  const sorted = [...MAPS].map((name) => [
    name,
    // fromEntries defines members, so that a key "__proto__" is a key like any other
    Object.fromEntries(
      erased && name !== 'erasures'
        ? []
        : [...(maps.get(name) ?? [])].sort(([a], [b]) => compareText(a, b)),
    ),
  ]);
  const { older = {}, ...state } = Object.fromEntries(sorted) as FoldState;
  return {
    ...state,
    ...(Object.keys(older).length > 0 && { older }),
    ...(since !== undefined && { since }),
  };
}

/**
 * The state that records of one subject leave, in whatever order they come. Of several bases the newest counts;
 * an erasure leaves nothing but itself; records of kinds this version does not know are passed over.
 */
export function foldRecords(records: Iterable<ProfileRecord | UnknownRecord>): FoldState {
  const fold = createFold();
  const bases = new Map<string, RecordOf<'base'>>();
  for (const record of records)
    if (isBase(record)) bases.set(record.subject, newerBase(record, bases.get(record.subject)));
    else fold.add(record);
  for (const base of bases.values()) fold.add(base);
  return fold.state();
}

/** Which of two bases of one subject counts. */
export function newerBase(base: RecordOf<'base'>, held?: RecordOf<'base'>): RecordOf<'base'> {
  return held === undefined || compareBases(base, held) > 0 ? base : held;
}

/** Two states as one. Commutative, associative, idempotent; `foldRecords` of a union is the `combineStates` of its parts. */
export function combineStates(a: FoldState, b: FoldState): FoldState {
  const fold = createFold();
  fold.merge(a);
  fold.merge(b);
  return fold.state();
}

/** The state of no records. */
export const emptyState: FoldState = createFold().state();

/** True for a base. */
export function isBase(record: ProfileRecord | UnknownRecord): record is RecordOf<'base'> {
  return record.kind === 'base';
}

function compareBases(a: RecordOf<'base'>, b: RecordOf<'base'>): number {
  return a.data.through - b.data.through || compareText(a.stamp + a.id, b.stamp + b.id);
}

/** Customers correct themselves: of their own corrections the later one holds, at whatever level it was made. */
function rankOf({ corrected, data }: FoldEntry): number {
  if (corrected !== undefined)
    return corrected ? 2 : Number((data as FactData).level === 'verified');
  return 0;
}

function revisionOf(entry: FoldEntry): number {
  return (entry.data as { readonly revision?: number }).revision ?? -1;
}

/** What a record is known by among those of its kind: the later of two holds. */
export function keyOf(record: ProfileRecord): string {
  switch (record.kind) {
    case 'purchase':
      return record.data.id;
    case 'fact':
    case 'correction':
      return record.data.key;
    case 'issue':
      return record.data.issue;
    case 'exposure':
      return exposureKey(record.data.visit, record.by);
    default:
      return record.id;
  }
}

/** Key of an exposure: one a visit and writer. */
export function exposureKey(visit: string, by: string): string {
  return JSON.stringify([visit, by]);
}

function entryOf(record: ProfileRecord): FoldEntry {
  const { id, stamp, data, kind, subject, by } = record;
  const entry = { stamp, data, record: id };
  if (kind === 'link') return { ...entry, subject, by };
  if (kind === 'unlink') return { ...entry, by };
  return kind === 'fact' || kind === 'correction'
    ? { ...entry, corrected: kind === 'correction' }
    : entry;
}
