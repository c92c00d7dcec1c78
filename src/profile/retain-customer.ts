import { nextStamp } from '../kernel/stamp.js';
import { foldRecords, isBase, keyOf } from './fold-records.js';
import { currentFormat, type LogFormat } from './log-format.js';
import { putRecord, readLog, readRows, type AnyRecord, type ReadRecord } from './log-rows.js';
import { refoldCard } from './log.js';
import type { StorageTransaction } from './port.js';
import { pruneState } from './prune-state.js';
import { readCard } from './read-card.js';
import { outboxKey } from './row-keys.js';
import type {
  Card,
  ConsentPurpose,
  FactData,
  FoldState,
  ProfileRecord,
  RecordOf,
  Stamped,
} from './types.js';

/** What of a customer is not kept any longer. Times in ms. */
export interface Retention {
  /** Orders, refunds, visits, looks and what was shown from before: they leave what they count. */
  readonly eventsBefore?: number;
  /** Answers to questions from before: they leave nothing. */
  readonly answersBefore?: number;
  /** Facts that were to expire by then: they leave nothing. */
  readonly expiredAt?: number;
  /** What was kept for this purpose: it leaves nothing. */
  readonly without?: ConsentPurpose;
}

/** What pruning needs to know of the world. */
export interface RetainEnv {
  readonly shop: string;
  readonly device: string;
  readonly by: string;
  readonly now: number;
  /** Fresh ids for bases. */
  readonly id: () => string;
  readonly format?: LogFormat;
}

const EVENTS = {
  purchase: 'purchases',
  refund: 'refunds',
  visit: 'visits',
  exposure: 'exposures',
  access: 'accesses',
} as const;

/** Removes what the time or a withdrawn consent is over for; gives the card as it is then, undefined when nothing was to be removed. */
export async function retainCustomer(
  tx: StorageTransaction,
  customer: string,
  retention: Retention,
  env: RetainEnv,
): Promise<Card | undefined> {
  const format = env.format ?? currentFormat;
  const known = await readCard(tx, customer, format);
  const subjects = known.kind === 'card' ? known.card.subjects : [customer];
  let changed = false;
  for (const subject of subjects)
    changed = (await retainSubject(tx, subject, retention, env)) || changed;
  return changed ? refoldCard(tx, customer, format) : undefined;
}

async function retainSubject(
  tx: StorageTransaction,
  subject: string,
  retention: Retention,
  env: RetainEnv,
): Promise<boolean> {
  const { shop, device, by, now, id, format = currentFormat } = env;
  const { read } = await readRows(tx, subject, format);
  const state = foldRecords(read.map(({ record }) => record));
  const isGone = goneIn(state, retention);
  const isOld = oldIn(state, retention.eventsBefore ?? -Infinity);
  const gone = read.filter(({ record }) => isGone(record));
  const old = read.filter((row) => isOld(row.record) && !gone.includes(row));
  const bases = read.filter(({ record }) => isBase(record));
  const inBases = foldRecords(bases.map(({ record }) => record));
  const cleaned = withoutGone(inBases, isGone);
  const oldInBases = entriesOf(inBases).filter(isOld);
  const rewrites = old.length > 0 || oldInBases.length > 0 || cleaned !== inBases;
  const removed = rewrites ? [...gone, ...old, ...bases] : gone;
  if (removed.length === 0) return false;

  const log = await readLog(tx, format, now);
  let { bytes, stamp } = log;
  for (const { key, n, bytes: freed, record } of removed) {
    bytes -= freed;
    tx.remove('records', key);
    // a base has the number of another record
    if (!isBase(record)) tx.remove('outbox', outboxKey(n));
  }
  if (rewrites) {
    stamp = nextStamp(stamp, now, device);
    const records = new Set(
      [...old.map(({ record }) => record), ...oldInBases].map((one) => one.id),
    );
    const folded = foldRecords([...bases, ...old].map(({ record }) => record));
    const base: RecordOf<'base'> = {
      ...{ id: id(), shop, subject, kind: 'base', stamp, by },
      data: {
        through: bases.reduce(newerThrough, 0),
        state: pruneState(withoutGone(folded, isGone), { subject, by, records }),
      },
    };
    bytes += putRecord(tx, base, log.n, format);
  }
  tx.put('meta', 'log', { ...log, v: format.version, bytes, ...(stamp && { stamp }) });
  return true;
}

function newerThrough(through: number, { record }: ReadRecord): number {
  return isBase(record) ? Math.max(through, record.data.through) : through;
}

/** A record, or what a base has of one. */
type Thing = Pick<ProfileRecord, 'kind' | 'id'> & { readonly key: string; readonly data: unknown };

/** What leaves nothing behind. All versions of a fact go with the one that stands, so that no older one comes back. */
function goneIn(
  { facts }: FoldState,
  { answersBefore = -Infinity, expiredAt = -Infinity, without }: Retention,
): (record: AnyRecord | Thing) => boolean {
  const isOver = (fact: FactData): boolean =>
    fact.purpose === without || (fact.expiresAt ?? Infinity) <= expiredAt;
  const keys = new Set(
    Object.keys(facts).filter((key) => isOver((facts[key] as Stamped<FactData>).data)),
  );
  return ({ kind, data }) => {
    if (kind === 'answer') return (data as { readonly at: number }).at < answersBefore;
    if (kind === 'exposure') return without === 'measure';
    if (kind !== 'fact' && kind !== 'correction') return false;
    const fact = data as FactData;
    return keys.has(fact.key) || isOver(fact);
  };
}

/** What is reduced to what it counts, by the time of the version that stands: all versions of a thing go together. */
function oldIn(state: FoldState, before: number): (record: AnyRecord | Thing) => boolean {
  return (record) => {
    const map = EVENTS[record.kind as keyof typeof EVENTS];
    if (map === undefined) return false;
    const key = 'key' in record ? record.key : keyOf(record as ProfileRecord);
    const entries: { readonly [key: string]: Stamped<{ readonly at: number }> } = state[map];
    const at = Object.hasOwn(entries, key) ? entries[key]?.data.at : undefined;
    return at !== undefined && at < before;
  };
}

/** What a base holds that could become too old. */
function entriesOf(state: FoldState): readonly Thing[] {
  return (
    (Object.keys(EVENTS) as (keyof typeof EVENTS)[])
      // refunds stay in a base: a few bytes, and without them a later one could not be told apart
      .filter((kind) => kind !== 'refund')
      .flatMap((kind) =>
        Object.entries<Stamped<unknown>>(state[EVENTS[kind]]).map(([key, { record, data }]) => ({
          ...{ kind, id: record, key, data },
        })),
      )
  );
}

/** The state without what leaves nothing behind; the same one where there is nothing of it. */
function withoutGone(state: FoldState, isGone: (thing: Thing) => boolean): FoldState {
  let changed = false;
  const strip = <T>(
    kind: ProfileRecord['kind'],
    map: { readonly [key: string]: T & Stamped<unknown> },
  ): { readonly [key: string]: T & Stamped<unknown> } =>
    Object.fromEntries(
      Object.entries(map).filter(([key, { record, data }]) => {
        const gone = isGone({ kind, id: record, key, data });
        changed ||= gone;
        return !gone;
      }),
    );
  const next = {
    ...state,
    facts: strip('fact', state.facts),
    answers: strip('answer', state.answers),
    exposures: strip('exposure', state.exposures),
  } as FoldState;
  const probe: Thing = { kind: 'exposure', id: '', key: '', data: {} };
  const sums = Object.values(state.older ?? {}).some(
    ({ data }) => Object.keys(data.exposures).length > 0,
  );
  if (!isGone(probe) || !sums) return changed ? next : state;
  const older = Object.entries(state.older ?? {}).map(([key, entry]) => [
    key,
    { ...entry, data: { ...entry.data, exposures: {} } },
  ]);
  return { ...next, older: Object.fromEntries(older) as NonNullable<FoldState['older']> };
}
