import { foldRecords, isBase, keyOf, newerBase } from './fold-records.js';
import type { ReadRecord } from './log-rows.js';
import type { FoldState, ProfileRecord, RecordOf, Stamped } from './types.js';

const DAY_MS = 86_400_000;
const ORDERS = ['purchase', 'refund'] as const;
const REST = ['exposure', 'visit', 'access'] as const;

type GoneKind = (typeof ORDERS)[number] | (typeof REST)[number];

/** What goes in one walk over all customers. */
export interface Step {
  readonly kinds: readonly GoneKind[];
  /** True when also what no backend has may go. */
  readonly unsent: boolean;
  /** Of each customer so many of the newest purchases stay, and of the rest what is so many days old. */
  readonly keep: number;
}

/** In this order. A card shows 50 purchases; the usual needs ten. */
export const STEPS: readonly Step[] = [
  ...[50, 10, 1].map((keep) => ({ kinds: [...ORDERS, ...REST], unsent: false, keep })),
  { kinds: REST, unsent: true, keep: 1 },
  ...[50, 10, 1].map((keep) => ({ kinds: [...ORDERS, ...REST], unsent: true, keep })),
];

/** Which numbers of the log wait to be sent, as it was when we looked. */
export interface Unsent {
  readonly numbers: ReadonlySet<number>;
  /** What was appended later is left alone. */
  readonly through: number;
}

/** What of one customer's records goes. */
export interface Gone {
  /** Their ids. */
  readonly records: ReadonlySet<string>;
  readonly delivered: number;
  readonly unsent: number;
  /** True when more of the same customer is to go. */
  readonly more: boolean;
  /** True when there is something that such a step may drop, now or with less to keep. */
  readonly met: boolean;
}

/** A record that may go: one with a row of its own, or one that stands in a base. */
interface Candidate {
  readonly kind: GoneKind;
  readonly key: string;
  readonly id: string;
  readonly unsent: boolean;
  /** Appended after we looked whether it waits. */
  readonly isLater: boolean;
}

/** Which of the records of one subject go in a step, oldest first and at most `most`. All versions of a thing go together. Pure. */
export function pickGone(
  read: readonly ReadRecord[],
  task: {
    readonly step: Step;
    readonly unsent: Unsent;
    readonly by: string;
    readonly now: number;
    readonly most: number;
  },
): Gone {
  const { step, now, most } = task;
  const state = foldRecords(read.map(({ record }) => record));
  const newest = Object.values(state.purchases).map(({ data }) => data.at);
  const cut = newest.sort((a, b) => b - a)[step.keep - 1] ?? -Infinity;
  const things = new Map<string, Candidate[]>();
  for (const one of candidatesOf(read, task)) {
    const name = JSON.stringify([one.kind, one.key]);
    things.set(name, [...(things.get(name) ?? []), one]);
  }
  const free = [...things.values()].filter((versions) =>
    versions.every(({ isLater, unsent }) => !isLater && (step.unsent || !unsent)),
  );
  const old = free
    .map((versions) => ({ versions, at: atOf(state, versions[0]) }))
    .filter(
      ({ versions: [one], at }) => at < (one && isOrder(one.kind) ? cut : now - step.keep * DAY_MS),
    )
    .sort((a, b) => a.at - b.at);
  const gone: Candidate[] = [];
  let taken = 0;
  for (const { versions } of old) {
    if (gone.length >= most) break;
    gone.push(...versions);
    taken++;
  }
  const unsent = gone.filter((one) => one.unsent).length;
  return {
    records: new Set(gone.map(({ id }) => id)),
    unsent,
    delivered: gone.length - unsent,
    more: taken < old.length,
    met: free.length > 0,
  };
}

const MAPS = {
  purchase: 'purchases',
  refund: 'refunds',
  visit: 'visits',
  exposure: 'exposures',
  access: 'accesses',
} as const;

/** When a thing happened, as it stands. Nothing stands of somebody who was erased. */
function atOf(state: FoldState, thing: Candidate | undefined): number {
  if (!thing) return Number.NaN;
  const map: { readonly [key: string]: Stamped<{ readonly at: number }> } = state[MAPS[thing.kind]];
  return map[thing.key]?.data.at ?? Number.NaN;
}

function isOrder(kind: GoneKind): boolean {
  return kind === 'purchase' || kind === 'refund';
}

function candidatesOf(
  read: readonly ReadRecord[],
  { step, unsent, by }: { readonly step: Step; readonly unsent: Unsent; readonly by: string },
): readonly Candidate[] {
  const kinds: ReadonlySet<string> = new Set(step.kinds);
  const all: Candidate[] = [];
  let base: RecordOf<'base'> | undefined;
  for (const { record, n } of read)
    if (isBase(record)) base = newerBase(record, base);
    else if (kinds.has(record.kind)) {
      const known = record as ProfileRecord & { readonly kind: GoneKind };
      const [waits, isLater] = [unsent.numbers.has(n), n > unsent.through];
      all.push({ kind: known.kind, key: keyOf(known), id: known.id, unsent: waits, isLater });
    }
  // refunds stay in it: a few bytes, and without them a later one could not be told apart
  for (const kind of step.kinds)
    if (base && kind !== 'refund')
      for (const [key, { record }] of Object.entries(base.data.state[MAPS[kind]]))
        all.push({ kind, key, id: record, unsent: base.by === by, isLater: false });
  return all;
}
